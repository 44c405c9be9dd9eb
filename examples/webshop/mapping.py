"""
Entities as JSON and back, nothing lost.

Days and terms are ISO 8601 text, words are those of the library's enums. A kind of payment, or of
event, that this version does not know stays the text it is.
"""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from subrenew import (
    Account,
    AtRenewal,
    Attempts,
    AutoRenew,
    Channel,
    Event,
    Happening,
    History,
    Kind,
    Mechanism,
    Money,
    PaymentMethod,
    Subscription,
    Term,
    Verdict,
)
from subrenew.repositories import OrderRecord, PasswordReset

Fields = dict[str, Any]
_HAPPENINGS: Final = MappingProxyType({each.value: each for each in Happening})


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _amount_fields(amount: Money | None) -> list[str] | None:
    return None if amount is None else [str(amount.amount), amount.currency]


def _amount_of(fields: list[str] | None) -> Money | None:
    return None if fields is None else Money(*fields)


# Payment methods ------------------------------------------------------------------------------


def method_fields(method: PaymentMethod) -> Fields:
    return {
        "kind": str(method.kind),
        "mechanism": method.mechanism.value,
        "valid_through": _text(method.valid_through),
        "id": method.id,
    }


def method_of(fields: Fields) -> PaymentMethod:
    return PaymentMethod(
        kind=fields["kind"],
        mechanism=Mechanism(fields["mechanism"]),
        valid_through=_day(fields["valid_through"]),
        id=fields["id"],
    )


# Subscriptions --------------------------------------------------------------------------------


def _account_fields(account: Account) -> Fields:
    return {
        "id": account.id,
        "country": account.country,
        "managed": account.managed,
        "customer_kind": account.customer_kind,
    }


def _history_fields(history: History) -> Fields:
    return {
        "purchased_on": _text(history.purchased_on),
        "renewed_on": _text(history.renewed_on),
        "previous_starts_on": _text(history.previous_starts_on),
        "converted_on": _text(history.converted_on),
        "renewals": history.renewals,
        "offer": history.offer,
        "price_cohort": history.price_cohort,
        "unpaid_since": _text(history.unpaid_since),
        "owed": _amount_fields(history.owed),
        "failed_charges": history.failed_charges,
        "failed_on": _text(history.failed_on),
        "paid_key": history.paid_key,
    }


def _history_of(fields: Fields) -> History:
    return History(
        purchased_on=_day(fields["purchased_on"]),
        renewed_on=_day(fields["renewed_on"]),
        # Rows that an earlier version of the library wrote have none of these two.
        previous_starts_on=_day(fields.get("previous_starts_on")),
        converted_on=_day(fields.get("converted_on")),
        renewals=fields["renewals"],
        offer=fields["offer"],
        price_cohort=fields["price_cohort"],
        unpaid_since=_day(fields["unpaid_since"]),
        owed=_amount_of(fields.get("owed")),
        failed_charges=fields.get("failed_charges", 0),
        failed_on=_day(fields.get("failed_on")),
        paid_key=fields.get("paid_key"),
    )


def _at_renewal_fields(then: AtRenewal) -> Fields:
    method = then.payment_method
    return {
        "auto_renew": then.auto_renew.value,
        "payment_method": method and method_fields(method),
        "conditions": sorted(then.conditions),
        "next_term": then.next_term and str(then.next_term),
    }


def _at_renewal_of(fields: Fields) -> AtRenewal:
    method, next_term = fields["payment_method"], fields["next_term"]
    return AtRenewal(
        auto_renew=AutoRenew(fields["auto_renew"]),
        payment_method=method and method_of(method),
        conditions=frozenset(fields["conditions"]),
        next_term=next_term and Term.parse(next_term),
    )


def subscription_fields(subscription: Subscription) -> Fields:
    method, account = subscription.payment_method, subscription.account
    return {
        "id": subscription.id,
        "product": subscription.product,
        "term": str(subscription.term),
        "starts_on": subscription.starts_on.isoformat(),
        "expires_on": subscription.expires_on.isoformat(),
        "anchor_day": subscription.anchor_day,
        "kind": subscription.kind.value,
        "auto_renew": subscription.auto_renew.value,
        "payment_method": method and method_fields(method),
        "channel": subscription.channel.value,
        "account": account and _account_fields(account),
        "seats": subscription.seats,
        "currency": subscription.currency,
        "order_number": subscription.order_number,
        "cancelled_on": _text(subscription.cancelled_on),
        "next_term": subscription.next_term and str(subscription.next_term),
        "conditions": sorted(subscription.conditions),
        "history": _history_fields(subscription.history),
        "at_renewal": subscription.at_renewal and _at_renewal_fields(subscription.at_renewal),
    }


