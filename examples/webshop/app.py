"""
A web shop over the desk: every decision is the library's, everything else is here.

    python examples/webshop/app.py --on 2025-12-10

It knows one day, the clock's, which `--on` sets, so that the demonstration is the same tomorrow.
Cards are made up, and no money moves: see `examples.webshop.gateway`.
Whoever comes in says who they are and is believed: this shows renewals, not how to log in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

if not __package__:  # run as a script
    sys.path.insert(0, str(Path(__file__).parents[2]))

from examples.webshop import seed
from examples.webshop.database import make_file
from examples.webshop.gateway import FakeCards
from examples.webshop.shop import NobodyError, PriceChangedError, Shop
from examples.webshop.storage import SqlStorage
from examples.webshop.texts import TEXTS
from examples.webshop.till import CardError, Declined, Till, given_of
from examples.webshop.web import TEMPLATES, ForgedError, Sessions, form_of, page, session_of
from subrenew import (
    AutoRenew,
    CheckOut,
    InvalidValue,
    KeyTaken,
    NotFound,
    NumberTaken,
    OrderChanged,
    OrderRoute,
    Refusal,
    RevisionConflict,
    Secret,
)
from subrenew.desk import Desk
from subrenew.passwords import BoundedHasher, PasswordHasher

_LONGEST_KEY: Final = 64
Form = Annotated[dict[str, str], Depends(form_of)]


def make_app(storage: SqlStorage, *, clock: Callable[[], date], hasher: PasswordHasher) -> FastAPI:
    """Return the application over this storage; *clock* is asked what day it is."""
    desk = Desk(storage=storage, policy=seed.POLICY, hasher=hasher)
    till = Till(storage=storage, cards=FakeCards(storage.engine))
    shop = Shop(desk=desk, storage=storage, till=till, clock=clock)
    app = FastAPI(title="subrenew web shop", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(Sessions().middleware)
    _add_people(app, shop)
    _add_subscriptions(app, shop)
    _add_payments(app, shop)
    _add_night(app, shop)
    _add_cart(app, shop)
    _add_orders(app, shop)
    _add_errors(app, shop)
    return app


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


def _add_people(app: FastAPI, shop: Shop) -> None:
    @app.get("/")
    def people(request: Request) -> Response:
        return page(request, "people.html", on=shop.clock(), values={"people": seed.PEOPLE})

    @app.post("/enter")
    def enter(request: Request, form: Form) -> Response:
        shop.enter(session_of(request), form.get("person", ""))
        return _to("/subscriptions")

    @app.get("/style.css")
    def style() -> Response:
        return FileResponse(TEMPLATES / "style.css", media_type="text/css")


def _add_subscriptions(app: FastAPI, shop: Shop) -> None:
    @app.get("/subscriptions")
    def subscriptions(request: Request) -> Response:
        person = shop.person(session_of(request))
        values = {"person": person, "lines": shop.lines(person)}
        return page(request, "subscriptions.html", on=shop.clock(), values=values)

    @app.get("/subscriptions/{id}")
    def options(request: Request, id: str) -> Response:
        values = shop.options(session_of(request), id)
        return page(request, "subscription.html", on=shop.clock(), values=values)

    @app.post("/subscriptions/{id}/auto-renew")
    def switch(request: Request, id: str, form: Form) -> Response:
        session = session_of(request)
        person = shop.person(session)
        shop.subscription(person, id)
        to = AutoRenew.ON if form.get("to") == "on" else AutoRenew.OFF
        done = shop.desk.switch_auto_renew(id, to=to, on=shop.clock(), actor=person.actor)
        return _told(request, shop, done, f"/subscriptions/{id}")

    @app.post("/subscriptions/{id}/cancel")
    def cancel(request: Request, id: str, form: Form) -> Response:  # noqa: ARG001 - it is checked
        done = shop.cancel(session_of(request), id)
        return _told(request, shop, done, f"/subscriptions/{id}", "cancelled")

    @app.post("/subscriptions/{id}/withdraw")
    def withdraw(request: Request, id: str, form: Form) -> Response:  # noqa: ARG001 - it is checked
        done = shop.withdraw(session_of(request), id)
        return _told(request, shop, done, f"/subscriptions/{id}", "withdrawn")


def _add_payments(app: FastAPI, shop: Shop) -> None:
    @app.post("/subscriptions/{id}/renew")
    def renew(request: Request, id: str, form: Form) -> Response:
        given = given_of(form)
        done = shop.renew(
            session_of(request),
            id,
            term_ends_on=_day(form.get("term_ends_on", "")),
            key=_key(form.get("key", "")),
            shown=form.get("amount", ""),
            given=given,
        )
        return _told(request, shop, done, f"/subscriptions/{id}", "renewed-now")

    @app.post("/subscriptions/{id}/card")
    def card(request: Request, id: str, form: Form) -> Response:
        done = shop.update_card(session_of(request), id, given_of(form))
        return _told(request, shop, done, f"/subscriptions/{id}", str(done))

    @app.post("/subscriptions/{id}/settle")
    def settle(request: Request, id: str, form: Form) -> Response:
        given = given_of(form)
        key = _key(form.get("key", ""))
        done = shop.settle(session_of(request), id, key=key, given=given)
        return _told(request, shop, done, f"/subscriptions/{id}", str(done))


def _add_night(app: FastAPI, shop: Shop) -> None:
    """Add the nightly run, which a timer would start, as a page with a button."""

    @app.get("/night")
    def night(request: Request) -> Response:
        values = {"report": None, "invoiced": ()}
        return page(request, "night.html", on=shop.clock(), values=values)

    @app.post("/night")
    def run(request: Request, form: Form) -> Response:  # noqa: ARG001 - it is checked
        report = shop.night()
        # A receipt's key begins with the identifier; what has none was renewed on invoice.
        keys = [each.key for each in report.receipts]
        invoiced = [
            each for each in report.renewed if not any(key.startswith(f"{each}/") for key in keys)
        ]
        values = {"report": report, "invoiced": invoiced}
        return page(request, "night.html", on=shop.clock(), values=values)


def _key(text: str) -> str:
    """Return the key of a form; one without is none of ours."""
    if not 0 < len(text) <= _LONGEST_KEY:
        raise ForgedError
    return text


def _day(text: str) -> date:
    """Return the day that a form names; a form without one is none of ours."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ForgedError from None


