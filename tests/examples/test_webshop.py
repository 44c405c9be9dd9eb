"""The web shop, asked as a browser would ask it, without a browser."""

# ruff: noqa: E402
# Extras are looked for before they are imported.

import re
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import date

import attrs
import pytest

for needed in ("fastapi", "httpx", "jinja2", "python_multipart", "sqlalchemy"):
    pytest.importorskip(needed, reason="the extra 'examples' is not installed")

from fastapi.testclient import TestClient

from examples.webshop import app as app_module
from examples.webshop import seed, web
from examples.webshop.app import make_app
from examples.webshop.storage import SqlStorage
from examples.webshop.texts import TEXTS
from subrenew import (
    AutoRenew,
    Changed,
    ListPrice,
    Money,
    PriceList,
    Role,
    Subscription,
    Term,
    renewability,
    tables,
)
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.words import labels, wording

ON = date(2025, 12, 10)
HASHER = ScryptHasher(cost=4)


class Visitor:
    """A browser, as far as it is needed: cookies, and forms with what is hidden in them."""

    def __init__(self, app):
        self.client = TestClient(app)

    def get(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path, *, status=200, seen="/", **fields):
        form = {"csrf": self.hidden(self.get(seen), "csrf"), **fields}
        answer = self.client.post(path, data=form)
        assert answer.status_code == status, answer.text
        return answer.text

    @staticmethod
    def hidden(page, name):
        return re.search(rf'name="{name}" value="([^"]*)"', page)[1]

    def look_up(self, password, number=seed.ORDER_NUMBER, **fields):
        return self.post("/order", seen="/order", number=number, password=password, **fields)


@pytest.fixture
def storage(tmp_path):
    storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}", prices=seed.prices())
    storage.create_tables()
    seed.fill(storage, HASHER)
    yield storage
    storage.close()


@pytest.fixture
def app(storage):
    return make_app(storage, clock=lambda: ON, hasher=HASHER)


@pytest.fixture
def alice(app):
    visitor = Visitor(app)
    visitor.post("/enter", person="alice")
    return visitor


def stored(storage, id_):
    with storage.transaction() as repositories:
        return repositories.subscriptions.get(id_).value


def test_the_seed_has_every_way_forward():
    routes = Counter(
        renewability(each, policy=autodesk.EDITIONS, on=ON, actor=person.actor).route
        for each in seed.subscriptions()
        for person in seed.PEOPLE.values()
        if person.account == each.account
    )
    made = tables.table("renewability", autodesk.EDITION_2024)
    assert routes.keys() == {cell.route for cell in made.cells}


def test_everybody_sees_what_is_theirs(app):
    for name, person in seed.PEOPLE.items():
        visitor = Visitor(app)
        listed = visitor.post("/enter", person=name)
        for each in seed.subscriptions():
            own = each.account == person.account
            assert (each.id in listed) is own
            visitor.get(f"/subscriptions/{each.id}", status=200 if own else 404)


def test_nobody_sees_anything_before_coming_in(app):
    visitor = Visitor(app)
    for path in ("/subscriptions", "/subscriptions/N-101", "/cart"):
        assert TEXTS["en"]["people"] in visitor.get(path)
    visitor.post("/enter", person="mallory", status=404)


@pytest.mark.parametrize("language", TEXTS)
def test_the_library_explains_in_both_languages(alice, language):
    for each in seed.subscriptions():
        if each.account != seed.NORTHWIND:
            continue
        page = alice.get(f"/subscriptions/{each.id}?lang={language}")
        decision = renewability(
            each, policy=autodesk.EDITIONS, on=ON, actor=seed.PEOPLE["alice"].actor
        )
        assert f'<html lang="{language}">' in page
        for line in decision.explain(language).splitlines():
            assert line.removeprefix("- ").replace("'", "&#39;") in page
        assert ('id="add"' in page) is decision.can_renew_now
    # It is remembered; an unknown one changes nothing.
    assert f'<html lang="{language}">' in alice.get("/cart?lang=xx")


