"""
What follows when a subscription ends and is not renewed: the ladder, and what lateness costs.

Rule 1: a stage has a length, an access, and says whether renewal is still possible. Stages follow
each other; after the last one it is over.

Rule 2: a charge that fails is tried again on the days that the policy names, and on no others; what
follows the last one is the policy's as well.

Rule 3: a length may depend on the term, and on how long earlier stages took: "sixty days, less the
grace that was given" (`StageLength.less`).
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import attrs

from subrenew.clauses import Clause
from subrenew.errors import InvalidValue
from subrenew.model import checks
from subrenew.model.money import Money
from subrenew.model.terms import Term

__all__ = [
    "Access",
    "AfterLastAttempt",
    "BackPay",
    "ChargeAttempts",
    "LadderStart",
    "LateFee",
    "LateStart",
    "LateTerms",
    "Loyalty",
    "Stage",
    "StageLength",
    "StagePrice",
    "StageRenewal",
    "ladder_days",
]


class Access(StrEnum):
    """What the customer can still use."""

    FULL = "full"
    ADMIN_ONLY = "admin-only"
    NONE = "none"
    #: The page does not say.
    UNKNOWN = "unknown"


class StageRenewal(StrEnum):
    """Whether a stage still renews."""

    POSSIBLE = "possible"
    OVER = "over"


class StagePrice(StrEnum):
    """What a renewal within a stage is priced like."""

    #: Like a new subscription: only a renewal in time keeps the renewal price.
    LIST = "list"
    #: Like a renewal in time.
    RENEWAL = "renewal"


class LadderStart(StrEnum):
    """Where the ladder begins."""

    TERM_END = "term-end"
    UNPAID_INVOICE = "unpaid-invoice"
    #: The end of the term or an unpaid invoice, whichever comes first.
    EARLIER = "earlier"


class LateStart(StrEnum):
    """Where the term of a late renewal starts (reading 16)."""

    OLD_END = "old-end"
    RENEWAL_DAY = "renewal-day"


class BackPay(StrEnum):
    """What is paid for the time between the end and a late renewal."""

    NONE = "none"
    #: Each day without a term, at the price of a day.
    UNPAID_DAYS = "unpaid-days"
    #: Every whole term that was missed; the one that runs is what is renewed.
    MISSED_TERMS = "missed-terms"


class Loyalty(StrEnum):
    """Whether consecutive terms go on being counted after a late renewal."""

    KEPT = "kept"
    LOST = "lost"


@attrs.frozen(kw_only=True, cache_hash=True)
class StageLength:
    """How long a stage lasts for terms up to a length."""

    #: The longest term it is for, included; ``None`` for every longer one.
    up_to: Term | None = None
    #: How many days, 0 or more.
    days: int
    #: Earlier stages whose days are taken off.
    less: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.up_to is not None:
            checks.instance("StageLength.up_to", self.up_to, Term)
        checks.whole_number("StageLength.days", self.days, least=0, most=3660)
        checks.tuple_of("StageLength.less", self.less, str)


@attrs.frozen(kw_only=True, cache_hash=True)
class Stage:
    """One step of the ladder."""

    #: The vendor's own word for it, such as ``suspended``.
    name: str
    #: By length of term, shortest first; the last one is for every longer term.
    lengths: tuple[StageLength, ...]
    #: What can still be used; unknown where the page does not say.
    access: Access = Access.UNKNOWN
    #: Whether it can still be renewed.
    renewal: StageRenewal = StageRenewal.POSSIBLE
    #: What a renewal is priced like.
    price: StagePrice = StagePrice.LIST
    #: What is added to the price, as a fraction of it.
    surcharge_rate: Decimal | None = None
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Stage.name", self.name)
        checks.member("Stage.access", self.access, Access)
        checks.member("Stage.renewal", self.renewal, StageRenewal)
        checks.member("Stage.price", self.price, StagePrice)
        checks.tuple_of("Stage.lengths", self.lengths, StageLength)
        if self.surcharge_rate is not None:
            checks.rate("Stage.surcharge_rate", self.surcharge_rate)
        checks.optional_clause("Stage.clause", self.clause)
        if not self.lengths or self.lengths[-1].up_to is not None:
            raise InvalidValue(
                "Stage.lengths", self.lengths, "end with a length for every longer term"
            )
        limits = [each.up_to.longest_days for each in self.lengths[:-1] if each.up_to]
        if len(limits) < len(self.lengths) - 1 or limits != sorted(set(limits)):
            raise InvalidValue("Stage.lengths", self.lengths, "give the shortest terms first")

    def length_for(self, term: Term) -> StageLength:
        """Return the length that is for a subscription of that term."""
        for length in self.lengths[:-1]:
            if length.up_to and term.longest_days <= length.up_to.longest_days:
                return length
        return self.lengths[-1]

    def days_for(self, term: Term) -> int:
        """Return how many days it lasts for that term, before earlier stages are taken off."""
        return self.length_for(term).days


@attrs.frozen(kw_only=True, cache_hash=True)
class LateFee:
    """What a late renewal costs on top: an amount, a fraction of the price, or the larger."""

    #: For each seat.
    amount: Money | None = None
    #: Of the price.
    rate: Decimal | None = None
    #: From how many days after the end on it is asked for.
    from_days: int = 0
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        if self.amount is None and self.rate is None:
            raise InvalidValue("LateFee.amount", None, "give an amount, a rate or both")
        if self.amount is not None:
            checks.instance("LateFee.amount", self.amount, Money)
            if self.amount.micros < 0:
                raise InvalidValue("LateFee.amount", self.amount, "give what is added")
        if self.rate is not None:
            checks.rate("LateFee.rate", self.rate)
        checks.whole_number("LateFee.from_days", self.from_days, least=0, most=3660)
        checks.optional_clause("LateFee.clause", self.clause)

    @property
    def currency(self) -> str | None:
        """The currency of its amount; ``None`` where it is only a fraction, of any price."""
        return None if self.amount is None else self.amount.currency


@attrs.frozen(kw_only=True, cache_hash=True)
class LateTerms:
    """On what terms a late renewal is taken; the default asks for nothing more."""

    #: What is paid for the time in between.
    back_pay: BackPay = BackPay.NONE
    #: Whether back-pay costs no more than a new subscription, for each seat.
    capped_at_new: bool = False
    #: Fees by lateness, for each day one in each currency. Asked for is the one of the last day
    #: that has come whose amount is in the currency of the price, else the one with only a rate.
    fees: tuple[LateFee, ...] = ()
    #: Whether consecutive terms go on being counted.
    loyalty: Loyalty = Loyalty.KEPT
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.member("LateTerms.back_pay", self.back_pay, BackPay)
        checks.instance("LateTerms.capped_at_new", self.capped_at_new, bool)
        checks.tuple_of("LateTerms.fees", self.fees, LateFee)
        checks.member("LateTerms.loyalty", self.loyalty, Loyalty)
        checks.optional_clause("LateTerms.clause", self.clause)
        days = tuple(fee.from_days for fee in self.fees)
        if list(days) != sorted(days):
            raise InvalidValue("LateTerms.fees", days, "give days that ascend")
        seen = tuple((fee.from_days, fee.currency) for fee in self.fees)
        if len(set(seen)) < len(seen):
            raise InvalidValue(
                "LateTerms.fees", seen, "give one fee for each day in each currency, and one rate"
            )


class AfterLastAttempt(StrEnum):
    """What follows the last attempt to charge, where it failed too."""

    #: It is over at the end of its term: nothing renews it.
    LAPSES = "lapses"
    #: It is late from the end of its term on, like any that was not renewed.
    LATE_STAGE = "late-stage"
    #: It is treated like an invoice that fell due on that day and is unpaid.
    UNPAID_LADDER = "unpaid-ladder"


@attrs.frozen(kw_only=True, cache_hash=True)
class ChargeAttempts:
    """
    The days on which a renewal is charged, and charged again where that failed.

    >>> ChargeAttempts(days=(-3, 0, 5)).after_last.value
    'late-stage'
    """

    #: Days after the renewal date, ascending; before it they are negative, and the first is not
    #: after it.
    days: tuple[int, ...]
    #: What follows the last one, where it failed too.
    after_last: AfterLastAttempt = AfterLastAttempt.LATE_STAGE
    #: The page's clause that says so.
    clause: Clause | None = None

    def __attrs_post_init__(self) -> None:
        checks.tuple_of("ChargeAttempts.days", self.days, int)
        for day in self.days:
            checks.whole_number("ChargeAttempts.days", day, least=-366, most=366)
        if not self.days or self.days[0] > 0:
            raise InvalidValue("ChargeAttempts.days", self.days, "charge on the renewal date first")
        if list(self.days) != sorted(set(self.days)):
            raise InvalidValue("ChargeAttempts.days", self.days, "give days that ascend")
        checks.member("ChargeAttempts.after_last", self.after_last, AfterLastAttempt)
        checks.optional_clause("ChargeAttempts.clause", self.clause)


# A portfolio has many subscriptions of few ladders and terms.
@lru_cache(maxsize=1024)
def ladder_days(stages: tuple[Stage, ...], term: Term) -> tuple[tuple[Stage, int], ...]:
    """Return each stage with its days for that term, earlier stages taken off where it says so."""
    found: dict[str, int] = {}
    for stage in stages:
        length = stage.length_for(term)
        found[stage.name] = max(0, length.days - sum(found[name] for name in length.less))
    return tuple((stage, found[stage.name]) for stage in stages)
