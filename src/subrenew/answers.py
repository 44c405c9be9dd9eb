"""
First answers: kept as text beside their key, and told again to whoever asks the same.

Rule 1: a key stands for one request, known by its fingerprint. Another request under it is a
`KeyTaken`, whoever asks.

Rule 2: an answer told again is made of the words and amounts of the first time; it is neither
decided nor quoted anew. Refusals, and answers without an event, are kept like all others.

Rule 3: storage keeps the text and reads nothing in it. No secret is in it, nor in the fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeVar

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidType, InvalidValue, KeyTaken, NotFound
from subrenew.model import checks
from subrenew.model.entities import Actor, Order, Subscription
from subrenew.model.money import Money
from subrenew.policy import plain
from subrenew.policy.editions import Policy
from subrenew.policy.mapping import from_mapping, to_mapping, written
from subrenew.renewal.carts import CartChange, Changed, CheckOut, Purchase
from subrenew.renewal.charges import Charge
from subrenew.renewal.events import Event, Verdict, verdict_of
from subrenew.renewal.quotes import Quote, QuoteLine
from subrenew.renewal.transitions import OrderTransition, Refusal, Transition
from subrenew.repositories import Repositories, Stored
from subrenew.rules import discounts, renewability, switching, term_changes
from subrenew.rules.decisions import Decision, Finding, decided
from subrenew.rules.discounts import DiscountAsked
from subrenew.rules.questions import Cell, Cells
from subrenew.rules.reductions import Reduction
from subrenew.rules.schedules import edition_on
from subrenew.rules.term_changes import TermChangeAsked

__all__ = ["Request", "first_answer", "keep", "purchase_asked", "read_first", "request"]

A = TypeVar("A", bound=attrs.AttrsInstance)

#: What refuses, with what each question is asked with; a refusal by another cannot be told again.
_REFUSING: Final = MappingProxyType[str, tuple[Cells[Any], type[attrs.AttrsInstance]]](
    {
        "renewability": (renewability.CELLS, Actor),
        "switching": (switching.CELLS, Actor),
        "term-change": (term_changes.CELLS, TermChangeAsked),
    }
)
#: What a finding may have seen, and what a change in a cart is of.
_KINDS: Final = MappingProxyType(
    {each.__name__: each for each in (str, int, bool, date, Decimal, Money, Subscription)}
)


@attrs.frozen(kw_only=True)
class Request:
    """What is asked under a key."""

    #: The caller's.
    key: str
    #: SHA-256, in hexadecimal, of the use case's name, its identifiers and its arguments.
    fingerprint: str


def request(use_case: str, key: str | None, **arguments: object) -> Request | None:
    """
    Return a request under its key; ``None`` without one.

    The day is no argument: a retry after midnight is the same request. Nor is a password's value,
    which could be guessed from the fingerprint; whether there is one, is.

    Raises:
        InvalidType: The key is not text, or an argument is of no type that the library has.
        InvalidValue: The key is empty, or longer than 200 characters.
    """
    if key is None:
        return None
    checks.text("key", key)
    given = {name: _plain(name, value) for name, value in arguments.items()}
    text = json.dumps([use_case, given], sort_keys=True)
    return Request(key=key, fingerprint=hashlib.sha256(text.encode("ascii")).hexdigest())


def purchase_asked(purchase: Purchase) -> tuple[object, ...]:
    """Return what tells one purchase from another: its lines as they were quoted."""
    return tuple(
        part
        for line in purchase.lines
        for part in (line.subscription, line.discount.edition.id, line.total, line.reductions)
    )


def _plain(name: str, value: object) -> object:
    try:
        return written(value)
    except attrs.exceptions.NotAnAttrsClassError:
        raise InvalidType(name, value, "give a value of a type that the library has") from None


# Asking --------------------------------------------------------------------------------------


def read_first(
    repositories: Repositories, ids: Iterable[str], asked: Request | None, policy: Policy
) -> tuple[list[Stored[Subscription]], Any]:
    """
    Return the subscriptions as they are stored, and the first answer to this request, if any.

    The key is read last: whoever finds it free has then read what was there before anybody else
    answered under it, and comes second when both save.

    Raises:
        NotFound: A subscription is not there, and nothing was answered.
        KeyTaken: The key stands for another request.
    """
    stored: list[Stored[Subscription]] = []
    missing: list[NotFound] = []
    for each in ids:
        try:
            stored.append(repositories.subscriptions.get(each))
        except NotFound as error:
            missing.append(error)
    answer = None if asked is None else first_answer(repositories, asked, policy)
    if answer is None and missing:
        raise missing[0]
    return stored, answer


def first_answer(repositories: Repositories, asked: Request, policy: Policy) -> Any:  # noqa: ANN401
    """
    Return what this request was answered the first time; ``None`` where it was not asked yet.

    Raises:
        KeyTaken: The key stands for another request.
    """
    # In this order: where reading is not held still, both may be kept in between.
    events = repositories.events.under(asked.key)
    if events is None:
        return None
    text = repositories.events.answer(asked.key)
    kept = {} if text is None else _read_text(text)
    if kept.get("fingerprint") != asked.fingerprint:
        raise KeyTaken(asked.key)
    return _told(kept["answer"], events, repositories, policy)


def _read_text(text: str) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(text)
    except ValueError:
        raise InvalidValue("EventLog.answer", text, "keep it whole, as it was given") from None
    return kept


def keep(
    repositories: Repositories,
    asked: Request | None,
    answer: object,
    events: tuple[Event, ...] = (),
) -> None:
    """
    Append the events and, where there is a key, keep the answer under it.

    Raises:
        RevisionConflict: The key was taken meanwhile: asked again, it gives the first answer.
        InvalidValue: A refusal was decided by a question that cannot be told again.
    """
    if asked is None:
        if events:
            repositories.events.append(events)
        return
    kept = {"fingerprint": asked.fingerprint, "answer": _kept(answer)}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    repositories.events.append(events, key=asked.key, answer=text)


# Keeping -------------------------------------------------------------------------------------


def _kept(answer: object) -> dict[str, Any]:
    match answer:
        case Transition(subscription=subscription, order=order):
            held = {} if order is None else {"order": to_mapping(order)}
            return {"is": "transition", "subscription": to_mapping(subscription), **held}
        case OrderTransition(order=order):
            return {"is": "order", "order": to_mapping(order)}
        case CheckOut(order=order, quote=quote):
            lines = [_kept_line(each) for each in quote.lines]
            return {"is": "check-out", "order": to_mapping(order), "lines": lines}
        case Refusal(decision=decision, findings=findings):
            found = [_kept_finding(each) for each in findings]
            return {"is": "refusal", "decision": _kept_refusing(decision), "findings": found}
        case changes:
            told: Any = changes
            return {"is": "changes", "changes": [_kept_change(each) for each in told]}


def _kept_decision(decision: Decision[Any]) -> dict[str, Any]:
    return {
        "verdict": to_mapping(verdict_of(decision)),
        "facts": _facts(decision.cell),
        "subscription": to_mapping(decision.subscription),
    }


def _kept_refusing(decision: Decision[Any]) -> dict[str, Any]:
    name = decision.question.name
    if name not in _REFUSING:
        known = ", ".join(_REFUSING)
        raise InvalidValue(
            "Refusal.decision", name, f"refuse by one of {known}, or ask without a key"
        )
    asked = {} if decision.asked is None else {"asked": to_mapping(decision.asked)}
    return _kept_decision(decision) | asked


def _kept_line(line: QuoteLine) -> dict[str, Any]:
    asked: DiscountAsked = line.discount.asked
    return {
        "discount": _kept_decision(line.discount),
        "reductions": written(asked.reductions),
        "rate": _kept_value(asked.rate),
        "list_price": _kept_value(line.list_price),
        "price": _kept_value(line.price),
        "charges": written(line.charges),
    }


def _kept_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "clause": written(finding.clause),
        "values": [[name, _kept_value(value)] for name, value in finding.values],
        "is_general": finding.is_general,
    }


def _kept_change(change: CartChange) -> dict[str, Any]:
    return {
        "subscription_id": change.subscription_id,
        "what": change.what.value,
        "before": _kept_value(change.before),
        "after": _kept_value(change.after),
    }


def _kept_value(value: object) -> object:
    if value is None:
        return None
    name = type(value).__name__
    # What a caller's own finding has seen, of whatever type, is told as text.
    return [name, written(value)] if name in _KINDS else ["str", str(value)]


def _facts(cell: Cell[Any]) -> list[str]:
    facts: Any = cell.facts
    return [type(facts).__name__, *map(str, attrs.astuple(facts, recurse=False))]


# Telling -------------------------------------------------------------------------------------


def _told(
    kept: dict[str, Any],
    events: tuple[Event, ...],
    repositories: Repositories,
    policy: Policy,
) -> object:
    match kept["is"]:
        case "transition":
            subscription = _value(Subscription, kept["subscription"])
            order = _order(kept["order"]) if "order" in kept else None
            return Transition(subscription=subscription, events=events, order=order)
        case "order":
            return OrderTransition(order=_order(kept["order"]), events=events)
        case "check-out":
            lines = tuple(_line(each, repositories, policy) for each in kept["lines"])
            return CheckOut(order=_order(kept["order"]), events=events, quote=Quote(lines))
        case "refusal":
            findings = tuple(map(_finding, kept["findings"]))
            return Refusal(decision=_refusing(kept["decision"], policy), findings=findings)
        case _:
            return tuple(map(_change, kept["changes"]))


def _value(kind: type[A], mapping: object) -> A:
    return from_mapping(kind, mapping, at="answer")


def _order(mapping: dict[str, Any]) -> Order:
    # Line by line: an order may be larger than what is read as one.
    lines = mapping["subscriptions"]
    order = _value(Order, mapping | {"subscriptions": lines[:1]})
    return attrs.evolve(order, subscriptions=tuple(_value(Subscription, each) for each in lines))


def _decision(
    kept: dict[str, Any], cells: Cells[Any], policy: Policy, asked: object
) -> Decision[Any]:
    verdict = _value(Verdict, kept["verdict"])
    subscription = _value(Subscription, kept["subscription"])
    edition = edition_on(subscription, policy, verdict.on)
    cell = _cell(cells, verdict, kept["facts"])
    return decided(cell, subscription, policy, edition, verdict.on, asked)


def _cell(cells: Cells[Any], verdict: Verdict, facts: list[str]) -> Cell[Any]:
    """Return the cell with the words that were told; that with the same facts, if there is one."""
    same = [
        each
        for each in cells.every()
        if (str(each.route), each.codes) == (verdict.route, verdict.codes)
    ]
    if not same:
        raise InvalidValue(
            "EventLog.answer",
            verdict.route,
            "another version of the library told it, in words that this one does not have: "
            "use a new key",
        )
    return next((each for each in same if _facts(each) == facts), same[0])


def _refusing(kept: dict[str, Any], policy: Policy) -> Decision[Any]:
    cells, kind = _REFUSING[kept["verdict"]["question"]]
    asked = _value(kind, kept["asked"]) if "asked" in kept else None
    return _decision(kept, cells, policy, asked)


def _line(kept: dict[str, Any], repositories: Repositories, policy: Policy) -> QuoteLine:
    reductions = tuple(_value(Reduction, each) for each in kept["reductions"])
    asked = DiscountAsked(repositories.prices, reductions, _seen(kept["rate"]))
    return QuoteLine(
        discount=_decision(kept["discount"], discounts.CELLS, policy, asked),
        list_price=_seen(kept["list_price"]),
        price=_seen(kept["price"]),
        charges=tuple(_value(Charge, each) for each in kept["charges"]),
    )


def _finding(kept: dict[str, Any]) -> Finding:
    values = tuple((name, _seen(value)) for name, value in kept["values"])
    given = kept["clause"]
    clause: Any = plain.read_clause(given) if type(given) is str else _value(Clause, given)
    return Finding(kept["code"], clause, values, kept["is_general"])


def _change(kept: dict[str, Any]) -> CartChange:
    return CartChange(
        subscription_id=kept["subscription_id"],
        what=Changed(kept["what"]),
        before=_seen(kept["before"]),
        after=_seen(kept["after"]),
    )


def _seen(kept: list[Any] | None) -> Any:  # noqa: ANN401 - of whatever kind it says
    if kept is None:
        return None
    name, given = kept
    kind = _KINDS[name]
    return _value(Subscription, given) if kind is Subscription else plain.FORMS[kind].read(given)
