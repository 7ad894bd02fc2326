"""A workshop with its services as production wires them."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import fingerprint, new_secret
from tests.factories.booking import make_resource
from tests.factories.catalog import stock
from tests.factories.team import make_workshop


class ConversationRecorder:
    """A BookingRecorder that writes just the conversation."""

    def record_booking(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        customer: Customer,
        vehicle: Vehicle | None,
        appointment: Appointment,
        note: str,
        language: str,
    ) -> UUID:
        """See BookingRecorder."""
        conversation = Conversation(
            workshop_id=workshop_id,
            channel="booking",
            customer_id=customer.id,
            language=language,
            token_fingerprint=fingerprint(new_secret()),
            last_message_at=appointment.created_at,
            last_text=note[:200],
        )
        session.add(conversation)
        session.flush()
        return conversation.id


@dataclass(frozen=True)
class FrontDesk:
    """A workshop with services in stock, two mechanics and two bays, and the services around it."""

    workshop: Workshop
    customers: CustomerService
    catalog: CatalogService
    booking: BookingService
    technicians: tuple[Resource, ...]
    bays: tuple[Resource, ...]


def open_front_desk(
    database: Database,
    clock: ManualClock,
    slug: str = "mueller-dortmund",
    *,
    technicians: int = 2,
    bays: int = 2,
) -> FrontDesk:
    """A workshop ready to be booked."""
    workshop = make_workshop(database, slug)
    customers = CustomerService(db=database)
    catalog = CatalogService(db=database)
    booking = BookingService(
        db=database,
        clock=clock,
        customers=customers,
        catalog=catalog,
        recorder=ConversationRecorder(),
        public_url="https://carbot.example",
    )
    stock(database, workshop)
    return FrontDesk(
        workshop,
        customers,
        catalog,
        booking,
        tuple(make_resource(database, workshop, "technician", name=f"T{n}") for n in range(technicians)),
        tuple(make_resource(database, workshop, "bay", name=f"B{n}") for n in range(bays)),
    )
