"""Put the demonstration's subscriptions into an empty database."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from examples.django_shop.views import DESK
from examples.webshop import seed


class Command(BaseCommand):
    """``manage.py fill``."""

    help = "Put the demonstration's subscriptions into an empty database."

    def handle(self, **_: object) -> None:
        """Fill it."""
        seed.fill(DESK.storage, DESK.hasher)
        self.stdout.write("try /NORTHWIND/ and /LUMEN/")
