"""The web shop, asked as a browser would ask it, without a browser."""

# ruff: noqa: E402
# Extras are looked for before they are imported.

import re
import sqlite3
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import attrs
import pytest

for needed in ("fastapi", "httpx", "jinja2", "python_multipart", "sqlalchemy"):
    pytest.importorskip(needed, reason="the extra 'examples' is not installed")

from fastapi.testclient import TestClient
from sqlalchemy import select

from examples.webshop import app as app_module
from examples.webshop import seed, web
from examples.webshop.app import make_app
from examples.webshop.gateway import MADE_UP, REASONS, FakeCards
from examples.webshop.storage import SqlStorage
from examples.webshop.tables import CHARGES
from examples.webshop.texts import TEXTS
from subrenew import (
    AutoRenew,
    Changed,
    InvalidValue,
    ListPrice,
    Money,
    PaymentKind,
    PaymentMethod,
    PriceList,
    Receipt,
    RevisionConflict,
    Role,
    Subscription,
    Term,
    renewability,
    renewal_due,
    tables,
)
from subrenew.collecting import Decline
from subrenew.desk import Desk
from subrenew.passwords import ScryptHasher
from subrenew.policy.vendors import autodesk
from subrenew.words import labels, wording

ON = date(2025, 12, 10)
PAYS, NO_MONEY, REFUSED = "4242 4242 4242 4242", "4000 0000 0000 9995", "4000-0000-0000-0002"
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

    def check_out(self, key, *, pay_with="M-CARD", **fields):
        return self.post("/check-out", key=key, pay_with=pay_with, **fields)

    def look_up(self, password, number=seed.ORDER_NUMBER, **fields):
        return self.post("/order", seen="/order", number=number, password=password, **fields)


@pytest.fixture
def storage(tmp_path):
    storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}", prices=seed.prices())
    storage.create_tables()
    seed.fill(storage, HASHER)
    seed.fill_cards(FakeCards(storage.engine))
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
    done = alice.check_out(key, password="harbour", seen="/cart")
    assert wording.date_text(date(2027, 1, 14), "en") in done
    assert "$8,858.75" in done
    renewed = stored(storage, "N-101")
    assert renewed.starts_on == date(2026, 1, 15)
    assert renewed.order_number in done
    assert TEXTS["en"]["cart-empty"] in alice.get("/cart")
    # A second click is the first one again, and so is a look at the receipt.
    assert renewed.order_number in alice.check_out(key, password="harbour")
    # The same key on another form is another request.
    too_old = alice.check_out(key, status=409)
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
    done = alice.check_out(alice.hidden(cart, "key"))
    assert "$9,500.00" in done


def test_what_was_renewed_elsewhere_leaves_the_cart(alice, app):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    other = Visitor(app)
    other.post("/enter", person="alice")
    other.check_out(other.hidden(other.post("/cart/add", id="N-101"), "key"))
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
    """Return what the page's button to renew at once sends, paying with what is on file."""
    fields = {name: visitor.hidden(page, name) for name in ("amount", "term_ends_on", "key")}
    return {"pay_with": "M-CARD", **fields}


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
    del second["key"]
    alice.post("/subscriptions/N-101/renew", status=403, **second)
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
    desk = Desk(storage=storage, policy=seed.POLICY, hasher=HASHER)
    cards = FakeCards(storage.engine)
    assert desk.renew_due(ON, collect=cards).renewed == ("N-110",)
    assert desk.renew_due(ON, collect=cards).renewed == ()
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


# Paid, and not paid ------------------------------------------------------------------------------

NEW_CARD = {"pay_with": "new-card", "card_number": PAYS, "card_expires": "2028-04"}


def section(page, name):
    return re.search(rf'id="{name}"(.*?)</section>', page, re.DOTALL)[1]


def charges(storage):
    """Return what the payment service was asked for: key, and what became of it."""
    with storage.engine.connect() as connection:
        rows = connection.execute(select(CHARGES).order_by(CHARGES.c.key)).all()
    return {row.key: "given back" if row.given_back else (row.declined or "paid") for row in rows}


def outcomes(storage):
    return sorted(charges(storage).values())


