"""Use cases of the catalogue: listing, searching and pricing the services of a workshop."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.catalogue import Catalogue, case_of, in_language, read_catalogue
from carbot_app.domains.catalog.library import library_categories, library_services, library_version
from carbot_app.domains.catalog.models import Service, ServiceCategory
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import PACKAGE, PER_UNIT, PER_VEHICLE_CLASS, PriceQuote, total_of
from carbot_app.domains.catalog.rules import Case
from carbot_app.domains.catalog.schemas import Offer, Quote, ServiceView
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock, system_clock
from carbot_app.kit.ids import new_id

CACHE_SECONDS = 5.0
"""How long a change made by another process may stay unseen if its hint was lost."""
_READERS = ("catalog.read", "public.book", "public.chat")


class CatalogService:
    """Reads need ``catalog.read`` (staff, API keys) or a public permission."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock = system_clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._monotonic = monotonic
        self._catalogues: dict[UUID, Catalogue] = {}
        self._reading: defaultdict[UUID, Lock] = defaultdict(Lock)

    def list_services(
        self, actor: Actor, *, language: str, only_bookable: bool = False, category: str | None = None
    ) -> list[ServiceView]:
        """Active services in the workshop's order; a catalogue is small enough for one page."""
        catalogue = self._catalogue(actor)
        return [
            self._view(catalogue, service, language)
            for service in catalogue.offered
            if (service.bookable or not only_bookable)
            and category in (None, service.category, service.subcategory)
        ]

    def get_service(self, actor: Actor, code: str, language: str) -> ServiceView:
        """One active service; NotFound("service_unknown") otherwise."""
        catalogue = self._catalogue(actor)
        return self._view(catalogue, catalogue.get(code), language)

    def list_work(
        self, actor: Actor, codes: Sequence[str], *, language: str, offered_only: bool = True
    ) -> list[ServiceView]:
        """The services to be done for some codes, those of a package instead of the package.

        ``offered_only``: NotFound("service_unknown") also for what is no longer offered.
        """
        catalogue = self._catalogue(actor)
        services = [catalogue.get(code, offered_only=offered_only) for code in dict.fromkeys(codes)]
        leaves = (leaf for one in services for leaf in (catalogue.members(one) or (one,)))
        return [self._view(catalogue, leaf, language) for leaf in leaves]

    def names(self, actor: Actor, language: str) -> dict[str, str]:
        """Code → name of every service, those no longer offered included."""
        services = self._catalogue(actor).services
        return {service.code: in_language(service.names, language) for service in services}

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
        services = self._catalogue(actor).offered
        found = (next((s.code for s in services if s.code.startswith(f"{sub}-")), None) for sub in sub_codes)
        return list(dict.fromkeys(code for code in found if code))

    def quote(
        self,
        actor: Actor,
        code: str,
        *,
        vehicle: VehicleFacts,
        language: str,
        on: date | None = None,
        quantity: Decimal = Decimal(1),
        fleet: bool = False,
        as_of: datetime | None = None,
    ) -> Quote:
        """Price of one service for a car, with its lines, net and tax.

        ``on``: day of the visit, in the workshop's zone. ``quantity``: units of a price per unit. ``fleet``:
        for a fleet customer. ``as_of``: with the prices of an earlier instant.

        Raises:
            NotFound: ``service_unknown`` for a code that is not, or was not, offered.
        """
        catalogue = self._catalogue(actor) if as_of is None else self._past(actor, as_of)
        case = self._case(catalogue, vehicle, on, quantity=quantity, fleet=fleet)
        return self._quote(catalogue, catalogue.get(code), case, language)

    def quote_visit(
        self,
        actor: Actor,
        codes: Sequence[str],
        *,
        vehicle: VehicleFacts,
        language: str,
        on: date | None = None,
    ) -> tuple[Quote, ...]:
        """Prices of the services of one visit, each code once, in the given order."""
        catalogue = self._catalogue(actor)
        case = self._case(catalogue, vehicle, on)
        return tuple(
            self._quote(catalogue, catalogue.get(code), case, language) for code in dict.fromkeys(codes)
        )

    def total(
        self,
        actor: Actor,
        codes: Sequence[str],
        *,
        vehicle: VehicleFacts,
        language: str,
        on: date | None = None,
    ) -> Quote:
        """The visit as one quote: sums of prices and minutes; ``service_code`` is empty, names are joined."""
        catalogue = self._catalogue(actor)
        case = self._case(catalogue, vehicle, on)
        services = [catalogue.get(code) for code in dict.fromkeys(codes)]
        today = catalogue.day_of(self._clock())
        whole = total_of(catalogue.quote(service, case, today) for service in services)
        return Quote(
            service_code="",
            service_name=" + ".join(in_language(service.names, language) for service in services),
            vehicle_class=case.vehicle_class,
            minutes=sum(catalogue.minutes(service) for service in services),
            **_told(catalogue, whole, language),
        )

    def load_library(self, session: Session, workshop_id: UUID) -> int:
        """Add library services the workshop lacks and refresh the others; returns how many rows changed.

        What the workshop changed itself (``own_fields``), offers or does not offer stays.
        """
        changed = _bring(session, workshop_id, Service, "code", library_services())
        _bring(session, workshop_id, ServiceCategory, "key", library_categories())
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

    def read(self, actor: Actor) -> Catalogue:
        """The whole catalogue for the editor; at most five seconds old."""
        return self._catalogue(actor)

    def _catalogue(self, actor: Actor) -> Catalogue:
        actor.require_any(*_READERS)
        now = self._monotonic()
        known = self._catalogues.get(actor.workshop_id)
        if known is None:
            return self._read_anew(actor.workshop_id, now)
        if now - known.read_at > CACHE_SECONDS:
            # One reads; the others go on with what they have instead of all reading five hundred services
            lock = self._reading[actor.workshop_id]
            if lock.acquire(blocking=False):
                try:
                    return self._read_anew(actor.workshop_id, now)
                finally:
                    lock.release()
        return known

    def _read_anew(self, workshop_id: UUID, now: float) -> Catalogue:
        with self._db.reading(workshop_id) as session:
            known = read_catalogue(session, workshop_id, read_at=now)
        self._catalogues[workshop_id] = known
        return known

    def _past(self, actor: Actor, as_of: datetime) -> Catalogue:
        actor.require_any(*_READERS)
        with self._db.reading(actor.workshop_id) as session:
            return read_catalogue(session, actor.workshop_id, as_of=as_of)

    def _case(self, catalogue: Catalogue, vehicle: VehicleFacts, on: date | None, **known: Any) -> Case:
        return case_of(vehicle, catalogue.day_of(self._clock()), on=on, **known)

    def _quote(self, catalogue: Catalogue, service: Service, case: Case, language: str) -> Quote:
        priced = catalogue.quote(service, case, catalogue.day_of(self._clock()))
        by_unit = service.price_model == PER_UNIT and case.quantity == 1
        return Quote(
            service_code=service.code,
            service_name=in_language(service.names, language),
            vehicle_class=case.vehicle_class if service.price_model == PER_VEHICLE_CLASS else "",
            minutes=catalogue.minutes(service),
            **_told(catalogue, priced, language, service.unit if by_unit else ""),
        )

    def _view(self, catalogue: Catalogue, service: Service, language: str) -> ServiceView:
        price = catalogue.plain_price(service, catalogue.day_of(self._clock()))
        leaves = catalogue.members(service) if service.price_model == PACKAGE else (service,)
        longest = max(leaves, key=lambda leaf: leaf.minutes, default=service)
        return ServiceView(
            price_min_cents=price.low_cents,
            price_max_cents=price.high_cents,
            name=in_language(service.names, language),
            description=in_language(service.descriptions, language),
            minutes=catalogue.minutes(service),
            bay=longest.bay,
            lift=any(leaf.lift for leaf in leaves),
            skill=longest.skill,
            parts_lead_days=max((leaf.parts_lead_days for leaf in leaves), default=0),
            dtc_families=tuple(service.dtc_families),
            vat_treatment="mixed_pass_through" if service.fee_cents else "standard",
            upsells=tuple(service.upsells),
            members=tuple(service.members),
            **{name: getattr(service, name) for name in _SAME_IN_VIEW},
        )


