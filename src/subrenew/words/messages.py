"""
Every text that is said, in English, by the code it belongs to.

Rule 1: a text here is a whole sentence, or a label that stands alone, with named places for values.
It is its own key in the catalogues beside this module, which hold all of them and nothing else.

Rule 2: where there are several, the first one whose values are all known is said; the last one of a
finding needs none. A key with a colon is for one value or for one finding beside it.

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


#: The answer first, by question and way forward, and by a finding that changes its sense.
ANSWERS: Final = MappingProxyType(
    {
        "renewability/convert-trial": (
            "The {product} trial runs through {last_on}. To go on, buy a subscription.",
        ),
        "renewability/convert-trial:expired": (
            "The {product} trial has ended. To go on, buy a subscription.",
        ),
        "renewability/buy-new": (
            "The {product} subscription can no longer be renewed. To go on, buy a new one.",
        ),
        "renewability/ask-the-manager": ("You may not renew the {product} subscription yourself.",),
        "renewability/contact-partner": (
            "The {product} subscription is renewed by the partner it was bought from.",
        ),
        "renewability/renews-itself": (
            (
                "The {product} subscription renews by itself on {expires_on}: automatic renewal is"
                " on, and the payment method ({payment}) is valid on that day."
            ),
        ),
        "renewability/renews-itself:payment-by-invoice": (
            (
                "The {product} subscription renews by itself on {expires_on}: automatic renewal is"
                " on, and an invoice will be sent."
            ),
        ),
        "renewability/repair-payment": (
            (
                "The {product} subscription will not renew by itself on {expires_on}, unless the"
                " payment method is updated."
            ),
        ),
        "renewability/repair-payment:payment-missing": (
            (
                "The {product} subscription will not renew by itself on {expires_on}, unless a"
                " payment method is added."
            ),
        ),
        "renewability/renew-now": (
            "The {product} subscription can be renewed by hand now, and through {last_on}.",
        ),
        "renewability/renew-now:late": (
            "The {product} subscription can still be renewed by hand, through {last_on}.",
        ),
        "renewability/wait-for-window": (
            "The {product} subscription can be renewed by hand from {opens_on} to {last_on}.",
            "The {product} subscription ends on {ends_on}, before it can be renewed by hand.",
        ),
        "renewability/resolve-condition": (
            "Something has to be settled before the {product} subscription can be renewed.",
        ),
        "exclusions/eligible": ("The {product} subscription gets the renewal price.",),
        "exclusions/eligible-unlisted": (
            "The {product} subscription gets the renewal price, as far as the vendor’s list tells.",
        ),
        "exclusions/excluded": ("The {product} subscription does not get the renewal price.",),
        "exclusions/not-a-renewal": (
            "There is no renewal price for {product}, because there is nothing to renew.",
        ),
        "renewal-discount/own-rate": (
            "Renewing the {product} subscription saves {rate} of its list price.",
        ),
        "renewal-discount/loyalty-rate": (
            "Renewing the {product} subscription without a break saves {rate} of its list price.",
        ),
        "renewal-discount/floor-rate": (
            "Renewing the {product} subscription saves at least {rate} of its list price.",
        ),
        "renewal-discount/no-saving": ("No renewal price applies to the {product} subscription.",),
        "term-change/convert-trial": (
            "The {product} trial has no term to change. Buy a subscription for {term} instead.",
        ),
        "term-change/buy-new": (
            "The {product} subscription has ended. Buy a new one for {term} instead.",
        ),
        "term-change/nothing-to-change": (
            "The {product} subscription already has this term, or will have it next: {term}.",
        ),
        "term-change/resolve-condition": (
            "Something has to be settled before the term of the {product} subscription can change.",
        ),
        "term-change/contact-partner": (
            "The partner that sold the {product} subscription can change its term to {term}.",
        ),
        "term-change/change-in-account": (
            "You can change the term of the {product} subscription to {term} in your account.",
        ),
        "term-change/ask-support": (
            "Support can change the term of the {product} subscription to {term}.",
        ),
        "term-change/let-expire": (
            (
                "The term of the {product} subscription cannot be changed. Let it end on {ends_on},"
                " then buy a new one for {term}."
            ),
        ),
        "term-change/unknown": (
            (
                "Whether the term of the {product} subscription can be changed to {term} is not"
                " known here. Support can tell."
            ),
        ),
        "order-access/reset-password": ("The password of the order has to be reset first.",),
        "order-access/wait": ("The order cannot be opened for now. Please try again later.",),
        "order-access/check-number": ("The number of the order has to be put right first.",),
        "order-access/open-order": ("The order can be opened.",),
        "switching/nothing-to-switch": ("There is no automatic renewal to switch for {product}.",),
        "switching/ask-the-manager": (
            "Somebody else has to switch automatic renewal of the {product} subscription.",
        ),
        "switching/contact-partner": (
            "The partner manages automatic renewal of the {product} subscription.",
        ),
        "switching/too-late": (
            "It is too late to switch automatic renewal of the {product} subscription.",
        ),
        "switching/switch": (
            "Automatic renewal of the {product} subscription can be switched on or off.",
        ),
        "price-increase/not-dearer": ("The {product} subscription does not become dearer.",),
        "price-increase/consent-unknown": (
            "The {product} subscription becomes dearer; whether you have to agree is not known.",
        ),
        "price-increase/ask-consent": (
            "The {product} subscription becomes dearer only if you agree.",
        ),
        "price-increase/without-consent": (
            "The {product} subscription becomes dearer; you do not have to agree.",
        ),
        "order-access/try-again": ("The order was not opened. Please try again.",),
    }
)

#: Why, by a finding's code; with a colon, by one of its values too.
FINDINGS: Final = MappingProxyType(
    {
        "through-partner": ("It was bought through a partner.",),
        "not-the-manager": (
            "Only {roles} may renew it.",
            "Only certain people may renew it.",
        ),
        "trial": ("It is a trial, and trials are neither renewed nor extended.",),
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
        "payment-by-invoice": ("The invoice has to be paid; nothing is charged by itself.",),
        "switched-off": (
            "It was cancelled as of {cancelled_on}, so it does not renew by itself.",
            "Automatic renewal is off.",
        ),
        "switch-without-effect": (
            (
                "Automatic renewal is on, but has no effect: nothing can be charged by itself with"
                " this payment method ({payment})."
            ),
            "Automatic renewal is on, but has no effect: nothing can be charged by itself.",
        ),
        "payment-by-customer": (
            "You send the money yourself ({payment}), so it is renewed by hand.",
            "You send the money yourself, so it is renewed by hand.",
        ),
        "window-not-open": (
            "Renewal by hand opens on {opens_on}.",
            "Renewal by hand has not opened.",
        ),
        "own-condition": (
            "{conditions}",
            "A special condition stands in the way.",
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
            "The vendor’s list of exclusions is open, so the saving holds as far as it tells.",
        ),
        "nothing-promised": ("The vendor promises no saving for renewals.",),
        "floor": (
            "The vendor promises a saving of at least {rate} on the list price before tax.",
            "The vendor promises a least saving on the list price before tax.",
        ),
        "loyalty": (
            "Terms without a break save {rate}.",
            "Terms without a break save more than is promised.",
        ),
        "own-rate": (
            "A saving of {rate} is set for this product, country or customer.",
            "A saving of its own is set for this product, country or customer.",
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
        "reductions-kept": (
            (
                "With the discount or promotion it costs {with_reductions}; with the renewal price"
                " it would cost {with_renewal_price}."
            ),
            "The discount or promotion is kept instead of the renewal price.",
        ),
        "may-not-switch": ("The person who asks may not switch it.",),
        "switch-closed": (
            "It could be switched through {last_on}.",
            "The time for switching it has passed.",
        ),
        "beyond-the-limits": (
            "It rises from {old} to {new}, which is more than the vendor may do without asking.",
            "It rises by more than the vendor may do without asking.",
        ),
        "too-soon": (
            "The last increase was on {last_on}, too short a time ago.",
            "The last increase was too short a time ago.",
        ),
        "policy-silent": ("The vendor’s policy does not speak of increases.",),
        "not-found": ("No order has this number and this password.",),
        "too-many-tries": ("There were too many tries.",),
        "prefilled-differs": ("The number filled in is not the one in the confirmation message.",),
        "password-forgotten": (
            "A forgotten password is reset here: {link}",
            "A forgotten password is reset through the reset link.",
        ),
        "page-elsewhere": (
            "The page of your order is also found here: {link}",
            "The page of your order is also found through the link in the confirmation message.",
        ),
    }
)
