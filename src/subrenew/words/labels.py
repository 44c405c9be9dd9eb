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
        "buy-new": "Buy anew",
        "ask-the-manager": "Ask who may renew",
        "contact-partner": "Contact the partner",
        "renews-itself": "Renews by itself",
        "repair-payment": "Put the payment right",
        "resolve-condition": "Settle a condition",
        "renew-now": "Renew by hand now",
        "wait-for-window": "Renew by hand later",
        "eligible": "Renewal price applies",
        "eligible-unlisted": "Renewal price applies, as far as is known",
        "excluded": "No renewal price",
        "not-a-renewal": "Not a renewal",
        "own-rate": "Saving of its own",
        "loyalty-rate": "Saving for loyalty",
        "floor-rate": "Promised saving",
        "no-saving": "No saving",
        "nothing-to-change": "Nothing to change",
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
        "not-dearer": "Not dearer",
        "consent-unknown": "Consent unknown",
        "ask-consent": "Ask for consent",
        "without-consent": "Without consent",
        "try-again": "Try again",
    }
)
#: What is done, said to the one who does it.
STEPS: Final = MappingProxyType(
    {
        "buy-subscription": "Buy a subscription",
        "buy-new": "Buy a new subscription",
        "ask-the-manager": "Have an authorized person renew it",
        "contact-partner": "Contact your partner",
        "review-payment": "Review the payment method on file",
        "switch-off": "To stop it, switch automatic renewal off",
        "switch-on": "Switch automatic renewal on",
        "update-payment": "Update the payment method",
        "renew": "Renew by hand",
        "resolve-condition": "Settle what stands in the way",
        "change-term": "Change the term",
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
        "buy-new": "Buy anew",
        "ask-the-manager": "Ask the manager",
        "contact-partner": "Ask the partner",
        "review-payment": "Review payment",
        "switch-off": "Auto-renew off",
        "switch-on": "Auto-renew on",
        "update-payment": "Update payment",
        "renew": "Renew",
        "resolve-condition": "Settle a point",
    }
)
#: The steps that are taken where the renewal is managed; the others lead elsewhere.
PLACED: Final = frozenset(
    {"review-payment", "switch-off", "switch-on", "update-payment", "renew", "change-term"}
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
ATTENTION: Final = MappingProxyType(
    {
        "now": "Needs attention now",
        "later": "Needs attention later",
        "none": "Nothing to do",
        "over": "Over",
    }
)
ACCESS: Final = MappingProxyType(
    {"full": "full access", "admin-only": "access for administrators only", "none": "no access"}
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
SEATS: Final = Plural("{count} seat", "{count} seats")
DAYS: Final = Plural("{count} day", "{count} days")
WEEKS: Final = Plural("{count} week", "{count} weeks")
MONTHS: Final = Plural("{count} month", "{count} months")
YEARS: Final = Plural("{count} year", "{count} years")

PLAN: Final = "Renewals on {on}"
LINES: Final = Plural("{count} subscription", "{count} subscriptions")
#: What lateness costs, in the middle of a sentence.
CHARGES: Final = MappingProxyType(
    {"surcharge": "surcharge", "back-pay": "back payment", "late-fee": "late fee"}
)
CHARGED: Final = "{label} ({amount})"
OF_THAT: Final = "Of that, for being late: {charges}."
#: A sum: with a saving, dearer than new ones, and neither.
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
        "charges": "For being late",
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
RENEWAL_WINDOW: Final = "Renewal by hand"
DAY_ASKED: Final = "Day asked about"
