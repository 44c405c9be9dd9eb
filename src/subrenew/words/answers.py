"""
The answer to each question as a sentence, in English, by question and way forward.

Rule 1: as in `subrenew.words.messages`, a text is its own key in the catalogues, and the first one
whose values are all known is said.

Rule 2: behind a colon stand the marks that change the sense of a way forward, joined by ``+``:
codes of findings, and ``on-trial`` where it is about a trial. The first key whose marks all hold is
taken, so the narrowest stands first and the one without marks last.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__: list[str] = []

#: The answer first, by question and way forward, and by what changes its sense.
ANSWERS: Final = MappingProxyType(
    {
        "renewability/convert-trial:expired": (
            "The {product} trial has ended. To go on, buy a subscription.",
        ),
        "renewability/convert-trial:trial-end-unknown": (
            (
                "The {product} trial runs through {last_on}. To make sure that you can go on, buy a"
                " subscription."
            ),
        ),
        "renewability/convert-trial:switched-off": (
            (
                "The {product} trial runs through {last_on} and does not continue automatically. To"
                " go on, buy a subscription."
            ),
        ),
        "renewability/convert-trial:switch-without-effect": (
            (
                "The {product} trial runs through {last_on} and does not continue automatically. To"
                " go on, buy a subscription."
            ),
        ),
        "renewability/convert-trial": (
            "The {product} trial runs through {last_on}. To go on, buy a subscription.",
        ),
        "renewability/buy-new:converted": (
            "The {product} trial is over: a subscription was bought in its place.",
        ),
        "renewability/buy-new": (
            "The {product} subscription can no longer be renewed. To go on, buy a new one.",
        ),
        "renewability/ask-the-manager:on-trial": (
            "You may not manage the {product} trial yourself.",
        ),
        "renewability/ask-the-manager:renewal-pending": (
            "You may not manage the {product} subscription yourself.",
        ),
        "renewability/ask-the-manager": ("You may not renew the {product} subscription yourself.",),
        "renewability/contact-partner:on-trial": (
            "The {product} trial is managed by the partner it came from.",
        ),
        "renewability/contact-partner": (
            "The {product} subscription is renewed by the partner it was bought from.",
        ),
        "renewability/renews-itself:renewal-pending+on-trial": (
            (
                "The {product} trial continues automatically as a paid subscription as of"
                " {renewal_on}; this may still be processed through {last_on}."
            ),
        ),
        "renewability/renews-itself:renewal-pending": (
            (
                "The {product} subscription renews automatically as of {renewal_on}; the renewal"
                " may still be processed through {last_on}."
            ),
        ),
        "renewability/renews-itself:trial-goes-on+payment-by-invoice": (
            (
                "The {product} trial continues automatically as a paid subscription on"
                " {expires_on}: automatic renewal is on, and an invoice will be sent."
            ),
        ),
        "renewability/renews-itself:trial-goes-on": (
            (
                "The {product} trial continues automatically as a paid subscription on"
                " {expires_on}: automatic renewal is on, and the payment method ({payment}) is"
                " valid on that day."
            ),
        ),
        "renewability/renews-itself:payment-by-invoice": (
            (
                "The {product} subscription renews automatically on {expires_on}: automatic renewal"
                " is on, and an invoice will be sent."
            ),
        ),
        "renewability/renews-itself": (
            (
                "The {product} subscription renews automatically on {expires_on}: automatic renewal"
                " is on, and the payment method ({payment}) is valid on that day."
            ),
        ),
        "renewability/repair-payment:unpaid+on-trial": (
            "The {product} trial will continue automatically only after a successful payment.",
        ),
        "renewability/repair-payment:unpaid": (
            (
                "The automatic renewal of the {product} subscription on {expires_on} is on hold:"
                " a payment is outstanding."
            ),
        ),
        "renewability/repair-payment:payment-missing+on-trial": (
            (
                "The {product} trial will not continue automatically on {expires_on} unless a"
                " payment method is added."
            ),
        ),
        "renewability/repair-payment:on-trial": (
            (
                "The {product} trial will not continue automatically on {expires_on} unless the"
                " payment method is updated."
            ),
        ),
        "renewability/repair-payment:payment-missing": (
            (
                "The {product} subscription will not renew automatically on {expires_on} unless a"
                " payment method is added."
            ),
        ),
        "renewability/repair-payment": (
            (
                "The {product} subscription will not renew automatically on {expires_on} unless the"
                " payment method is updated."
            ),
        ),
        "renewability/renew-now:term-already-over": (
            (
                "The {product} subscription can still be renewed manually, through {last_on}, but"
                " nothing would be left of the new term."
            ),
        ),
        "renewability/renew-now:late": (
            "The {product} subscription can still be renewed manually, through {last_on}.",
        ),
        "renewability/renew-now": (
            "The {product} subscription can be renewed manually now, and through {last_on}.",
        ),
        "renewability/wait-for-window": (
            "The {product} subscription can be renewed manually from {opens_on} to {last_on}.",
            "The {product} subscription ends on {ends_on}, before it can be renewed manually.",
        ),
        "renewability/wait-for-window:renewed-today": (
            (
                "The {product} subscription was renewed today. Its next term can be renewed"
                " manually from {opens_on}."
            ),
        ),
        "renewability/unknown": (
            (
                "The {product} subscription can be renewed manually through {last_on}; the vendor"
                " does not say from which day on."
            ),
        ),
        "renewability/resolve-condition:on-trial": (
            (
                "An issue has to be resolved before the {product} trial can continue as a paid"
                " subscription."
            ),
        ),
        "renewability/resolve-condition": (
            "An issue has to be resolved before the {product} subscription can be renewed.",
        ),
        "exclusions/eligible": ("The {product} subscription gets the renewal price.",),
        "exclusions/eligible-unlisted": (
            "The {product} subscription gets the renewal price, according to the vendor’s list.",
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
        "term-change/nothing-to-change:renewal-pending": (
            (
                "The {product} subscription has this term, or will have it from a later renewal on:"
                " {term}."
            ),
        ),
        "term-change/nothing-to-change": (
            "The {product} subscription already has this term, or will have it next: {term}.",
        ),
        "term-change/withdraw-change:renewal-pending": (
            (
                "The change of term that was asked for can be withdrawn for the {product}"
                " subscription, for the renewal after the one on {renewal_on}."
            ),
        ),
        "term-change/withdraw-change": (
            (
                "The change of term that was asked for can be withdrawn for the {product}"
                " subscription; its next term would then be {term}."
            ),
        ),
        "term-change/resolve-condition": (
            "An issue has to be resolved before the term of the {product} subscription can change.",
        ),
        "term-change/contact-partner": (
            "The partner that sold the {product} subscription can change its term to {term}.",
        ),
        "term-change/change-in-account:renewal-pending": (
            (
                "You can change the term of the {product} subscription to {term} in your account,"
                " for the renewal after the one on {renewal_on}."
            ),
        ),
        "term-change/change-in-account": (
            "You can change the term of the {product} subscription to {term} in your account.",
        ),
        "term-change/ask-support:renewal-pending": (
            (
                "Support can change the term of the {product} subscription to {term}, for the"
                " renewal after the one on {renewal_on}."
            ),
        ),
        "term-change/ask-support": (
            "Support can change the term of the {product} subscription to {term}.",
        ),
        "term-change/let-expire": (
            (
                "The term of the {product} subscription cannot be changed. Let it end, then buy a"
                " new one for {term}."
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
        "order-access/check-number": ("The order number has to be corrected first.",),
        "order-access/open-order": ("The order can be opened.",),
        "order-access/try-again": ("The order was not opened. Please try again.",),
        "switching/nothing-to-switch": ("There is no automatic renewal to switch for {product}.",),
        "switching/ask-the-manager": (
            "You may not switch automatic renewal of the {product} subscription yourself.",
        ),
        "switching/contact-partner": (
            "The partner manages automatic renewal of the {product} subscription.",
        ),
        "switching/too-late": (
            "It is too late to switch automatic renewal of the {product} subscription.",
        ),
        "switching/switch:renewal-pending": (
            (
                "Automatic renewal of the {product} subscription can be switched on or off, for the"
                " renewal after the one on {renewal_on}."
            ),
        ),
        "switching/switch": (
            "Automatic renewal of the {product} subscription can be switched on or off.",
        ),
        "price-increase/not-dearer": ("Your price for {product} does not go up.",),
        "price-increase/consent-unknown": (
            "Your price for {product} goes up; whether you have to agree is not known.",
        ),
        "price-increase/ask-consent:silence-takes-new-price": (
            "Your price for {product} goes up unless you object.",
        ),
        "price-increase/ask-consent": ("Your price for {product} goes up only if you agree.",),
        "price-increase/without-consent": (
            "Your price for {product} goes up; you do not have to agree.",
        ),
    }
)
