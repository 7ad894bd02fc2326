"""A tyre hotel with a workshop around it, for tests of season campaigns."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.customers.consents import TYRES, ConsentService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.messaging.ports import Letter
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.tyres.campaigns import CampaignService
from carbot_app.domains.tyres.models import SeasonInvitation, WheelSet
from carbot_app.domains.tyres.season_links import SeasonLinks
from carbot_app.domains.tyres.season_schemas import CampaignView, CampaignWish
from carbot_app.domains.tyres.season_sending import SeasonWaves
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.factories import make_customer, make_resource, make_vehicle, make_wheel_set, staff_of
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.services.bookings import book, rows

URL = "https://carbot.example"
CHANGE = "TYR-CHG-001"
WISH = CampaignWish("winter", CHANGE, date(2026, 11, 23), date(2026, 12, 18), 2)


@dataclass
class Post:
    """A mail server that keeps what it is given, and fails as told."""

    letters: list[Letter]
    failures: list[Exception]

    def send(self, letter: Letter) -> None:
        """See MailTransport.send."""
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(letter)


@dataclass
class Hotel:
    """A workshop with a tyre bay and everything a campaign needs."""

    database: Database
    clock: ManualClock
    desk: FrontDesk
    post: Post
    messaging: MessagingService
    consents: ConsentService
    campaigns: CampaignService
    waves: SeasonWaves
    links: SeasonLinks

    @property
    def owner(self) -> Actor:
        """Who may do everything."""
        return staff_of(self.desk.workshop)

    def guest(self, of: int = 1, *, agreed: bool = True, wheels: Any = None, **owner: Any) -> Customer:
        """A customer whose winter wheels lie here; ``wheels`` replace fields of the set."""
        fields = {
            "name": f"Gast {of}",
            "email": f"gast{of}@example.org",
            "phone": f"+4917155501{of:02d}",
            **owner,
        }
        customer = make_customer(self.database, self.desk.workshop, **fields)
        car = make_vehicle(self.database, self.desk.workshop, customer, plate=f"DO-AB {of}")
        stored = {
            "code": f"R{of:05d}",
            "location": f"R{of}-1",
            "stored_on": date(2026, 4, of),
            **(wheels or {}),
        }
        make_wheel_set(self.database, self.desk.workshop, car, **stored)
        if agreed:
            self.consents.give(self.owner, customer.id, TYRES)
        return customer

    def start(self, **fields: Any) -> CampaignView:
        """WISH with some fields replaced."""
        return self.campaigns.start(self.owner, replace(WISH, **fields))

    def send(self) -> list[str]:
        """What the jobs do; to whom mail was sent so far."""
        self.waves.send_due()
        self.messaging.send_due()
        return [letter.to_address for letter in self.post.letters]

    def status(self) -> CampaignView:
        """The latest campaign."""
        found = self.campaigns.latest(self.owner)
        assert found is not None
        return found

    def token(self, place: int = 0) -> str:
        """Of the link in an invitation."""
        return sorted(rows(self.database, SeasonInvitation), key=lambda row: row.id)[place].token

    def give_out(self, of: int) -> None:
        """Guest ``of`` takes the wheels home."""
        (row,) = (one for one in rows(self.database, WheelSet) if one.code == f"R{of:05d}")
        with self.database.writing(row.workshop_id) as session:
            session.get_one(WheelSet, row.id).taken_on = self.clock().date()

    def visit(self, of: int, slot_id: str) -> None:
        """Guest ``of`` books a wheel change on the booking page."""
        contact = self.desk.customers.parse_contact("", f"+4917155501{of:02d}", "")
        vehicle = VehicleFacts(plate=f"DO-AB {of}")
        book(self.desk, slot_id, service_codes=(CHANGE,), contact=contact, vehicle=vehicle)


def open_hotel(database: Database, clock: ManualClock) -> Hotel:
    """Wired as in production, with ``Post`` in place of a mail server."""
    desk = open_front_desk(database, clock)
    make_resource(database, desk.workshop, abilities=["tyre_fitter"], name="Lukas")
    make_resource(database, desk.workshop, "bay", abilities=["tyre"], name="Reifenplatz")
    post = Post([], [])
    messaging = MessagingService(db=database, clock=clock, transport=post)
    parts: dict[str, Any] = {"db": database, "clock": clock, "catalog": desk.catalog}
    return Hotel(
        database,
        clock,
        desk,
        post,
        messaging,
        ConsentService(db=database, clock=clock),
        CampaignService(**parts),
        SeasonWaves(**parts, messaging=messaging, public_url=URL),
        SeasonLinks(**parts, booking=desk.booking, public_url=URL),
    )
