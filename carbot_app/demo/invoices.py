"""Two months of invoices of the demo workshop: most paid, some late, one cancelled, some of companies."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.adapters.billing.setup import invoice_service
from carbot_app.bootstrap import Services
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.billing.models import BillingTerms, Payment
from carbot_app.domains.billing.receivables import book, lock_receivable, open_cents
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.states import BILLED, PAID
from carbot_app.domains.team.models import Workshop

MANY, DAYS, LATE_DAYS = 44, 60, 22
_COMPANIES = (
    ("Pflegedienst Sonnenschein GmbH", "Kaiserstr. 88", "44135", "Dortmund"),
    ("Bau Hensel KG", "Hafenweg 4", "59425", "Unna"),
    ("Stadtwerke Hagen Fuhrpark", "Am Markt 1", "58095", "Hagen"),
)
_STREETS = ("Hohe Str. 12", "Rheinische Str. 45", "Saarlandstr. 7", "Kreuzstr. 31")


def _of(code: str, *lines: LineInput) -> tuple[LineInput, ...]:
    """Lines of one service of the catalogue."""
    return tuple(replace(line, service_code=code) for line in lines)


_BRAKES = _of(
    "SAF-BRK-002",
    LineInput("labour", "Bremsbeläge und Scheiben vorn ersetzen", Decimal("118"), Decimal("1.6"), "HUR"),
    LineInput("part", "Bremsscheibe vorn", Decimal("68.90"), Decimal(2), cost_cents=8_200),
    LineInput("part", "Bremsbeläge vorn, Satz", Decimal("54.50"), cost_cents=3_100),
)
_WORK: tuple[tuple[LineInput, ...], ...] = (
    _BRAKES,
    _of("ENG-OIL-001", LineInput("lump_sum", "Ölwechsel mit Filter", Decimal("129"), minutes=45)),
    _of("TYR-CHG-001", LineInput("lump_sum", "Räderwechsel und Einlagerung", Decimal("74.90"), minutes=30)),
    (
        *_of(
            "ENG-INS-002",
            LineInput("lump_sum", "Inspektion nach Herstellervorgabe", Decimal("286.40"), minutes=120),
        ),
        *_BRAKES[1:],
    ),
    (
        *_of(
            "SAF-HUA-001",
            LineInput("lump_sum", "Vorführung zur Hauptuntersuchung", Decimal("58.31"), minutes=30),
        ),
        LineInput("handed_on", "Prüfgebühr Hauptuntersuchung", Decimal("154")),
    ),
    _of(
        "ELE-ALT-001",
        LineInput(
            "part", "Lichtmaschine im Austausch", Decimal("380.80"), exchange=True, list_price=Decimal(320)
        ),
        LineInput("labour", "Lichtmaschine ersetzen", Decimal("118"), Decimal("1.2"), "HUR"),
    ),
)


def write_invoices(services: Services, workshop: Workshop, many: int = MANY, days: int = DAYS) -> None:
    """Issue them one after the other, each on its own day; printing waits for whoever looks."""
    rng = Random(418)  # noqa: S311 - invented amounts, no secret
    now, zone = services.clock(), ZoneInfo(workshop.timezone)
    at = [now]
    issuing = invoice_service(services.settings, services.db, lambda: at[0], services.messaging)
    actor = services.team.system_actor(workshop.id)
    with services.db.writing(workshop.id) as session:
        session.add(
            BillingTerms(
                workshop_id=workshop.id,
                tax_number="314/5812/0736",
                account_holder=workshop.name,
                iban="DE02120300000000202051",
                bank_name="Stadtsparkasse",
            )
        )
        cars = _cars(session)
        technicians = session.exec(
            select(Resource.id).where(Resource.kind == "technician").order_by(col(Resource.id))
        ).all()
    for number in range(many):
        at[0] = now - timedelta(days=days - number * days // many, hours=rng.randrange(1, 4))
        car, customer = cars[number % len(cars)]
        technician = technicians[number % len(technicians)]
        draft = _draft(rng, number, car, customer, technician)
        made = issuing.issue(actor, issuing.save_draft(actor, draft).id, request_key=f"demo-{number}")
        if number == many - 9:
            issuing.cancel(actor, made.id, "Falscher Empfänger")
            continue
        paid_at = min(at[0] + timedelta(days=rng.randrange(13)), now)
        fresh = (now - at[0]).days < LATE_DAYS - 8
        with services.db.writing(workshop.id) as session:
            is_paid = _settle(session, rng, made, paid_at, zone, fresh=fresh)
            order = _order(workshop, made, f"R-{number + 1:03}", at[0])
            order.technician_id = technician
            order.state = PAID if is_paid else BILLED
            session.add(order)
    for number in range(2):
        car, customer = cars[-number - 1]
        issuing.save_draft(actor, _draft(rng, 1, car, customer))


def _order(workshop: Workshop, made: InvoiceView, number: str, at: datetime) -> WorkOrder:
    """What the invoice is about, finished the day it was written."""
    return WorkOrder(
        workshop_id=workshop.id,
        number=number,
        customer_id=made.customer_id,
        vehicle_id=made.vehicle_id,
        title=made.lines[0].text,
        total_cents=made.gross_cents,
        currency=made.currency,
        invoice_id=made.id,
        request_key=f"demo invoice {number}",
        created_at=at,
    )


def _cars(session: Session) -> list[tuple[Vehicle, Customer]]:
    query = (
        select(Vehicle, Customer)
        .join(Customer, col(Vehicle.customer_id) == Customer.id)
        .where(Customer.name != "", Vehicle.plate != "")
        .order_by(col(Vehicle.id))
        .limit(MANY)
    )
    return [(car, customer) for car, customer in session.exec(query)]


def _draft(
    rng: Random, number: int, car: Vehicle, customer: Customer, technician_id: UUID | None = None
) -> DraftInput:
    company = _COMPANIES[number // 5 % len(_COMPANIES)] if number % 5 == 0 else None
    if company:
        buyer = BuyerInput(*company, business=True)
    else:
        buyer = BuyerInput(customer.name, rng.choice(_STREETS), "44137", "Dortmund")
    return DraftInput(
        lines=tuple(replace(line, technician_id=technician_id) for line in _WORK[number % len(_WORK)]),
        buyer=buyer,
        customer_id=customer.id if company is None else None,
        vehicle_id=car.id,
        plate=car.plate,
        km=car.km,
    )


def _settle(
    session: Session, rng: Random, made: InvoiceView, paid_at: datetime, zone: ZoneInfo, *, fresh: bool
) -> bool:
    """Most are paid within a fortnight, one in seven not, one in twelve in part; whether this one is paid."""
    chance = rng.random()
    if chance < (0.55 if fresh else 0.14):
        return False
    owed = lock_receivable(session, made.id)
    payment = Payment(
        workshop_id=owed.workshop_id,
        invoice_id=made.id,
        method=rng.choice(("transfer", "transfer", "card_terminal", "cash")),
        amount_cents=open_cents(owed) if chance < 0.92 else open_cents(owed) // 2,
        currency=owed.currency,
        received_on=paid_at.astimezone(zone).date(),
        by="Jana Krüger",
    )
    book(session, owed, payment, paid_at)
    return chance < 0.92
