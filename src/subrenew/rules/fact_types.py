"""
What facts are made of: small enums, and one frozen type for each kind of situation.

Rule 1: what cannot happen cannot be written: a trial has no switch, and an ended subscription has
no window.

Rule 2: a field cites the clause and the reading that it stands for. How it is worked out is in
`subrenew.rules.facts`, and there only.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from subrenew.model.entities import AutoRenew
from subrenew.policy.parameters import Way
from subrenew.policy.products import Listing

__all__ = [
    "Asker",
    "Change",
    "Collection",
    "ConsentPolicy",
    "ContinuingFacts",
    "Coverage",
    "DiscountFacts",
    "Eligibility",
    "End",
    "EndedFacts",
    "ExclusionFacts",
    "Facts",
    "Flag",
    "Frequency",
    "IncreaseFacts",
    "LateFacts",
    "LateTerm",
    "Length",
    "LiveFacts",
    "Offer",
    "OrderAccessFacts",
    "Password",
    "Payment",
    "PendingFacts",
    "Prefilled",
    "Proof",
    "Reductions",
    "Rise",
    "Seller",
    "Situation",
    "SwitchFacts",
    "SwitchTime",
    "TermChangeFacts",
    "Timing",
    "Told",
    "TrialAfter",
    "TrialFacts",
    "TrialTime",
    "Tries",
]


class Timing(StrEnum):
    """Where the day stands to the renewal window of a subscription that is covered."""

    EARLY = "early"
    OPEN = "open"
    #: Open, but the edition leaves one that renews itself alone (reading 15).
    OPEN_BY_HAND_ONLY = "open-by-hand-only"
    #: The page does not say when it opens; nothing known keeps it shut.
    UNKNOWN = "unknown"


class LateTerm(StrEnum):
    """What becomes of the term of a late renewal (reading 16)."""

    #: It begins where the page says, or the renewal comes before the end.
    DATED = "dated"
    #: No page says where it begins.
    UNDATED = "undated"
    #: Nothing of it would be left on the day of the renewal.
    OVER = "over"
    #: It was renewed on that day already; the next term can be renewed from the day after.
    RENEWED_TODAY = "renewed-today"


class Situation(StrEnum):
    """What a subscription is on a day."""

    TRIAL = "trial"
    #: A trial that goes on as a paid subscription, if nothing stops it.
    CONTINUING = "continuing"
    COVERED = "covered"
    #: Its renewal date has come, and its automatic renewal may still be made (reading 29).
    PENDING = "pending"
    #: In a stage that still renews it.
    LATE = "late"
    ENDED = "ended"


class Payment(StrEnum):
    """What the payment method can do on the renewal date (reading 11)."""

    CHARGEABLE = "chargeable"
    INVOICED = "invoiced"
    PUSHED = "pushed"
    LAPSED = "lapsed"
    MISSING = "missing"
    #: Whatever it could do: a charge has failed, or an invoice is unpaid.
    UNPAID = "unpaid"


class Collection(StrEnum):
    """How the money of a renewal that is pending comes in (reading 11)."""

    CHARGED = "charged"
    INVOICED = "invoiced"
    #: A charge has failed, and may be tried again.
    FAILED = "failed"


class Asker(StrEnum):
    """Whether the person who asks may renew; without an actor, someone who may is assumed."""

    MAY = "may"
    MAY_NOT = "may-not"
    #: The policy does not say who may.
    UNKNOWN = "unknown"


class Flag(StrEnum):
    """Whether a condition of the user's own holds that bars what is asked."""

    CLEAR = "clear"
    RAISED = "raised"


class Seller(StrEnum):
    """Who renews it: the vendor or a partner."""

    VENDOR = "vendor"
    PARTNER = "partner"


