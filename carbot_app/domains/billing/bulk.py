"""One thing done to many documents: mailed, packed as PDFs, written as a table."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from carbot_app.domains.billing.invoicing import InvoiceService
from carbot_app.domains.billing.listing import InvoiceList
from carbot_app.domains.billing.listing_sheet import write_list
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid

MOST_SELECTED = 500
"""Documents at once; whole years go by the export of the list and the archive."""


@dataclass(frozen=True, slots=True)
class SentMany:
    """What became of a mailing."""

    sent: int
    without_address: tuple[str, ...]
    """Numbers of documents nobody's address is known for."""


class InvoiceBulk:
    """Every document is a transaction of its own: what was sent stays sent whatever comes after it."""

    def __init__(self, *, invoices: InvoiceService, listing: InvoiceList) -> None:
        self._invoices, self._listing = invoices, listing

    def send(self, actor: Actor, invoice_ids: Sequence[UUID]) -> SentMany:
        """Queue the mail of each document to its buyer's address.

        Raises:
            Invalid: ``invoice_none_selected``, ``invoice_too_many_selected``.

        """
        actor.require("invoices.manage")
        sent, without = 0, []
        for row in self._listing.selected_rows(actor, _checked(invoice_ids)):
            try:
                self._invoices.send(actor, row.id)
            except Invalid as error:
                if error.code != "email_invalid":
                    raise
                without.append(row.number)
            else:
                sent += 1
        return SentMany(sent, tuple(without))

    def pack(
        self,
        actor: Actor,
        invoice_ids: Sequence[UUID],
        report: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> bytes:
        """A ZIP with the PDF of each document; ``report(done, of)`` is told after each.

        Raises:
            Invalid: ``invoice_none_selected``, ``invoice_too_many_selected``.

        """
        actor.require("invoices.read")
        rows = self._listing.selected_rows(actor, _checked(invoice_ids))
        packed = io.BytesIO()
        # A PDF is compressed already
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for done, row in enumerate(rows, 1):
                # A pattern of numbers may hold a slash, which would be a folder
                archive.writestr(f"{row.number.replace('/', '-')}.pdf", self._invoices.pdf(actor, row.id))
                report(done, len(rows))
        return packed.getvalue()

    def write(self, actor: Actor, invoice_ids: Sequence[UUID], kind: str) -> bytes:
        """The documents as a table; ``kind`` is csv or xlsx.

        Raises:
            Invalid: ``invoice_none_selected``, ``invoice_too_many_selected``.

        """
        actor.require("invoices.read")
        return write_list(self._listing.selected_rows(actor, _checked(invoice_ids)), actor.language, kind)


def _checked(invoice_ids: Sequence[UUID]) -> Sequence[UUID]:
    if not invoice_ids:
        raise Invalid("invoice_none_selected")
    if len(invoice_ids) > MOST_SELECTED:
        raise Invalid("invoice_too_many_selected", limit=MOST_SELECTED)
    return invoice_ids
