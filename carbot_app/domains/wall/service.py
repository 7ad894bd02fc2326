"""The wall screen behind its link, and the link itself."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.booking.availability import Calendar, get_workshop, read_free_times
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.booking.planning import BAY, TECHNICIAN
from carbot_app.domains.booking.slots import cells_of
from carbot_app.domains.booking.states import BEGUN, CHANGEABLE, DONE
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.states import BILLED, CANCELLED, PAID, PICKED_UP
from carbot_app.domains.wall.models import WallLink
from carbot_app.domains.wall.schemas import WallScreen, WallTerms
from carbot_app.domains.wall.screen import Wall, clock_text
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import is_secret, new_secret

_AHEAD_DAYS = 14
_LEFT_OVER = timedelta(days=30)
"""A car that came that long ago and never left is a slip, not work."""
_FREE = Demand(cells=cells_of(60), skills=(), bays=())
"""An hour of any work: what a customer at the counter asks about."""


class WallService:
    """The link is the owner's (``settings.manage``); whoever has it may look."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get_terms(self, actor: Actor) -> WallTerms:
        """The link, if there is one."""
        actor.require("settings.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = _link(session)
            return WallTerms(row.token, row.shows_names) if row else WallTerms()

    def make_link(self, actor: Actor) -> WallTerms:
        """A new link; the one before opens nothing any more. Names are hidden until they are turned on."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"wall:{actor.workshop_id}")
            row = _link(session)
            shows_names = row.shows_names if row else False
            if row:
                session.delete(row)
                session.flush()
            row = WallLink(workshop_id=actor.workshop_id, token=new_secret(), shows_names=shows_names)
            session.add(row)
            return WallTerms(row.token, row.shows_names)

    def revoke_link(self, actor: Actor) -> WallTerms:
        """Screens that show it say that it is over; without a link nothing happens."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = _link(session)
            if row:
                session.delete(row)
        return WallTerms()

    def show_names(self, actor: Actor, shown: bool) -> WallTerms:
        """Whole names, or an initial. Raises NotFound ``link_unknown`` without a link."""
        actor.require("settings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = _link(session)
            if row is None:
                raise NotFound("link_unknown")
            row.shows_names = shown
            return WallTerms(row.token, row.shows_names)

    def get_screen(self, token: str) -> WallScreen:
        """What hangs on the wall now. Raises NotFound ``link_unknown``."""
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            link = session.exec(select(WallLink).where(WallLink.token == token)).first()
        if link is None:
            raise NotFound("link_unknown")
        now = self._clock()
        with self._db.reading(link.workshop_id) as session:
            workshop = get_workshop(session, link.workshop_id)
            calendar = Calendar.read(session, workshop)
            wall = _read_wall(session, calendar, link, now)
            absent = _absent(session, now)
            return WallScreen(
                workshop=workshop.short_name or workshop.name,
                language=workshop.language,
                at=now.astimezone(wall.zone),
                accent_hue=workshop.accent_hue,
                accent_chroma=workshop.accent_chroma,
                lanes=tuple(wall.lane(one, absent=one.id in absent) for one in _lanes(calendar)),
                waiting=wall.waiting(),
                ready=wall.ready(),
                expected=wall.expected(),
                next_free=_next_free(session, calendar, now),
                closed=calendar.rules.is_closed(calendar.rules.local_date(now)),
            )


def _link(session: Session) -> WallLink | None:
    return session.exec(select(WallLink)).first()


def _lanes(calendar: Calendar) -> list[Resource]:
    """Technicians; a workshop that plans without names shows its bays."""
    by_kind = {kind: [one for one in calendar.resources if one.kind == kind] for kind in (TECHNICIAN, BAY)}
    return by_kind[TECHNICIAN] or by_kind[BAY]


def _read_wall(session: Session, calendar: Calendar, link: WallLink, now: datetime) -> Wall:
    zone = calendar.rules.zone
    visits = session.exec(_todays(zone, calendar.rules.local_date(now), now)).all()
    ids = [visit.id for visit in visits]
    told = session.exec(
        select(Appointment.id, Customer.name, Vehicle.plate, Vehicle.plate_country)
        .join(Customer, col(Customer.id) == Appointment.customer_id)
        .outerjoin(Vehicle, col(Vehicle.id) == Appointment.vehicle_id)
        .where(col(Appointment.id).in_(ids))
    ).all()
    gone = session.exec(
        select(WorkOrder.appointment_id).where(
            col(WorkOrder.appointment_id).in_(ids),
            col(WorkOrder.state).in_((PICKED_UP, BILLED, PAID, CANCELLED)),
        )
    )
    return Wall(
        visits=visits,
        plates={visit_id: (plate or "", country or "DE") for visit_id, _, plate, country in told},
        names={visit_id: name for visit_id, name, _, _ in told},
        gone={visit_id for visit_id in gone if visit_id},
        now=now,
        zone=zone,
        language=calendar.workshop.language,
        shows_names=link.shows_names,
    )


def _todays(zone: ZoneInfo, today: date, now: datetime) -> SelectOfScalar[Appointment]:
    start = datetime.combine(today, time.min, zone)
    end = datetime.combine(today + timedelta(days=1), time.min, zone)
    return (
        select(Appointment)
        .where(
            or_(
                and_(
                    col(Appointment.state).in_((*CHANGEABLE, DONE)),
                    col(Appointment.ends_at) > start,
                    col(Appointment.starts_at) < end,
                ),
                and_(col(Appointment.state).in_(BEGUN), col(Appointment.ends_at) > now - _LEFT_OVER),
            )
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
    )


def _absent(session: Session, now: datetime) -> set[UUID]:
    query = select(Absence.resource_id).where(Absence.starts_at <= now, Absence.ends_at > now)
    return set(session.exec(query))


def _next_free(session: Session, calendar: Calendar, now: datetime) -> str:
    days = read_free_times(
        session,
        calendar,
        _FREE,
        first_on=calendar.rules.local_date(now),
        days=_AHEAD_DAYS,
        earliest=now,
        now=now,
    )
    first = next((times.times[0] for _, times in days if times.times), None)
    if first is None:
        return ""
    return clock_text(first.starts_at, now, calendar.rules.zone, calendar.workshop.language)