def test_what_is_renewed_at_once_is_paid_once(alice, storage):
    form = form_of(alice, alice.get("/subscriptions/N-101"))
    for _ in range(3):
        alice.post("/subscriptions/N-101/renew", **form)
    assert outcomes(storage) == ["paid"]
    with storage.transaction() as repositories:
        [event] = repositories.events.of("N-101")
    assert event.amount == Money("8858.75", "USD")


def test_what_is_bought_twice_is_paid_once(alice, storage):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    for _ in range(2):
        assert TEXTS["en"]["paid"] in section(alice.check_out(key), "number")
    assert outcomes(storage) == ["paid"]


@pytest.mark.parametrize(
    ("number", "reason"), [(NO_MONEY, "insufficient-funds"), (REFUSED, "refused")]
)
def test_a_decline_is_explained_and_another_card_pays_from_the_same_page(
    alice, storage, number, reason
):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    page = alice.check_out(key, status=402, **{**NEW_CARD, "card_number": number})
    told = section(page, "declined")
    for name in (f"reason-{reason}", "declined-nothing", "next-other", "next-bank"):
        assert TEXTS["en"][name].replace("'", "&#39;") in told
    assert f"ending in {number[-4:]}" in told
    assert 'href="/cart"' in page
    assert renewals(storage, "N-101") == []
    assert outcomes(storage) == [reason]
    assert TEXTS["en"]["paid"] in alice.check_out(key, **NEW_CARD)
    assert renewals(storage, "N-101") == ["renewed"]
    assert outcomes(storage) == sorted([reason, "paid"])


def test_a_decline_at_once_leads_back_to_the_subscription(alice, storage):
    form = form_of(alice, alice.get("/subscriptions/N-101"))
    form |= {**NEW_CARD, "card_number": NO_MONEY}
    page = alice.post("/subscriptions/N-101/renew", status=402, **form)
    assert 'href="/subscriptions/N-101" id="try-again"' in page
    assert TEXTS["en"]["declined-last"] not in page
    assert renewals(storage, "N-101") == []


def test_a_decline_is_told_in_french(alice):
    alice.get("/?lang=fr")
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    page = alice.check_out(key, status=402, **{**NEW_CARD, "card_number": NO_MONEY})
    assert TEXTS["fr"]["reason-insufficient-funds"] in page
    assert "hors taxes" in page


def test_without_a_card_on_file_one_is_asked_for(alice, storage):
    page = alice.get("/subscriptions/N-113")
    assert TEXTS["en"]["no-card-on-file"] in page
    assert TEXTS["en"]["nothing-on-file"] in page
    assert 'type="radio"' not in page
    assert re.search(r'name="card_number"[^>]* required', page)
    form = form_of(alice, page)
    for missing in ({}, {"pay_with": "M-CARD"}, {"pay_with": "new-card"}):
        alice.post("/subscriptions/N-113/renew", status=422, **{**form, "pay_with": "", **missing})
    assert charges(storage) == {}
    alice.post("/subscriptions/N-113/renew", **{**form, **NEW_CARD})
    assert outcomes(storage) == ["paid"]
    assert renewals(storage, "N-113") == ["renewed"]


@pytest.mark.parametrize("kind", ["wire-transfer", "card"])
def test_what_cannot_be_charged_today_is_not_offered_to_pay_with(alice, storage, kind):
    lapsed = date(2025, 12, 9) if kind == "card" else None
    method = PaymentMethod(kind=kind, valid_through=lapsed, id="M-1")
    with storage.transaction() as repositories:
        held = attrs.evolve(stored(storage, "N-101"), payment_method=method)
        repositories.subscriptions.save(held, revision=1)
    assert 'value="M-1"' not in alice.get("/subscriptions/N-101")
    assert TEXTS["en"]["no-card-on-file"] in alice.post("/cart/add", id="N-101")


@pytest.mark.parametrize(
    "wrong",
    [
        {"card_number": "4111 1111 1111 1111"},
        {"card_number": ""},
        {"card_expires": "2025-11"},
        {"card_expires": "soon"},
        {"pay_with": "M-OLD-CARD"},
        {"pay_with": ""},
    ],
)
def test_what_is_no_card_is_not_charged(alice, storage, wrong):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    page = alice.check_out(key, status=422, **{**NEW_CARD, **wrong})
    assert TEXTS["en"]["card-invalid"] in page
    assert 'href="/cart"' in page
    assert charges(storage) == {}


