"""What reports need from outside."""

from typing import Protocol

from carbot_app.domains.analytics.reports.schemas import Report


class ReportPrinter(Protocol):
    """Sets reports on paper."""

    def print_report(self, report: Report) -> bytes:
        """A tagged PDF (PDF/UA-1), A4."""
        ...

    def draw_first_page(self, report: Report) -> bytes:
        """The first page as PNG, to look at."""
        ...
