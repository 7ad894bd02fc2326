"""How the workshop is doing."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import JsonAnswer, PlainText
from carbot_app.domains.analytics.comparing import span_before, year_before
from carbot_app.domains.analytics.figures import settle
from carbot_app.domains.analytics.schemas import Filters, Kpi, Question, Span

router = APIRouter(tags=["workshop"])
_COMPARED = {"before": span_before, "year": year_before}


@router.get("/kpis", response_model=list[Kpi])
def list_kpis(
    actor: ApiActor, services: CurrentServices, days: Literal["7", "30", "90", "365"] = "30"
) -> Response:
    """Every figure of the last days, beside the period before. Scope `analytics.read`."""
    return JsonAnswer(services.analytics.kpis(actor, services.analytics.last_days(actor, int(days))))


@router.get("/analytics/kpis", response_model=list[Kpi])
def list_figures(
    actor: ApiActor,
    services: CurrentServices,
    first: date,
    last: date,
    compare: Literal["before", "year", "off"] = "before",
    channel: Annotated[PlainText, Query(max_length=12)] = "",
    service: Annotated[PlainText, Query(max_length=20)] = "",
    technician_id: UUID | None = None,
    weekday: Annotated[int | None, Query(ge=0, le=6)] = None,
    hour: Annotated[int | None, Query(ge=0, le=23)] = None,
) -> Response:
    """Every figure of the days from `first` to `last`, compared with the period before or the same weekdays a
    year before, narrowed as wanted (`weekday` 0 is Monday). A figure that cannot be narrowed so has no value
    and names the `reason`. Scope `analytics.read`.
    """
    span = settle(Span(first, last))
    compared = _COMPARED[compare](span) if compare in _COMPARED else None
    filters = Filters(channel, service, technician_id, weekday, hour)
    return JsonAnswer(services.analytics.kpis(actor, Question(span, compared, filters)))