def _told(
    request: Request, shop: Shop, done: object, back: str, text: str = "switched"
) -> Response:
    """Return to where it was asked, or say why it was refused."""
    session = session_of(request)
    if isinstance(done, Refusal):
        return _refused(request, shop, done, back)
    if isinstance(done, Declined):
        return _declined(request, shop, done, back)
    session.notice = TEXTS[session.language][text]
    return _to(back)


def _add_cart(app: FastAPI, shop: Shop) -> None:
    @app.get("/cart")
    def cart(request: Request) -> Response:
        values = shop.review(session_of(request))
        return page(request, "cart.html", on=shop.clock(), values=values)

    @app.post("/cart/add")
    def add(request: Request, form: Form) -> Response:
        session = session_of(request)
        refused = shop.add(session, form.get("id", ""))
        if refused:
            return _refused(request, shop, refused, "/subscriptions")
        return _to("/cart")

    @app.post("/cart/remove")
    def remove(request: Request, form: Form) -> Response:
        session = session_of(request)
        session.cart = session.cart.remove(form.get("id", ""))
        return _to("/cart")

    @app.post("/cart/refresh")
    def refresh(request: Request, form: Form) -> Response:  # noqa: ARG001 - it is checked
        shop.refresh(session_of(request))
        return _to("/cart")

    @app.post("/check-out")
    def check_out(request: Request, form: Form) -> Response:
        session = session_of(request)
        password = Secret(form.pop("password")) if form.get("password") else None
        key = form.get("key", "")
        back = "/order" if shop.is_for_order(session, key) else "/cart"
        done = shop.check_out(session, key, password, given_of(form))
        if isinstance(done, CheckOut):
            return _to(f"/done/{key}")
        if isinstance(done, Refusal | Declined):
            return _told(request, shop, done, back)
        return _to(back)  # which shows what has changed

    @app.get("/done/{key}")
    def done(request: Request, key: str) -> Response:
        values = {"bought": shop.bought(session_of(request), key)}
        return page(request, "done.html", on=shop.clock(), values=values)