class End(StrEnum):
    """How a subscription ended."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    #: A trial in whose place a subscription was bought.
    CONVERTED = "converted"


class TrialTime(StrEnum):
    """Whether a trial still runs."""

    RUNNING = "running"
    EXPIRED = "expired"


class TrialAfter(StrEnum):
    """What becomes of a trial that does not go on."""

    #: The page says that it ends.
    ENDS = "ends"
    #: Trials go on, but this one was stopped, or could not.
    STOPPED = "stopped"
    #: The page does not say.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True, eq=False)
class LiveFacts:
    """A paid subscription that is covered."""

    #: Clause `manual.window`, readings 2 and 3.
    timing: Timing
    #: The switch; off where a cancellation is on its way. Clause `automatic`.
    auto_renew: AutoRenew
    #: Clauses `automatic` and `manual`, readings 11 and 12.
    payment: Payment
    #: Clause `managed`, reading 14.
    asker: Asker
    #: Clause `channel`.
    seller: Seller
    #: A condition of the user's own.
    condition: Flag


@attrs.frozen(kw_only=True, eq=False)
class ContinuingFacts:
    """A trial that may go on as a paid subscription at its end."""

    #: The switch. Clause `automatic`.
    auto_renew: AutoRenew
    #: Clauses `automatic` and `manual`, readings 11 and 12.
    payment: Payment
    #: Clause `managed`, reading 14.
    asker: Asker
    #: Clause `channel`.
    seller: Seller
    #: A condition of the user's own.
    condition: Flag


@attrs.frozen(kw_only=True, eq=False)
class LateFacts:
    """A paid subscription in a stage that still renews it (reading 16)."""

    #: Where the new term would begin, and whether anything of it would be left.
    term: LateTerm
    #: The switch; off where a cancellation is on its way. Clause `automatic`.
    auto_renew: AutoRenew
    #: Clauses `automatic` and `manual`, readings 11 and 12.
    payment: Payment
    #: Clause `managed`, reading 14.
    asker: Asker
    #: Clause `channel`.
    seller: Seller
    #: A condition of the user's own.
    condition: Flag


@attrs.frozen(kw_only=True, eq=False)
class PendingFacts:
    """One whose renewal date has come, and whose automatic renewal may still be made."""

    #: Clause `automatic`, readings 11 and 29.
    collection: Collection
    #: Clause `managed`, reading 14.
    asker: Asker
    #: Clause `channel`.
    seller: Seller


@attrs.frozen(kw_only=True, eq=False)
class EndedFacts:
    """A subscription that is past every stage that renews, cancelled and ended, or converted."""

    #: Clause `expired`, readings 2 and 16.
    end: End
    #: Clause `channel`.
    seller: Seller


@attrs.frozen(kw_only=True, eq=False)
class TrialFacts:
    """A trial that ends at its end, or has ended."""

    #: Clause `trial`, reading 2.
    time: TrialTime
    #: Clause `trial`.
    after: TrialAfter


class Coverage(StrEnum):
    """What a saving would apply to."""

    TRIAL = "trial"
    #: Renewed in time, or in a stage that is priced like a renewal in time.
    COVERED = "covered"
    #: Late, and priced like a new subscription.
    LATE = "late"
    ENDED = "ended"


class Length(StrEnum):
    """Whether the term is too short for the renewal price (reading 5)."""

    SHORT = "short"
    LONG = "long"


class Reductions(StrEnum):
    """Whether the line already has a discount or a promotion (reading 7)."""

    NONE = "none"
    PRESENT = "present"


class Eligibility(StrEnum):
    """The ways forward of `exclusions`."""

    ELIGIBLE = "eligible"
    ELIGIBLE_UNLISTED = "eligible-unlisted"
    EXCLUDED = "excluded"
    NOT_A_RENEWAL = "not-a-renewal"


class Offer(StrEnum):
    """What saving is on offer: none, the promised floor, or a rate above it."""

    NONE = "none"
    FLOOR = "floor"
    LOYALTY = "loyalty"
    OWN_RATE = "own-rate"


class Change(StrEnum):
    """Whether another term is asked for."""

    SAME = "same"
    OTHER = "other"
    #: A change that was asked for is taken back.
    WITHDRAWAL = "withdrawal"


@attrs.frozen(kw_only=True, eq=False)
class ExclusionFacts:
    """What may keep a subscription from the renewal price."""

    #: Clauses `renewal-price`, `trial`, `expired`, `manual.deadline`.
    coverage: Coverage
    #: Clauses `renewal-price.monthly`, `excluded.monthly`; reading 5.
    length: Length
    #: Clause `excluded.products`, reading 8.
    listing: Listing
    #: Clause `excluded.reductions`, reading 7.
    reductions: Reductions
    #: A condition of the user's own.
    condition: Flag


@attrs.frozen(kw_only=True, eq=False)
class DiscountFacts:
    """Which saving there is, given whether any applies."""

    #: The route of `exclusions`, as a word.
    eligibility: Eligibility
    #: Clauses `saving.floor`, `saving.base`, `saving.revisable`; reading 6.
    offer: Offer


@attrs.frozen(kw_only=True, eq=False)
class TermChangeFacts:
    """What bears on a change of term."""

    #: Clauses `trial` and `expired`.
    situation: Situation
    #: Whether another term is asked for at all.
    change: Change
    #: Clauses `term-change` and `term-change.otherwise`, reading 10.
    way: Way
    #: Clause `channel`.
    seller: Seller
    #: A condition of the user's own.
    condition: Flag


class Prefilled(StrEnum):
    """Whether the number agrees with the confirmation message's, where that is known."""

    AGREES = "agrees"
    DIFFERS = "differs"


