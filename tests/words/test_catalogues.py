"""Languages: which one is spoken, and that its catalogue says everything."""

import re
import subprocess
import sys
from importlib.resources import files
from io import BytesIO
from string import Formatter
from types import MappingProxyType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from subrenew.words import answers, labels, messages, notice_messages
from subrenew.words.catalogues import known_locale, read_texts, resolve_locale
from subrenew.words.messages import Plural

FOLDER = files("subrenew.words") / "locale" / "fr" / "LC_MESSAGES"


def every_message() -> set[str | tuple[str, str]]:
    """Every text of the two tables, as catalogues name it."""

    def walk(value):
        if isinstance(value, Plural):
            yield tuple(value)
        elif isinstance(value, str):
            yield value
        elif isinstance(value, MappingProxyType):
            for each in value.values():
                yield from walk(each)
        elif isinstance(value, tuple):
            for each in value:
                yield from walk(each)

    return {
        text
        for module in (answers, messages, labels, notice_messages)
        for name, value in vars(module).items()
        if name.isupper()
        for text in walk(value)
    }


def french() -> Catalog:
    return read_po(BytesIO((FOLDER / "subrenew.po").read_bytes()), locale="fr")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_french_catalogue_holds_every_text_and_nothing_else():
    """A text added to the tables has to be translated; one taken away leaves the catalogue."""
    held = {message.id for message in french() if message.id}
    missing, left_over = every_message() - held, held - every_message()
    assert not missing, f"translate these in subrenew.po: {missing}"
    assert not left_over, f"take these out of subrenew.po: {left_over}"
    assert not french().obsolete


@pytest.mark.parametrize("message", [each for each in french() if each.id], ids=repr)
def test_a_translation_is_final_and_keeps_the_places(message):
    """No entry is fuzzy or empty, and each form has the places of its English form."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    wanted = message.id if isinstance(message.id, tuple) else (message.id,)
    assert not message.fuzzy
    assert all(forms), "empty"
    for english in wanted:
        for form in forms:
            assert places(form) == places(english)


def test_french_typography():
    """Before ; ? ! stands U+202F, before a colon U+00A0; apostrophes are typographic."""
    for message in french():
        if message.id:
            for form in message.string if isinstance(message.string, tuple) else (message.string,):
                assert not re.search("'|(?<!\u202f)[;?!]|(?<!\u00a0):", form), form


def test_the_compiled_catalogue_is_the_written_one(tmp_path):
    """What was compiled says the same; if not, run `pip install -e .`, whose hook compiles it."""
    (tmp_path / "subrenew.po").write_bytes((FOLDER / "subrenew.po").read_bytes())
    written, used = read_texts(tmp_path, "fr"), read_texts(FOLDER, "fr")
    for each in every_message():
        text = each if isinstance(each, str) else each[0]
        assert used.gettext(text) == written.gettext(text), "run: pip install -e ."


def test_a_catalogue_is_read_compiled_or_written_or_not_at_all(tmp_path):
    """A wheel has the compiled file; a copied source tree only the written one."""
    assert read_texts(tmp_path, "fr") is None
    source = (FOLDER / "subrenew.po").read_bytes()
    (tmp_path / "subrenew.po").write_bytes(source)
    assert read_texts(tmp_path, "fr").gettext("Why:") == "Pourquoi\u00a0:"
    from babel.messages.mofile import write_mo

    with (tmp_path / "subrenew.mo").open("wb") as target:
        write_mo(target, read_po(BytesIO(source), locale="fr"))
    (tmp_path / "subrenew.po").write_bytes(b"")
    assert read_texts(tmp_path, "fr").gettext("Why:") == "Pourquoi\u00a0:"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("en", "en"),
        ("en_GB", "en_GB"),
        ("en-us", "en_US"),
        ("fr", "fr"),
        ("fr_CA", "fr_CA"),
        ("fr-CA", "fr_CA"),
        ("FR_ca", "fr_CA"),
        ("fr_FR.UTF-8", "fr_FR"),
        ("fr_BE@euro", "fr_BE"),
        ("fr_XX", "fr"),
        ("fr_Latn_CA", "fr_CA"),
        ("de", "en"),
        ("zh_TW", "en"),
        ("tlh", "en"),
        ("xx_YY", "en"),
        ("", "en"),
        ("C", "en"),
        ("../../etc/passwd", "en"),
        ("fr\x00", "en"),
        ("fr-" * 100, "en"),
        (None, "en"),
        (["fr"], "en"),
    ],
)
def test_a_locale_falls_back_and_never_fails(asked, spoken):
    """The catalogue of the locale, of its language, or English; the locale's formats are kept."""
    assert str(resolve_locale(asked)) == spoken


def test_a_language_is_resolved_once_and_has_a_tag():
    """A language resolves to itself; HTML writes it with a hyphen."""
    language = resolve_locale("fr_CA")
    assert resolve_locale(language) is language
    assert resolve_locale("fr_CA") is language
    assert language.tag == "fr-CA"


@given(st.text())
def test_no_text_at_all_makes_it_fail(text):
    """Whatever a browser sends, something is spoken."""
    assert resolve_locale(text).say("Why:")


def test_a_known_locale_is_found_by_its_longest_known_beginning():
    """Formats are known for far more languages than texts are."""
    assert str(known_locale("de_XX")) == "de"
    assert str(known_locale("zh-TW")) == "zh_Hant_TW"
    assert known_locale("no such") is None


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0 days", "0\u00a0jour"),
        (1, "1 day", "1\u00a0jour"),
        (2, "2 days", "2\u00a0jours"),
        (5, "5 days", "5\u00a0jours"),
        (1234, "1,234 days", "1\u202f234\u00a0jours"),
    ],
)
def test_plurals(number, english, french):
    """French has one form for 0 and 1, English one for 1 only."""
    assert resolve_locale("en").count(labels.DAYS, number) == english
    assert resolve_locale("fr").count(labels.DAYS, number) == french


@pytest.mark.parametrize("module", ["subrenew", "subrenew.words.wording", "subrenew.words.display"])
def test_babel_is_not_imported_until_something_is_said(module):
    """Importing costs nothing for programs that never say a word."""
    code = f"import sys, {module}; assert not any(name.startswith('babel') for name in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_customers_read_the_words_of_the_clauses():
    """Manually and automatically, and none of the turns that only a translator would use."""
    tics = re.compile(
        r"by hand|by itself|anew|dearer|of its own|[Ss]omebody|[Ss]ettle|put .* right"
    )
    for each in every_message():
        for text in (each,) if isinstance(each, str) else each:
            assert not tics.search(text), text
