"""Reads what waves are planned from: sets, consents, visits, and what became of invitations."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.proposals import count_free_visits
from carbot_app.domains.booking.states import CANCELLED, NO_SHOW, UNPLANNED
from carbot_app.domains.customers.consents import TYRES, agreed_by_mail
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.models import ContactPreference, OutgoingMessage
from carbot_app.domains.messaging.service import MAIL
from carbot_app.domains.tyres.condition import LEGAL_TENTHS
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation, WheelSet
from carbot_app.domains.tyres.waves import (
    LAST_AHEAD,
    Candidate,
    Limits,
    Wave,
    is_wheel_change,
    line_up,
    plan_waves,
    sending_days,
)

_GONE_SINCE = timedelta(days=400)
"""Sets given out longer ago are no longer this season's business."""
_AGAIN_AFTER = timedelta(days=60)
"""Another campaign may invite the same customer after this time."""
BOOKED, OPTED_OUT, HELD, UNDELIVERED = "booked", "opted_out", "held", "undelivered"
WAITING, OVER = "waiting", "over"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign would do from now on."""

    waves: Sequence[Wave]
    left_out: Sequence[tuple[Candidate, str]]
    no_room: Sequence[Candidate]


def read_plan(
    session: Session, calendar: Calendar, demand: Demand, campaign: SeasonCampaign, *, now: datetime
) -> Plan:
    """The waves of a campaign from today on, whether it runs or is only thought of."""
    today = calendar.rules.local_date(now)
    queue, left_out = line_up(read_candidates(session, calendar, campaign, now=now))
    first = max(today, campaign.starts_on)
    if first > campaign.ends_on or not queue:
        return Plan((), left_out, queue)
    days = (campaign.ends_on - first).days + LAST_AHEAD + 1
    room = count_free_visits(session, calendar, demand, first_on=first, days=days, now=now)
    sent, waiting = _sent(session, calendar, campaign, now=now)
    limits = Limits(campaign.per_day, room, sent, waiting)
    waves, no_room = plan_waves(queue, sending_days(calendar.rules, first, campaign.ends_on), limits)
    return Plan(waves, left_out, no_room)


def read_candidates(
    session: Session,
    calendar: Calendar,
    campaign: SeasonCampaign,
    *,
    now: datetime,
    customer_id: UUID | None = None,
) -> list[Candidate]:
    """Sets of the campaign's season whose owner it has not invited yet; of everybody or one customer."""
    today = calendar.rules.local_date(now)
    query = (
        select(WheelSet, Customer, Vehicle)
        .outerjoin(Customer, col(Customer.id) == WheelSet.customer_id)
        .outerjoin(Vehicle, col(Vehicle.id) == WheelSet.vehicle_id)
        .where(
            WheelSet.season == campaign.season,
            or_(col(WheelSet.taken_on).is_(None), col(WheelSet.taken_on) >= today - _GONE_SINCE),
        )
        .order_by(col(WheelSet.taken_on).is_not(None), col(WheelSet.taken_on).desc(), col(WheelSet.id))
    )
    if customer_id is not None:
        query = query.where(WheelSet.customer_id == customer_id)
    agreed, stopped = agreed_by_mail(session, TYRES), _stopped(session)
    done, recently = _invited(session, campaign, now)
    booked = _Visits.read(session, campaign, _start(calendar, min(today, campaign.starts_on)))
    found: dict[UUID, Candidate] = {}
    for row, customer, vehicle in session.exec(query).all():
        if row.customer_id in done:
            continue
        treads = [tyre["tread"] for tyre in row.tyres if tyre["tread"] is not None]
        candidate = Candidate(
            set_id=row.id,
            code=row.code,
            place=row.location,
            stored_on=row.stored_on,
            tread=min(treads, default=None),
            customer_id=row.customer_id,
            vehicle_id=row.vehicle_id,
            name=customer.name if customer else "",
            plate=vehicle.plate if vehicle else "",
            plate_country=vehicle.plate_country if vehicle else "DE",
            here=row.taken_on is None,
            worn=min(treads, default=LEGAL_TENTHS) < LEGAL_TENTHS,
            reachable=customer is not None and bool(customer.email) and customer.id not in stopped,
            agreed=row.customer_id in agreed,
            booked=booked.of_car(row.vehicle_id, row.customer_id),
            invited=row.customer_id in recently,
        )
        # A car's set that is here comes before one of the same season that was given out
        found.setdefault(row.vehicle_id or row.id, candidate)
    return list(found.values())


