"""The Django example: its storage keeps the contract, and its page renews once."""

# ruff: noqa: E402
# Extras are looked for before they are imported.

import ast
import asyncio
import html
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import attrs
import pytest

pytest.importorskip("django", reason="the extra 'examples' is not installed")

from tests.django_project import POSTGRES, set_up_django

set_up_django()

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.test import Client

from examples.django_shop import views
from examples.django_shop.settings import database
from examples.django_shop.storage import DjangoStorage
from examples.webshop import seed
from subrenew import RevisionConflict, Transition
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.testing.contracts import StorageContract
from subrenew.testing.samples import a_subscription, outcomes_at_once, renewal_events

ROOT = Path(__file__).resolve().parents[2]
ON = date(2025, 12, 10)


class ThreadedStorage(DjangoStorage):
    """Closes a thread's connection after its transaction, as Django does after a request."""

    @contextmanager
    def transaction(self):
        try:
            with super().transaction() as repositories:
                yield repositories
        finally:
            connections[self.using].close()


@pytest.fixture(scope="module")
def _databases(tmp_path_factory):
    settings.DATABASES["default"]["NAME"] = tmp_path_factory.mktemp("django") / "shop.sqlite"
    for using in settings.DATABASES:
        call_command("migrate", run_syncdb=True, database=using, verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def storage(_databases):
    return emptied("default")


def emptied(using):
    """Return a storage of nothing on one of the databases."""
    for model in apps.get_app_config("django_shop").get_models():
        model.objects.using(using).all().delete()
    return ThreadedStorage(using=using)


class TestOnSqlite(StorageContract):
    @pytest.fixture
    def storage(self, _databases):
        return emptied("default")


if POSTGRES is None:

    def test_on_postgres():
        pytest.skip("no PostgreSQL at hand: run `make test-django`")

else:

    class TestOnPostgres(StorageContract):
        @pytest.fixture
        def storage(self, _databases):
            return emptied("postgresql")


# What the contract leaves to the example


def test_different_subscriptions_are_renewed_at_once(storage):
    """Transactions that read before they write take turns on SQLite; none fails."""
    made = [a_subscription(f"S-{number}") for number in range(2, 10)]
    with storage.transaction() as repositories:
        for each in made:
            repositories.subscriptions.save(each, revision=None)
    desk = Desk(storage=storage, policy=autodesk.EDITION_2024)

    def renew(number, together):
        together()
        done = desk.renew(f"S-{number}", on=ON)
        assert isinstance(done, Transition)

    assert outcomes_at_once(renew) == ["saved"] * 8


def test_a_transaction_within_another_is_refused(storage):
    """What was kept inside could be undone outside, and the answer would be wrong."""
    with transaction.atomic(), pytest.raises(RuntimeError), storage.transaction():
        pass


def test_another_error_of_the_database_keeps_its_name(storage):
    """Only what somebody else causes is a conflict."""
    with (
        pytest.raises(DatabaseError),
        storage.transaction(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT nothing FROM nowhere")


def test_a_number_of_an_event_is_never_used_again(storage):
    """Where the last event is deleted, a cursor after it does not hide the next one."""
    with storage.transaction() as repositories:
        repositories.subscriptions.save(a_subscription(), revision=None)
        repositories.events.append(renewal_events(a_subscription()))
        cursor = repositories.events.since().cursor
    with storage.transaction() as repositories:
        repositories.subscriptions.delete("S-1", revision=1)
    later = renewal_events(a_subscription("S-2"))
    with storage.transaction() as repositories:
        repositories.events.append(later)
        assert repositories.events.since(cursor).events == later


@pytest.mark.parametrize(
    ("url", "name", "engine"),
    [
        ("sqlite:///shop.sqlite", "shop.sqlite", "sqlite3"),
        ("sqlite:////var/shop.sqlite", "/var/shop.sqlite", "sqlite3"),
        ("postgresql://me:a%40b@db.example:5433/shop", "shop", "postgresql"),
    ],
)
def test_a_database_is_named_by_an_address(url, name, engine):
    """SQLite in a file, or PostgreSQL with what is quoted in the address."""
    made = database(url)
    assert (made["NAME"], made["ENGINE"]) == (name, f"django.db.backends.{engine}")
    if engine == "postgresql":
        assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
            "me",
            "a@b",
            "db.example",
            5433,
        )
    else:
        assert made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


# The page


class Visitor:
    """A browser, as far as it is needed: cookies, and forms with what is hidden in them."""

    def __init__(self, language="en"):
        self.client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE=language)

    def get(self, path="/NORTHWIND/"):
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    def form(self, id):
        """Return what the button of a subscription sends."""
        form = self.get().partition(f'<section id="{id}">')[2].partition("</section>")[0]
        return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', html.unescape(form)))

    def press(self, form, account="NORTHWIND", **changes):
        return self.client.post(f"/{account}/renew", form | changes)


@pytest.fixture
def shop(storage, monkeypatch):
    """Return the desk of the page, over the demonstration's subscriptions."""
    monkeypatch.setattr(settings, "SHOP_DAY", ON)
    seed.fill(storage, ScryptHasher(cost=4))
    return views.DESK


@pytest.fixture
def visitor(shop):
    return Visitor()


def renewals_of(id):
    with views.STORAGE.transaction() as repositories:
        return repositories.subscriptions.get(id).value.history.renewals


def test_the_page_says_what_may_be_done(visitor):
    """Each subscription with its decision in sentences; a button where it can be renewed now."""
    page = visitor.get()
    assert "can be renewed manually now" in page
    assert "L-201" not in page
    assert visitor.form("N-101")["term_ends_on"] == "2026-01-15"
    assert visitor.form("N-102") == {}  # renews itself


def test_the_page_speaks_french(shop):
    """The library's sentences and the page's own words."""
    page = html.unescape(Visitor("fr").get())
    assert '<html lang="fr">' in page
    assert "peut être renouvelé manuellement dès maintenant" in page
    assert "<button>Renouveler</button>" in page


def test_a_button_pressed_twice_renews_once(visitor):
    """The second press is answered as the first one was."""
    form = visitor.form("N-101")
    for _ in range(2):
        answer = visitor.press(form)
        assert answer.status_code == 302
        assert "Renewed manually" in visitor.get(answer["Location"])
    assert renewals_of("N-101") == 1


def test_the_button_of_another_page_does_not_renew_again(visitor):
    """It has a key of its own, but names the old term."""
    first, second = visitor.form("N-101"), visitor.form("N-101")
    visitor.press(first)
    answer = visitor.press(second)
    assert answer.status_code == 409
    assert "Nothing was changed." in answer.content.decode()
    assert renewals_of("N-101") == 1


def test_somebody_else_who_was_first_is_told(visitor, monkeypatch):
    """A conflict shows the page anew."""

    def conflict(*_, **__):
        raise RevisionConflict

    form = visitor.form("N-101")
    monkeypatch.setattr(Desk, "renew", conflict)
    answer = visitor.press(form)
    assert (answer.status_code, "has just been changed" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": ""}, 400),
        ({"key": "k" * 201}, 400),
        ({"key": "taken"}, 400),
        ({"term_ends_on": "soon"}, 400),
        ({"term_ends_on": ""}, 400),
        ({"id": "L-202"}, 404),
        ({"id": ""}, 404),
        ({"csrfmiddlewaretoken": "forged"}, 403),
    ],
    ids=str,
)
def test_a_forged_form_renews_nothing(visitor, shop, changes, status):
    """Whatever is not as the page made it is refused."""
    shop.renew("N-109", on=ON, key="taken")
    answer = visitor.press(visitor.form("N-101"), **changes)
    assert answer.status_code == status
    assert renewals_of("N-101") == renewals_of("L-202") == 0