def test_a_card_is_valid_through_its_last_day(alice):
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    alice.check_out(key, **{**NEW_CARD, "card_expires": "2025-12"})


def test_a_cards_number_is_kept_and_shown_nowhere(alice, storage, tmp_path, caplog):
    caplog.set_level("DEBUG")
    key = alice.hidden(alice.post("/cart/add", id="N-101"), "key")
    asked = {"4111 1111 1111 1111": 422, NO_MONEY: 402, PAYS: 200}
    pages = [
        alice.check_out(key, status=status, **{**NEW_CARD, "card_number": number})
        for number, status in asked.items()
    ]
    storage.close()
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert "4111" not in "".join(pages) + caplog.text
    for number in MADE_UP:
        assert number.encode() not in kept
        assert number not in caplog.text


def test_on_invoice_it_is_invoiced_and_not_paid(app, storage):
    visitor = Visitor(app)
    visitor.post("/enter", person="camille")
    key = visitor.hidden(visitor.post("/cart/add", id="L-203"), "key")
    done = visitor.check_out(key, pay_with="M-INVOICE")
    total = section(done, "total")
    assert total.startswith(f">{TEXTS['en']['invoiced']}")
    assert TEXTS["en"]["invoiced-text"] in done
    assert TEXTS["en"]["paid"] not in done
    assert charges(storage) == {}
    assert renewals(storage, "L-203") == ["renewed"]


def test_on_invoice_pressed_again_with_a_card_nothing_is_charged(app, storage):
    visitor = Visitor(app)
    visitor.post("/enter", person="camille")
    form = form_of(visitor, visitor.get("/subscriptions/L-203"))
    for way in ({"pay_with": "M-INVOICE"}, NEW_CARD):
        visitor.post("/subscriptions/L-203/renew", **{**form, **way})
    assert charges(storage) == {}
    assert renewals(storage, "L-203") == ["renewed"]


def test_at_another_price_than_the_page_showed_nothing_is_charged(alice, storage):
    form = form_of(alice, alice.get("/subscriptions/N-101"))
    dearer = ListPrice(
        product="AutoCAD", term=Term.years(1), price=Money("2000.00", "USD"), from_on=ON
    )
    storage.prices = PriceList(prices=(dearer,))
    page = alice.post("/subscriptions/N-101/renew", status=409, **form)
    assert TEXTS["en"]["price-changed-text"] in page
    assert charges(storage) == {}


def test_what_is_refused_is_not_charged(alice, storage):
    first, second = (form_of(alice, alice.get("/subscriptions/N-101")) for _ in range(2))
    alice.post("/subscriptions/N-101/renew", **first)
    alice.post("/subscriptions/N-101/renew", status=409, **second)
    assert outcomes(storage) == ["paid"]


def test_what_somebody_else_renewed_during_the_charge_is_given_back(alice, storage, monkeypatch):
    form = form_of(alice, alice.get("/subscriptions/N-101"))
    take = FakeCards.take

    def meanwhile(self, *asked):
        desk = Desk(storage=storage, policy=seed.POLICY, hasher=HASHER)
        desk.renew("N-101", on=ON)
        return take(self, *asked)

    monkeypatch.setattr(FakeCards, "take", meanwhile)
    alice.post("/subscriptions/N-101/renew", status=409, **form)
    assert outcomes(storage) == ["given back"]
    assert renewals(storage, "N-101") == ["renewed"]


def test_what_could_not_be_saved_is_given_back_and_can_be_paid_again(alice, storage, monkeypatch):
    form = form_of(alice, alice.get("/subscriptions/N-101"))

    def first(*_, **__):
        raise RevisionConflict("somebody else was first")

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "change", first)
        alice.post("/subscriptions/N-101/renew", status=409, **form)
    assert outcomes(storage) == ["given back"]
    alice.post("/subscriptions/N-101/renew", **form)
    assert outcomes(storage) == ["given back", "paid"]
    assert renewals(storage, "N-101") == ["renewed"]


