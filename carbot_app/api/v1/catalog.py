"""The workshop itself and what it offers."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import NOT_FOUND, JsonAnswer, PlainText
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.tax.vat import Totals
from carbot_app.domains.team.schemas import WorkshopView

router = APIRouter()
ServiceCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,16}$")]


class TaxAnswer(BaseModel):
    """What falls under one VAT category (EN 16931) and rate."""

    category: str
    percent: str
    base_cents: int
    tax_cents: int


class TotalsAnswer(BaseModel):
    """Net, VAT by rate and gross."""

    net_cents: int
    taxes: list[TaxAnswer]
    gross_cents: int


class LineAnswer(BaseModel):
    """One reason of the price, net, at both ends."""

    kind: str
    low_cents: int
    high_cents: int


class QuoteAnswer(BaseModel):
    """A price; `low` and `high` are equal when everything that matters is known."""

    service_code: str
    service_name: str
    text: str
    currency: str
    exact: bool
    vehicle_class: str
    minutes: int
    low: TotalsAnswer
    high: TotalsAnswer
    lines: list[LineAnswer]


@router.get("/workshop", response_model=WorkshopView, tags=["workshop"])
def get_workshop(actor: ApiActor, services: CurrentServices) -> Response:
    """The workshop the key belongs to. Any scope."""
    return JsonAnswer(services.team.get_workshop(actor))


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
def get_service(code: ServiceCode, actor: ApiActor, services: CurrentServices) -> Response:
    """One service. Scope `catalog.read`."""
    return JsonAnswer(services.catalog.get_service(actor, code, actor.language))


@router.get("/services/{code}/quote", response_model=QuoteAnswer, responses=NOT_FOUND, tags=["catalogue"])
def quote_service(
    code: ServiceCode,
    actor: ApiActor,
    services: CurrentServices,
    make: Annotated[PlainText, Query(max_length=40)] = "",
    model: Annotated[PlainText, Query(max_length=60)] = "",
    vehicle_class: Literal["", "small", "compact", "mid", "suv", "van", "premium"] = "",
    year: Annotated[int | None, Query(ge=1900, le=2100)] = None,
    fuel: Annotated[str, Query(max_length=20)] = "",
    on: date | None = None,
    quantity: Annotated[Decimal, Query(gt=0, le=1000)] = Decimal(1),
    fleet: bool = False,
    as_of: AwareDatetime | None = None,
) -> Response:
    """Price of a service for a car and a day. Scope `catalog.read`.

    `quantity`: units of a price per unit. `fleet`: for a fleet customer. `as_of`: an earlier instant.
    """
    vehicle = VehicleFacts(make=make, model=model, vehicle_class=vehicle_class, year=year, fuel=fuel)
    quote = services.catalog.quote(
        actor,
        code,
        vehicle=vehicle,
        language=actor.language,
        on=on,
        quantity=quantity,
        fleet=fleet,
        as_of=as_of,
    )
    return JsonAnswer(_answer(quote).model_dump())


def _answer(quote: Quote) -> QuoteAnswer:
    return QuoteAnswer(
        service_code=quote.service_code,
        service_name=quote.service_name,
        text=quote.text,
        currency=quote.currency,
        exact=quote.exact,
        vehicle_class=quote.vehicle_class,
        minutes=quote.minutes,
        low=_totals(quote.priced.low),
        high=_totals(quote.priced.high),
        lines=[
            LineAnswer(kind=line.kind, low_cents=line.low_cents, high_cents=line.high_cents)
            for line in quote.priced.lines
        ],
    )


def _totals(totals: Totals) -> TotalsAnswer:
    return TotalsAnswer(
        net_cents=totals.net_cents,
        taxes=[
            TaxAnswer(
                category=part.category,
                percent=f"{part.percent:f}",
                base_cents=part.base_cents,
                tax_cents=part.tax_cents,
            )
            for part in totals.sums
        ],
        gross_cents=totals.gross_cents,
    )
