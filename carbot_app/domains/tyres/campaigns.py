"""What staff does with season campaigns: look at the plan, start, pause, resume, stop, see how far it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.proposals import count_free_visits
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.states import DROPPED, OPEN
from carbot_app.domains.tyres.condition import SUMMER, WINTER
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation, WheelSet
from carbot_app.domains.tyres.season_facts import (
    BOOKED,
    OPTED_OUT,
    Plan,
    invitations_of,
    message_key,
    read_outcomes,
    read_plan,
)
from carbot_app.domains.tyres.season_schemas import (
    CampaignOffer,
    CampaignPlan,
    CampaignView,
    CampaignWish,
    InvitationView,
)
from carbot_app.domains.tyres.waves import (
    LAST_AHEAD,
    MAX_DAYS,
    MAX_PER_DAY,
    NO_ROOM,
    REASONS,
    WHEEL_CHANGES,
    coming_season,
)
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

RUNNING, PAUSED, STOPPED, OVER = "running", "paused", "stopped", "over"
_PER_DAY = 8
_CHANGES = {RUNNING: (PAUSED,), PAUSED: (RUNNING,), STOPPED: (RUNNING, PAUSED)}
"""State → those it may be entered from."""


class CampaignService:
    """Reads need ``tyres.read``, everything else ``tyres.manage``."""

    def __init__(self, *, db: Database, clock: Clock, catalog: CatalogService) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog

    def offer(self, actor: Actor) -> CampaignOffer:
        """What a new campaign starts with: the coming season and the workshop's wheel changes."""
        actor.require("tyres.read")
        services = tuple(
            (one.code, one.name)
            for one in self._catalog.list_services(actor, language=actor.language)
            if one.code in WHEEL_CHANGES or WHEEL_CHANGES & set(one.members)
        )
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
        season = coming_season(calendar.rules.local_date(self._clock()))
        code = services[0][0] if services else ""
        return CampaignOffer(CampaignWish(season.season, code, season.first, season.last, _PER_DAY), services)

    def preview(self, actor: Actor, wish: CampaignWish) -> CampaignPlan:
        """What a campaign would do; nothing is stored or sent.

        Raises:
            Invalid: ``campaign_season``, ``campaign_service``, ``campaign_dates`` or ``campaign_per_day``.
        """
        actor.require("tyres.read")
        work = self._work(actor, wish.service_code)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            today = calendar.rules.local_date(self._clock())
            row = _campaign(actor, wish, today)
            demand = calendar.demand_of(work)
            plan = read_plan(session, calendar, demand, row, now=self._clock())
            return self._describe_plan(session, calendar, demand, row, plan)

    def start(self, actor: Actor, wish: CampaignWish) -> CampaignView:
        """Begin; the first wave leaves within minutes, or when the day has begun.

        Raises:
            Invalid: see ``preview``. Conflict: ``campaign_exists`` while another one is not over.
        """
        actor.require("tyres.manage")
        self._work(actor, wish.service_code)
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"season campaigns {actor.workshop_id}")
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            today = calendar.rules.local_date(self._clock())
            last = _latest(session)
            if last is not None and _state(last, today) in (RUNNING, PAUSED):
                raise Conflict("campaign_exists")
            row = _campaign(actor, wish, today)
            session.add(row)
            emit(session, actor.workshop_id, "season.changed")
        return self._view(actor, row)

    def pause(self, actor: Actor, campaign_id: UUID) -> CampaignView:
        """No more invitations until it is resumed. Raises NotFound, Conflict campaign_over."""
        return self._change(actor, campaign_id, PAUSED)

    def resume(self, actor: Actor, campaign_id: UUID) -> CampaignView:
        """Go on where it was paused. Raises NotFound, Conflict campaign_over."""
        return self._change(actor, campaign_id, RUNNING)

    def stop(self, actor: Actor, campaign_id: UUID) -> CampaignView:
        """End it; invitations that wait for a mail server leave no more. Times already proposed stay kept.

        Raises NotFound, Conflict campaign_over.
        """
        return self._change(actor, campaign_id, STOPPED)

    def latest(self, actor: Actor) -> CampaignView | None:
        """The last campaign, whether it runs or is over; None: there was none yet."""
        actor.require("tyres.read")
        with self._db.reading(actor.workshop_id) as session:
            row = _latest(session)
        return self._view(actor, row) if row else None

    def plan_of(self, actor: Actor, campaign_id: UUID) -> CampaignPlan:
        """What a campaign will still do. NotFound: unknown."""
        actor.require("tyres.read")
        with self._db.reading(actor.workshop_id) as session:
            row = _find(session, campaign_id)
        work = self._work(actor, row.service_code, offered_only=False)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = calendar.demand_of(work)
            plan = read_plan(session, calendar, demand, row, now=self._clock())
            return self._describe_plan(session, calendar, demand, row, plan)

    def list_invitations(self, actor: Actor, campaign_id: UUID) -> list[InvitationView]:
        """What has left, the latest first. NotFound: unknown."""
        actor.require("tyres.read")
        with self._db.reading(actor.workshop_id) as session:
            campaign = _find(session, campaign_id)
            found = _with_owners(session, campaign)
            outcomes = read_outcomes(session, campaign, [row[0] for row in found], now=self._clock())
            return [_describe(outcomes[row[0].id], *row) for row in found]

    def _change(self, actor: Actor, campaign_id: UUID, state: str) -> CampaignView:
        actor.require("tyres.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = _find(session, campaign_id, lock=True)
            if row.state != state:
                if _state(row, self._today(session, actor)) not in _CHANGES[state]:
                    raise Conflict("campaign_over")
                row.state = state
                if state == STOPPED:
                    _drop_waiting(session, row)
                emit(session, actor.workshop_id, "season.changed")
        return self._view(actor, row)

    def _view(self, actor: Actor, row: SeasonCampaign) -> CampaignView:
        work = self._work(actor, row.service_code, offered_only=False)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            state = _state(row, calendar.rules.local_date(self._clock()))
            planned = 0
            if state in (RUNNING, PAUSED):
                plan = read_plan(session, calendar, calendar.demand_of(work), row, now=self._clock())
                planned = sum(len(wave.invited) for wave in plan.waves)
            invitations = invitations_of(session, row.id)
            outcomes = Counter(read_outcomes(session, row, invitations, now=self._clock()).values())
        return CampaignView(
            id=row.id,
            season=row.season,
            service_name=self._catalog.names(actor, actor.language).get(row.service_code, row.service_code),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            per_day=row.per_day,
            state=state,
            planned=planned,
            sent=len(invitations),
            booked=outcomes[BOOKED],
            opted_out=outcomes[OPTED_OUT],
        )

    def _describe_plan(
        self, session: Session, calendar: Calendar, demand: Demand, row: SeasonCampaign, plan: Plan
    ) -> CampaignPlan:
        now = self._clock()
        first = plan.waves[0].on if plan.waves else max(calendar.rules.local_date(now), row.starts_on)
        free = count_free_visits(session, calendar, demand, first_on=first, days=LAST_AHEAD + 1, now=now)
        left_out = [*plan.left_out, *((one, NO_ROOM) for one in plan.no_room)]
        left_out.sort(key=lambda pair: REASONS.index(pair[1]))
        return CampaignPlan(tuple(plan.waves), tuple(left_out), sum(free.values()))

    def _work(self, actor: Actor, code: str, *, offered_only: bool = True) -> list[ServiceView]:
        try:
            return self._catalog.list_work(actor, (code,), language=actor.language, offered_only=offered_only)
        except NotFound:
            raise Invalid("campaign_service", field="service_code") from None

    def _today(self, session: Session, actor: Actor) -> date:
        calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
        return calendar.rules.local_date(self._clock())


def _campaign(actor: Actor, wish: CampaignWish, today: date) -> SeasonCampaign:
    if wish.season not in (SUMMER, WINTER):
        raise Invalid("campaign_season", field="season")
    if not 1 <= wish.per_day <= MAX_PER_DAY:
        raise Invalid("campaign_per_day", field="per_day", limit=MAX_PER_DAY)
    span = wish.ends_on - wish.starts_on
    if not timedelta(0) <= span < timedelta(days=MAX_DAYS) or wish.ends_on < today:
        raise Invalid("campaign_dates", field="ends_on", days=MAX_DAYS)
    return SeasonCampaign(
        workshop_id=actor.workshop_id,
        season=wish.season,
        service_code=wish.service_code,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        per_day=wish.per_day,
    )


def _state(row: SeasonCampaign, today: date) -> str:
    return OVER if row.state != STOPPED and row.ends_on < today else row.state


def _latest(session: Session) -> SeasonCampaign | None:
    return session.exec(select(SeasonCampaign).order_by(col(SeasonCampaign.id).desc()).limit(1)).first()


def _find(session: Session, campaign_id: UUID, *, lock: bool = False) -> SeasonCampaign:
    query = select(SeasonCampaign).where(SeasonCampaign.id == campaign_id)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound
    return row


def _drop_waiting(session: Session, row: SeasonCampaign) -> None:
    keys = [message_key(row.id, one.customer_id) for one in invitations_of(session, row.id)]
    waiting = select(OutgoingMessage).where(
        col(OutgoingMessage.dedupe_key).in_(keys), col(OutgoingMessage.state).in_(OPEN)
    )
    for message in session.exec(waiting):
        message.state = DROPPED


def _with_owners(
    session: Session, row: SeasonCampaign
) -> Sequence[tuple[SeasonInvitation, Customer, Vehicle | None, WheelSet | None]]:
    query = (
        select(SeasonInvitation, Customer, Vehicle, WheelSet)
        .join(Customer, col(Customer.id) == SeasonInvitation.customer_id)
        .outerjoin(Vehicle, col(Vehicle.id) == SeasonInvitation.vehicle_id)
        .outerjoin(WheelSet, col(WheelSet.id) == SeasonInvitation.wheel_set_id)
        .where(SeasonInvitation.campaign_id == row.id)
        .order_by(col(SeasonInvitation.id).desc())
    )
    return session.exec(query).all()


def _describe(
    state: str, one: SeasonInvitation, customer: Customer, vehicle: Vehicle | None, wheels: WheelSet | None
) -> InvitationView:
    return InvitationView(
        id=one.id,
        name=customer.name,
        plate=vehicle.plate if vehicle else "",
        plate_country=vehicle.plate_country if vehicle else "DE",
        place=wheels.location if wheels and wheels.taken_on is None else "",
        sent_at=one.created_at,
        proposed_at=one.starts_at,
        state=state,
    )