def subscription_of(fields: Fields) -> Subscription:
    method, account, next_term = fields["payment_method"], fields["account"], fields["next_term"]
    then = fields.get("at_renewal")  # rows of an earlier version have none
    return Subscription(
        id=fields["id"],
        product=fields["product"],
        term=Term.parse(fields["term"]),
        starts_on=date.fromisoformat(fields["starts_on"]),
        expires_on=date.fromisoformat(fields["expires_on"]),
        anchor_day=fields["anchor_day"],
        kind=Kind(fields["kind"]),
        auto_renew=AutoRenew(fields["auto_renew"]),
        payment_method=method and method_of(method),
        channel=Channel(fields["channel"]),
        account=account and Account(**account),
        seats=fields["seats"],
        currency=fields["currency"],
        order_number=fields["order_number"],
        cancelled_on=_day(fields["cancelled_on"]),
        next_term=next_term and Term.parse(next_term),
        conditions=frozenset(fields["conditions"]),
        history=_history_of(fields["history"]),
        at_renewal=then and _at_renewal_of(then),
    )


# Orders ---------------------------------------------------------------------------------------


def order_fields(order: OrderRecord) -> Fields:
    return {
        "number": order.number,
        "placed_on": order.placed_on.isoformat(),
        "subscription_ids": list(order.subscription_ids),
        "password_hash": order.password_hash and order.password_hash.reveal(),
        "failed_at": [instant.isoformat() for instant in order.attempts.failed_at],
        "total": _amount_fields(order.total),
        "reset": order.reset and _reset_fields(order.reset),
    }


def _reset_fields(reset: PasswordReset) -> Fields:
    return {
        "token_hash": reset.token_hash.reveal(),
        "expires_at": reset.expires_at.isoformat(),
    }


def _reset_of(fields: Fields) -> PasswordReset:
    return PasswordReset(
        token_hash=fields["token_hash"], expires_at=datetime.fromisoformat(fields["expires_at"])
    )


def order_of(fields: Fields) -> OrderRecord:
    reset = fields.get("reset")  # rows of an earlier version have none
    return OrderRecord(
        number=fields["number"],
        placed_on=date.fromisoformat(fields["placed_on"]),
        subscription_ids=tuple(fields["subscription_ids"]),
        password_hash=fields["password_hash"],
        attempts=Attempts(failed_at=tuple(map(datetime.fromisoformat, fields["failed_at"]))),
        total=_amount_of(fields.get("total")),  # rows of an earlier version have none
        reset=reset and _reset_of(reset),
    )


# Events ---------------------------------------------------------------------------------------


def _verdict_fields(verdict: Verdict) -> Fields:
    return {
        "question": verdict.question,
        "edition": verdict.edition,
        "on": verdict.on.isoformat(),
        "route": verdict.route,
        "codes": list(verdict.codes),
    }


def _verdict_of(fields: Fields) -> Verdict:
    return Verdict(
        question=fields["question"],
        edition=fields["edition"],
        on=date.fromisoformat(fields["on"]),
        route=fields["route"],
        codes=tuple(fields["codes"]),
    )


def event_row(event: Event, key: str | None) -> Fields:
    return {
        "subscription_id": event.subscription_id,
        "key": key,
        "what": str(event.what),
        "happened_on": event.on,
        "clause": event.clause,
        "before": event.before and subscription_fields(event.before),
        "after": subscription_fields(event.after),
        "verdict": _verdict_fields(event.verdict),
        "amount": _amount_fields(event.amount),
        "actor": event.actor,
        "id": event.id,
        "at": event.at and event.at.isoformat(),
    }


def event_of(row: Any) -> Event:  # noqa: ANN401 - a row of whatever was selected
    return Event(
        what=_HAPPENINGS.get(row.what, row.what),
        on=row.happened_on,
        subscription_id=row.subscription_id,
        before=row.before and subscription_of(row.before),
        after=subscription_of(row.after),
        clause=row.clause,
        verdict=_verdict_of(row.verdict),
        amount=_amount_of(row.amount),
        actor=row.actor,
        id=row.id,
        at=row.at and datetime.fromisoformat(row.at),
    )
