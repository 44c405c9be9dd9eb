"""
Microsoft 365 through partners: a free month after the end, and lately a paid one.

A subscription that ends is *expired* for 30 days, in which everybody goes on, then *disabled* for
90 days, in which administrators alone get in, then deleted; until then it can be brought back. A
cancelled monthly one is disabled at once. What was bought or renewed since 2025-04-01 and ends
since 2026-05-04 has the *extended service term* instead: it goes on, month by month, for the
monthly price and 3 % (23 % where there is no monthly plan), until it is renewed or cancelled.

Sources: Microsoft's page "What happens to my data and access when my Microsoft 365 for business
subscription ends?" (MicrosoftDocs/microsoft-365-docs, dated 2023-01-10) for the ladder, which
begins here on that day;
https://learn.microsoft.com/en-us/partner-center/developer/cancel-an-azure-marketplace-subscription
(undated) for cancelling; for the extended term, all undated and not Microsoft's own:
https://cloudcockpit.com/blog/microsoft-extended-service-terms-csp-grace-period,
https://xylos.com/?p=29882 (ends since 2026-05-04) and
https://apacs.ingrammicro.com/en-my/subscription-renewal-faqs-for-microsoft-cloud-solution-provider-csp-updates
(ends since 2026-04-01).

Readings: the later of the two days is taken. A partner's handbook says that an expired or disabled
subscription cannot be brought back; Microsoft's own page, that it can, and it is followed. The
offer ``no-monthly-plan`` says that a product has no monthly plan. The surcharge is added to the
price of the subscription's own term, so what a month more costs is told for a monthly one. A stage
has to have a last day: ten years stand for the extended term, which has none. Within 168 hours of
a purchase or a renewal it can be cancelled; a policy cannot say that.

Unset, because no page says it: when manual renewal opens, how automatic renewal is set, who
may renew, what becomes of trials, and where the term starts of what is brought back.

>>> from subrenew import History, Subscription, late_window
>>> for renewed_on in (date(2025, 3, 31), date(2025, 6, 1)):
...     subscription = Subscription(
...         id="S-1",
...         product="M365",
...         term=Term.years(1),
...         starts_on=date(2025, 6, 1),
...         history=History(renewed_on=renewed_on),
...     )
...     edition = EDITIONS.in_force(subscription, on=date(2026, 6, 1))
...     print(edition.id, *[stage.name for stage in edition.stages])
microsoft/2023-01 expired disabled
microsoft/2026-05 extended-service-term
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from subrenew.clauses import Clause
from subrenew.model.terms import Term
from subrenew.policy.editions import Edition, Editions, KeyedOn, Start
from subrenew.policy.parameters import RenewalPolicy
from subrenew.policy.scopes import EVERYBODY, Scope
from subrenew.policy.stages import Access, Stage, StageLength

__all__ = [
    "CLAUSES",
    "EDITIONS",
    "EDITION_2023_01",
    "EDITION_2026_05",
    "EDITION_2026_05_NO_MONTHLY_PLAN",
]

_END: Final = "when a subscription ends"
_EXTENDED: Final = "extended service term"

_EXPIRED: Final = Clause("microsoft.expired", _END, "For 30 days after the end everybody goes on.")
_DISABLED: Final = Clause(
    "microsoft.disabled", _END, "For 90 days after that administrators alone get in."
)
_DELETED: Final = Clause(
    "microsoft.deleted", _END, "After that it is deleted and cannot be brought back."
)
_SERVICE_TERM: Final = Clause(
    "microsoft.extended",
    _EXTENDED,
    "In place of the free month it goes on, paid, until it is renewed or cancelled.",
)
_SERVICE_PRICE: Final = Clause(
    "microsoft.extended.price",
    _EXTENDED,
    "It costs the monthly price and 3 %, or 23 % where there is no monthly plan.",
)
_CANCELLED: Final = Clause(
    "microsoft.extended.cancelled", _EXTENDED, "Once cancelled, access ends at once."
)

#: The pages' sentences, restated.
CLAUSES: Final = (
    Clause(
        "microsoft.cancel",
        "cancel a subscription",
        "Within seven days of a purchase or a renewal it can be cancelled.",
        binding=False,
    ),
    _EXPIRED,
    _DISABLED,
    Clause("microsoft.reactivate", _END, "Expired and disabled ones can be brought back."),
    _DELETED,
    Clause("microsoft.anniversary", _END, "An annual one expires on its anniversary."),
    Clause("microsoft.monthly", _END, "A monthly one that is cancelled is disabled at once."),
    _SERVICE_TERM,
    Clause(
        "microsoft.extended.since",
        _EXTENDED,
        "For those bought or renewed since 2025-04-01 that end since 2026-05-04.",
    ),
    _SERVICE_PRICE,
    _CANCELLED,
)


def _expired(name: str, *lengths: StageLength) -> Stage:
    return Stage(name=name, access=Access.FULL, lengths=lengths, clause=_EXPIRED)


def _disabled(name: str) -> Stage:
    return Stage(
        name=name, access=Access.ADMIN_ONLY, lengths=(StageLength(days=90),), clause=_DISABLED
    )


EDITION_2023_01: Final = RenewalPolicy(
    id="microsoft/2023-01",
    source="Microsoft's page on what happens when a subscription ends, dated 2023-01-10",
    clauses=CLAUSES[:7],
    stages=(
        _expired("expired", StageLength(days=30)),
        _disabled("disabled"),
    ),
    cancelled_stages=(
        # A monthly one is disabled at once.
        _expired(
            "cancelled-expired",
            StageLength(up_to=Term.months(1), days=0),
            StageLength(days=30),
        ),
        _disabled("cancelled-disabled"),
    ),
    cites={"stages": _DELETED, "cancelled_stages": _DELETED},
)


def _extended(surcharge: str) -> tuple[Stage, ...]:
    return (
        Stage(
            name="extended-service-term",
            access=Access.FULL,
            lengths=(StageLength(days=3653),),
            surcharge_rate=Decimal(surcharge),
            clause=_SERVICE_PRICE,
        ),
    )


EDITION_2026_05: Final = EDITION_2023_01.evolve(
    id="microsoft/2026-05",
    source="partners' pages on the extended service term",
    clauses=(*CLAUSES[:1], *CLAUSES[7:]),
    stages=_extended("0.03"),
    cancelled_stages=(),
    cites={"stages": _SERVICE_TERM, "cancelled_stages": _CANCELLED},
)
EDITION_2026_05_NO_MONTHLY_PLAN: Final = EDITION_2026_05.evolve(
    id="microsoft/2026-05-no-monthly-plan", stages=_extended("0.23")
)


def _since_2026_05(policy: RenewalPolicy, scope: Scope) -> Edition:
    return Edition(
        from_on=date(2025, 4, 1),
        policy=policy,
        keyed_on=KeyedOn.LAST_RENEWAL,
        also=(Start(keyed_on=KeyedOn.TERM_END, from_on=date(2026, 5, 4)),),
        scope=scope,
    )


#: By the day of the act; the extended term by the last renewal and the end of the term.
EDITIONS: Final = Editions(
    (
        Edition(from_on=date(2023, 1, 10), policy=EDITION_2023_01),
        _since_2026_05(EDITION_2026_05, EVERYBODY),
        _since_2026_05(
            EDITION_2026_05_NO_MONTHLY_PLAN, Scope(offers=frozenset({"no-monthly-plan"}))
        ),
    )
)