def test_a_renewal_by_hand_from_list_to_receipt(alice, storage):
    assert "/subscriptions/N-101" in alice.get("/subscriptions")
    cart = alice.post("/cart/add", seen="/subscriptions/N-101", id="N-101")
    assert "$9,325.00" in cart
    assert "$466.25" in cart
    assert "$8,858.75" in cart
    key = alice.hidden(cart, "key")
    done = alice.post("/check-out", key=key, password="harbour", seen="/cart")
    assert wording.date_text(date(2027, 1, 14), "en") in done
    assert "$8,858.75" in done
    renewed = stored(storage, "N-101")
    assert renewed.starts_on == date(2026, 1, 15)
    assert renewed.order_number in done
    assert TEXTS["en"]["cart-empty"] in alice.get("/cart")
    # A second click is the first one again, and so is a look at the receipt.
    assert renewed.order_number in alice.post("/check-out", key=key, password="harbour")
    # The same key on another form is another request.
    too_old = alice.post("/check-out", status=409, key=key)
    assert TEXTS["en"]["forged-text"] in too_old
    assert renewed.order_number in alice.get(f"/done/{key}?lang=fr")
    with storage.transaction() as repositories:
        assert len(repositories.events.of("N-101")) == 1
    # The order's page opens with the password that was given.
    opened = alice.look_up("harbour", renewed.order_number)
    assert "N-101" in opened


def test_what_cannot_be_renewed_is_not_put_into_the_cart(alice):
    decision = renewability(
        next(each for each in seed.subscriptions() if each.id == "N-104"),
        policy=autodesk.EDITIONS,
        on=ON,
    )
    page = alice.post("/cart/add", id="N-104", status=409)
    assert wording.answer_text(decision) in page
    alice.post("/cart/add", id="nothing", status=404)
    assert TEXTS["en"]["cart-empty"] in alice.get("/cart")


def test_a_role_decides(app):
    visitor = Visitor(app)
    visitor.post("/enter", person="bruno")
    assert "ask-the-manager" in visitor.get("/subscriptions/N-101")
    visitor.post("/cart/add", id="N-101", status=409)
    visitor.post("/subscriptions/N-101/auto-renew", to="on", status=409)


def test_lines_are_added_grouped_and_removed(alice):
    for id_ in ("N-101", "N-103", "N-109"):
        alice.post("/cart/add", id=id_)
    cart = alice.get("/cart")
    assert cart.count('name="key"') == 1
    cart = alice.post("/cart/remove", id="N-103")
    assert "N-103" not in cart
    assert "N-109" in cart


def test_what_has_changed_is_shown_before_it_is_bought(alice, storage):
    old = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    storage.prices = PriceList(
        prices=(
            ListPrice(
                product="AutoCAD",
                term=Term.years(1),
                price=Money("2000.00", "USD"),
                from_on=ON,
            ),
        )
    )
    assert TEXTS["en"]["changed"] in alice.post("/check-out", key=old)
    assert stored(storage, "N-101").starts_on == date(2025, 1, 15)
    cart = alice.post("/cart/refresh")
    assert TEXTS["en"]["changed"] not in cart
    assert "$9,500.00" in cart
    done = alice.post("/check-out", key=alice.hidden(cart, "key"))
    assert "$9,500.00" in done


def test_what_was_renewed_elsewhere_leaves_the_cart(alice, app):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    other = Visitor(app)
    other.post("/enter", person="alice")
    other.post("/check-out", key=other.hidden(other.post("/cart/add", id="N-101"), "key"))
    assert TEXTS["en"]["changed-eligibility"] in alice.post("/check-out", key=key)
    assert TEXTS["en"]["cart-empty"] in alice.post("/cart/refresh")


def test_without_a_price_nothing_is_bought(alice, storage):
    storage.prices = PriceList(prices=())
    cart = alice.post("/cart/add", id="N-101")
    assert TEXTS["en"]["unpriced"] in cart
    assert 'name="key"' not in cart


