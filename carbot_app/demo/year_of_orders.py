"""A year of finished orders and of wishes nobody could fulfil: what prices and services can be judged by."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.bootstrap import Services
from carbot_app.demo.history import id_at
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.inspection import month_end
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.leads.learned import store_signals
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.scoring import LeadSignals
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.orders.states import PAID
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import fingerprint, new_secret

_WORKED = {
    # usual price, spread, cost of the parts as a share of it, share that agrees, and at the upper half
    "SAF-BRK-002": (46_900, 9_000, 0.33, 0.88, 0.58),
    "ENG-OIL-001": (16_900, 2_600, 0.30, 0.97, 0.96),
    "ELE-BAT-002": (24_900, 5_000, 0.66, 0.86, 0.84),
    "ENG-INS-002": (56_400, 8_000, 0.24, 0.90, 0.83),
}
_EACH = 55
_LATE_SHARE = 0.09
_DUE_SHARE = 0.3
_WISHES = (
    *("Scheinwerfer aufbereiten", "Scheinwerfer aufbereiten lassen", "Scheinwerfer aufbereiten"),
    *("Standheizung nachrüsten", "Scheinwerfer polieren und aufbereiten", "Ozonbehandlung Innenraum"),
)
_NOT_HERE = "Das bieten wir zurzeit nicht an. Ich gebe es an die Werkstatt weiter."


def look_back_a_year(services: Services, workshop: Workshop) -> None:
    """Orders of visits of the last year, cars due for inspection, enquiries the catalogue cannot answer."""
    rng = Random(20251114)  # noqa: S311 - invented history, no secret
    now = services.clock()
    with services.db.writing(workshop.id) as session:
        for code in _WORKED:
            for place, visit in enumerate(_visits(session, code, now)):
                _order(session, visit, f"{code[:3]}{code[4]}-{place + 1:03}", workshop, rng)
        for car in session.exec(select(Vehicle).where(col(Vehicle.inspection_due).is_(None))):
            if rng.random() < _DUE_SHARE:
                car.inspection_due = month_end(now.date() + timedelta(days=rng.randrange(20, 700)))
        for back, wish in enumerate(_WISHES, start=1):
            _wish(session, workshop, now - timedelta(days=9 * back, hours=back), wish, rng)


def _visits(session: Session, code: str, now: datetime) -> list[Appointment]:
    query = (
        select(Appointment)
        .where(
            Appointment.state == "done",
            Appointment.starts_at > now - timedelta(days=360),
            Appointment.starts_at < now - timedelta(days=2),
            Appointment.title != "",
            col(Appointment.conversation_id).is_(None),
        )
        .order_by(col(Appointment.starts_at).desc())
    )
    fitting = [visit for visit in session.exec(query) if visit.service_codes == [code]]
    return fitting[:: max(1, len(fitting) // _EACH)][:_EACH]


def _order(session: Session, visit: Appointment, number: str, workshop: Workshop, rng: Random) -> None:
    code = visit.service_codes[0]
    usual, spread, cost_share, agree, agree_dear = _WORKED[code]
    gross = usual + round(rng.uniform(-spread, spread) / 500) * 500
    agreed = rng.random() < (agree_dear if gross > usual else agree)
    local = visit.starts_at.astimezone(ZoneInfo(workshop.timezone))
    promised = local.replace(hour=16, minute=0)
    order = WorkOrder(
        id=id_at(visit.created_at, rng),
        workshop_id=workshop.id,
        number=number,
        state=PAID,
        customer_id=visit.customer_id,
        vehicle_id=visit.vehicle_id,
        appointment_id=visit.id,
        technician_id=visit.technician_id,
        title=visit.title,
        promised_at=promised,
        total_cents=gross if agreed else 0,
        request_key=f"demo year {number}",
        created_at=visit.created_at,
    )
    session.add(order)
    session.flush()
    ready = promised + timedelta(minutes=70 if rng.random() < _LATE_SHARE else -rng.randrange(10, 200))
    job = OrderJob(
        workshop_id=workshop.id,
        order_id=order.id,
        position=1,
        title=visit.title,
        service_code=code,
        technician_id=visit.technician_id,
        decision="approved" if agreed else "declined",
        decided_at=visit.starts_at,
        done_at=ready if agreed else None,
    )
    session.add(job)
    session.flush()
    parts = round(gross * (cost_share + 0.12))
    for position, (kind, cents, cost) in enumerate(
        (("part", parts, round(gross * cost_share / 1.19)), ("labour", gross - parts, 0)), start=1
    ):
        session.add(
            OrderLine(
                workshop_id=workshop.id,
                job_id=job.id,
                position=position,
                kind=kind,
                text=visit.title,
                unit_price=Decimal(cents) / 100,
                cost_cents=cost,
            )
        )


def _wish(session: Session, workshop: Workshop, at: datetime, wish: str, rng: Random) -> None:
    thread = Conversation(
        id=id_at(at, rng),
        workshop_id=workshop.id,
        channel="chat",
        state="done",
        token_fingerprint=fingerprint(new_secret()),
        last_seq=2,
        staff_seen_seq=2,
        last_message_at=at + timedelta(seconds=2),
        last_text=wish,
        last_author="assistant",
        first_answer_at=at + timedelta(seconds=2),
        first_answer_by="assistant",
        created_at=at,
    )
    session.add(thread)
    session.flush()
    said = (("customer", "", f"{wish}: machen Sie das auch?"), ("assistant", "CarBot", _NOT_HERE))
    for seq, (author, name, text) in enumerate(said, start=1):
        moment = at + timedelta(seconds=2 * (seq - 1))
        session.add(
            Message(
                id=id_at(moment, rng),
                workshop_id=workshop.id,
                conversation_id=thread.id,
                seq=seq,
                author=author,
                author_name=name,
                text=text,
                created_at=moment,
            )
        )
    session.add(
        Lead(
            id=id_at(at, rng),
            workshop_id=workshop.id,
            conversation_id=thread.id,
            channel="chat",
            state="lost",
            lost_reason="",
            intent="price_request",
            signals=store_signals(LeadSignals(intents=("price_request",))),
            wish=wish,
            closed_at=at,
            created_at=at,
        )
    )