def test_after_a_crash_between_charge_and_renewal_the_same_button_pays_nothing_more(
    alice, storage, monkeypatch
):
    form = form_of(alice, alice.get("/subscriptions/N-101"))

    def crash(*_, **__):
        raise RuntimeError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "change", crash)
        with pytest.raises(RuntimeError, match="gone"):
            alice.post("/subscriptions/N-101/renew", **form)
    assert renewals(storage, "N-101") == []
    again = Visitor(make_app(storage, clock=lambda: ON, hasher=HASHER))
    again.post("/enter", person="alice")
    again.post("/subscriptions/N-101/renew", **form)
    assert renewals(storage, "N-101") == ["renewed"]
    assert outcomes(storage) == ["paid"]


# The nightly run, and what it could not charge


def night(app):
    return section(Visitor(app).post("/night", seen="/night"), "report")


def test_the_nightly_run_charges_and_says_what_was_declined(app, storage):
    report = night(app)
    assert "N-110/2025-12-08: $2,512.75 before tax paid, and renewed." in report
    assert "N-112: $1,695.75 before tax declined." in report
    assert TEXTS["en"]["reason-insufficient-funds"] in report
    assert "December 13, 2025" in report
    assert charges(storage) == {
        "N-110/2025-12-08": "paid",
        "N-112/2025-12-10": "insufficient-funds",
    }
    assert renewals(storage, "N-110") == ["renewed-automatically"]
    assert renewals(storage, "N-112") == ["payment-failed"]
    assert TEXTS["en"]["night-nothing"] in night(app)
    assert len(charges(storage)) == 2


def test_the_nightly_run_says_what_it_renewed_on_invoice(storage):
    with storage.transaction() as repositories:
        held = attrs.evolve(stored(storage, "N-110"), payment_method=seed.INVOICE)
        repositories.subscriptions.save(held, revision=1)
    report = night(make_app(storage, clock=lambda: ON, hasher=HASHER))
    assert "N-110: renewed on invoice." in report
    assert "N-110/2025-12-08" not in charges(storage)


def test_the_nightly_run_gives_back_what_it_can_no_longer_record(app, storage, monkeypatch):
    charge = FakeCards.charge

    def stopped(self, due):
        answer = charge(self, due)
        with storage.transaction() as repositories:
            held = repositories.subscriptions.get(due.subscription.id)
            off = attrs.evolve(held.value, auto_renew=AutoRenew.OFF)
            repositories.subscriptions.save(off, revision=held.revision)
        return answer

    monkeypatch.setattr(FakeCards, "charge", stopped)
    assert "N-110: $2,512.75 before tax refunded." in night(app)
    assert charges(storage)["N-110/2025-12-08"] == "given back"
    assert stored(storage, "N-110").expires_on == date(2025, 12, 8)


def test_the_nightly_run_logs_what_it_could_not_finish(app, storage, monkeypatch, caplog):
    def raising(*_):
        raise TimeoutError("no answer")

    monkeypatch.setattr(FakeCards, "charge", raising)
    assert "N-110: failed; see the log." in night(app)
    assert "no answer" in caplog.text
    assert renewals(storage, "N-110") == []


def test_a_failed_charge_is_shown_with_its_next_attempt_and_its_action(app, alice):
    assert 'id="unpaid"' not in alice.get("/subscriptions/N-112")
    night(app)
    page = alice.get("/subscriptions/N-112")
    told = section(page, "unpaid")
    assert "The payment failed on December 10, 2025. The next attempt is on December 13" in told
    assert "$1,695.75 before tax" in told
    assert 'action="/subscriptions/N-112/card"' in told
    assert 'class="tag repair-payment"' in page


def test_another_card_pays_what_has_failed_at_once(app, alice, storage):
    night(app)
    page = alice.post("/subscriptions/N-112/card", **NEW_CARD)
    assert TEXTS["en"]["paid-and-renewed"] in page
    assert 'id="unpaid"' not in page
    assert "ending in 4242" in section(page, "on-file")
    assert renewals(storage, "N-112")[-1] == "renewed-automatically"
    assert outcomes(storage) == ["insufficient-funds", "paid", "paid"]
    alice.post("/subscriptions/N-112/card", **NEW_CARD)
    assert len(charges(storage)) == 3