@pytest.mark.parametrize("path", ["/%00/", "/NORTHWIND/?done=%00", "/"])
def test_what_nothing_is_called_is_not_found(visitor, path):
    """Text with a NUL is refused before a database refuses it."""
    assert visitor.client.get(path).status_code == 404


def test_names_are_no_markup(visitor):
    """A product's name and an account's are escaped."""
    bad = "<script>alert(1)</script>"
    with views.STORAGE.transaction() as repositories:
        stored = repositories.subscriptions.get("N-101")
        named = attrs.evolve(stored.value, product=bad)
        repositories.subscriptions.save(named, revision=stored.revision)
    assert bad not in visitor.get()
    assert "<b>" not in visitor.get("/%3Cb%3E/")


# What the README says


def block(language):
    """Return the first block of code in this language."""
    text = (ROOT / "examples" / "django_shop" / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return next(lines for kind, lines in found if kind == language)


def test_an_async_application_renews(shop):
    """The README's lines, as they stand there, on an event loop."""
    code = compile(block("python"), "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    desk = attrs.evolve(shop, storage=ThreadedStorage())
    names = {"desk": desk, "today": ON}
    asyncio.run(eval(code, names))  # noqa: S307 - it is ours
    assert isinstance(names["done"], Transition)
    assert renewals_of("N-101") == 1


def test_the_commands_of_the_readme(tmp_path):
    """They make a database and fill it."""
    kept = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
    for line in block("").splitlines()[:2]:
        command = [sys.executable, str(ROOT / line.split()[1]), *line.split()[2:]]
        done = subprocess.run(
            command, check=False, cwd=tmp_path, env=kept, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert "/NORTHWIND/" in done.stdout
    assert (tmp_path / "django_shop.sqlite").exists()
