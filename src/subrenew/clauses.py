"""
The source, clause by clause, as values.

Rule 1: a clause is cited by its value, never by a text typed elsewhere; a test finds every binding
clause claimed by code and by a test.

Rule 2: the restatements are ours. The vendor's sentences stay on the vendor's page.
"""

from __future__ import annotations

from typing import Final

import attrs

__all__ = ["CLAUSES", "Clause", "clause"]


@attrs.frozen(cache_hash=True)
class Clause:
    """
    One thing that a policy's source says.

    A *binding* clause is one from which a decision, a date, an amount or a transition follows; an
    informative one only tells a person where to click.
    """

    #: Stable identifier, in kebab-case with dots, such as ``manual.window``.
    id: str
    #: Where it stands in the source: a heading.
    heading: str
    #: What it says, restated in one English sentence.
    says: str
    #: Whether anything follows from it.
    binding: bool = True

    def __str__(self) -> str:
        return self.id


_INTRO: Final = "introduction"
_KNOW: Final = "things to know"
_AUTO: Final = "renew automatically"
_ORDER: Final = "renewal by order number"
_MANUAL: Final = "renew manually"
_PRICE: Final = "price exclusions"

CHANNEL: Final = Clause(
    "channel", _INTRO, "How a renewal is managed depends on how the subscription was bought."
)
AUTOMATIC_DEFAULT: Final = Clause(
    "automatic-default", _INTRO, "Bought directly, it is usually set up to renew automatically."
)
MANUAL_SOMETIMES: Final = Clause(
    "manual-sometimes", _INTRO, "Some subscriptions have to be renewed by hand."
)
MANAGED: Final = Clause(
    "managed",
    _INTRO,
    "In a managed environment the contract manager, purchaser or primary administrator renews.",
)
RENEWAL_PRICE: Final = Clause(
    "renewal-price", _KNOW, "Renewing before expiry costs less than buying anew."
)
RENEWAL_PRICE_MONTHLY: Final = Clause(
    "renewal-price.monthly", _KNOW, "Monthly terms do not get the renewal price."
)
TRIAL: Final = Clause(
    "trial",
    _KNOW,
    "A trial is neither renewed nor extended; going on means buying a subscription.",
)
EXPIRED: Final = Clause(
    "expired",
    _KNOW,
    "An expired subscription is not reactivated; going on means buying a new one.",
)
TERM_CHANGE: Final = Clause(
    "term-change", _KNOW, "In some regions the term can be changed, in the account or by support."
)
TERM_CHANGE_OTHERWISE: Final = Clause(
    "term-change.otherwise",
    _KNOW,
    "Where neither way exists: let it expire, then buy a new one with the other term.",
)
AUTOMATIC: Final = Clause(
    "automatic",
    _AUTO,
    "It renews by itself only with a valid recurring payment method and automatic renewal on.",
)
AUTOMATIC_REVIEW: Final = Clause(
    "automatic.review", _AUTO, "The payment method on file is reviewed before it is relied on."
)
AUTOMATIC_SWITCH_ON: Final = Clause(
    "automatic.switch-on", _AUTO, "Switched on, it renews on the scheduled date."
)
ORDER: Final = Clause("order", _ORDER, "Some subscriptions are managed through their order.")
ORDER_UNLOCK: Final = Clause(
    "order.unlock", _ORDER, "An order is found with its number and its password."
)
ORDER_PREFILLED: Final = Clause(
    "order.prefilled",
    _ORDER,
    "A prefilled order number may be wrong; the one in the confirmation message counts.",
)
ORDER_FORGOTTEN: Final = Clause(
    "order.forgotten", _ORDER, "A forgotten order password is reset through the reset link."
)
ORDER_SWITCH: Final = Clause(
    "order.switch",
    _ORDER,
    "Automatic renewal of an order is switched on or off; it renews on the scheduled date.",
)
ORDER_LINKS: Final = Clause(
    "order.links",
    _ORDER,
    "Where the account does not lead to the order page, a link for each region does.",
)
MANUAL: Final = Clause(
    "manual",
    _MANUAL,
    "Subscriptions and purchase orders paid by the customer's own transfer are renewed by hand.",
)
MANUAL_WINDOW: Final = Clause(
    "manual.window", _MANUAL, "Renewal options are visible from 90 days before the expiry date."
)
MANUAL_NOTICE: Final = Clause(
    "manual.notice", _MANUAL, "A message tells the customer that renewal is possible."
)
MANUAL_STEPS: Final = Clause(
    "manual.steps", _MANUAL, "Where to click to see the renewal options.", binding=False
)
MANUAL_CART: Final = Clause(
    "manual.cart", _MANUAL, "A renewal goes into a cart, where prices are reviewed and paid."
)
MANUAL_DEADLINE: Final = Clause(
    "manual.deadline", _MANUAL, "Renewing before the expiry date keeps access and renewal price."
)
SAVING_FLOOR: Final = Clause(
    "saving.floor", _PRICE, "The renewal price saves at least 5 % against a new subscription."
)
SAVING_BASE: Final = Clause(
    "saving.base",
    _PRICE,
    "The saving is measured on the list price before tax; product, country, customer may vary it.",
)
SAVING_REVISABLE: Final = Clause(
    "saving.revisable", _PRICE, "The renewal price may change at any time."
)
EXCLUDED_REDUCTIONS: Final = Clause(
    "excluded.reductions",
    _PRICE,
    "Discounts and promotions do not combine with the renewal price.",
)
EXCLUDED_MONTHLY: Final = Clause(
    "excluded.monthly", _PRICE, "Monthly subscriptions are excluded from the renewal price."
)
EXCLUDED_PRODUCTS: Final = Clause(
    "excluded.products", _PRICE, "Named products are excluded from it; the list is open."
)
HELP: Final = Clause("help", "end of the page", "Where to ask for help.", binding=False)

#: The source page, in its order.
CLAUSES: Final[tuple[Clause, ...]] = (
    CHANNEL,
    AUTOMATIC_DEFAULT,
    MANUAL_SOMETIMES,
    MANAGED,
    RENEWAL_PRICE,
    RENEWAL_PRICE_MONTHLY,
    TRIAL,
    EXPIRED,
    TERM_CHANGE,
    TERM_CHANGE_OTHERWISE,
    AUTOMATIC,
    AUTOMATIC_REVIEW,
    AUTOMATIC_SWITCH_ON,
    ORDER,
    ORDER_UNLOCK,
    ORDER_PREFILLED,
    ORDER_FORGOTTEN,
    ORDER_SWITCH,
    ORDER_LINKS,
    MANUAL,
    MANUAL_WINDOW,
    MANUAL_NOTICE,
    MANUAL_STEPS,
    MANUAL_CART,
    MANUAL_DEADLINE,
    SAVING_FLOOR,
    SAVING_BASE,
    SAVING_REVISABLE,
    EXCLUDED_REDUCTIONS,
    EXCLUDED_MONTHLY,
    EXCLUDED_PRODUCTS,
    HELP,
)


#: Not the vendor's: a condition that a user of the library declared (`Condition`).
OWN_CONDITION: Final = Clause(
    "own-condition",
    "your own",
    "A condition that the application declares bars what is asked.",
    binding=False,
)


def clause(id: str) -> Clause:
    """
    Return the clause of the source with this identifier.

    Raises:
        KeyError: The source has no such clause.

    >>> clause("manual.window").says
    'Renewal options are visible from 90 days before the expiry date.'
    """
    for each in CLAUSES:
        if each.id == id:
            return each
    raise KeyError(id)
