"""
The tables: an entity whole, as JSON, and beside it in columns only what is searched for.

So a field that the library adds later needs no migration, and what is searched has an index.
Identifiers are compared exactly on SQLite and PostgreSQL; elsewhere, give a ``db_collation``.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entity(models.Model):
    """
    A value with its revision.

    No foreign key and no signal leads here: so Django deletes with one statement, which compares
    the revision, too.
    """

    id = models.TextField(primary_key=True)
    revision = models.PositiveIntegerField()
    fields = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.id


class Subscription(Entity):
    """Something sold, to be renewed."""

    expires_on = models.DateField()
    payment_method_id = models.TextField(null=True)  # noqa: DJ001 - it may have none
    account_id = models.TextField(null=True)  # noqa: DJ001 - as above

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_on", "id"]),
            models.Index(fields=["payment_method_id", "id"]),
            models.Index(fields=["account_id", "expires_on"]),
        ]


class Order(Entity):
    """An order's record, under its number."""

    #: Null for an order; what is older than somebody says, has no use.
    idle_since = models.DateTimeField(null=True, db_index=True)


class PaymentMethod(Entity):
    """A payment method."""


class Event(models.Model):
    """What happened; the sequence is never used twice, so that it can be a cursor."""

    sequence = models.BigAutoField(primary_key=True)
    subscription_id = models.TextField()
    key = models.TextField(null=True)  # noqa: DJ001 - it may have none
    fields = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subscription_id", "sequence"]),
            models.Index(fields=["key", "sequence"]),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.subscription_id}"


class Key(models.Model):
    """A key that is taken, with the library's answer; also where nothing happened under it."""

    key = models.TextField(primary_key=True)
    answer = models.TextField(null=True)  # noqa: DJ001 - it may have none

    def __str__(self) -> str:
        return self.key
