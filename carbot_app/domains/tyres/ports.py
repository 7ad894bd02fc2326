"""What the tyre hotel needs from outside."""

from typing import Protocol

from carbot_app.domains.tyres.schemas import Label


class LabelPrinter(Protocol):
    """Makes a label to print."""

    def print_label(self, label: Label) -> bytes:
        """The label as a PDF of one page."""
        ...
