"""Use cases of the catalogue: listing, searching and pricing the services of a workshop."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.library import library_services, library_version
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import (
    PER_UNIT,
    PER_VEHICLE_CLASS,
    VEHICLE_CLASSES,
    Price,
    class_factors,
    class_of,
    price_of,
    total_of,
)
from carbot_app.domains.catalog.schemas import Offer, Quote, ServiceView
from carbot_app.domains.catalog.search import ServiceIndex
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound

CACHE_SECONDS = 5.0
"""How long a change made by another process may stay unseen."""
_READERS = ("catalog.read", "public.book", "public.chat")


@dataclass(frozen=True)
class _Catalogue:
    """What a workshop offers, read at one moment."""

    read_at: float
    currency: str
    country: str
    factors: dict[str, int]
    services: tuple[Service, ...]

    @cached_property
    def by_code(self) -> dict[str, Service]:
        return {service.code: service for service in self.services}

    @cached_property
    def index(self) -> ServiceIndex:
        return ServiceIndex(
            (service.code, term)
            for service in self.services
            for term in (*service.names.values(), *service.synonyms)
        )


class CatalogService:
    """Reads need ``catalog.read`` (staff, API keys) or a public permission."""

    def __init__(self, *, db: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._monotonic = monotonic
        self._catalogues: dict[UUID, _Catalogue] = {}

    def list_services(
        self, actor: Actor, *, language: str, only_bookable: bool = False, category: str | None = None
    ) -> list[ServiceView]:
        """Active services in the workshop's order; a catalogue is small enough for one page."""
        catalogue = self._catalogue(actor)
        return [
            self._view(catalogue, service, language)
            for service in catalogue.services
            if (service.bookable or not only_bookable) and category in (None, service.category)
        ]

    def get_service(self, actor: Actor, code: str, language: str) -> ServiceView:
        """One active service; NotFound("service_unknown") otherwise."""
        catalogue = self._catalogue(actor)
        return self._view(catalogue, _service(catalogue, code), language)

    def search(self, actor: Actor, text: str, *, language: str, limit: int = 8) -> list[ServiceView]:
        """Services matching what a customer calls them in any language, best first, misspellings included."""
        catalogue = self._catalogue(actor)
        return [
            self._view(catalogue, catalogue.by_code[code], language)
            for code in catalogue.index.find(text, limit)
        ]

    def list_offers(
        self, actor: Actor, *, vehicle: VehicleFacts, language: str, text: str = ""
    ) -> list[Offer]:
        """What can be booked online, with the price for this car.

        With ``text`` what a customer asks for in own words, best first, also what is not booked online.
        """
        services = (
            self.search(actor, text, language=language)
            if text.strip()
            else self.list_services(actor, language=language, only_bookable=True)
        )
        return [
            Offer(service, self.quote(actor, service.code, vehicle=vehicle, language=language))
            for service in services
        ]

    def match_codes(self, actor: Actor, sub_codes: Sequence[str]) -> list[str]:
        """For each ``CAT-SUB`` the workshop's first service of that group; unknown groups are left out."""
        services = self._catalogue(actor).services
        found = (next((s.code for s in services if s.code.startswith(f"{sub}-")), None) for sub in sub_codes)
        return list(dict.fromkeys(code for code in found if code))

    def quote(self, actor: Actor, code: str, *, vehicle: VehicleFacts, language: str) -> Quote:
        """Price of one service for a car; NotFound("service_unknown") for a code that is not offered."""
        catalogue = self._catalogue(actor)
        service = _service(catalogue, code)
        vehicle_class = _class_of(vehicle)
        return _quote(
            catalogue,
            _price(catalogue, service, vehicle_class),
            language,
            code=service.code,
            name=_in_language(service.names, language),
            vehicle_class=vehicle_class if service.price_model == PER_VEHICLE_CLASS else "",
            minutes=service.minutes,
            unit=service.unit if service.price_model == PER_UNIT else "",
        )

    def quote_visit(
        self, actor: Actor, codes: Sequence[str], *, vehicle: VehicleFacts, language: str
    ) -> tuple[Quote, ...]:
        """Prices of the services of one visit, each code once, in the given order."""
        return tuple(
            self.quote(actor, code, vehicle=vehicle, language=language) for code in dict.fromkeys(codes)
        )

    def total(self, actor: Actor, codes: Sequence[str], *, vehicle: VehicleFacts, language: str) -> Quote:
        """The visit as one quote: sums of prices and minutes; ``service_code`` is empty, names are joined."""
        catalogue = self._catalogue(actor)
        vehicle_class = _class_of(vehicle)
        services = [_service(catalogue, code) for code in dict.fromkeys(codes)]
        return _quote(
            catalogue,
            total_of(_price(catalogue, service, vehicle_class) for service in services),
            language,
            name=" + ".join(_in_language(service.names, language) for service in services),
            vehicle_class=vehicle_class,
            minutes=sum(service.minutes for service in services),
        )

    def load_library(self, session: Session, workshop_id: UUID) -> int:
        """Add library services the workshop lacks and refresh the others; returns how many rows changed.

        What the workshop changed itself (``own_fields``), offers or does not offer stays.
        """
        query = select(Service).where(Service.workshop_id == workshop_id)
        present = {service.code: service for service in session.exec(query)}
        changed = 0
        for fields in library_services():
            service = present.get(fields["code"])
            if service is None:
                session.add(Service(workshop_id=workshop_id, **fields))
                changed += 1
            else:
                changed += _refresh(service, fields)
        session.get_one(Workshop, workshop_id).library_version = library_version()
        if changed:
            emit(session, workshop_id, "catalog.changed")
        self.forget(workshop_id)
        return changed

    def update_libraries(self) -> int:
        """Bring every workshop's catalogue up to this library; returns how many were behind."""
        with self._db.reading(SYSTEM) as session:
            query = select(Workshop.id).where(Workshop.library_version != library_version())
            behind = session.exec(query).all()
        for workshop_id in behind:
            with self._db.writing(SYSTEM) as session:
                self.load_library(session, workshop_id)
        return len(behind)

    def forget(self, workshop_id: UUID) -> None:
        """Read the workshop's catalogue anew at the next use; called after every change."""
        self._catalogues.pop(workshop_id, None)

    def _catalogue(self, actor: Actor) -> _Catalogue:
        actor.require_any(*_READERS)
        now = self._monotonic()
        known = self._catalogues.get(actor.workshop_id)
        if known is None or now - known.read_at > CACHE_SECONDS:
            known = self._read(actor.workshop_id, now)
            self._catalogues[actor.workshop_id] = known
        return known

    def _read(self, workshop_id: UUID, now: float) -> _Catalogue:
        with self._db.reading(workshop_id) as session:
            workshop = session.get(Workshop, workshop_id)
            if workshop is None:
                raise NotFound("workshop_unknown")
            services = session.exec(
                select(Service)
                .where(col(Service.active))
                .order_by(col(Service.sort_order), col(Service.code))
            ).all()
        return _Catalogue(
            read_at=now,
            currency=workshop.currency,
            country=workshop.country,
            factors=class_factors(workshop.class_factors),
            services=tuple(services),
        )

    def _view(self, catalogue: _Catalogue, service: Service, language: str) -> ServiceView:
        price = _price(catalogue, service, "")
        return ServiceView(
            id=service.id,
            code=service.code,
            name=_in_language(service.names, language),
            description=_in_language(service.descriptions, language),
            category=service.category,
            price_model=service.price_model,
            price_min_cents=price.low_cents,
            price_max_cents=price.high_cents,
            unit=service.unit,
            minutes=service.minutes,
            labour_units=service.labour_units,
            bay=service.bay,
            lift=service.lift,
            skill=service.skill,
            interval_km=service.interval_km,
            interval_months=service.interval_months,
            hu_relevant=service.hu_relevant,
            dtc_families=tuple(service.dtc_families),
            vat_treatment=service.vat_treatment,
            exchange_part=service.exchange_part,
            upsells=tuple(service.upsells),
            bookable=service.bookable,
            active=service.active,
        )