class Proof(StrEnum):
    """Whether number and password open an order; all that is wrong is one fact (reading 19)."""

    GIVEN = "given"
    MISSING = "missing"


class Tries(StrEnum):
    """Whether tries are left."""

    LEFT = "left"
    USED_UP = "used-up"


class Password(StrEnum):
    """Whether a password was given at all."""

    GIVEN = "given"
    FORGOTTEN = "forgotten"


class SwitchTime(StrEnum):
    """Whether automatic renewal can still be switched before the end."""

    IN_TIME = "in-time"
    TOO_LATE = "too-late"


@attrs.frozen(kw_only=True, eq=False)
class SwitchFacts:
    """What bears on switching automatic renewal."""

    #: Clauses `trial` and `expired`; reading 29.
    situation: Situation
    #: Clauses `automatic.switch-on` and `order.switch`.
    time: SwitchTime
    #: Clause `managed`, reading 14; with the roles for switching.
    asker: Asker
    #: Clause `channel`.
    seller: Seller


class Rise(StrEnum):
    """How a new price compares with the old one and the limits without consent."""

    NONE = "none"
    WITHIN = "within"
    BEYOND = "beyond"


class Frequency(StrEnum):
    """Whether the last increase lies far enough back."""

    RARE = "rare"
    TOO_SOON = "too-soon"


class ConsentPolicy(StrEnum):
    """What the policy says of increases, and what no answer means where consent is asked."""

    SILENT = "silent"
    ENDS = "ends"
    OLD_PRICE = "old-price"
    NEW_PRICE = "new-price"


class Told(StrEnum):
    """Whether the customer was told of the increase as early as the policy requires."""

    IN_TIME = "in-time"
    DUE = "due"


@attrs.frozen(kw_only=True, eq=False)
class IncreaseFacts:
    """What bears on a dearer renewal."""

    #: Clause `saving.revisable`.
    policy: ConsentPolicy
    #: Clause `saving.revisable`.
    rise: Rise
    #: Clause `saving.revisable`.
    frequency: Frequency
    #: Clause `saving.revisable`; in time where the policy requires no notice.
    told: Told


@attrs.frozen(kw_only=True, eq=False)
class OrderAccessFacts:
    """What bears on opening an order's page."""

    #: Clause `order.prefilled`.
    prefilled: Prefilled
    #: Clause `order.unlock`, reading 19.
    proof: Proof
    #: Clause `order.unlock`.
    tries: Tries
    #: Clause `order.forgotten`.
    password: Password


Facts = (
    LiveFacts
    | LateFacts
    | ContinuingFacts
    | PendingFacts
    | EndedFacts
    | TrialFacts
    | ExclusionFacts
    | DiscountFacts
    | TermChangeFacts
    | OrderAccessFacts
    | SwitchFacts
    | IncreaseFacts
)
