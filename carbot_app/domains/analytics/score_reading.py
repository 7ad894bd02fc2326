"""Measures the parts of the performance score and the facts its steps rest on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, exists, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from carbot_app.domains.analytics import kinds, score
from carbot_app.domains.analytics.basis import BasisReader
from carbot_app.domains.analytics.demand import HOURS, stored
from carbot_app.domains.analytics.figures import EVERYTHING, sums
from carbot_app.domains.analytics.job_margins import margin_percent, read_margins
from carbot_app.domains.analytics.kpis import DEFINITIONS
from carbot_app.domains.analytics.outlook_models import ScoreWeights
from carbot_app.domains.analytics.presence import read_presence
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.analytics.score import Measured
from carbot_app.domains.analytics.steps import Share, StepFacts
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.states import DONE, FREE_STATES, NO_SHOW
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.inspection import month_end
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.outcomes import BOOKED, WON
from carbot_app.domains.messaging.inspections import SERVICE as INSPECTION_SERVICE
from carbot_app.domains.messaging.models import AppointmentAnswer
from carbot_app.domains.orders.declined_rows import WAITING
from carbot_app.domains.orders.models import DeclinedJob, OrderJob, WorkOrder
from carbot_app.domains.team.hours import is_open
from carbot_app.domains.team.models import Workshop

PAST_DAYS = 91
"""Of the facts behind steps: three months of whole weeks."""
AHEAD_WEEKS = 4
_SLOW = timedelta(hours=1)
_INSPECTIONS_AHEAD = timedelta(days=31)
_FULL = 0.95
"""Share of the hours present that can be sold; the rest is what never fits."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at which workshop when."""

    session: Session
    workshop: Workshop
    rules: OpeningRules
    now: datetime

    @property
    def today(self) -> date:
        """The workshop's calendar day."""
        return self.rules.local_date(self.now)

    def instants(self, span: Span) -> tuple[datetime, datetime]:
        """The first of the span and the first after it."""
        after = span.last + timedelta(days=1)
        zone = self.rules.zone
        return datetime.combine(span.first, time.min, zone), datetime.combine(after, time.min, zone)


def read_weights(session: Session) -> dict[str, int]:
    """The owner's weights, or the usual ones."""
    row = session.exec(select(ScoreWeights)).first()
    return {**score.USUAL_WEIGHTS, **(row.weights if row else {})}


def measure(look: Look, span: Span) -> dict[str, Measured]:
    """Every part of score.PARTS over the span."""
    codes = ("conversion", "first_response", "utilisation", "rating")
    reader = BasisReader(look.session, look.workshop, EVERYTHING, codes, now=look.now, rules=look.rules)
    basis = reader.whole(span)
    value = {code: DEFINITIONS[code].measure(basis) for code in codes}
    kept, promised = _promises(look, span)
    jobs = read_margins(look.session, look.workshop.country, *look.instants(span))
    return {
        score.RESPONSE: Measured(value["first_response"], len(basis.answer_seconds)),
        score.CONVERSION: Measured(value["conversion"], basis.of(kinds.LEAD).events),
        score.UTILISATION: Measured(value["utilisation"], basis.present_minutes),
        score.PUNCTUALITY: Measured(100 * kept / promised if promised else None, promised),
        score.SATISFACTION: Measured(value["rating"], basis.of(kinds.RATED).events),
        score.MARGIN: Measured(margin_percent(jobs), len(jobs)),
    }


def read_facts(look: Look) -> StepFacts:
    """What the steps are chosen from; workshops start without any of it."""
    past = Span(look.today - timedelta(days=PAST_DAYS), look.today - timedelta(days=1))
    order_cents = _average_order(look, past)
    fast, slow, nights = _answers(look, past)
    confirmed, unconfirmed, missed = _attendance(look, past)
    waiting, waiting_cents, followed = _declined(look)
    return StepFacts(
        average_order_cents=order_cents,
        declined_waiting=waiting,
        declined_waiting_cents=waiting_cents,
        followed_up=followed,
        short_hours=_short_hours(look),
        hour_cents=_hour_cents(look, past),
        slow_nights=nights,
        won_fast=fast,
        won_slow=slow,
        unconfirmed_no_shows=missed,
        confirmed_kept=confirmed,
        unconfirmed_kept=unconfirmed,
        inspections_due=_inspections(look),
        inspection_cents=_inspection_cents(look.session),
    )


def _promises(look: Look, span: Span) -> tuple[int, int]:
    """Cars that were ready when promised, of all promised in the span and ready by now or late."""
    start, end = look.instants(span)
    ready = (
        sa_select(col(OrderJob.order_id), func.max(col(OrderJob.done_at)).label("ready_at"))
        .where(col(OrderJob.done_at).is_not(None), col(OrderJob.workshop_id) == look.workshop.id)
        .group_by(col(OrderJob.order_id))
        .subquery()
    )
    query = (
        sa_select(
            func.count(),
            func.sum(case((ready.c.ready_at <= col(WorkOrder.promised_at), 1), else_=0)),
        )
        .select_from(WorkOrder)
        .join(ready, ready.c.order_id == col(WorkOrder.id))
        .where(col(WorkOrder.promised_at) >= start, col(WorkOrder.promised_at) < min(end, look.now))
    )
    count, kept = look.session.execute(query).one()
    return int(kept or 0), int(count)


