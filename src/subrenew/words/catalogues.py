"""
Which language is spoken, and its catalogue of texts.

Rule 1: an unknown language is no error. Words are for people, and English is better than nothing.

Rule 2: English is the message itself; every other language is a catalogue beside this module.

Rule 3: a sentence is of one language. Where a language has no catalogue its dates and amounts are
not mixed into English sentences either; by themselves they are formatted in every language.

Rule 4: Babel is imported when something is said, and not before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

import attrs

from subrenew.words.messages import Plural

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from babel import Locale

__all__ = ["Language", "known_locale", "resolve_locale"]

_NAME: Final = re.compile(r"[A-Za-z]{2,3}(?:_[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_ENGLISH: Final = "en"
_DOMAIN: Final = "subrenew"


@attrs.frozen(eq=False)
class Language:
    """A locale in which sentences are said: its catalogue, its dates and its numbers."""

    #: Babel's locale; its territory decides on dates and numbers, such as ``fr_CA``.
    locale: Locale
    #: The catalogue; the one for ``fr_CA`` is ``fr``.
    texts: NullTranslations

    def __str__(self) -> str:
        return str(self.locale)

    @property
    def tag(self) -> str:
        """The language as HTML names it, such as ``fr-CA``."""
        return str(self.locale).replace("_", "-")

    @property
    def names(self) -> tuple[str, ...]:
        """What texts in it may be called, the closest name first, such as ``fr_CA`` and ``fr``."""
        return _names(self.locale)

    def say(self, message: str, **values: str) -> str:
        """Return a message in this language with its values, which are texts already."""
        return self.texts.gettext(message).format(**values)

    def count(self, message: Plural, number: int, **values: str) -> str:
        """Return the form of a message that goes with this number, ``{count}``."""
        from babel.numbers import format_decimal

        text = self.texts.ngettext(message.one, message.many, number)
        return text.format(count=format_decimal(number, locale=self.locale), **values)


def _names(locale: Locale) -> tuple[str, ...]:
    script = (f"{locale.language}_{locale.script}",) if locale.script else ()
    return tuple(dict.fromkeys((str(locale), *script, locale.language)))


@lru_cache(maxsize=256)
def known_locale(name: str) -> Locale | None:
    """
    Return the locale of this name, or of the longest known beginning of it; else ``None``.

    ``fr-CA``, ``fr_CA`` and ``fr_CA.UTF-8`` are one name; ``fr_XX`` is ``fr``.
    """
    from babel import Locale, UnknownLocaleError

    name = name.partition(".")[0].partition("@")[0].replace("-", "_")
    parts = name.split("_") if _NAME.fullmatch(name) else []
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


def resolve_locale(name: str | Language) -> Language:
    """
    Return the language used for this locale; it never fails.

    The catalogue of the locale itself, else of its language, else English. The locale's own way
    with dates and numbers is kept where there is a catalogue for its language.

    >>> str(resolve_locale("fr-CA")), str(resolve_locale("tlh")), str(resolve_locale("no such"))
    ('fr_CA', 'en', 'en')
    """
    if isinstance(name, Language):
        return name
    return _language(name if type(name) is str else _ENGLISH)


@lru_cache(maxsize=256)
def _language(name: str) -> Language:
    from babel import Locale

    locale = known_locale(name)
    if locale is not None:
        if locale.language == _ENGLISH:
            return Language(locale, NullTranslations())
        for catalogue in _names(locale):
            texts = _texts(catalogue)
            if texts is not None:
                return Language(locale, texts)
    return Language(Locale(_ENGLISH), NullTranslations())


@lru_cache(maxsize=256)
def _texts(catalogue: str) -> NullTranslations | None:
    return read_texts(files("subrenew.words") / "locale" / catalogue / "LC_MESSAGES", catalogue)


def read_texts(folder: Traversable, catalogue: str) -> NullTranslations | None:
    """
    Return the texts of a folder: compiled, else compiled here; ``None`` where there are none.

    A wheel holds them compiled (see ``hatch_build.py``); a copied source tree may not.
    """
    compiled, written = folder / f"{_DOMAIN}.mo", folder / f"{_DOMAIN}.po"
    if compiled.is_file():
        return GNUTranslations(BytesIO(compiled.read_bytes()))
    if not written.is_file():
        return None
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = BytesIO()
    write_mo(made, read_po(BytesIO(written.read_bytes()), locale=catalogue, abort_invalid=True))
    made.seek(0)
    return GNUTranslations(made)
