"""What orders need from outside, and of the invoices."""

from typing import Protocol
from uuid import UUID

from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.orders.check_in_schemas import Protocol as CheckInProtocol
from carbot_app.kit.actor import Actor


class SavedDraft(Protocol):
    """A stored draft."""

    @property
    def id(self) -> UUID:
        """Its id."""
        ...

    @property
    def draft(self) -> DraftInput:
        """What it holds."""
        ...


class InvoiceDrafts(Protocol):
    """billing.invoicing.InvoiceService."""

    def save_draft(self, actor: Actor, draft: DraftInput, draft_id: UUID | None = None) -> SavedDraft:
        """Store a draft, new or over an older one."""
        ...

    def get_draft(self, actor: Actor, draft_id: UUID) -> SavedDraft:
        """A stored draft."""
        ...


class SignatureReader(Protocol):
    """Makes of a drawn name a picture that is safe to keep and to print."""

    def read(self, content: bytes) -> bytes:
        """The same as a plain PNG.

        Raises:
            Invalid: ``signature_invalid`` when it is none, ``signature_empty`` when nothing is drawn.
            TooLarge: ``signature_too_large``.
        """
        ...


class ProtocolPrinter(Protocol):
    """Prints the protocol of a car that came in."""

    def print_protocol(self, protocol: CheckInProtocol) -> bytes:
        """A PDF with the silhouette and its marks."""
        ...
