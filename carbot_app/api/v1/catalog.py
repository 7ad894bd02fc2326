"""The workshop itself, what it offers and how it is doing."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import NOT_FOUND, JsonAnswer, PlainText
from carbot_app.domains.analytics.schemas import Kpi
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.team.schemas import WorkshopView

router = APIRouter()


@router.get("/workshop", response_model=WorkshopView, tags=["workshop"])
def get_workshop(actor: ApiActor, services: CurrentServices) -> Response:
    """The workshop the key belongs to. Any scope."""
    return JsonAnswer(services.team.get_workshop(actor))


@router.get("/kpis", response_model=list[Kpi], tags=["workshop"])
def list_kpis(
    actor: ApiActor, services: CurrentServices, days: Literal["7", "30", "90", "365"] = "30"
) -> Response:
    """New leads, first response, share solved by the assistant, bookings. Scope `analytics.read`."""
    return JsonAnswer(services.analytics.kpis(actor, days=int(days)))


@router.get("/services", response_model=list[ServiceView], tags=["catalogue"])
def list_services(
    actor: ApiActor,
    services: CurrentServices,
    category: Annotated[PlainText | None, Query(max_length=40)] = None,
    only_bookable: bool = False,
) -> Response:
    """What the workshop offers, in the language of `Accept-Language`. Scope `catalog.read`."""
    found = services.catalog.list_services(
        actor, language=actor.language, only_bookable=only_bookable, category=category
    )
    return JsonAnswer(found)


@router.get("/services/search", response_model=list[ServiceView], tags=["catalogue"])
def search_services(
    actor: ApiActor,
    services: CurrentServices,
    q: Annotated[PlainText, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> Response:
    """Services by name or synonym in four languages, misspellings included. Scope `catalog.read`."""
    return JsonAnswer(services.catalog.search(actor, q, language=actor.language, limit=limit))


@router.get("/services/{code}", response_model=ServiceView, responses=NOT_FOUND, tags=["catalogue"])
def get_service(
    code: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,16}$")], actor: ApiActor, services: CurrentServices
) -> Response:
    """One service. Scope `catalog.read`."""
    return JsonAnswer(services.catalog.get_service(actor, code, actor.language))