def test_automatic_renewal_is_switched(alice, storage):
    page = alice.post("/subscriptions/N-102/auto-renew", to="off")
    assert TEXTS["en"]["switched"] in page
    assert TEXTS["en"]["switched"] not in alice.get("/subscriptions/N-102")
    assert stored(storage, "N-102").auto_renew == "off"
    alice.post("/subscriptions/N-102/auto-renew", to="on")
    assert stored(storage, "N-102").auto_renew == "on"
    alice.post("/subscriptions/L-201/auto-renew", to="off", status=404)


# At once, and once -----------------------------------------------------------------------------


def renewals(storage, id_):
    with storage.transaction() as repositories:
        return [each.what for each in repositories.events.of(id_)]


def form_of(visitor, page):
    return {name: visitor.hidden(page, name) for name in ("term_ends_on", "key")}


def test_a_renewal_at_once_pressed_twice_is_one(alice, storage):
    page = alice.get("/subscriptions/N-101")
    form = form_of(alice, page)
    assert form["term_ends_on"] == "2026-01-15"
    assert "$8,858.75" in page
    for _ in range(3):
        assert TEXTS["en"]["renewed-now"] in alice.post("/subscriptions/N-101/renew", **form)
    assert renewals(storage, "N-101") == ["renewed"]
    assert 'id="renew"' not in alice.get("/subscriptions/N-101")


def test_a_renewal_from_two_pages_is_one(alice, storage):
    first, second = (form_of(alice, alice.get("/subscriptions/N-101")) for _ in range(2))
    assert first["key"] != second["key"]
    alice.post("/subscriptions/N-101/renew", **first)
    alice.post("/subscriptions/N-101/renew", status=409, **second)
    alice.post("/subscriptions/N-101/renew", status=409, term_ends_on=second["term_ends_on"])
    assert renewals(storage, "N-101") == ["renewed"]


def test_a_renewal_in_the_cart_and_at_once_is_one(alice, storage):
    form = form_of(alice, alice.get("/subscriptions/N-101"))
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    alice.post("/subscriptions/N-101/renew", **form)
    assert TEXTS["en"]["changed-subscription"] in alice.post("/check-out", key=key)
    assert renewals(storage, "N-101") == ["renewed"]


@pytest.mark.parametrize("day", ["", "soon", "2026-13-01"])
def test_a_form_without_a_term_renews_nothing(alice, storage, day):
    alice.post("/subscriptions/N-101/renew", status=403, term_ends_on=day, key="k")
    assert renewals(storage, "N-101") == []


def test_the_day_of_the_charge_is_shown(alice):
    for id_, day in (("N-102", date(2026, 2, 3)), ("N-110", date(2025, 12, 8)), ("N-101", ON)):
        shown = re.search(r'id="charged-on">([^<]*)<', alice.get(f"/subscriptions/{id_}"))[1]
        assert shown == wording.date_text(day, "en")


def test_while_it_is_pending_it_is_not_renewed_twice(alice, app, storage):
    page = alice.get("/subscriptions/N-110")
    assert 'class="tag renews-itself"' in page
    for absent in ('id="renew"', 'id="add"'):
        assert absent not in page
    for path in ("/subscriptions/N-110/renew", "/cart/add"):
        alice.post(path, status=409, id="N-110", term_ends_on="2025-12-08", key="k")
    desk = Desk(storage=storage, policy=autodesk.EDITIONS, hasher=HASHER)
    assert desk.renew_due(ON).renewed == ("N-110",)
    assert desk.renew_due(ON).renewed == ()
    assert stored(storage, "N-110").expires_on == date(2026, 12, 8)


def test_a_cancellation_is_made_and_withdrawn(alice, storage):
    assert 'id="withdraw"' not in alice.get("/subscriptions/N-102")
    page = alice.post("/subscriptions/N-102/cancel")
    assert TEXTS["en"]["cancelled"] in page
    assert stored(storage, "N-102").cancelled_on == date(2026, 2, 3)
    assert 'id="cancel"' not in page
    page = alice.post("/subscriptions/N-102/withdraw")
    assert TEXTS["en"]["withdrawn"] in page
    assert stored(storage, "N-102").cancelled_on is None
    assert 'id="cancel"' in page
    assert 'id="withdraw"' in alice.get("/subscriptions/N-111")


