"""The web shop, asked as a browser would ask it, without a browser."""

# ruff: noqa: E402
# Extras are looked for before they are imported.

import re
from collections import Counter
from datetime import date

import pytest

for needed in ("fastapi", "httpx", "jinja2", "python_multipart", "sqlalchemy"):
    pytest.importorskip(needed, reason="the extra 'examples' is not installed")

from fastapi.testclient import TestClient

from examples.webshop import seed, web
from examples.webshop.app import make_app
from examples.webshop.storage import SqlStorage
from examples.webshop.texts import TEXTS
from subrenew import ListPrice, Money, PriceList, Subscription, Term, renewability, tables
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
    assert renewed.order_number in alice.post("/check-out", key=key)
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


def test_sessions_and_offers_do_not_grow_for_ever():
    sessions = web.Sessions()
    first, _ = sessions.of(None)
    for _ in range(1000):
        sessions.of(None)
    assert sessions.of(first)[0] != first
    session = web.Session()
    keys = [session.offer(None, None) for _ in range(30)]
    assert list(session.offers) == keys[-20:]
