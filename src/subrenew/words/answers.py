"""
The answer to each question as a sentence, in English, by question and way forward.

Rule 1: as in `subrenew.words.messages`, a text is its own key in the catalogues, and the first one
whose values are all known is said.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__: list[str] = []

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
        "price-increase/ask-consent:silence-takes-new-price": (
            "The price of the {product} subscription goes up unless you object.",
        ),
        "price-increase/without-consent": (
            "The {product} subscription becomes dearer; you do not have to agree.",
        ),
        "order-access/try-again": ("The order was not opened. Please try again.",),
    }
)
