"""A workshop's whole catalogue read at one moment, and prices out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.catalog.changes import KEYS
from carbot_app.domains.catalog.models import (
    CatalogChange,
    CatalogChangeItem,
    PriceRule,
    PriceTerms,
    Service,
    ServiceCategory,
)
from carbot_app.domains.catalog.pricing import (
    DEFAULT_MARKUPS,
    DEFAULT_RATES,
    PACKAGE,
    Price,
    Priced,
    PriceQuote,
    Terms,
    price_service,
)
from carbot_app.domains.catalog.rules import Case, rule_of
from carbot_app.domains.catalog.search import ServiceIndex
from carbot_app.domains.catalog.vehicle_classes import VEHICLE_CLASSES, class_factors, class_of
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import NotFound
from carbot_app.kit.languages import stand_in


@dataclass(frozen=True)
class Catalogue:
    """All services of a workshop in its order, with what their prices rest on."""

    currency: str
    country: str
    timezone: str
    terms: Terms
    services: tuple[Service, ...]
    categories: tuple[ServiceCategory, ...] = ()
    read_at: float = 0.0
    _priced: dict[str, Priced] = field(default_factory=dict)
    _plain: dict[tuple[str, date], Price] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, Service]:
        """Every service, those not offered included."""
        return {service.code: service for service in self.services}

    @cached_property
    def offered(self) -> tuple[Service, ...]:
        """What the workshop offers."""
        return tuple(service for service in self.services if service.active)

    @cached_property
    def index(self) -> ServiceIndex:
        """Search over what is offered."""
        return _index(self.offered)

    @cached_property
    def full_index(self) -> ServiceIndex:
        """Search over everything, for staff."""
        return _index(self.services)

    def day_of(self, instant: datetime) -> date:
        """The day in the workshop's zone."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()

    def get(self, code: str, *, offered_only: bool = True) -> Service:
        """An offered service. NotFound("service_unknown")."""
        service = self.by_code.get(code)
        if service is None or (offered_only and not service.active):
            raise NotFound("service_unknown", service=code[:20])
        return service

    def members(self, service: Service) -> tuple[Service, ...]:
        """Services in a package, those in inner packages instead of the inner package."""
        inner = (self.by_code[code] for code in service.members if code in self.by_code)
        return tuple(leaf for one in inner for leaf in (self.members(one) if one.members else (one,)))

    def minutes(self, service: Service) -> int:
        """Time in the calendar; a package takes as long as its services."""
        if service.price_model != PACKAGE:
            return service.minutes
        return sum(member.minutes for member in self.members(service))

    def priced(self, service: Service) -> Priced:
        """What the pricing engine wants to know."""
        known = self._priced.get(service.code)
        if known is None:
            known = self._priced[service.code] = self.priced_from(service.model_dump())
        return known

    def priced_from(self, fields: Mapping[str, Any]) -> Priced:
        """The same from the fields of a service that may not be stored yet."""
        members = [self.by_code[code] for code in fields["members"] if code in self.by_code]
        return Priced(
            members=tuple(self.priced(member) for member in members)
            if fields["price_model"] == PACKAGE
            else (),
            groups=frozenset({fields["code"], fields["category"], fields["subcategory"]}),
            name=fields["code"],
            **{name: fields[name] for name in _PRICE_FIELDS},
        )

    def quote(self, service: Service, case: Case, today: date) -> PriceQuote:
        """Price of a service for a case."""
        return price_service(self.priced(service), self.terms, case, today=today)

    def plain_price(self, service: Service, today: date) -> Price:
        """Price for a car of which nothing is known, as lists show it."""
        key = (service.code, today)
        known = self._plain.get(key)
        if known is None:
            known = self._plain[key] = self.quote(service, Case(), today).price
        return known


_PRICE_FIELDS = (
    "code", "price_model", "price_min_cents", "price_max_cents", "labour_seconds", "rate", "calculated",
    "parts_cost_cents", "parts_list_cents", "fee_cents", "exchange_part", "discount_percent",
)  # fmt: skip


