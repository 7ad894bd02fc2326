"""Keeps automations from setting off each other for ever, or one thread from being flooded (pure).

Every event an action causes carries the chain of automations behind it.
"""

from collections.abc import Sequence

MAX_DEPTH = 3
"""Automations that may follow from each other."""
MAX_PER_HOUR = 10
"""Runs about one thread, or one customer without a thread, within an hour."""

ECHO, TOO_DEEP, CROWDED = "echo", "too_deep", "crowded"


def verdict(chain: Sequence[str], automation_id: str, *, recent: int) -> str:
    """Why an automation must not act, or nothing: it caused the event itself, stands at the end of a long
    chain, or ``recent`` runs about the same thread are enough."""
    if automation_id in chain:
        return ECHO
    if len(chain) >= MAX_DEPTH:
        return TOO_DEEP
    return CROWDED if recent >= MAX_PER_HOUR else ""