def test_another_card_that_is_declined_too_says_when_it_is_charged_again(app, alice, storage):
    night(app)
    page = alice.post(
        "/subscriptions/N-112/card", status=402, **{**NEW_CARD, "card_number": REFUSED}
    )
    told = section(page, "declined")
    assert TEXTS["en"]["reason-refused"] in told
    assert "December 13, 2025" in told
    assert renewals(storage, "N-112")[-1] == "payment-failed"
    assert 'id="unpaid"' in alice.get("/subscriptions/N-112")


def test_the_next_run_charges_again_and_the_last_one_says_that_it_is_the_last(storage):
    for day in (10, 13):
        on = date(2025, 12, day)
        report = night(make_app(storage, clock=lambda on=on: on, hasher=HASHER))
        assert TEXTS["en"]["declined-last"] not in report
    last = night(make_app(storage, clock=lambda: date(2025, 12, 16), hasher=HASHER))
    assert TEXTS["en"]["declined-last"] in last
    assert [key for key in charges(storage) if key.startswith("N-112")] == [
        "N-112/2025-12-10",
        "N-112/2025-12-10/2",
        "N-112/2025-12-10/3",
    ]


def test_a_card_that_would_lapse_is_replaced_without_a_charge(alice, storage):
    assert 'id="update-card"' not in alice.get("/subscriptions/N-101")
    assert 'id="update-card"' in alice.get("/subscriptions/N-103")
    page = alice.post("/subscriptions/N-103/card", **NEW_CARD)
    assert TEXTS["en"]["card-changed"] in page
    assert 'class="tag renews-itself"' in page
    assert charges(storage) == {}
    method = stored(storage, "N-103").payment_method
    with storage.transaction() as repositories:
        assert repositories.payment_methods.get(method.id).value == method


def test_one_who_may_not_manage_it_changes_no_card_and_pays_no_invoice(app, storage):
    visitor = Visitor(app)
    visitor.post("/enter", person="bruno")
    assert 'id="update-card"' not in visitor.get("/subscriptions/N-103")
    for act in ("card", "settle"):
        visitor.post(f"/subscriptions/N-103/{act}", status=409, key="k", **NEW_CARD)
    assert stored(storage, "N-103").payment_method == seed.OLD_CARD
    visitor.post("/subscriptions/L-204/settle", status=404, key="k", **NEW_CARD)


def test_an_unpaid_invoice_is_shown_and_paid_once(app, storage):
    visitor = Visitor(app)
    visitor.post("/enter", person="camille")
    page = visitor.get("/subscriptions/L-204")
    told = section(page, "unpaid")
    assert TEXTS["en"]["unpaid-invoice"] in told
    assert "€1,695.75 before tax" in told
    assert "M-INVOICE" not in told
    form = {"key": visitor.hidden(told, "key"), **NEW_CARD}
    declined = {**form, "card_number": NO_MONEY}
    visitor.post("/subscriptions/L-204/settle", status=402, **declined)
    for _ in range(2):
        page = visitor.post("/subscriptions/L-204/settle", **form)
        assert TEXTS["en"]["settled"] in page
    assert 'id="unpaid"' not in page
    assert renewals(storage, "L-204") == ["settled"]
    assert outcomes(storage) == ["insufficient-funds", "paid"]
    visitor.post("/subscriptions/L-204/settle", status=409, **{**form, "key": "another"})


def test_the_shops_own_amounts_say_that_they_are_before_tax(app, alice):
    amount = r"[$€][0-9,.]*[0-9]"
    pages = [
        re.search(r'<button[^>]*id="renew">[^<]*', alice.get("/subscriptions/N-101"))[0],
        section(alice.post("/night", seen="/night"), "report"),
        section(alice.get("/subscriptions/N-112"), "unpaid"),
    ]
    cart = alice.post("/cart/add", id="N-101")
    for head in re.findall(r'<th scope="col" class="number">([^<]*)', cart):
        assert head == TEXTS["en"]["seats"] or head.endswith("before tax")
    key = alice.hidden(cart, "key")
    pages.append(alice.check_out(key, status=402, **{**NEW_CARD, "card_number": REFUSED}))
    pages.append(alice.check_out(key))
    for page in pages:
        assert re.search(amount, page)
        assert not re.sub(f"{amount} before tax", "", page).count("$")


