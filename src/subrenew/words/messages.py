"""
Every text that is said, in English, by the code it belongs to.

Rule 1: a text here is a whole sentence, or a label that stands alone, with named places for values.
It is its own key in the catalogues beside this module, which hold all of them and nothing else.

Rule 2: where there are several, the first one whose values are all known is said; the last one of a
finding needs none. A key with a colon is for one value, a key with an ``@`` for one question.

Rule 3: one code, one meaning, in whichever question it is found.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["Plural"]


class Plural(NamedTuple):
    """A text that depends on a number, ``{count}``."""

    #: For one.
    one: str
    #: For all other numbers.
    many: str


#: Why, by a finding's code; with a colon by one of its values, with an ``@`` by the question.
FINDINGS: Final = MappingProxyType(
    {
        "through-partner": ("It was bought through a partner.",),
        "not-the-manager": (
            "Only {roles} may manage its renewal.",
            "Only certain people may manage its renewal.",
        ),
        "roles-unknown": ("The vendor does not say who may do this.",),
        "trial@renewability": ("It is a trial, and trials are neither renewed nor extended.",),
        "trial": ("It is a trial.",),
        "trial-end-unknown": ("The vendor does not say what happens at the end of a trial.",),
        "trial-stopped": (
            (
                "The trial was cancelled as of {cancelled_on}, so it does not continue as a paid"
                " subscription."
            ),
            "The trial does not continue as a paid subscription.",
        ),
        "trial-goes-on": (
            "The trial continues as a paid subscription on {expires_on}.",
            "The trial continues as a paid subscription at its end.",
        ),
        "converted": (
            "A subscription was bought in place of the trial on {converted_on}.",
            "A subscription was bought in place of the trial.",
        ),
        "expired": (
            "It expired on {expires_on}.",
            "It has expired.",
        ),
        "cancelled": (
            "It was cancelled, and ended on {cancelled_on}.",
            "It was cancelled, and has ended.",
        ),
        "ended": (
            "It ended on {expires_on}.",
            "It has ended.",
        ),
        "late": (
            "It expired on {expires_on}, but a late renewal is still accepted.",
            "It has expired, but a late renewal is still accepted.",
        ),
        "renewal-pending": (
            (
                "The renewal date ({renewal_on}) has come; the automatic renewal may still be"
                " processed through {last_on}."
            ),
            (
                "The automatic renewal of {renewal_on} may still be processed; what is set now"
                " counts from the next one on."
            ),
            "The renewal date has come; the automatic renewal may still be processed.",
        ),
        "already-renewed": (
            "It has been renewed already: it now expires on {expires_on}.",
            "It has been renewed already.",
        ),
        "late:full": (
            "It expired on {expires_on}. The product can still be used for now.",
            "It has expired. The product can still be used for now.",
        ),
        "late:admin-only": (
            "It expired on {expires_on}. Until it is renewed, only administrators have access.",
            "It has expired. Until it is renewed, only administrators have access.",
        ),
        "late:none": (
            "It expired on {expires_on}. Until it is renewed, the product cannot be used.",
            "It has expired. Until it is renewed, the product cannot be used.",
        ),
        "late:unknown": (
            (
                "It expired on {expires_on}, but a late renewal is still accepted. The vendor does"
                " not say whether the product can still be used."
            ),
            (
                "It has expired, but a late renewal is still accepted. The vendor does not say"
                " whether the product can still be used."
            ),
        ),
        "late-start-unknown": (
            (
                "The vendor does not say when the term of a late renewal begins; it is taken to run"
                " from {starts_on} to {through_on}."
            ),
            "The vendor does not say when the term of a late renewal begins.",
        ),
        "term-already-over": (
            (
                "Renewed on {on}, the new term would run from {starts_on} to {through_on} and would"
                " already be over."
            ),
            "The term of a late renewal would already be over.",
        ),
        "renewed-today": (
            "It was renewed on {renewed_on}; the next term can be renewed from {opens_on}.",
            "It was already renewed today.",
        ),
        "payment-lapsed": (
            (
                "The payment method ({payment}) is valid through {valid_through}; the renewal date"
                " is {renewal_on}."
            ),
            "The payment method will no longer be valid on the renewal date.",
        ),
        "payment-lapsed:card": (
            "The card is valid through {valid_through}; the renewal date is {renewal_on}.",
            "The card will no longer be valid on the renewal date.",
        ),
        "payment-missing": (
            "No payment method is on file for the renewal date, {renewal_on}.",
            "No payment method is on file.",
        ),
        "unpaid:charge": (
            "The payment failed on {since}. The next attempt is on {next_on}.",
            "The payment failed on {since}, and no other attempt follows.",
            "The payment failed, and no other attempt follows.",
        ),
        "unpaid:invoice": (
            "An invoice for {amount} has been unpaid since {since}.",
            "An invoice has been unpaid since {since}.",
            "An invoice is unpaid.",
        ),
        "unpaid": ("A payment is outstanding.",),
        "receipt-differs": (
            "{amount} is due, but the receipt is for {paid}.",
            "The receipt is not for what is due.",
        ),
        "payment-by-invoice": ("The invoice has to be paid; nothing is charged automatically.",),
        "switched-off": (
            "It was cancelled as of {cancelled_on}, so it does not renew automatically.",
            "Automatic renewal is off.",
        ),
        "switch-without-effect": (
            (
                "Automatic renewal is on, but has no effect: nothing can be charged automatically"
                " with this payment method ({payment})."
            ),
            "Automatic renewal is on, but has no effect: nothing can be charged automatically.",
        ),
        "payment-by-customer": (
            "You send the payment yourself ({payment}), so it is renewed manually.",
            "You send the payment yourself, so it is renewed manually.",
        ),
        "window-not-open": (
            "Manual renewal opens on {opens_on}.",
            "Manual renewal has not opened.",
        ),
        "opening-unknown": ("The vendor does not say when manual renewal opens.",),
        "own-condition": (
            "{conditions}",
            "A special condition prevents this.",
        ),
        "renewed-late": (
            "Only a renewal before {expires_on} would have kept the renewal price.",
            "Only a renewal before the expiry date keeps the renewal price.",
        ),
        "already-reduced": (
            (
                "It already has a discount or promotion ({reductions}), which does not combine with"
                " the renewal price."
            ),
            (
                "It already has a discount or promotion, which does not combine with the renewal"
                " price."
            ),
        ),
        "short-term": (
            "Its term ({term}) is too short for the renewal price.",
            "Its term is too short for the renewal price.",
        ),
        "excluded-product": (
            "{product} is on the vendor’s list of products without a renewal price.",
            "It is on the vendor’s list of products without a renewal price.",
        ),
        "unlisted-product": (
            "{product} is not on the vendor’s list of exclusions, but that list is open.",
            "It is not on the vendor’s list of exclusions, but that list is open.",
        ),
        "not-a-renewal": (
            "Nothing is renewed ({exclusions}): what is bought is a new subscription.",
            "Nothing is renewed: what is bought is a new subscription.",
        ),
        "excluded": (
            "It is excluded from the renewal price ({exclusions}).",
            "It is excluded from the renewal price.",
        ),
        "open-list": (
            "The vendor’s list of exclusions is open, so the saving holds according to that list.",
        ),
        "nothing-promised": ("The vendor promises no saving for renewals.",),
        "floor": (
            "The vendor promises a saving of at least {rate} on the list price before tax.",
            "The vendor promises a minimum saving on the list price before tax.",
        ),
        "loyalty": (
            "Continuous renewal saves {rate}.",
            "Continuous renewal saves more than is promised.",
        ),
        "own-rate": (
            "A saving of {rate} is set for this product, country or customer.",
            "A special rate is set for this product, country or customer.",
        ),
        "same-term": (
            "Its term is {term} already, or will be from its renewal on.",
            "It is the term that it already has, or will have from its renewal on.",
        ),
        "region-unknown": (
            "The vendor does not say whether terms can be changed in this region ({region}).",
            "The vendor does not say whether terms can be changed in this region.",
        ),
        "no-way-in-region": (
            "Neither the account nor support changes terms in this region ({region}).",
            "Neither the account nor support changes terms in this region.",
        ),
        "price-missing": (
            "The price list has no price on {on} for: {product}, {term}, {country}, {currency}.",
            "The price list has no price on {on} for: {product}, {term}, {country}.",
            "The price list has no price on {on} for: {product}, {term}, {currency}.",
            "The price list has no price on {on} for: {product}, {term}.",
            "The price list has no price for it.",
        ),
        "amount-unknown-in-currency": (
            (
                "The vendor names no amount in {currency} for one of the charges ({charge}), so the"
                " total is not known."
            ),
            "The vendor names no amount in this currency for one of the charges.",
        ),
        "reductions-kept": (
            (
                "With the discount or promotion it costs {with_reductions}; with the renewal price"
                " it would cost {with_renewal_price}."
            ),
            "The discount or promotion is kept instead of the renewal price.",
        ),
        "may-not-switch": ("Only certain people may switch it.",),
        "switch-closed": (
            "It could be switched through {last_on}.",
            "The time for switching it has passed.",
        ),
        "beyond-the-limits": (
            "It rises from {old} to {new}, which is more than the vendor may do without asking.",
            "It rises by more than the vendor may do without asking.",
        ),
        "too-soon": (
            "The last increase was on {last_on}, which is too recent.",
            "The last increase was too recent.",
        ),
        "notice-due": (
            "You have to be told about the increase by {by}.",
            "You have to be told about the increase in good time.",
        ),
        "silence-ends": ("If you do not answer, the subscription ends.",),
        "silence-keeps-old-price": (
            "If you do not answer, it is renewed at the old price, {old}.",
            "If you do not answer, it is renewed at the old price.",
        ),
        "silence-takes-new-price": (
            "If you do not answer, it is renewed at the new price, {new}.",
            "If you do not answer, it is renewed at the new price.",
        ),
        "policy-silent": ("The vendor’s policy does not mention price increases.",),
        "not-found": ("No order has this number and this password.",),
        "too-many-tries": ("Too many attempts.",),
        "prefilled-differs": ("The number filled in is not the one in the confirmation message.",),
        "password-forgotten": (
            "A forgotten password is reset here: {link}",
            "A forgotten password is reset through the reset link.",
        ),
        "page-elsewhere": (
            "The page of your order is also found here: {link}",
            "You can also open the page of your order with the link for your region: {links}",
            "The page of your order is also found through the link in the confirmation message.",
        ),
    }
)
