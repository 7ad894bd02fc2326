"""Tables of visit access."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant


class VisitProof(TenantRow, table=True):
    """In one conversation: a code that was asked for, or the secret of a booking link that was shown.

    A row without customer and appointment stands for a contact nobody knows; it answers like any other.
    """

    conversation_id: UUID = Field(foreign_key="conversation.id", index=True, ondelete="CASCADE")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="CASCADE")
    """Whose visits a code opens."""
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id", ondelete="CASCADE")
    """The only visit a link opens."""
    code_hash: str = Field(default="", max_length=64)
    """Of a code that was sent; empty: none was."""
    expires_at: datetime = instant()
    """Of the code; once proven, of what it opens."""
    tries: int = 0
    proven_at: datetime | None = instant(default=None)
