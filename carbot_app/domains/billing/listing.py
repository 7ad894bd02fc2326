"""The list of invoices: filtered, searched and sorted among very many, with the figures of what is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.listing_figures import head_figures
from carbot_app.domains.billing.listing_file import InvoiceFile, open_file
from carbot_app.domains.billing.listing_reading import (
    count_documents,
    count_overdue,
    find_ids,
    list_documents,
)
from carbot_app.domains.billing.listing_schemas import (
    BUYERS,
    FILTERS,
    SORTS,
    InvoiceFigures,
    InvoicePage,
    InvoiceQuery,
    InvoiceRow,
)
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.billing.receivables import METHODS
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid

MOST_ROWS = 200
MOST_EXPORTED = 20_000
"""Rows of one export; more are asked for by period."""


class InvoiceList:
    """Use cases of the page that shows what is late, what is owed and what comes in."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def list_invoices(
        self, actor: Actor, query: InvoiceQuery, *, after: str | None = None, limit: int = 50
    ) -> InvoicePage:
        """A page of documents; ``after`` is the ``next_after`` of the page before.

        Raises:
            Invalid: ``invoice_filter_unknown``, ``cursor_invalid``.

        """
        return self._read(actor, query, after, min(limit, MOST_ROWS))

    def export_rows(self, actor: Actor, query: InvoiceQuery) -> InvoicePage:
        """Every document of a filter at once, for a file.

        Raises:
            Invalid: ``invoice_export_too_large`` with more than MOST_EXPORTED; ``invoice_filter_unknown``.

        """
        page = self._read(actor, query, None, MOST_EXPORTED)
        if page.next_after is not None:
            raise Invalid("invoice_export_too_large", limit=MOST_EXPORTED)
        return page

    def selected_rows(self, actor: Actor, invoice_ids: Sequence[UUID]) -> tuple[InvoiceRow, ...]:
        """These documents, the newest first; what is no document of this workshop is left out."""
        actor.require("invoices.read")
        ours = actor.workshop_id
        wanted = select(Receivable.id).where(col(Receivable.invoice_id).in_(invoice_ids))
        with self._db.reading(ours) as session:
            today, _ = self._place(session, ours)
            query, found = InvoiceQuery(), list(session.exec(wanted))
            rows, _ = list_documents(
                session, ours, query, today, found=found, after=None, limit=max(len(found), 1)
            )
        return tuple(row for row in rows if row.standing != "draft")

    def figures(self, actor: Actor) -> InvoiceFigures:
        """The head of the page, whatever is filtered."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            today, currency = self._place(session, actor.workshop_id)
            return head_figures(session, actor.workshop_id, today, currency)

    def count_overdue(self, actor: Actor) -> int:
        """How many are late, for the frame around every page."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            today, _ = self._place(session, actor.workshop_id)
            return count_overdue(session, actor.workshop_id, today)

    def open_file(self, actor: Actor, invoice_id: UUID) -> InvoiceFile:
        """One issued document with its positions, payments and history.

        Raises:
            NotFound: ``invoice_unknown``.

        """
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            return open_file(session, invoice_id, self._place(session, actor.workshop_id)[0])

    def _read(self, actor: Actor, query: InvoiceQuery, after: str | None, limit: int) -> InvoicePage:
        actor.require("invoices.read")
        _check(query)
        ours = actor.workshop_id
        with self._db.reading(ours) as session:
            today, currency = self._place(session, ours)
            found, cut = find_ids(session, ours, query.search)
            counted = count_documents(session, ours, query, today, found=found)
            rows, following = list_documents(
                session, ours, query, today, found=found, after=after, limit=limit
            )
        return InvoicePage(rows=tuple(rows), next_after=following, currency=currency, cut=cut, **counted)

    def _place(self, session: Session, workshop_id: UUID) -> tuple[date, str]:
        workshop = session.get_one(Workshop, workshop_id)
        return self._clock().astimezone(ZoneInfo(workshop.timezone)).date(), workshop.currency


def _check(query: InvoiceQuery) -> None:
    allowed: tuple[tuple[str, Any, Any], ...] = (
        ("view", query.view, FILTERS),
        ("sort", query.sort, SORTS),
        ("buyer", query.buyer or BUYERS[0], BUYERS),
        ("method", query.method or METHODS[0], METHODS),
    )
    for field, value, values in allowed:
        if value not in values:
            raise Invalid("invoice_filter_unknown", field=field)
