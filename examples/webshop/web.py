"""
What the application needs of the web: sessions, forms that cannot be forged, pages.

Sessions are kept in memory, so one process serves the demonstration. No page runs a script or loads
anything from elsewhere.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import attrs
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from examples.webshop.texts import TEXTS
from subrenew import Actor, Cart, CheckOut, Decision, Money, OrderRoute, Purchase
from subrenew.words import wording

TEMPLATES: Final = Path(__file__).parent / "templates"
COOKIE: Final = "session"
_ONE_DAY: Final = timedelta(days=1)
_MOST_SESSIONS: Final = 1000
_MOST_OFFERS: Final = 20
_HEADERS: Final = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
)


class ForgedError(Exception):
    """A form that this application did not send to this visitor."""


@attrs.frozen(kw_only=True)
class Offer:
    """A purchase that may be checked out: its key makes a second click harmless."""

    purchase: Purchase
    number: str
    #: Who buys; nobody in particular where an order was opened with its password.
    actor: Actor | None


@attrs.frozen(kw_only=True)
class Bought:
    """What was bought, and whether it was paid or will be, on invoice."""

    done: CheckOut
    is_paid: bool


@attrs.define(kw_only=True, eq=False)
class Session:
    """What is remembered of one visitor."""

    csrf: str = attrs.Factory(lambda: secrets.token_urlsafe(32))
    language: str = "en"
    person: str | None = None
    cart: Cart = attrs.Factory(Cart)
    opened: Decision[OrderRoute] | None = None
    offers: dict[str, Offer] = attrs.Factory(dict)
    bought: dict[str, Bought] = attrs.Factory(dict)
    notice: str | None = None
    #: Held while something is paid: two presses of a button go one after the other.
    paying: threading.Lock = attrs.Factory(threading.Lock)

    def offer(self, purchase: Purchase, actor: Actor | None) -> str:
        """Remember what is offered, under a new key."""
        key = secrets.token_urlsafe(16)
        number = f"W-{secrets.token_hex(4).upper()}"
        self.offers[key] = Offer(purchase=purchase, number=number, actor=actor)
        for oldest in list(self.offers)[:-_MOST_OFFERS]:
            del self.offers[oldest]
        return key

    def form_key(self) -> str:
        """Return a new key for a form, so that it is answered once."""
        return secrets.token_urlsafe(16)

    def take_notice(self) -> str | None:
        """Return what is to be said once."""
        notice, self.notice = self.notice, None
        return notice


class Sessions:
    """Every visitor's session; beyond a thousand, who was away longest is forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, token: str | None) -> tuple[str, Session]:
        """Return the session under this token, or a new one."""
        with self._lock:
            if token is None or token not in self._kept:
                token = secrets.token_urlsafe(32)
                self._kept[token] = Session()
                if len(self._kept) > _MOST_SESSIONS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(token)
            return token, self._kept[token]

    async def middleware(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Find the visitor's session, and the language asked for; close the page to others."""
        token, session = self.of(request.cookies.get(COOKIE))
        if (language := request.query_params.get("lang")) in TEXTS:
            session.language = str(language)
        request.state.session = session
        response = await call_next(request)
        response.set_cookie(COOKIE, token, httponly=True, samesite="lax")
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response


def session_of(request: Request) -> Session:
    """Return the visitor's session."""
    session: Session = request.state.session
    return session


async def form_of(request: Request) -> dict[str, str]:
    """
    Return the fields of a form that was sent from a page of this visitor's.

    Raises:
        ForgedError: It was not.
    """
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    given = fields.pop("csrf", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, session_of(request).csrf.encode()):
        raise ForgedError
    return fields


# Pages ----------------------------------------------------------------------------------------


def money_field(amount: Money) -> str:
    """Return an amount as a form carries it."""
    return f"{amount.amount} {amount.currency}"


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return the library's plain text as paragraphs and lists: ``p`` or ``ul``, and the lines."""
    kinds = groupby(text.splitlines(), lambda line: "ul" if line.startswith("- ") else "p")
    return [(kind, [line.removeprefix("- ") for line in lines]) for kind, lines in kinds]


_PAGES: Final = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["blocks"] = blocks


def page(
    request: Request, template: str, *, on: date, values: Mapping[str, object], status: int = 200
) -> HTMLResponse:
    """Return a page in the visitor's language."""
    session, path = session_of(request), request.url.path
    language = session.language
    said: dict[str, Any] = {
        "t": TEXTS[language],
        "language": language,
        "session": session,
        "notice": session.take_notice(),
        "path": path if request.method == "GET" or path == "/night" else "/order",
        "on": on,
        "last_day": lambda each: wording.date_text(each.ends_on - _ONE_DAY, language),
        "day": lambda each: wording.date_text(each, language),
        "money": lambda each: wording.money_text(each, language),
        "before_tax": lambda each: TEXTS[language]["before-tax"].format(
            amount=wording.money_text(each, language)
        ),
        "length": lambda each: wording.term_text(each, language),
        "money_field": money_field,
        "finding": lambda each: wording.finding_text(each, language),
        "route": lambda each: wording.route_text(each, language),
    }
    text = _PAGES.get_template(template).render(said | dict(values))
    return HTMLResponse(text, status_code=status)