def read_outcomes(
    session: Session, campaign: SeasonCampaign, invitations: Sequence[SeasonInvitation], *, now: datetime
) -> dict[UUID, str]:
    """What became of each invitation.

    booked, opted_out, held (nothing is set up to send it with), undelivered, waiting or over (no answer).
    """
    since = min((one.created_at for one in invitations), default=now)
    visits = _Visits.read(session, campaign, since)
    agreed = agreed_by_mail(session, TYRES)
    keys = [message_key(one.campaign_id, one.customer_id) for one in invitations]
    query = select(OutgoingMessage.dedupe_key, OutgoingMessage.state)
    sent = dict(session.exec(query.where(col(OutgoingMessage.dedupe_key).in_(keys))).all())
    stuck: dict[str, str] = {
        states.HELD: HELD,
        states.FAILED: UNDELIVERED,
        states.UNSURE: UNDELIVERED,
        states.DROPPED: UNDELIVERED,
    }

    def outcome(one: SeasonInvitation) -> str:
        if visits.booked_after(one):
            return BOOKED
        if one.customer_id not in agreed:
            return OPTED_OUT
        message = sent.get(message_key(one.campaign_id, one.customer_id), "")
        return stuck.get(message, WAITING if one.held_until > now else OVER)

    return {one.id: outcome(one) for one in invitations}


def message_key(campaign_id: UUID, customer_id: UUID) -> str:
    """What makes an invitation the same as another."""
    return f"season:{campaign_id}:{customer_id}"


def invitations_of(session: Session, campaign_id: UUID) -> Sequence[SeasonInvitation]:
    """All of a campaign, the oldest first."""
    query = select(SeasonInvitation).where(SeasonInvitation.campaign_id == campaign_id)
    return session.exec(query.order_by(col(SeasonInvitation.id))).all()


@dataclass(frozen=True, slots=True)
class _Visits:
    """Visits that change wheels and were not called off."""

    rows: Sequence[Appointment]
    cars: Collection[UUID | None]
    owners: Collection[UUID | None]
    owners_without_car: Collection[UUID | None]

    @classmethod
    def read(cls, session: Session, campaign: SeasonCampaign, since: datetime) -> "_Visits":
        """Those that begin after an instant or still wait for a time."""
        query = select(Appointment).where(
            col(Appointment.state).not_in((CANCELLED, NO_SHOW)),
            or_(col(Appointment.starts_at) >= since, Appointment.state == UNPLANNED),
        )
        found = session.exec(query).all()
        rows = [row for row in found if is_wheel_change(row.service_codes, campaign.service_code)]
        return cls(
            rows,
            cars={row.vehicle_id for row in rows if row.vehicle_id},
            owners={row.customer_id for row in rows},
            owners_without_car={row.customer_id for row in rows if row.vehicle_id is None},
        )

    def of_car(self, vehicle_id: UUID | None, customer_id: UUID | None) -> bool:
        """Whether there is one for the car, or for the customer where a car is not known."""
        if vehicle_id is None:
            return customer_id in self.owners
        return vehicle_id in self.cars or customer_id in self.owners_without_car

    def booked_after(self, one: SeasonInvitation) -> bool:
        """Whoever had a visit ahead was not invited, so one that is ahead now came of the invitation."""
        return any(
            row.starts_at >= one.created_at
            and (
                row.customer_id == one.customer_id
                or (row.vehicle_id is not None and row.vehicle_id == one.vehicle_id)
            )
            for row in self.rows
        )


def _stopped(session: Session) -> set[UUID]:
    return {row.customer_id for row in session.exec(select(ContactPreference)) if MAIL in row.stopped}


def _invited(
    session: Session, campaign: SeasonCampaign, now: datetime
) -> tuple[Collection[UUID], Collection[UUID]]:
    """Customers this campaign has invited, and those another one invited a short while ago."""
    query = select(SeasonInvitation.campaign_id, SeasonInvitation.customer_id).where(
        or_(
            SeasonInvitation.campaign_id == campaign.id,
            col(SeasonInvitation.created_at) > now - _AGAIN_AFTER,
        )
    )
    rows = session.exec(query).all()
    own = {customer_id for campaign_id, customer_id in rows if campaign_id == campaign.id}
    return own, {customer_id for campaign_id, customer_id in rows if campaign_id != campaign.id}


def _sent(
    session: Session, calendar: Calendar, campaign: SeasonCampaign, *, now: datetime
) -> tuple[Counter[date], Counter[date]]:
    invitations = invitations_of(session, campaign.id)
    outcomes = read_outcomes(session, campaign, invitations, now=now)
    return (
        _by_day(calendar, invitations),
        _by_day(calendar, (one for one in invitations if outcomes[one.id] == OVER)),
    )


def _by_day(calendar: Calendar, invitations: Iterable[Any]) -> Counter[date]:
    return Counter(calendar.rules.local_date(one.created_at) for one in invitations)


def _start(calendar: Calendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.rules.zone)
