"""A workshop with random weeks behind it: everything the figures of the dashboard are worked out from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import fingerprint, new_id, new_secret
from tests.factories import make_workshop

ZONE = ZoneInfo("Europe/Berlin")
DAYS = 28
LAST = date(2026, 11, 22)
"""A Sunday; the clock of the tests stands at the morning after it. Summer time ended within these weeks."""
FIRST = LAST - timedelta(days=DAYS - 1)
HOLIDAY = date(2026, 11, 1)
CODES = ("SAF-BRK-001", "ENG-OIL-001", "TYR-CHG-001")
CHANNELS = ("chat", "mail", "sms")


@dataclass(frozen=True, slots=True)
class BusyWorkshop:
    """The workshop and its two technicians; the first was away for a day."""

    workshop: Workshop
    technicians: tuple[Resource, Resource]
    away_on: date


def fill_workshop(database: Database, rng: Random, *, slug: str = "viel-los") -> BusyWorkshop:
    """Random leads, threads, visits, orders, invoices, payments and ratings of four weeks."""
    workshop = make_workshop(database, slug=slug)
    filler = _Filler(workshop.id, rng)
    with database.writing(SYSTEM) as session:
        people = filler.people()
        away_on = _working_day(rng)
        start = datetime.combine(away_on, time.min, ZONE)
        session.add_all(people)
        session.flush()
        session.add(
            filler.of(Absence, resource_id=people[0].id, starts_at=start, ends_at=start + timedelta(days=1))
        )
        filler.fill(session, people)
    return BusyWorkshop(workshop, people, away_on)


class _Filler:
    """Makes rows of one workshop."""

    def __init__(self, workshop_id: UUID, rng: Random) -> None:
        self._workshop_id = workshop_id
        self._rng = rng
        self._taken: set[tuple[UUID, datetime]] = set()

    def of(self, table: type[Any], **fields: Any) -> Any:
        return table(workshop_id=self._workshop_id, **fields)

    def people(self) -> tuple[Resource, Resource]:
        one, other = (
            self.of(Resource, kind="technician", name=name, abilities=["mechanic"])
            for name in ("Emre", "Pia")
        )
        return one, other

    def fill(self, session: Session, people: tuple[Resource, Resource]) -> None:
        customers = [self.of(Customer, name=f"Kundin {number} Groß") for number in range(14)]
        cars = [
            self.of(Vehicle, customer_id=one.id, plate=f"DO-AB {n}") for n, one in enumerate(customers, 1)
        ]
        session.add_all([*customers, *cars])
        session.flush()
        threads = [self._thread(session, self._rng.choice(customers)) for _ in range(40)]
        for _ in range(60):
            pick = self._rng.randrange(len(customers))
            thread = self._rng.choice([*threads, None, None])
            self._visit(session, customers[pick], cars[pick], self._rng.choice(people), thread)
        for number in range(30):
            self._document(session, number, self._rng.choice(customers), self._rng.choice(people))
        for number in range(12):
            self._order(session, number, self._rng.choice(customers), self._rng.choice(people))

    def _moment(self) -> datetime:
        """Also shortly before and after the weeks that are asked for, and around midnight."""
        day = FIRST + timedelta(days=self._rng.randrange(-4, DAYS + 1))
        clock = self._rng.choice(
            (time(0, 0), time(23, 59, 59), time(self._rng.randrange(24), self._rng.randrange(60)))
        )
        return datetime.combine(day, clock, ZONE).astimezone(UTC)

    def _thread(self, session: Session, customer: Customer) -> Conversation:
        rng, at = self._rng, self._moment()
        answered = at + timedelta(seconds=rng.uniform(0, 9_000)) if rng.random() < 0.8 else None
        thread = self.of(
            Conversation,
            channel=rng.choice(CHANNELS),
            customer_id=customer.id,
            token_fingerprint=fingerprint(new_secret()),
            last_message_at=at,
            created_at=at,
            first_answer_at=answered,
            handover_reason=rng.choice(("", "", "asked", "complaint")),
        )
        session.add(thread)
        session.flush()
        for seq in range(1, rng.randrange(2, 6)):
            session.add(
                self.of(
                    Message,
                    conversation_id=thread.id,
                    seq=seq,
                    author=rng.choice(("customer", "assistant", "staff", "system")),
                    channel=rng.choice(CHANNELS),
                    state=rng.choice(("complete", "complete", "complete", "failed")),
                    text="Was kostet das?",
                    created_at=min(at + timedelta(minutes=seq), at + timedelta(hours=1)),
                )
            )
        state = rng.choice(("open", "open", "booked", "won", "lost"))
        session.add(
            self.of(
                Lead,
                conversation_id=thread.id,
                customer_id=customer.id,
                channel=thread.channel,
                state=state,
                wish="Bremsen",
                intent="price_request",
                service_codes=rng.sample(CODES, rng.randrange(3)),
                value_max_cents=rng.choice((0, 12_900)),
                created_at=at,
            )
        )
        return thread

    def _visit(
        self,
        session: Session,
        customer: Customer,
        car: Vehicle,
        technician: Resource,
        thread: Conversation | None,
    ) -> None:
        rng = self._rng
        start = datetime.combine(
            _working_day(rng), time(rng.choice((8, 9, 10, 13, 14, 15))), ZONE
        ).astimezone(UTC)
        if (technician.id, start) in self._taken:
            return
        self._taken.add((technician.id, start))
        state = rng.choice(("done", "done", "done", "no_show", "cancelled", "confirmed"))
        visit = self.of(
            Appointment,
            customer_id=customer.id,
            vehicle_id=car.id,
            technician_id=technician.id,
            conversation_id=thread.id if thread else None,
            service_codes=rng.sample(CODES, rng.randrange(1, 3)),
            title="Bremsbeläge ersetzen",
            starts_at=start,
            ends_at=start + timedelta(minutes=rng.choice((30, 45, 60))),
            state=state,
            price_max_cents=rng.randrange(3_000, 90_000),
            source="chat" if thread else rng.choice(("page", "staff")),
            manage_token=new_secret(),
            request_key=new_id().hex,
            cancelled_at=start if state == "cancelled" else None,
            created_at=self._moment(),
        )
        session.add(visit)
        session.flush()
        if state == "done" and rng.random() < 0.5:
            session.add(
                self.of(
                    VisitRating, appointment_id=visit.id, stars=rng.randrange(1, 6), rated_at=self._moment()
                )
            )

    def _document(self, session: Session, number: int, customer: Customer, technician: Resource) -> Invoice:
        rng = self._rng
        on = FIRST + timedelta(days=rng.randrange(-4, DAYS + 2))
        kind = rng.choice(("invoice", "invoice", "invoice", "credit", "deposit"))
        gross = rng.randrange(1_000, 200_000) * (-1 if kind == "credit" else 1)
        money: dict[str, Any] = {"gross_cents": gross, "due_cents": gross, "currency": "EUR", "kind": kind}
        invoice = self.of(
            Invoice,
            number=f"RE-{number}",
            issued_on=on,
            supplied_on=on,
            keep_until=date(2035, 12, 31),
            net_cents=gross,
            vat_cents=0,
            language="de",
            form="pdf",
            created_at=datetime.combine(on, time(12), ZONE),
            **money,
        )
        session.add(invoice)
        session.flush()
        for position in range(1, rng.randrange(2, 4)):
            session.add(
                self.of(
                    InvoiceLine,
                    invoice_id=invoice.id,
                    position=position,
                    kind="labour",
                    text="Arbeit",
                    service_code=rng.choice((*CODES, "")),
                    technician_id=rng.choice((technician.id, None)),
                    minutes=rng.choice((0, 30, 90)) * (-1 if kind == "credit" else 1),
                    quantity=Decimal(1),
                    unit_price=Decimal(gross) / 100,
                    net_cents=gross // 3,
                    category="S",
                    rate=1900,
                )
            )
        paid = self._payments(invoice)
        settled = sum(one.amount_cents for one in paid)
        is_settled = settled <= gross if gross < 0 else settled >= gross
        session.add_all(paid)
        session.add(
            self.of(
                Receivable,
                invoice_id=invoice.id,
                number=invoice.number,
                issued_on=on,
                due_on=on + timedelta(days=14),
                settled_cents=settled,
                state="paid" if is_settled else "partial" if settled else "open",
                paid_on=max(one.received_on for one in paid) if is_settled else None,
                customer_id=customer.id,
                buyer_name=customer.name,
                token=new_secret(),
                **money,
            )
        )
        session.flush()
        return invoice

    def _payments(self, invoice: Invoice) -> list[Payment]:
        """Nothing, a part, all in two goes, or too much."""
        rng, half = self._rng, invoice.due_cents // 2
        parts = rng.choice(((), (half,), (half, invoice.due_cents - half), (invoice.due_cents + half,)))
        return [
            self.of(
                Payment,
                invoice_id=invoice.id,
                method="transfer",
                amount_cents=cents,
                currency="EUR",
                received_on=invoice.issued_on + timedelta(days=rng.randrange(20)),
                created_at=datetime.combine(invoice.issued_on, time(13), ZONE),
            )
            for cents in parts
        ]

    def _order(self, session: Session, number: int, customer: Customer, technician: Resource) -> None:
        rng, at = self._rng, self._moment()
        billed = rng.random() < 0.6
        invoice = self._document(session, 100 + number, customer, technician) if billed else None
        order = self.of(
            WorkOrder,
            number=f"AU-{number}",
            state="billed" if billed else "in_work",
            customer_id=customer.id,
            technician_id=technician.id,
            invoice_id=invoice.id if invoice else None,
            request_key=new_id().hex,
            created_at=at,
        )
        session.add(order)
        session.flush()
        for position in range(1, 4):
            decision = rng.choice(("open", "approved", "declined"))
            job = self.of(
                OrderJob,
                order_id=order.id,
                position=position,
                title="Bremsscheiben",
                service_code=rng.choice(CODES),
                decision=decision,
                decided_at=None if decision == "open" else self._moment(),
            )
            session.add(job)
            session.flush()
            session.add(
                self.of(
                    OrderLine,
                    job_id=job.id,
                    position=1,
                    kind="lump_sum",
                    text="Pauschale",
                    quantity=Decimal(1),
                    unit_price=Decimal(rng.randrange(20, 900)),
                )
            )


def _working_day(rng: Random) -> date:
    """A weekday of the four weeks that is no public holiday."""
    days = [FIRST + timedelta(days=offset) for offset in range(DAYS)]
    return rng.choice([day for day in days if day.weekday() < 5 and day != HOLIDAY])
