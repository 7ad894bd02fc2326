"""A position of an order as one of an invoice (pure)."""

from uuid import UUID

from carbot_app.domains.billing.draft_schemas import LineInput
from carbot_app.domains.orders.models import OrderLine
from carbot_app.domains.orders.schemas import OrderLineInput


def billed_line(
    line: OrderLine | OrderLineInput, *, service_code: str = "", technician_id: UUID | None = None
) -> LineInput:
    """The same position; the part's number stays with the order."""
    return LineInput(
        kind=line.kind,
        text=line.text,
        unit_price=line.unit_price,
        quantity=line.quantity,
        unit=line.unit,
        gross=line.gross,
        discount_percent=line.discount_percent,
        exchange=line.exchange,
        list_price=line.list_price,
        service_code=service_code,
        technician_id=technician_id,
        minutes=line.minutes,
        cost_cents=line.cost_cents,
    )