def test_one_who_may_not_renew_is_offered_no_act(app):
    visitor = Visitor(app)
    visitor.post("/enter", person="bruno")
    for id_ in ("N-101", "N-102", "N-111"):
        page = visitor.get(f"/subscriptions/{id_}")
        for act in ("renew", "cancel", "withdraw"):
            assert f'id="{act}"' not in page
            visitor.post(
                f"/subscriptions/{id_}/{act}", status=409, term_ends_on="2026-01-15", key=id_
            )


# Orders ---------------------------------------------------------------------------------------


def test_an_order_opens_with_number_and_password(app, storage):
    visitor = Visitor(app)
    opened = visitor.look_up(seed.ORDER_PASSWORD, "  ord-2025-0042 ")
    assert "H-301" in opened
    assert "H-302" in opened
    for to in ("off", "on"):
        page = visitor.post("/order/auto-renew", to=to, seen="/order")
        assert TEXTS["en"]["switched"] in page
        assert {stored(storage, id_).auto_renew for id_ in ("H-301", "H-302")} == {to}
    assert "H-301" not in visitor.post("/order/close", seen="/order")
    assert "H-301" not in visitor.post("/order/auto-renew", to="off")
    assert stored(storage, "H-301").auto_renew == "on"


def test_an_opened_order_is_renewed_by_hand(app, storage):
    visitor = Visitor(app)
    assert 'name="key"' not in visitor.look_up(seed.ORDER_PASSWORD)  # it renews itself
    page = visitor.post("/order/auto-renew", to="off", seen="/order")
    done = visitor.post("/check-out", key=visitor.hidden(page, "key"), password="new-lantern")
    renewed = {stored(storage, id_) for id_ in ("H-301", "H-302")}
    assert {each.starts_on for each in renewed} == {date(2026, 1, 22)}
    (number,) = {each.order_number for each in renewed}
    assert number in done
    assert "H-301" not in visitor.get("/order")
    assert "H-301" in visitor.look_up("new-lantern", number)


@pytest.mark.parametrize("number", [seed.ORDER_NUMBER, "ORD-2025-0043", "", "é\x00", "A" * 10_000])
def test_a_wrong_number_and_a_wrong_password_are_one_answer(app, number):
    def answer(given):
        page = Visitor(app).look_up("wrong", given)
        return re.search(r'id="answer">(.*?)</section>', page, re.DOTALL)[1]

    assert answer(number) == answer("NO-SUCH-ORDER")


def test_too_many_tries_have_to_wait(app):
    visitor = Visitor(app)
    for _ in range(5):
        assert "H-301" not in visitor.look_up("wrong")
    waits = visitor.look_up(seed.ORDER_PASSWORD)
    assert "H-301" not in waits
    answer = re.search(r'id="answer">(.*?)</section>', waits, re.DOTALL)[1]
    assert wording.label_text(labels.STEPS, "try-later", wording.resolve_locale("en")) in answer


def test_a_forgotten_password_leads_to_the_reset(app):
    page = Visitor(app).look_up("", forgotten="yes")
    assert "H-301" not in page
    assert 'id="answer"' in page


def test_a_password_is_shown_nowhere(app, caplog):
    caplog.set_level("DEBUG")
    visitor = Visitor(app)
    page = visitor.look_up("quite-secret-7")
    assert "quite-secret-7" not in page + caplog.text


# Safety ---------------------------------------------------------------------------------------

POSTED = [
    "/enter",
    "/subscriptions/N-101/auto-renew",
    "/subscriptions/N-101/renew",
    "/subscriptions/N-101/cancel",
    "/subscriptions/N-101/withdraw",
    "/cart/add",
    "/cart/remove",
    "/cart/refresh",
    "/check-out",
    "/order",
    "/order/auto-renew",
    "/order/close",
]


def test_every_form_is_listed_here(app):
    posted = {route.path for route in app.routes if "POST" in getattr(route, "methods", ())}
    assert posted == {path.replace("N-101", "{id}") for path in POSTED}


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("csrf", [None, "", "guessed", "é"])
def test_a_forged_form_does_nothing(alice, path, csrf):
    form = {} if csrf is None else {"csrf": csrf}
    answer = alice.client.post(path, data={**form, "id": "N-101", "to": "on"})
    assert answer.status_code == 403
    assert TEXTS["en"]["forged"] in answer.text
    assert TEXTS["en"]["cart-empty"] in alice.get("/cart")


