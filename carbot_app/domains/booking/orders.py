"""Bookings that oblige to pay: what is shown above the button, and the contract behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.booking import contract_rules
from carbot_app.domains.booking.availability import get_workshop
from carbot_app.domains.booking.contract_schemas import ContractView, OrderLine, OrderPreview
from carbot_app.domains.booking.labels import full_date_label, moment_label
from carbot_app.domains.booking.links import AppointmentLinks
from carbot_app.domains.booking.models import Appointment, BookingContract, Withdrawal
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.slots import day_of_slot, decode_slot, instant_of
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import PER_UNIT, Price
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.catalog.vehicle_classes import class_of
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Order:
    """A checked order, before it is written."""

    preview: OrderPreview
    services: tuple[dict[str, object], ...]
    """As BookingContract.services."""
    early_start: bool
    starts_at: datetime
    ends_at: datetime | None
    """Of the withdrawal period."""


@dataclass(frozen=True, slots=True)
class _Position:
    """A service of an order as it is shown, decided upon and kept."""

    code: str
    line: OrderLine
    price: contract_rules.OfferedPrice

    def kept(self) -> dict[str, object]:
        return {
            "code": self.code,
            "name": self.line.name,
            "included": self.line.included,
            "gross_cents": self.price.cents,
        }


class OrderDesk(AppointmentLinks):
    """Customers need ``public.book``, staff ``bookings.read``."""

    def preview_order(
        self, actor: Actor, codes: Sequence[str], slot_id: str, *, vehicle: VehicleFacts, language: str
    ) -> OrderPreview:
        """What the button will mean for these services at this time.

        Raises Invalid slot_unknown, service_unknown, service_missing or too_many_services.
        """
        actor.require("public.book")
        vehicle = self._known_vehicle(actor, vehicle)
        return self._order(actor, codes, slot_id, vehicle=vehicle, language=language).preview

    def find_contract(self, actor: Actor, appointment_id: UUID) -> ContractView | None:
        """The contract behind a visit in the actor's language; None: it was a free request.

        Raises NotFound appointment_unknown.
        """
        actor.require("bookings.read")
        return self._contract(actor.workshop_id, appointment_id, actor.language)

    def find_contract_by_link(self, token: str, *, language: str = "") -> ContractView | None:
        """The same for whoever holds the link, by default in the language of the order.

        Raises NotFound link_unknown.
        """
        return self._contract(*self._by_token(token), language)

    def _known_vehicle(self, actor: Actor, facts: VehicleFacts) -> VehicleFacts:
        """The car with what the workshop knows of it; prices depend on its class."""
        known = self._customers.known_plate(actor, facts.plate, facts.plate_country) if facts.plate else None
        if known and not (facts.make or facts.model):
            facts = replace(facts, make=known.make, model=known.model, vehicle_class=known.vehicle_class)
        return replace(facts, vehicle_class=facts.vehicle_class or class_of(facts.make, facts.model))

    def _checked_order(self, actor: Actor, request: BookingRequest) -> Order | None:
        """What a request that was sent as an order concludes; None: it was not sent as one.

        Raises Invalid email_needed or early_start_missing, and Conflict order_changed where it is no longer
        what the customer was shown.
        """
        consent = request.order
        if consent is None:
            return None
        if not request.contact.email:
            raise Invalid("email_needed", field="email")
        order = self._order(
            actor,
            request.service_codes,
            request.slot_id,
            vehicle=request.vehicle,
            language=request.language,
            early_start=consent.early_start,
        )
        if not order.preview.binding or order.preview.gross_cents != consent.gross_cents:
            raise Conflict("order_changed")
        if order.preview.early_start and not consent.early_start:
            raise Invalid("early_start_missing", field="early_start")
        return order

    def _order(
        self,
        actor: Actor,
        codes: Sequence[str],
        slot_id: str,
        *,
        vehicle: VehicleFacts,
        language: str,
        early_start: bool = False,
    ) -> Order:
        decoded = decode_slot(slot_id)
        if decoded is None:
            raise Invalid("slot_unknown", field="slot")
        with self._db.reading(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
        self._services(actor, codes, language, offered_only=True)
        asked: dict[str, Any] = {
            "vehicle": vehicle,
            "language": language,
            "on": day_of_slot(slot_id, workshop.timezone),
        }
        names = self._names(actor, language)
        positions = [
            _position(quote, self._catalog.get_service(actor, quote.service_code, language), names)
            for quote in self._catalog.quote_visit(actor, codes, **asked)
        ]
        kind = contract_rules.kind_of_order(workshop.online_booking, (each.price for each in positions))
        starts_at, zone = instant_of(decoded[0]), ZoneInfo(workshop.timezone)
        ends_at = contract_rules.withdrawal_end(self._clock(), zone, workshop.country, workshop.region)
        whole = self._catalog.total(actor, codes, **asked)
        preview = OrderPreview(
            binding=kind.binding,
            price_open=kind.price_open,
            lines=tuple(each.line for each in positions),
            total=whole.text,
            gross_cents=whole.low_cents,
            withdrawal=ends_at is not None,
            early_start=contract_rules.needs_early_start(starts_at, ends_at),
        )
        kept = tuple(each.kept() for each in positions)
        return Order(preview, kept, preview.early_start and early_start, starts_at, ends_at)

    def _contract(self, workshop_id: UUID, appointment_id: UUID, language: str) -> ContractView | None:
        with self._db.reading(workshop_id) as session:
            row = session.exec(
                select(BookingContract).where(BookingContract.appointment_id == appointment_id)
            ).first()
            if row is None:
                if session.get(Appointment, appointment_id) is None:
                    raise NotFound("appointment_unknown")
                return None
            workshop = get_workshop(session, workshop_id)
            declared = session.exec(
                select(Withdrawal.received_at)
                .where(Withdrawal.appointment_id == appointment_id)
                .order_by(col(Withdrawal.received_at))
            ).first()
        return contract_view(row, workshop, declared, language or row.language)


def write_contract(session: Session, appointment: Appointment, order: Order, *, now: datetime) -> None:
    """The contract of an appointment that has just been written, in the caller's transaction."""
    session.add(
        BookingContract(
            workshop_id=appointment.workshop_id,
            appointment_id=appointment.id,
            number=contract_rules.new_contract_number(),
            concluded_at=now,
            text_version=contract_rules.TEXT_VERSION,
            language=appointment.language,
            gross_cents=order.preview.gross_cents,
            currency=appointment.currency,
            services=list(order.services),
            starts_at=order.starts_at,
            early_start=order.early_start,
            withdrawal_ends_at=order.ends_at,
        )
    )


