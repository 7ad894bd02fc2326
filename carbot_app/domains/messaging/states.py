"""Life of an outgoing message."""

QUEUED = "queued"
HELD = "held"
"""There is no provider for its channel."""
SENDING = "sending"
SENT = "sent"
DELIVERED = "delivered"
READ = "read"
FAILED = "failed"
UNSURE = "unsure"
"""Handed over without an answer. An SMS cannot be recalled or deduplicated, so a person decides."""
DROPPED = "dropped"
"""Overtaken: the appointment was moved or cancelled before it left."""

OPEN = (QUEUED, HELD)
"""May still be dropped."""
REPEATABLE = (HELD, FAILED, UNSURE)
"""May be sent again by hand."""
REPORTED = (SENT, DELIVERED, READ)
"""What providers report, in the order of time: a report that comes late takes nothing back."""


def is_news(state: str, reported: str) -> bool:
    """Whether what a provider reports says more than is known (pure)."""
    if state == UNSURE:
        return True
    if state not in REPORTED:
        return False
    return (
        reported == FAILED if reported not in REPORTED else REPORTED.index(reported) > REPORTED.index(state)
    )
