"""What staff wants of a running session, told to whichever process holds the agent's socket (pure).

Both travel on the live bus: orders one way, what the car says the other. A lost order is asked again by
whoever gave it; nothing is recorded by these.
"""

from typing import Any
from uuid import UUID

WATCH = "watch"
READ_CODES = "read_codes"
CLEAR_CODES = "clear_codes"
STOP = "stop"
REVOKED = "revoked"
REPLACED = "replaced"
"""The agent has a newer connection; the older one ends."""
LOOK = "look"
"""A browser shows this session: publish its readings for a while."""
Order = dict[str, Any]
"""``do`` and what it needs: session, agent, command, by, rates."""


def orders_channel(workshop_id: UUID) -> str:
    """Where orders to the agents of a workshop are published."""
    return f"diagnostics:{workshop_id}"


def readings_channel(session_id: UUID) -> str:
    """Where what one car says is published, for the browsers that watch it."""
    return f"readings:{session_id}"
