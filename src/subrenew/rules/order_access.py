"""
May this person open this order?

Clauses: `order`, `order.unlock`, `order.prefilled`, `order.forgotten`, `order.links`.

Rule 1: a wrong number, a wrong password and an unknown order are one fact. Nothing that comes out
of here tells which it was, and the password is checked in every case (reading 19).

Rule 2: only an opened page reveals that a password was right. Where the number is not the one of
the confirmation message, no password proves anything.

Rule 3: a number is normalised (width, blanks, case) and then ASCII only: full-width digits are the
same digits, look-alike letters are not the same letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Any, Final, assert_never

import attrs

from subrenew import clauses
from subrenew.errors import InvalidType
from subrenew.model import checks
from subrenew.model.entities import Order
from subrenew.model.secret import Secret
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.regions import RegionLink
from subrenew.rules.decisions import Decision, decided
from subrenew.rules.facts import (
    ORDER_ACCESS,
    OrderAccessFacts,
    Password,
    Prefilled,
    Proof,
    Tries,
)
from subrenew.rules.questions import Cells, CitedRoute, Question, Step, Values, bar

__all__ = ["QUESTION", "OrderRoute", "normalised_number", "order_access"]

_NUMBER: Final = re.compile(r"[0-9A-Z](?:[0-9A-Z-]{0,38}[0-9A-Z])?", re.ASCII)
_MOST_CHARACTERS: Final = 200


class OrderRoute(CitedRoute):
    """The ways forward, in the order in which they are decided, each with its clause."""

    RESET_PASSWORD = "reset-password", clauses.ORDER_FORGOTTEN
    WAIT = "wait", clauses.ORDER_UNLOCK
    CHECK_NUMBER = "check-number", clauses.ORDER_PREFILLED
    OPEN_ORDER = "open-order", clauses.ORDER
    TRY_AGAIN = "try-again", clauses.ORDER_UNLOCK


def normalised_number(text: str) -> str | None:
    r"""
    Return an order number as orders carry it, or ``None`` for what cannot be one.

    >>> normalised_number(" \uff21b-123 "), normalised_number("1\x00")
    ('AB-123', None)
    """
    if type(text) is not str or len(text) > _MOST_CHARACTERS:
        return None
    number = "".join(unicodedata.normalize("NFKC", text).split())
    # Before capitals are made: the capital of a dotless i is an I.
    if not number.isascii():
        return None
    number = number.upper()
    return number if _NUMBER.fullmatch(number) else None


@attrs.frozen(kw_only=True)
class OrderAsked:
    """What a decision about an order's page was asked with; never the password."""

    #: The link to reset a password, if the policy has one.
    reset_link: str | None
    #: The page's link for the region, if the policy has one.
    page_link: str | None
    #: The policy's links for all regions: shown where the region's own is not known.
    page_links: tuple[RegionLink, ...] = ()


def _page(decision: Decision[Any]) -> Values:
    asked: OrderAsked = decision.asked
    if asked.page_link is not None:
        return (("link", asked.page_link),)
    return (("links", asked.page_links),) if asked.page_links else ()


def _reset(decision: Decision[Any]) -> Values:
    link = decision.asked.reset_link
    return () if link is None else (("link", link),)


@bar(clauses.ORDER_UNLOCK)
def not_found(facts: OrderAccessFacts) -> bool:
    """No order has this number and this password."""
    # Where the number differs nothing is claimed: number and password may well be right.
    agrees = facts.prefilled is Prefilled.AGREES
    return facts.proof is Proof.MISSING and facts.password is Password.GIVEN and agrees


@bar(clauses.ORDER_UNLOCK)
def too_many_tries(facts: OrderAccessFacts) -> bool:
    """Too many attempts; further ones are taken later."""
    return facts.tries is Tries.USED_UP


@bar(clauses.ORDER_PREFILLED)
def prefilled_differs(facts: OrderAccessFacts) -> bool:
    """The prefilled number is not the one of the confirmation message."""
    return facts.prefilled is Prefilled.DIFFERS


@bar(clauses.ORDER_FORGOTTEN, values=_reset)
def password_forgotten(facts: OrderAccessFacts) -> bool:
    """The password is forgotten; the reset link gives a new one."""
    return facts.password is Password.FORGOTTEN


@bar(clauses.ORDER_LINKS, values=_page)
def page_elsewhere(facts: OrderAccessFacts) -> bool:
    """The order's page has a link for each region, also in the confirmation message."""
    return facts.proof is Proof.MISSING


def route(facts: OrderAccessFacts) -> OrderRoute:
    """Return the one way forward."""
    match facts:
        case OrderAccessFacts(password=Password.FORGOTTEN):
            return OrderRoute.RESET_PASSWORD
        case OrderAccessFacts(tries=Tries.USED_UP):
            return OrderRoute.WAIT
        case OrderAccessFacts(prefilled=Prefilled.DIFFERS):
            return OrderRoute.CHECK_NUMBER
        case OrderAccessFacts(proof=Proof.GIVEN):
            return OrderRoute.OPEN_ORDER
        case OrderAccessFacts():
            return OrderRoute.TRY_AGAIN
        case never:
            assert_never(never)