def _add_orders(app: FastAPI, shop: Shop) -> None:
    def order_form(request: Request, decision: object, number: str) -> Response:
        values = {"decision": decision, "number": number}
        return page(request, "order_form.html", on=shop.clock(), values=values)

    @app.get("/order")
    def order(request: Request) -> Response:
        session = session_of(request)
        if session.opened is None:
            return order_form(request, None, "")
        values = shop.opened(session, session.opened)
        return page(request, "order.html", on=shop.clock(), values=values)

    @app.post("/order")
    def open_order(request: Request, form: Form) -> Response:
        # Wrapped before anything else sees it. An empty one is wrong, and not forgotten.
        password = None if "forgotten" in form else Secret(form.pop("password", ""))
        number = form.get("number", "")
        decision = shop.desk.open_order(
            number=number, password=password, on=shop.clock(), at=datetime.now(UTC)
        )
        if decision.route is OrderRoute.OPEN_ORDER:
            session_of(request).opened = decision
            return _to("/order")
        return order_form(request, decision, number[:60])

    @app.post("/order/auto-renew")
    def switch(request: Request, form: Form) -> Response:
        session = session_of(request)
        if session.opened is None:
            return _to("/order")
        to = AutoRenew.ON if form.get("to") == "on" else AutoRenew.OFF
        done = shop.desk.switch_order(session.opened, to=to, on=shop.clock())
        return _told(request, shop, done, "/order")

    @app.post("/order/close")
    def close(request: Request, form: Form) -> Response:  # noqa: ARG001 - it is checked
        session_of(request).opened = None
        return _to("/order")


def _refused(request: Request, shop: Shop, refusal: Refusal, back: str) -> Response:
    language = session_of(request).language
    heading, text = TEXTS[language]["refused"], refusal.explain(language)
    values = {"heading": heading, "text": text, "back": back}
    return page(request, "message.html", on=shop.clock(), status=409, values=values)


def _declined(request: Request, shop: Shop, declined: Declined, back: str) -> Response:
    values = {"declined": declined, "back": back}
    return page(request, "declined.html", on=shop.clock(), status=402, values=values)


def _page_behind(request: Request) -> str:
    """Return the page on which the form stood that was sent."""
    path = request.url.path
    if path == "/check-out":
        return "/order" if session_of(request).person is None else "/cart"
    return path.rpartition("/")[0] if path.startswith("/subscriptions/") else "/"


def _add_errors(app: FastAPI, shop: Shop) -> None:
    told: dict[Any, tuple[str, str, int]] = {
        NotFound: ("not-found", "not-found-text", 404),
        404: ("not-found", "not-found-text", 404),
        RevisionConflict: ("conflict", "conflict-text", 409),
        KeyTaken: ("forged", "forged-text", 409),
        NumberTaken: ("forged", "forged-text", 409),
        OrderChanged: ("forged", "forged-text", 409),
        ForgedError: ("forged", "forged-text", 403),
        InvalidValue: ("refused", "unpriced", 422),
        CardError: ("card-invalid", "card-invalid-text", 422),
        PriceChangedError: ("price-changed", "price-changed-text", 409),
    }

    def handler(name: str, text: str, status: int) -> Callable[[Request, Any], Response]:
        def handle(request: Request, _: Exception) -> Response:
            words = TEXTS[session_of(request).language]
            back = _page_behind(request)
            values = {"heading": words[name], "text": words[text], "back": back}
            return page(request, "message.html", on=shop.clock(), status=status, values=values)

        return handle

    app.add_exception_handler(NobodyError, lambda *_: _to("/"))

    for error, told_as in told.items():
        app.add_exception_handler(error, handler(*told_as))


def main() -> None:
    """Fill a new database, and serve it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", type=date.fromisoformat, help="the day (today)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--database",
        type=Path,
        default=Path("build/webshop.sqlite"),
        help="a file to make anew; one that the demonstration did not make is refused",
    )
    asked = parser.parse_args()
    try:
        make_file(asked.database)
    except FileExistsError as error:
        parser.error(str(error))
    storage = SqlStorage(f"sqlite:///{asked.database}", prices=seed.prices())
    storage.create_tables()
    hasher = BoundedHasher()
    seed.fill(storage, hasher)
    seed.fill_cards(FakeCards(storage.engine))
    app = make_app(storage, clock=lambda: asked.on or date.today(), hasher=hasher)
    print(f"http://127.0.0.1:{asked.port}/", flush=True)
    print(f"an order to look up: {seed.ORDER_NUMBER}, password {seed.ORDER_PASSWORD}", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, log_level="warning")


if __name__ == "__main__":
    main()
