"""Issued documents."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import NOT_FOUND, JsonAnswer
from carbot_app.domains.billing.invoice_schemas import InvoiceSummary

router = APIRouter(prefix="/invoices", tags=["invoices"])


@router.get("", response_model=list[InvoiceSummary])
def list_invoices(
    actor: ApiActor,
    services: CurrentServices,
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Issued documents, the newest first; `before`: the last id of a page. Scope `invoices.read`."""
    return JsonAnswer(services.invoices.list_summaries(actor, before=before, limit=limit))


@router.get("/{invoice_id}", response_model=InvoiceSummary, responses=NOT_FOUND)
def get_invoice(invoice_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """One issued document. Scope `invoices.read`."""
    return JsonAnswer(services.invoices.get_summary(actor, invoice_id))
