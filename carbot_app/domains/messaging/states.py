"""Life of an outgoing message."""

QUEUED = "queued"
HELD = "held"
"""There is no provider for its channel."""
SENDING = "sending"
SENT = "sent"
DELIVERED = "delivered"
FAILED = "failed"
UNSURE = "unsure"
"""Handed over without an answer. An SMS cannot be recalled or deduplicated, so a person decides."""
DROPPED = "dropped"
"""Overtaken: the appointment was moved or cancelled before it left."""

OPEN = (QUEUED, HELD)
"""May still be dropped."""
REPEATABLE = (HELD, FAILED, UNSURE)
"""May be sent again by hand."""
