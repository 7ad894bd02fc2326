"""What billing needs from outside beside writing, printing and judging documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What the register said of a VAT number; ``registered`` None: it did not answer."""

    registered: bool | None
    request_id: str = ""
    """The register's own name for the question, the proof in a tax audit (Art. 18 Directive 2006/112)."""
    asked_at: datetime | None = None


class VatRegister(Protocol):
    """The register of VAT numbers."""

    def ask(self, number: str, *, own_number: str = "") -> RegisterAnswer:
        """Whether a well-formed number is somebody's; never raises because the register is down."""
        ...


class SilentRegister:
    """A VatRegister where none is asked: every number stays unverified."""

    def ask(self, number: str, *, own_number: str = "") -> RegisterAnswer:
        """See VatRegister."""
        return RegisterAnswer(None)