_SAME_IN_VIEW = (
    "id", "code", "category", "subcategory", "price_model", "unit", "labour_seconds", "interval_km",
    "interval_months", "hu_relevant", "exchange_part", "fee_cents", "bookable", "active",
)  # fmt: skip


def _bring(
    session: Session,
    workshop_id: UUID,
    table: type[SQLModel],
    key: str,
    wanted: Sequence[Mapping[str, Any]],
) -> int:
    """Add rows of the library a workshop lacks, refresh the others; how many are different now."""
    query = select(table).where(table.workshop_id == workshop_id)  # pyright: ignore[reportAttributeAccessIssue]
    present = {getattr(row, key): row for row in session.exec(query)}
    # Five hundred objects, each with its own defaults, cost a new workshop half a second
    blank = table(workshop_id=workshop_id).model_dump()
    changed, made = 0, []
    for fields in wanted:
        row = present.get(fields[key])
        if row is None:
            made.append({**blank, **fields, "id": new_id()})
        else:
            changed += _refresh(row, fields)
    if made:
        session.connection().execute(insert(table), made)
    return changed + len(made)


def _refresh(row: Any, fields: Mapping[str, Any]) -> bool:
    """Take over what the library says now; whether anything was different."""
    kept = {*row.own_fields, "active", "bookable"}
    news = {name: value for name, value in fields.items() if name not in kept and getattr(row, name) != value}
    for name, value in news.items():
        setattr(row, name, value)
    return bool(news)


def _told(catalogue: Catalogue, priced: PriceQuote, language: str, unit: str = "") -> dict[str, Any]:
    """The part of a Quote that says what it costs."""
    price = priced.price
    return {
        "low_cents": price.low_cents,
        "high_cents": price.high_cents,
        "currency": catalogue.currency,
        "exact": price.exact,
        "text": price_text(
            price, currency=catalogue.currency, language=language, country=catalogue.country, unit=unit
        ),
        "priced": priced,
    }
