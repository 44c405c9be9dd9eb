"""Who holds subscriptions, and who asks about them."""

from __future__ import annotations

from enum import StrEnum

import attrs

from subrenew.model import checks

__all__ = ["Account", "Actor", "Role"]


class Role(StrEnum):
    """What a person is to an account; a role of the caller's own is text."""

    OWNER = "owner"
    CONTRACT_MANAGER = "contract-manager"
    PURCHASER = "purchaser"
    PRIMARY_ADMIN = "primary-admin"
    SECONDARY_ADMIN = "secondary-admin"
    PAYER = "payer"
    USER = "user"


@attrs.frozen(kw_only=True)
class Account:
    """Who holds subscriptions."""

    #: The caller's identifier.
    id: str
    #: ISO 3166-1, two capital letters; ``None`` where it is not known.
    country: str | None = None
    #: Whether it is a managed environment, where roles decide who renews (clause `managed`).
    managed: bool = False
    #: What kind of customer it is, in the vendor's own word, such as ``consumer``.
    customer_kind: str | None = None

    def __attrs_post_init__(self) -> None:
        checks.text("Account.id", self.id)
        if self.country is not None:
            checks.country("Account.country", self.country)
        checks.instance("Account.managed", self.managed, bool)
        checks.optional_text("Account.customer_kind", self.customer_kind)


@attrs.frozen(kw_only=True)
class Actor:
    """A person who asks, with the roles held towards the subscription's account."""

    #: The caller's identifier.
    id: str
    #: Members of `Role`, or texts of the caller's own.
    roles: frozenset[Role | str] = frozenset()

    def __attrs_post_init__(self) -> None:
        checks.text("Actor.id", self.id)
        checks.frozenset_of("Actor.roles", self.roles, Role, str)
