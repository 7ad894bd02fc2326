"""The list of invoices as a file."""

from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from carbot_app.api.dependencies import CurrentServices, StaffActor
from carbot_app.domains.billing.listing_schemas import PERIODS, InvoiceQuery
from carbot_app.domains.billing.listing_sheet import write_list

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

router = APIRouter(prefix="/api/invoices", tags=["invoices"])


@router.get("/export.{kind}")
def export(
    kind: Literal["csv", "xlsx"],
    actor: StaffActor,
    services: CurrentServices,
    view: str = "all",
    q: Annotated[str, Query(max_length=80)] = "",
    zeitraum: str = "all",
    buyer: str = "",
) -> Response:
    """Every document of a filter, at most 20,000."""
    actor.require("invoices.read")
    zone = ZoneInfo(services.team.get_workshop(actor).timezone)
    today = services.clock().astimezone(zone).date()
    days = PERIODS.get(zeitraum, 0)
    query = InvoiceQuery(
        view=view, search=q, since=today - timedelta(days=days - 1) if days else None, buyer=buyer
    )
    page = services.invoice_list.export_rows(actor, query)
    content = write_list(page.rows, actor.language, kind)
    headers = {
        "content-disposition": f'attachment; filename="Rechnungen-{today:%Y-%m-%d}.{kind}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_TYPES[kind], headers=headers)


@router.get("/drafts/{draft_id}/preview.pdf")
def preview(draft_id: UUID, actor: StaffActor, services: CurrentServices) -> Response:
    """How a draft would look."""
    headers = {
        "content-disposition": 'inline; filename="Entwurf.pdf"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    content = services.invoices.desk.print_draft(actor, draft_id)
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{invoice_id}/document.{kind}")
def document(
    invoice_id: UUID, kind: Literal["pdf", "xml"], actor: StaffActor, services: CurrentServices
) -> Response:
    """A document as it was issued: the PDF to look at, the e-invoice to keep."""
    number = services.invoices.get_summary(actor, invoice_id).number
    content = (services.invoices.pdf if kind == "pdf" else services.invoices.xml)(actor, invoice_id)
    shown = "inline" if kind == "pdf" else "attachment"
    headers = {
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(number, safe='')}.{kind}",
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=f"application/{kind}", headers=headers)