def _refresh(service: Service, fields: Mapping[str, Any]) -> bool:
    """Take over what the library says now; whether anything was different."""
    kept = {*service.own_fields, "active", "bookable"}
    news = {
        name: value for name, value in fields.items() if name not in kept and getattr(service, name) != value
    }
    for name, value in news.items():
        setattr(service, name, value)
    return bool(news)


def _service(catalogue: _Catalogue, code: str) -> Service:
    service = catalogue.by_code.get(code)
    if service is None:
        raise NotFound("service_unknown", service=code[:20])
    return service


def _class_of(vehicle: VehicleFacts) -> str:
    if vehicle.vehicle_class in VEHICLE_CLASSES:
        return vehicle.vehicle_class
    return class_of(vehicle.make, vehicle.model)


def _price(catalogue: _Catalogue, service: Service, vehicle_class: str) -> Price:
    return price_of(
        service.price_model,
        service.price_min_cents,
        service.price_max_cents,
        vehicle_class=vehicle_class,
        factors=catalogue.factors,
    )


def _quote(
    catalogue: _Catalogue,
    price: Price,
    language: str,
    *,
    name: str,
    vehicle_class: str,
    minutes: int,
    code: str = "",
    unit: str = "",
) -> Quote:
    return Quote(
        service_code=code,
        service_name=name,
        low_cents=price.low_cents,
        high_cents=price.high_cents,
        currency=catalogue.currency,
        exact=price.exact,
        vehicle_class=vehicle_class,
        minutes=minutes,
        text=price_text(
            price, currency=catalogue.currency, language=language, country=catalogue.country, unit=unit
        ),
    )


def _in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("de", "")