def read_catalogue(
    session: Session, workshop_id: UUID, *, read_at: float = 0.0, as_of: datetime | None = None
) -> Catalogue:
    """Everything of one workshop, with ``as_of`` as it was at that instant.

    Raises:
        NotFound: ``workshop_unknown``.
    """
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound("workshop_unknown")
    rows: dict[str, dict[str, Any]] = {
        subject: {str(getattr(row, key)): row for row in session.exec(select(table))}
        for subject, (table, key) in KEYS.items()
    }
    if as_of is not None:
        _turn_back(session, rows, as_of)
    services, categories, rules, terms = (list(rows[subject].values()) for subject in KEYS)
    services.sort(key=lambda row: (row.sort_order, row.code))
    categories.sort(key=lambda row: (row.sort_order, row.key))
    rules = sorted((row for row in rules if row.active), key=lambda row: (row.sort_order, row.id))
    return Catalogue(
        currency=workshop.currency,
        country=workshop.country,
        timezone=workshop.timezone,
        terms=terms_of(workshop.country, next(iter(terms), None), rules),
        services=tuple(services),
        categories=tuple(categories),
        read_at=read_at,
    )


def _turn_back(session: Session, rows: dict[str, dict[str, Any]], as_of: datetime) -> None:
    """Put rows back to what they were at an instant, newest change first; nothing is written."""
    later = (
        select(CatalogChangeItem)
        .join(CatalogChange, col(CatalogChange.id) == col(CatalogChangeItem.change_id))
        .where(CatalogChange.created_at > as_of)
        .order_by(col(CatalogChange.created_at).desc(), col(CatalogChange.id).desc())
    )
    for item in session.exec(later):
        known, (table, key) = rows[item.subject], KEYS[item.subject]
        row = known.get(item.subject_key)
        if item.before is None:
            known.pop(item.subject_key, None)
        elif row is None:
            known[item.subject_key] = table(**{key: item.subject_key, **item.before})
        else:
            known[item.subject_key] = table(**{**row.model_dump(), **item.before})


def terms_of(country: str, row: PriceTerms | None, rules: Iterable[PriceRule] = ()) -> Terms:
    """Terms of the engine from the tables, defaults filled in."""
    row = row or PriceTerms()  # pyright: ignore[reportCallIssue]
    return Terms(
        country=country,
        regime=row.vat_regime,
        rates={**DEFAULT_RATES, **row.rates},
        units_per_hour=row.units_per_hour,
        markups=tuple((up_to, percent) for up_to, percent in row.markups) or DEFAULT_MARKUPS,
        small_parts_percent=row.small_parts_percent,
        small_parts_min_cents=row.small_parts_min_cents,
        small_parts_max_cents=row.small_parts_max_cents,
        factors=class_factors(row.class_factors),
        rules=tuple(rule_of(rule.model_dump()) for rule in rules),
    )


def case_of(vehicle: VehicleFacts, today: date, *, on: date | None = None, fleet: bool = False,
            quantity: Decimal = Decimal(1)) -> Case:  # fmt: skip
    """What is known of a car as the engine wants it."""
    known = vehicle.vehicle_class in VEHICLE_CLASSES
    return Case(
        vehicle_class=vehicle.vehicle_class if known else class_of(vehicle.make, vehicle.model),
        age_years=(on or today).year - vehicle.year if vehicle.year else None,
        fuel=vehicle.fuel,
        on=on,
        fleet=fleet,
        quantity=quantity,
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in the reader's language, else in the one that stands in for it, else German, else any."""
    told = (texts.get(code) for code in (language, stand_in(language), "de"))
    return next(filter(None, (*told, *texts.values())), "")


def _index(services: Iterable[Service]) -> ServiceIndex:
    return ServiceIndex(
        (service.code, term)
        for service in services
        for term in (*service.names.values(), *service.synonyms)
        if term
    )
