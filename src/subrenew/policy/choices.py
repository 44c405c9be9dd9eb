"""Choices that a policy makes in one word."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["EarlyRenewal", "GroupKey"]


class EarlyRenewal(StrEnum):
    """Whether one that renews itself may be renewed by hand beforehand (reading 15)."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"


class GroupKey(StrEnum):
    """What the lines of one purchase have in common."""

    CUSTOMER = "customer"
    CURRENCY = "currency"
    PAYMENT = "payment"
