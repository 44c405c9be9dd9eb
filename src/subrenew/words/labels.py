"""
Short texts, in English, by the code they belong to: labels, deeds, headings and what is counted.

Rule 1: as in `subrenew.words.messages`, a text is its own key in the catalogues.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from subrenew.words.messages import Plural

__all__: list[str] = []

#: The ways forward of every question.
ROUTES: Final = MappingProxyType(
    {
        "convert-trial": "Convert the trial",
        "buy-new": "Buy again",
        "ask-the-manager": "Needs an authorized person",
        "contact-partner": "Contact the partner",
        "renews-itself": "Renews automatically",
        "repair-payment": "Fix the payment method",
        "resolve-condition": "Resolve an issue",
        "renew-now": "Renew manually now",
        "wait-for-window": "Renew manually later",
        "eligible": "Renewal price applies",
        "eligible-unlisted": "Renewal price applies, as far as is known",
        "excluded": "No renewal price",
        "not-a-renewal": "Not a renewal",
        "own-rate": "Special rate",
        "loyalty-rate": "Saving for loyalty",
        "floor-rate": "Promised saving",
        "no-saving": "No saving",
        "nothing-to-change": "Nothing to change",
        "withdraw-change": "Change can be withdrawn",
        "change-in-account": "Change in the account",
        "ask-support": "Change through support",
        "let-expire": "Let it expire",
        "unknown": "Not known",
        "reset-password": "Reset the password",
        "wait": "Open later",
        "check-number": "Check the order number",
        "open-order": "Open the order",
        "nothing-to-switch": "Nothing to switch",
        "too-late": "Too late",
        "switch": "Can be switched",
        "not-dearer": "Price does not go up",
        "consent-unknown": "Consent unknown",
        "ask-consent": "Ask for consent",
        "without-consent": "Without consent",
        "try-again": "Try again",
    }
)
#: The way forward "unknown" of `renewability`; of other questions nothing at all is known.
OPENING_UNKNOWN: Final = "Renew manually, opening unknown"
#: What is done, said to the one who does it.
STEPS: Final = MappingProxyType(
    {
        "buy-subscription": "Buy a subscription",
        "buy-new": "Buy a new subscription",
        "ask-the-manager": "Ask an authorized person",
        "contact-partner": "Contact your partner",
        "review-payment": "Review the payment method on file",
        "switch-off": "To stop it, switch automatic renewal off",
        "switch-on": "Switch automatic renewal on",
        "withdraw-cancellation": "Withdraw the cancellation",
        "await-renewal": "Wait for the automatic renewal",
        "update-payment": "Update the payment method",
        "settle": "Pay the outstanding invoice",
        "renew": "Renew manually",
        "resolve-condition": "Resolve the issue",
        "change-term": "Change the term",
        "withdraw-change": "Withdraw the change of term",
        "ask-support": "Ask support",
        "reset-password": "Reset the password of the order",
        "try-later": "Try again later",
        "copy-number": "Copy the number from the confirmation message",
        "manage-order": "Manage the order on its page",
    }
)
#: The steps of a plan in a word or two, for a terminal's table.
SHORT_STEPS: Final = MappingProxyType(
    {
        "buy-subscription": "Buy",
        "buy-new": "Buy again",
        "ask-the-manager": "Ask the manager",
        "contact-partner": "Ask the partner",
        "review-payment": "Review payment",
        "switch-off": "Auto-renew off",
        "switch-on": "Auto-renew on",
        "withdraw-cancellation": "Keep it",
        "await-renewal": "Await renewal",
        "update-payment": "Update payment",
        "settle": "Pay invoice",
        "renew": "Renew",
        "resolve-condition": "Resolve an issue",
    }
)
#: The steps that are taken where the renewal is managed; the others lead elsewhere.
PLACED: Final = frozenset(
    {
        "review-payment",
        "switch-off",
        "switch-on",
        "withdraw-cancellation",
        "update-payment",
        "renew",
        "change-term",
    }
)
#: Where, by channel.
PLACES: Final = MappingProxyType(
    {
        "account": "in your account",
        "order": "on the page of your order",
        "partner": "through your partner",
    }
)
#: A step with its days and its place, as far as they are known.
ACTIONS: Final = (
    "{deed} from {from_on} to {by}, {place}.",
    "{deed} from {from_on} to {by}.",
    "{deed} from {from_on} on, {place}.",
    "{deed} from {from_on} on.",
    "{deed} by {by}, {place}.",
    "{deed} by {by}.",
    "{deed}, {place}.",
    "{deed}.",
)
#: Steps whose days mean something else: nothing is done by then, it happens.
OWN_ACTIONS: Final = MappingProxyType(
    {
        "await-renewal": (
            "Wait for the automatic renewal, which may be processed through {by}.",
            "Wait for the automatic renewal.",
        ),
    }
)
#: A sentence with the clause that it follows from: the policy's own, or the vocabulary's.
CITED: Final = "{sentence} [{clause}]"
CITED_IN_GENERAL: Final = "{sentence} [general: {clause}]"
#: What an event says that happened.
HAPPENINGS: Final = MappingProxyType(
    {
        "bought": "Bought",
        "renewed": "Renewed manually",
        "renewed-automatically": "Renewed automatically",
        "switched-on": "Automatic renewal switched on",
        "switched-off": "Automatic renewal switched off",
        "payment-replaced": "Payment method replaced",
        "term-change-asked": "Change of term requested",
        "term-change-withdrawn": "Change of term withdrawn",
        "trial-converted": "Trial converted",
        "trial-continued": "Trial continued as a paid subscription",
        "condition-raised": "Issue raised",
        "condition-resolved": "Issue resolved",
        "cancelled": "Cancelled",
        "cancellation-withdrawn": "Cancellation withdrawn",
        "lapsed": "Lapsed",
        "payment-failed": "Payment failed",
        "settled": "Invoice paid",
        "written-off": "Debt written off",
    }
)
ATTENTION: Final = MappingProxyType(
    {
        "now": "Needs attention now",
        "later": "Needs attention later",
        "none": "Nothing to do",
        "over": "Over",
    }
)
ACCESS: Final = MappingProxyType(
    {
        "full": "full access",
        "admin-only": "access for administrators only",
        "none": "no access",
        "unknown": "access not known",
    }
)
ROLES: Final = MappingProxyType(
    {
        "owner": "the owner",
        "contract-manager": "the contract manager",
        "purchaser": "the purchaser",
        "primary-admin": "the primary administrator",
        "secondary-admin": "a secondary administrator",
        "payer": "the payer",
        "user": "a user",
    }
)
PAYMENTS: Final = MappingProxyType(
    {
        "card": "card",
        "paypal": "PayPal",
        "direct-debit": "direct debit",
        "alipay": "Alipay",
        "konbini": "Konbini",
        "wire-transfer": "bank transfer",
        "atm-transfer": "transfer at a cash machine",
        "invoice": "invoice",
    }
)
#: Exclusions from the renewal price in a word or two, for a list in brackets.
REASONS: Final = MappingProxyType(
    {
        "trial": "trial",
        "ended": "ended",
        "renewed-late": "late renewal",
        "already-reduced": "discount or promotion",
        "short-term": "short term",
        "excluded-product": "excluded product",
        "unlisted-product": "unlisted product",
        "own-condition": "special condition",
    }
)

# Sentences around them ------------------------------------------------------------------------

#: The first line of a refusal that has reasons beside its decision.
REFUSED: Final = "Nothing was changed."
WHY: Final = "Why:"
WHAT_TO_DO: Final = "What you can do:"
HOLDS: Final = "This answer holds through {last_on}, if nothing else changes."
WINDOW: Final = Plural(
    "From {opens_on} to {last_on} ({count} day).",
    "From {opens_on} to {last_on} ({count} days).",
)
WINDOW_EMPTY: Final = "On no day."

#: The first line of a quote; the one for a new subscription where nothing is renewed.
QUOTES: Final = MappingProxyType(
    {
        "saves": "Renewing {product} ({seats}) costs {total} before tax: {saving} ({rate}) less"
        " than the list price, {list_total}.",
        "dearer": "Renewing {product} ({seats}) costs {total} before tax: {extra} more than the"
        " list price, {list_total}.",
        "list": "Renewing {product} ({seats}) costs {total} before tax, as much as a new one.",
        "new": "A new {product} subscription ({seats}) costs {total} before tax.",
        "part": "Renewing {product} ({seats}) costs {known} before tax, plus charges of an unknown"
        " amount.",
        "none": "There is no price for {product} ({seats}).",
    }
)
QUOTE_DAY: Final = "With the prices of {on}; they may change at any time."
#: Below each line, and at the end, where lines are charged on different days.
LINE_DAY: Final = "Charged on {on}, with the prices of that day."
PRICES_CHANGE: Final = "Prices may change at any time."
SEATS: Final = Plural("{count} seat", "{count} seats")
DAYS: Final = Plural("{count} day", "{count} days")
WEEKS: Final = Plural("{count} week", "{count} weeks")
MONTHS: Final = Plural("{count} month", "{count} months")
YEARS: Final = Plural("{count} year", "{count} years")

PLAN: Final = "Renewals on {on}"
#: The lines of a plan that are not charged on its day.
PRICED_LATER: Final = "Priced for the renewal date, not for {on}: {lines}."
LINES: Final = Plural("{count} subscription", "{count} subscriptions")
#: What lateness costs, in the middle of a sentence.
CHARGES: Final = MappingProxyType(
    {
        "surcharge": "surcharge",
        "back-pay": "back payment",
        "late-fee": "late fee",
        "debt": "overdue invoice",
    }
)
CHARGED: Final = "{label} ({amount})"
INCLUDES: Final = "Includes late charges: {charges}."
#: A sum: with a saving, more than new ones cost, and neither.
SUM_SAVES: Final = (
    "{lines}: {total} before tax in all, {saving} ({rate}) less than the list prices."
)
SUM_MORE: Final = "{lines}: {total} before tax in all, {extra} more than the list prices."
SUM: Final = "{lines}: {total} before tax in all."
UNPRICED: Final = "Without a total: {lines}."
FIRST: Final = "What to do first:"
MORE: Final = Plural("and {count} more", "and {count} more")
LABELLED: Final = "{label}: {value}"
#: An address first, so that a blank follows it, and no comma.
REGION_LINK: Final = "{link} ({region})"
FROM: Final = "from {day}"
BY: Final = "by {day}"

# Headings of tables and pages -----------------------------------------------------------------

#: The columns of a plan, in order.
COLUMNS: Final = MappingProxyType(
    {
        "marker": "Attention",
        "id": "Subscription",
        "product": "Product",
        "expires": "Expires",
        "route": "Way forward",
        "step": "Next step",
        "when": "When",
        "list": "List price",
        "charges": "Late charges",
        "price": "Price",
        "saving": "Saving",
    }
)
#: Headings of a terminal's table where the ones above are too wide.
NARROW: Final = MappingProxyType({"id": "No.", "step": "To do", "charges": "Late"})
TOTALS: Final = "Totals before tax"
BY_ROUTE: Final = "By way forward"
BY_MONTH: Final = "By month of expiry"
CURRENCY: Final = "Currency"
MONTH: Final = "Month"
COUNT: Final = "Number"
TERM_PICTURE: Final = "{product}, {starts_on} to {ends_on}"
TERM: Final = "Term"
RENEWAL_WINDOW: Final = "Manual renewal"
DAY_ASKED: Final = "Day asked about"