def contract_view(
    row: BookingContract, workshop: Workshop, declared_at: datetime | None, language: str
) -> ContractView:
    """Row to view; services are named as they were when they were ordered."""
    zone = ZoneInfo(workshop.timezone)

    def price(cents: int) -> str:
        return price_text(
            Price(cents, cents, "exact"), currency=row.currency, language=language, country=workshop.country
        )

    until = row.withdrawal_ends_at
    return ContractView(
        number=row.number,
        concluded=moment_label(row.concluded_at, zone, language),
        lines=tuple(
            OrderLine(service["name"], service["included"], price(service["gross_cents"]))
            for service in row.services
        ),
        total=price(row.gross_cents),
        early_start=row.early_start,
        withdrawal_until=full_date_label(contract_rules.last_day(until, zone), language) if until else "",
        withdrawn=moment_label(declared_at, zone, language) if declared_at else "",
        language=row.language,
    )


def _position(quote: Quote, service: ServiceView, names: Mapping[str, str]) -> _Position:
    included = ", ".join(names.get(code, code) for code in service.members) or service.description
    return _Position(
        code=quote.service_code,
        line=OrderLine(quote.service_name, included, quote.text),
        price=contract_rules.OfferedPrice(
            cents=quote.low_cents, exact=quote.exact, per_unit=service.price_model == PER_UNIT
        ),
    )