def _average_order(look: Look, span: Span) -> int:
    """What an order came to; without orders yet, what visits were told to cost."""
    for kind in (kinds.ORDER_CLOSED, kinds.VISITED):
        found = sums(look.session, span, (kind,)).get((kind,))
        if found and found.events > 0:
            return max(0, round(found.amount_cents / found.events))
    return 0


def _hour_cents(look: Look, span: Span) -> int:
    found = sums(look.session, span, (kinds.VISITED,)).get((kinds.VISITED,))
    return round(60 * found.amount_cents / found.quantity) if found and found.quantity > 0 else 0


def _declined(look: Look) -> tuple[int, int, Share]:
    rows = look.session.execute(
        sa_select(col(DeclinedJob.state), func.count(), func.sum(col(DeclinedJob.gross_cents))).group_by(
            col(DeclinedJob.state)
        )
    ).all()
    by_state = {state: (count, int(cents or 0)) for state, count, cents in rows}
    waiting = [by_state.get(state, (0, 0)) for state in WAITING]
    ordered, dropped = (by_state.get(state, (0, 0))[0] for state in ("done", "dropped"))
    return (
        sum(count for count, _ in waiting),
        sum(cents for _, cents in waiting),
        Share(ordered, ordered + dropped),
    )


def _answers(look: Look, span: Span) -> tuple[Share, Share, int]:
    """Won of those answered within the hour and of the others; how many waited at night or at a weekend."""
    start, end = look.instants(span)
    query = (
        sa_select(col(Lead.state), col(Conversation.created_at), col(Conversation.first_answer_at))
        .join(Conversation, col(Conversation.id) == col(Lead.conversation_id))
        .where(col(Lead.created_at) >= start, col(Lead.created_at) < end)
    )
    won, counts, nights = [0, 0], [0, 0], 0
    for state, asked_at, answered_at in look.session.execute(query):
        slow = answered_at is None or answered_at - asked_at > _SLOW
        counts[slow] += 1
        won[slow] += state in (BOOKED, WON)
        nights += slow and not is_open(look.workshop.opening_hours, asked_at.astimezone(look.rules.zone))
    return Share(won[0], counts[0]), Share(won[1], counts[1]), nights


def _attendance(look: Look, span: Span) -> tuple[Share, Share, int]:
    """Kept of the confirmed and of the other visits, and how many of the others nobody came to."""
    start, end = look.instants(span)
    said_yes = exists().where(
        col(AppointmentAnswer.appointment_id) == col(Appointment.id),
        col(AppointmentAnswer.workshop_id) == col(Appointment.workshop_id),
        col(AppointmentAnswer.answer) == "yes",
    )
    query = (
        sa_select(said_yes, col(Appointment.state), func.count())
        .where(
            col(Appointment.starts_at) >= start,
            col(Appointment.starts_at) < end,
            col(Appointment.state).in_((DONE, NO_SHOW)),
        )
        .group_by(said_yes, col(Appointment.state))
    )
    found = {(bool(yes), state): count for yes, state, count in look.session.execute(query)}

    def kept(yes: bool) -> Share:
        came, missed = found.get((yes, DONE), 0), found.get((yes, NO_SHOW), 0)
        return Share(came, came + missed)

    return kept(True), kept(False), found.get((False, NO_SHOW), 0)


def _inspections(look: Look) -> int:
    """Cars with an inspection due by the end of next month whose owner has no visit planned."""
    planned = exists().where(
        col(Appointment.vehicle_id) == col(Vehicle.id),
        col(Appointment.workshop_id) == col(Vehicle.workshop_id),
        col(Appointment.starts_at) >= look.now,
        col(Appointment.state).not_in(FREE_STATES),
    )
    query = select(func.count(col(Vehicle.id))).where(
        col(Vehicle.inspection_due).between(look.today, month_end(look.today + _INSPECTIONS_AHEAD)),
        col(Vehicle.customer_id).is_not(None),
        ~planned,
    )
    return look.session.exec(query).one()


def _inspection_cents(session: Session) -> int:
    row = session.exec(
        select(Service.price_min_cents).where(Service.code == INSPECTION_SERVICE, col(Service.active))
    ).first()
    return row or 0


def _short_hours(look: Look) -> dict[int, float]:
    """Hours expected beyond what can be sold, by ISO weekday, over the weeks ahead."""
    ahead = Span(look.today, look.today + timedelta(weeks=AHEAD_WEEKS) - timedelta(days=1))
    expected = {band.day: band.mid for band in stored(look.session, HOURS, look.today).bands}
    presence = read_presence(look.session, look.workshop, ahead, EVERYTHING, now=look.now)
    short: dict[int, float] = {}
    for day, people in presence.items():
        present = sum(one.present for one in people.values()) / 60
        missing = expected.get(day, 0.0) - _FULL * present
        if missing > 0:
            short[day.isoweekday()] = short.get(day.isoweekday(), 0.0) + missing
    return short