def test_text_is_escaped(storage):
    bad = "<script>alert(1)</script>"
    with storage.transaction() as repositories:
        repositories.subscriptions.save(
            Subscription(
                id="N-1/?#<b>",
                product=bad,
                term=Term.years(1),
                starts_on=date(2025, 1, 15),
                account=seed.NORTHWIND,
            ),
            revision=None,
        )
    visitor = Visitor(make_app(storage, clock=lambda: ON, hasher=HASHER))
    listed = visitor.post("/enter", person="alice")
    assert bad not in listed
    assert "&lt;script&gt;" in listed
    assert bad not in visitor.look_up("x", bad)


def test_pages_load_nothing_from_elsewhere(alice):
    answer = alice.client.get("/subscriptions/N-101")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert alice.client.get("/style.css").headers["Content-Type"].startswith("text/css")
    alice.get("/nowhere", status=404)


def test_both_languages_have_every_word():
    english, french = TEXTS["en"], TEXTS["fr"]
    assert english.keys() == french.keys()
    assert all(english.values())
    assert all(french.values())


@pytest.mark.parametrize(
    ("prefix", "words"), [("role-", Role), ("changed-", Changed), ("auto-renew-", AutoRenew)]
)
def test_every_word_of_the_library_that_a_page_looks_up_has_its_text(prefix, words):
    for each in words:
        assert f"{prefix}{each}" in TEXTS["en"]


def test_sessions_and_offers_do_not_grow_for_ever():
    sessions = web.Sessions()
    first, _ = sessions.of(None)
    for _ in range(1000):
        sessions.of(None)
    assert sessions.of(first)[0] != first
    session = web.Session()
    keys = [session.offer(None, None) for _ in range(30)]
    assert list(session.offers) == keys[-20:]


# The file that it fills


@pytest.fixture
def started(monkeypatch):
    """Start the demonstration on a file, as from the command line, without serving it."""

    def start(file):
        monkeypatch.setattr(sys, "argv", ["app.py", "--on", "2025-12-10", "--database", str(file)])
        monkeypatch.setattr(app_module, "BoundedHasher", lambda: HASHER)
        served = []
        monkeypatch.setattr(app_module.uvicorn, "run", lambda app, **_: served.append(app))
        app_module.main()
        return served

    return start


def test_a_new_file_is_made_and_made_anew(started, tmp_path):
    file = tmp_path / "build" / "shop.sqlite"
    others = [tmp_path / "build" / name for name in ("shop.sqlite.bak", "shop.sqlite2")]
    for times in range(3):
        assert len(started(file)) == 1
        storage = SqlStorage(f"sqlite:///{file}")
        assert stored(storage, "N-101").seats == 5
        with storage.transaction() as repositories:
            repositories.subscriptions.save(
                attrs.evolve(stored(storage, "N-101"), seats=times + 7), revision=1
            )
        storage.close()
        for each in others:
            assert times == 0 or each.read_text() == "mine"
            each.write_text("mine")


def test_a_file_that_it_did_not_make_is_refused(started, tmp_path, capsys):
    text, empty, folder, foreign, beside = (
        tmp_path / name for name in ("text", "empty", "folder", "foreign.sqlite", "shop.sqlite-wal")
    )
    text.write_text("mine" * 100)
    empty.touch()
    folder.mkdir()
    beside.write_text("mine")
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE mine (id)")
    before = {each: each.read_bytes() for each in (text, empty, foreign, beside)}
    for file in (text, empty, folder, foreign, tmp_path / "shop.sqlite"):
        with pytest.raises(SystemExit) as caught:
            started(file)
        assert caught.value.code == 2
        assert "was not made by this demonstration" in capsys.readouterr().err
    assert {each: each.read_bytes() for each in before} == before
    assert sorted(tmp_path.iterdir()) == sorted([*before, folder])
