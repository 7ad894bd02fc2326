"""Actors as the services get them; nothing is saved."""

from uuid import UUID

from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import OWNER, PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.ids import new_id

PUBLIC_PERMISSIONS = frozenset({"public.chat", "public.book"})


def staff_of(
    workshop: Workshop, role: str = OWNER, *, person_id: UUID | None = None, language: str = "de"
) -> Actor:
    """Somebody of the team with the permissions of ``role``."""
    return Actor(
        kind="person",
        workshop_id=workshop.id,
        subject_id=person_id or new_id(),
        name="Sabine Müller",
        role=role,
        language=language,
        permissions=PERMISSIONS[role],
    )


def customer_of(workshop: Workshop, *, conversation_id: UUID | None = None, language: str = "de") -> Actor:
    """A visitor of the public pages or, with a conversation, the customer of that thread."""
    return Actor(
        kind="customer",
        workshop_id=workshop.id,
        subject_id=conversation_id,
        language=language,
        permissions=PUBLIC_PERMISSIONS,
    )