_STEPS: Final = MappingProxyType(
    {
        OrderRoute.RESET_PASSWORD: (("reset-password", OrderRoute.OPEN_ORDER),),
        OrderRoute.WAIT: (("try-later", OrderRoute.TRY_AGAIN),),
        OrderRoute.CHECK_NUMBER: (("copy-number", OrderRoute.OPEN_ORDER),),
        OrderRoute.OPEN_ORDER: (("manage-order", OrderRoute.OPEN_ORDER),),
        OrderRoute.TRY_AGAIN: (
            ("copy-number", OrderRoute.OPEN_ORDER),
            ("reset-password", OrderRoute.RESET_PASSWORD),
        ),
    }
)


def steps(facts: OrderAccessFacts) -> tuple[Step[OrderRoute], ...]:
    """Return what can be done."""
    way = route(facts)
    return tuple(
        Step(code=code, clause=way.clause, leads_to=leads_to) for code, leads_to in _STEPS[way]
    )


def possible(facts: OrderAccessFacts, edition: RenewalPolicy) -> bool:  # noqa: ARG001 - a question's
    """Return whether the facts can be met: a password that does not count proves nothing."""
    counts = facts.password is Password.GIVEN and facts.tries is Tries.LEFT
    agrees = facts.prefilled is Prefilled.AGREES
    return facts.proof is Proof.MISSING or (counts and agrees)


QUESTION: Final[Question[OrderRoute]] = Question(
    name="order-access",
    kinds=(ORDER_ACCESS,),
    bars=(not_found, too_many_tries, prefilled_differs, password_forgotten, page_elsewhere),
    route=route,
    steps=steps,
    possible=possible,
)

#: Every cell, by its facts.
CELLS: Final = Cells(QUESTION)


def order_access(
    order: Order | None,
    *,
    number: str,
    password: Secret | None,
    verify: Callable[[Secret], bool],
    policy: RenewalPolicy,
    on: date,
    confirmed_number: str | None = None,
    tries: Tries = Tries.LEFT,
    region: str | None = None,
) -> Decision[OrderRoute]:
    """
    Decide whether somebody who gives this number and this password may open the order.

    Args:
        order: What storage holds under the number, or ``None``.
        number: As it was typed or prefilled.
        password: As it was given; ``None`` where it is forgotten.
        verify: Checks the password; it is called exactly once wherever one is given, also where
            there is no order, and then has to take as long (see `PasswordHasher.verify`).
        policy: Supplies the links.
        on: The day, for the record.
        confirmed_number: The number in the confirmation message, where the caller knows it: a
            prefilled number may be another one (clause `order.prefilled`). Where they differ, the
            answer does not depend on the password.
        tries: Whether tries are left; see `AttemptLimit`. Every try with a password, while tries
            are left, that does not open the page has failed and has to be counted, whatever its
            route: before *verify* is called, or many at once are checked before one is counted.
        region: Chooses the page's link; without a link of its own, those of all regions are given.

    Returns:
        A decision whose route is a member of `OrderRoute`. It holds no password and does not tell
        a wrong number from a wrong password (reading 19).

    Raises:
        InvalidType: *password* is plain text: wrap it in `Secret` as soon as it is read.

    >>> from subrenew.policy.vendors import autodesk
    >>> decision = order_access(
    ...     None,
    ...     number="A-1",
    ...     password=Secret("guess"),
    ...     verify=lambda secret: False,
    ...     policy=autodesk.EDITION_2024,
    ...     on=date(2026, 1, 1),
    ... )
    >>> decision.route.value
    'try-again'
    """
    if password is not None and type(password) is not Secret:
        password = None  # a traceback may show this frame's variables
        raise InvalidType("password", "...", "wrap it in Secret(...)")
    checks.calendar_date("on", on)
    checks.member("tries", tries, Tries)
    checks.instance("policy", policy, RenewalPolicy)
    if region is not None:
        checks.instance("region", region, str)
    # Whatever can raise has raised before the password is looked at.
    asked = OrderAsked(
        reset_link=policy.order_reset_link,
        page_link=policy.order_link(region),
        page_links=policy.order_links,
    )
    import hmac  # noqa: PLC0415 - 4 ms, where orders are opened only

    typed = normalised_number(number)
    verified = verify(password) if password is not None and tries is Tries.LEFT else False
    same = hmac.compare_digest((typed or "").encode(), (order.number if order else "?").encode())
    confirmed = None if confirmed_number is None else normalised_number(confirmed_number)
    agrees = confirmed is None or typed == confirmed
    proved = agrees and same and verified is True and order is not None
    facts = ORDER_ACCESS[
        Prefilled.AGREES if agrees else Prefilled.DIFFERS,
        Proof.GIVEN if proved else Proof.MISSING,
        Tries.USED_UP if tries is Tries.USED_UP else Tries.LEFT,
        Password.FORGOTTEN if password is None else Password.GIVEN,
    ]
    # Only an opened order is in the decision: a refused one does not show that it exists.
    cell = CELLS[facts]
    opened: Any = order if cell.route is OrderRoute.OPEN_ORDER else None
    return decided(cell, opened, policy, policy, on, asked)
