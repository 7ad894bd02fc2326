"""What the tests of contracts share: a desk whose bookings oblige to pay."""

from dataclasses import dataclass, replace

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.booking.contract_schemas import Declaration, OrderConsent, OrderPreview
from carbot_app.domains.booking.models import BookingContract
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.factories import customer_of, make_resource, make_workshop, staff_of
from tests.factories.catalog import stock
from tests.services.bookings import request_for, rows

OIL = ("ENG-OIL-001",)
AYSE = Contact(name="Ayşe Yılmaz", phone="0171 5550142", email="ayse@example.org")
GOLF = VehicleFacts(plate="do ab 123", make="VW", model="Golf 7", year=2015)


@dataclass
class ContractDesk:
    """A workshop with binding bookings and the services as production wires them."""

    services: Services
    workshop: Workshop

    def slot(self) -> str:
        """The first free time."""
        times = self.services.booking.suggest_slots(customer_of(self.workshop), OIL, language="de")
        return times[0].id

    def preview(self, slot_id: str, codes: tuple[str, ...] = OIL, language: str = "de") -> OrderPreview:
        """What stands above the button."""
        return self.services.booking.preview_order(
            customer_of(self.workshop), codes, slot_id, vehicle=GOLF, language=language
        )

    def request(self, slot_id: str = "", **fields) -> BookingRequest:
        """An order as the page sends it."""
        slot_id = slot_id or self.slot()
        order = OrderConsent(self.preview(slot_id).gross_cents, early_start=True)
        ordered = {"service_codes": OIL, "contact": AYSE, "vehicle": GOLF, "order": order}
        return request_for(slot_id, **{**ordered, **fields})

    def order(self, **fields) -> BookingConfirmation:
        """Book with the obligation to pay."""
        return self.services.booking.book(customer_of(self.workshop), self.request(**fields))

    def withdraw(self, number: str, **fields: str) -> None:
        """Declare a withdrawal in Ayşe's name."""
        declared = Declaration(name=AYSE.name, contract=number, email=AYSE.email, language="de")
        self.services.withdrawals.withdraw(customer_of(self.workshop), replace(declared, **fields))

    def contract(self) -> BookingContract:
        """The only contract."""
        return rows(self.services.db, BookingContract)[0]

    def letters(self, kind: str) -> list[OutgoingMessage]:
        """Mails of a kind."""
        return [row for row in rows(self.services.db, OutgoingMessage) if row.kind == kind]


def open_contract_desk(
    database: Database, clock: ManualClock, tmp_path, slug: str = "mueller-dortmund", **workshop
) -> ContractDesk:
    """Ready to be ordered from."""
    services = build_services(Settings(data_dir=tmp_path), db=database, clock=clock)
    legal = {"legal_form": "Kfz-Meisterbetrieb Müller e. K.", "represented_by": "Stefan Müller"}
    row = make_workshop(database, slug, **{**legal, **workshop})
    stock(database, row)
    for kind in ("technician", "bay"):
        make_resource(database, row, kind)
    services.team.set_online_booking(staff_of(row), "binding")
    return ContractDesk(services, row)
