"""Choices that a policy makes in one word."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["EarlyRenewal", "GroupKey", "TrialEnd"]


class EarlyRenewal(StrEnum):
    """Whether one that renews itself may be renewed manually beforehand (reading 15)."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"


class TrialEnd(StrEnum):
    """
    What becomes of a trial at its end (clause `trial`); a policy whose page is silent has none.

    >>> from subrenew.policy.vendors import apple, autodesk
    >>> autodesk.EDITION_2024.trials.value, apple.EDITION_2019.trials.value
    ('ends', 'goes-on')
    """

    #: It ends, and a subscription is bought in its place.
    ENDS = "ends"
    #: It goes on as a paid subscription, under the two conditions of automatic renewal.
    GOES_ON = "goes-on"


class GroupKey(StrEnum):
    """What the lines of one purchase have in common."""

    CUSTOMER = "customer"
    CURRENCY = "currency"
    PAYMENT = "payment"
