"""
Texts about notices and laws, in English: what is sent when, and what a policy lacks beside a law.

Rule 1: as in `subrenew.words.messages`, a text is its own key in the catalogues, and the first one
whose values are all known is said.

Rule 2: what is said to the customer is a message of its own; the others are for whoever sends it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from subrenew.policy.laws import statutes

__all__: list[str] = []

# Notices --------------------------------------------------------------------------------------

#: What a notice is about.
TOPICS: Final = MappingProxyType(
    {
        "renewal": "Notice of renewal",
        "trial-end": "Notice of the end of a trial",
        "price-change": "Notice of a new price",
        "charge": "Notice of a charge",
        "reminder": "Reminder of a running subscription",
        "payment": "Notice of an outstanding payment",
        "end": "Notice of the end",
    }
)
#: The day from which a notice is counted.
ANCHORS: Final = MappingProxyType(
    {
        "term-start": "first day of the term",
        "term-end": "first day after the term",
        "renewal-date": "renewal date",
        "window-opens": "first day on which it can be renewed manually",
        "cancellation-deadline": "last day on which the renewal can be refused",
        "stage-entry": "first day of a stage",
        "purchase": "day of the purchase",
        "cancellation": "day from which it is cancelled",
        "payment-failed": "day on which the payment failed",
    }
)
MEDIA: Final = MappingProxyType(
    {
        "email": "email",
        "letter": "letter",
        "certified-letter": "certified letter",
        "in-person": "in person",
        "in-account": "message in the account",
        "text-message": "text message",
    }
)
#: What follows if a notice is not sent, or a contract asks for more than is allowed.
MISSED: Final = MappingProxyType(
    {
        "nothing": "none",
        "customer-may-end-any-time": "the customer may end the subscription at any time",
        "renewal-unenforceable": "the renewal cannot be enforced",
        "charge-unlawful": "the money may not be taken",
        "clause-void": "that part of the contract is void",
        "unknown": "not known",
    }
)
#: What a notice has to say, by the words that the sample laws use.
CONTENTS: Final = MappingProxyType(
    {
        "date": "the date",
        "deadline": "the deadline",
        "frequency": "how often money is taken",
        "how-to-cancel": "how to cancel",
        "how-to-refuse": "how to refuse",
        "merchant": "the merchant",
        "price": "the price",
        "product": "the product",
        "renewal-clause": "the clause about renewal",
    }
)
NOTICE: Final = "{topic} ({code}) for {product}, {id}"
#: The lines of a notice; each is said where its values are known.
NOTICE_LINES: Final = (
    ("To be sent from {earliest_on} to {latest_on}.", "To be sent on {day}."),
    ("Counted from: {anchor} ({stage}).", "Counted from: {anchor}."),
    ("Recurring ({every}); this is number {number}.",),
    ("To: {recipients}.",),
    ("By: {medium}.", "How it is sent is not laid down."),
    ("It has to say: {contents}.",),
    ("Consequence if it is not sent: {missed}.",),
)
LAW_UNCERTAIN: Final = "It is not known whether the law is for this customer."

#: Messages to the customer, by the code of their rule: the subject, then the body.
MAILS: Final = MappingProxyType(
    {
        "you-can-renew-now": (
            "You can now renew {product}",
            (
                "Your {product} subscription ({seats}) can now be renewed {place}. At present it"
                " does not renew automatically: it runs through {last_on}. Please renew it by then."
            ),
        ),
    }
)

# Laws -----------------------------------------------------------------------------------------

#: How a policy stands to a law.
STANDINGS: Final = MappingProxyType(
    {
        "not-applicable": "{law}: not for this subscription ({product}).",
        "met": (
            "{law}: the policy does all that is asked for the {product} subscription, as far as it"
            " is expressed here."
        ),
        "unknown": (
            "{law}: it is not known whether the policy does all that is asked for the {product}"
            " subscription."
        ),
        "falls-short": (
            "{law}: the policy does not do all that is asked for the {product} subscription."
        ),
    }
)
LACKS: Final = "What is lacking:"
CONSEQUENCE: Final = "Consequence: {missed}."
#: What the sample laws say of themselves; other laws have a caution of their own.
CAUTION: Final = statutes.CAUTION
#: What a policy lacks beside a law, by a finding's code.
SHORTFALLS: Final = MappingProxyType(
    {
        "notice-missing": (
            (
                "A notice (“{notice}”) is wanted from {earliest_on} to {latest_on}; the policy has"
                " none."
            ),
            "A notice is wanted that the policy does not have.",
        ),
        "notice-too-early": (
            (
                "“{sent_as}” may be sent from {sent_earliest_on} on; “{notice}” counts from"
                " {earliest_on} on only."
            ),
            "A notice may be sent earlier than it counts.",
        ),
        "notice-too-late": (
            (
                "“{sent_as}” may still be sent on {sent_latest_on}; “{notice}” is wanted by"
                " {latest_on}."
            ),
            "A notice may be sent later than it is wanted.",
        ),
        "notice-medium": (
            "“{sent_as}” is sent by {sent_medium}; “{notice}” is wanted by {medium}.",
            "How “{sent_as}” is sent is not laid down; “{notice}” is wanted by {medium}.",
            "A notice is sent by another medium than is wanted.",
        ),
        "notice-contents": (
            "“{notice}” has to say: {contents}. “{sent_as}” says: {sent_contents}.",
            "“{notice}” has to say: {contents}. It is not laid down what “{sent_as}” says.",
            "A notice does not say all that is wanted.",
        ),
        "notice-impossible": (
            "The term leaves no day on which the notice (“{notice}”) could be sent in time.",
            "The term leaves no day on which a notice could be sent in time.",
        ),
        "deadline-too-early": (
            (
                "The renewal has to be refused by {deadline_on}; a deadline before {not_before} is"
                " not allowed."
            ),
            "The renewal has to be refused earlier than is allowed.",
        ),
        "first-term-too-long": (
            "The first term is {term}; {at_most} is allowed at the most.",
            "The first term is longer than is allowed.",
        ),
        "renewal-too-long": (
            "It is renewed for {term}; {at_most} is allowed at the most.",
            "It is renewed for longer than is allowed.",
        ),
        "figures-unset": ("The figures are not known for certain, so nothing was compared.",),
    }
)
