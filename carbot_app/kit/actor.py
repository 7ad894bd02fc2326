"""Who acts: every service method takes an Actor first and asks it for the permission."""

from dataclasses import dataclass, field
from uuid import UUID

from carbot_app.kit.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something acting inside exactly one workshop.

    ``kind`` is person, api_key, customer or system. ``subject_id`` is the person, key or conversation
    behind the action. ``permissions`` are the strings granted by role or key scopes. ``customer_id`` is whom
    a customer has proven to be, by writing from a verified number or address.
    """

    kind: str
    workshop_id: UUID
    subject_id: UUID | None = None
    name: str = ""
    role: str = ""
    language: str = "de"
    permissions: frozenset[str] = field(default_factory=frozenset)
    customer_id: UUID | None = None

    def require(self, permission: str) -> None:
        """Raise Forbidden unless the actor holds ``permission``."""
        if permission not in self.permissions:
            raise Forbidden(permission=permission)

    def require_any(self, *permissions: str) -> None:
        """Raise Forbidden unless the actor holds at least one of ``permissions``."""
        if self.permissions.isdisjoint(permissions):
            raise Forbidden(permission=permissions[0])

    def can(self, permission: str) -> bool:
        """Whether the actor holds ``permission``."""
        return permission in self.permissions