@pytest.mark.parametrize("person", seed.PEOPLE)
def test_a_switch_is_offered_just_where_it_is_not_refused(app, person):
    visitor = Visitor(app)
    visitor.post("/enter", person=person)
    offered = set()
    for each in seed.subscriptions():
        if each.account != seed.PEOPLE[person].account:
            continue
        path = f"/subscriptions/{each.id}"
        page = visitor.get(path)
        to = "off" if each.auto_renew == "on" else "on"
        has_switch = 'id="switch"' in page
        visitor.post(f"{path}/auto-renew", to=to, status=200 if has_switch else 409)
        offered.add(has_switch)
    assert offered == {"alice": {True, False}, "bruno": {False}, "camille": {True}}[person]


def test_the_switch_of_an_order_that_is_over_is_not_offered(storage):
    later = Visitor(make_app(storage, clock=lambda: date(2026, 6, 1), hasher=HASHER))
    page = later.look_up(seed.ORDER_PASSWORD)
    assert "H-301" in page
    assert 'id="switch"' not in page
    later.post("/order/auto-renew", to="off", seen="/order", status=409)


def test_the_switch_of_an_order_whose_lines_went_to_another_is_not_offered(app):
    first, second = Visitor(app), Visitor(app)
    first.look_up(seed.ORDER_PASSWORD)
    page = first.post("/order/auto-renew", to="off", seen="/order")
    assert 'id="switch"' in second.look_up(seed.ORDER_PASSWORD)
    first.check_out(first.hidden(page, "key"), password="new-lantern")
    assert 'id="switch"' not in second.get("/order")
    second.post("/order/auto-renew", to="on", seen="/order", status=409)


# The payment service

TEN = Money("10.00", "USD")


def test_the_payment_service_charges_once_for_each_key_also_after_a_restart(storage):
    service = FakeCards(storage.engine)
    first = service.take("K-1", TEN, seed.CARD)
    assert first == Receipt(key="K-1", amount=TEN, reference="K-1")
    again = FakeCards(storage.engine)
    assert again.take("K-1", TEN, seed.EMPTY_CARD) == first
    assert again.answer("K-1") == first
    assert again.answer("K-2") is None
    with pytest.raises(InvalidValue, match=r"K-1 was charged with 10\.00 USD"):
        again.take("K-1", Money("11.00", "USD"), seed.CARD)
    assert again.take("K-2", TEN, seed.EMPTY_CARD) == Decline(reason="insufficient-funds")
    assert again.take("K-2", TEN, seed.CARD) == Decline(reason="insufficient-funds")


@pytest.mark.parametrize("method", [None, PaymentMethod.card(expires="2030-01", id="other")])
def test_the_payment_service_declines_a_card_that_it_does_not_know(storage, method):
    assert FakeCards(storage.engine).take("K-1", TEN, method) == Decline(reason="no-card")


def test_what_was_given_back_pays_for_nothing_any_more(storage):
    service = FakeCards(storage.engine)
    receipt = service.take("K-1", TEN, seed.CARD)
    for _ in range(2):
        service.give_back(receipt)
        assert service.take("K-1", TEN, seed.CARD) == Decline(reason="given-back")


def test_of_many_charges_at_once_under_one_key_one_is_made(storage):
    service = FakeCards(storage.engine)
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: service.take("K-1", TEN, seed.CARD), range(16)))
    assert answers == {Receipt(key="K-1", amount=TEN, reference="K-1")}
    assert len(charges(storage)) == 1


def test_a_due_without_an_amount_is_not_charged(storage):
    asked = {"policy": seed.POLICY, "prices": PriceList(prices=()), "on": ON}
    due = renewal_due(stored(storage, "N-110"), **asked)
    with pytest.raises(InvalidValue, match="an amount"):
        FakeCards(storage.engine).charge(due)


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
    done = visitor.check_out(visitor.hidden(page, "key"), password="new-lantern")
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
    "/subscriptions/N-101/card",
    "/subscriptions/N-101/settle",
    "/night",
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
    ("prefix", "words"),
    [
        ("role-", Role),
        ("changed-", Changed),
        ("auto-renew-", AutoRenew),
        ("switch-", AutoRenew),
        ("kind-", PaymentKind),
        ("reason-", REASONS),
    ],
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
