"""The job that sends today's wave of every campaign that runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.labels import booking_link, slot_label
from carbot_app.domains.booking.proposals import keep_best_time
from carbot_app.domains.booking.slots import FreeTime, encode_slot
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.consents import TYRES, agreed_by_mail
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.appointments import quiet_hours
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.tyres.campaigns import PAUSED, RUNNING
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation
from carbot_app.domains.tyres.season_facts import (
    message_key,
    read_candidates,
    read_plan,
)
from carbot_app.domains.tyres.waves import HOURS, Candidate, answer_by, line_up, proposal_window
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_secret

KIND = "season_invitation"
_UNSENT = (*states.OPEN, states.FAILED, states.UNSURE)


@dataclass(frozen=True, slots=True)
class _Today:
    """What one wave of a campaign has in common."""

    campaign: SeasonCampaign
    work: Sequence[ServiceView]
    on: date


class SeasonWaves:
    """One mail per campaign and customer, however often and by however many processes this runs.

    A wave is no row until it leaves: each run plans anew from what is true then, and each invitation is a
    transaction of its own that looks again. So a withdrawn consent, a visit booked meanwhile, a pause or a
    process that dies leave nothing to correct.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        catalog: CatalogService,
        messaging: MessagingService,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog
        self._messaging = messaging
        self._public_url = public_url

    def send_due(self) -> int:
        """Queue what is left of today's waves, outside quiet hours; returns how many invitations."""
        self._drop_withdrawn()
        with self._db.reading(SYSTEM) as session:
            yesterday = self._clock().date() - timedelta(days=1)  # no zone is further behind UTC
            query = select(SeasonCampaign).where(
                SeasonCampaign.state == RUNNING, SeasonCampaign.ends_on >= yesterday
            )
            running = session.exec(query).all()
        return sum(self._send_wave(campaign) for campaign in running)

    def _send_wave(self, campaign: SeasonCampaign) -> int:
        visitor = visitor_of(campaign.workshop_id)
        try:
            work = self._catalog.list_work(visitor, (campaign.service_code,), language="de")
        except NotFound:
            self._pause(campaign)
            return 0
        with self._db.reading(campaign.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, campaign.workshop_id))
            today = _Today(campaign, work, calendar.rules.local_date(self._clock()))
            due = self._due(session, calendar, today)
        sent = 0
        for candidate in due:
            invited = self._invite(today, candidate)
            if invited is None:
                break
            sent += invited
        return sent

    def _due(self, session: Session, calendar: Calendar, today: _Today) -> Sequence[Candidate]:
        now, campaign = self._clock(), today.campaign
        awake = now.astimezone(calendar.rules.zone).hour in HOURS
        if not awake or quiet_hours(session, campaign.workshop_id).contains(now):
            return ()
        if not campaign.starts_on <= today.on <= campaign.ends_on:
            return ()
        plan = read_plan(session, calendar, calendar.demand_of(today.work), campaign, now=now)
        return next((wave.invited for wave in plan.waves if wave.on == today.on), ())

    def _invite(self, today: _Today, planned: Candidate) -> bool | None:
        """Invite one customer if that still holds; None: nobody else can be invited now."""
        workshop_id, now = today.campaign.workshop_id, self._clock()
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"season campaign {today.campaign.id}")
            campaign = session.get_one(SeasonCampaign, today.campaign.id)
            calendar = Calendar.read(session, get_workshop(session, workshop_id))
            if campaign.state != RUNNING or self._sent_today(session, calendar, today) >= campaign.per_day:
                return None
            own = read_candidates(session, calendar, campaign, now=now, customer_id=planned.customer_id)
            queue, _ = line_up(own)
            return self._send(session, calendar, today, queue[0]) if queue else False

    def _send(self, session: Session, calendar: Calendar, today: _Today, candidate: Candidate) -> bool | None:
        assert candidate.customer_id is not None, "selected by it"
        after, until = proposal_window(today.on, calendar.rules.zone)
        held_until, token = answer_by(today.on, calendar.rules.zone), new_secret()
        demand = calendar.demand_of(today.work)
        time = keep_best_time(
            session,
            calendar,
            demand,
            now=self._clock(),
            after=after,
            until=until,
            expires_at=held_until,
            token=token,
        )
        if time is None:
            return None
        invitation = SeasonInvitation(
            workshop_id=today.campaign.workshop_id,
            campaign_id=today.campaign.id,
            customer_id=candidate.customer_id,
            vehicle_id=candidate.vehicle_id,
            wheel_set_id=candidate.set_id,
            token=token,
            slot_id=encode_slot(time.start, demand.cells),
            starts_at=time.starts_at,
            held_until=held_until,
            created_at=self._clock(),
        )
        session.add(invitation)
        self._write(session, calendar, today, invitation, time)
        emit(session, invitation.workshop_id, "season.changed")
        return True

    def _write(
        self,
        session: Session,
        calendar: Calendar,
        today: _Today,
        invitation: SeasonInvitation,
        time: FreeTime,
    ) -> None:
        customer = session.get_one(Customer, invitation.customer_id)
        vehicle = session.get(Vehicle, invitation.vehicle_id) if invitation.vehicle_id else None
        query = select(Consent.token).where(
            Consent.customer_id == customer.id, Consent.kind == TYRES, col(Consent.withdrawn_at).is_(None)
        )
        workshop, language, zone = calendar.workshop, customer.language, calendar.rules.zone
        season = today.campaign.season
        words = {
            "hello": _greeting(customer),
            "car": car_words(vehicle),
            "when": slot_label(time.starts_at, zone, language),
            "until": slot_label(invitation.held_until, zone, language),
            "workshop": workshop.name,
            "phone": workshop.phone,
            "link": f"{self._public_url}/raeder/{invitation.token}",
            "other": booking_link(self._public_url, workshop.slug, today.campaign.service_code),
            "unsubscribe": f"{self._public_url}/abmelden/{session.exec(query).one()}",
        }
        self._messaging.queue_mail(
            session,
            workshop_id=invitation.workshop_id,
            kind=KIND,
            to_address=customer.email,
            subject=translate(language, f"season.mail.{season}_subject", **words),
            text=translate(language, f"season.mail.{season}_text", **words),
            dedupe_key=message_key(invitation.campaign_id, customer.id),
            language=language,
        )

    def _sent_today(self, session: Session, calendar: Calendar, today: _Today) -> int:
        start = datetime.combine(today.on, datetime.min.time(), calendar.rules.zone)
        query = select(func.count()).select_from(SeasonInvitation)
        query = query.where(
            SeasonInvitation.campaign_id == today.campaign.id, SeasonInvitation.created_at >= start
        )
        return session.exec(query).one()

    def _pause(self, campaign: SeasonCampaign) -> None:
        """What it invites to is offered no more; staff sees why nothing leaves."""
        with self._db.writing(campaign.workshop_id) as session:
            session.get_one(SeasonCampaign, campaign.id).state = PAUSED
            emit(session, campaign.workshop_id, "season.changed")

    def _drop_withdrawn(self) -> None:
        """Who withdrew the consent gets no invitation that still waits, nor one staff sends again by hand."""
        waiting = select(OutgoingMessage).where(
            OutgoingMessage.kind == KIND, col(OutgoingMessage.state).in_(_UNSENT)
        )
        with self._db.reading(SYSTEM) as session:  # the usual case must not take SQLite's write lock
            agreed = agreed_by_mail(session, TYRES)
            late = {row.workshop_id for row in session.exec(waiting) if customer_of(row) not in agreed}
        for workshop_id in late:
            with self._db.writing(workshop_id) as session:
                agreed = agreed_by_mail(session, TYRES)
                for message in session.exec(waiting.with_for_update()):
                    if customer_of(message) not in agreed:
                        message.state = states.DROPPED


def _greeting(customer: Customer) -> str:
    key = "hello_name" if customer.name else "hello"
    return translate(customer.language, f"season.mail.{key}", name=customer.name)


def customer_of(message: OutgoingMessage) -> UUID:
    """To whom an invitation goes; see message_key."""
    return UUID(message.dedupe_key.rpartition(":")[2])
