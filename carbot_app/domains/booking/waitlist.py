"""Who waits gets what becomes free: the best match first, with a deadline, never two at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, wait_for_turn
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.desk import demand_of_visit, emit_change, get_appointment_row, visitor_of
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.links import AppointmentLinks
from carbot_app.domains.booking.models import Appointment, Claim, WaitlistEntry, WaitlistOffer
from carbot_app.domains.booking.occupation import Wanted, occupy, take
from carbot_app.domains.booking.offering import PARTS_OF_DAY, best_time
from carbot_app.domains.booking.slots import HORIZON_DAYS, LEAD_TIME, FreeTime, cell_at_or_after, cell_before
from carbot_app.domains.booking.states import CHANGEABLE, CONFIRMED, UNPLANNED
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Gone, Invalid

DEADLINE = timedelta(hours=1)
"""To answer an offer."""
AWAKE = range(8, 20)
"""Local hours in which people answer; an offer made at night may be answered until nine."""
_MORNING = time(9)
_WAITING = (UNPLANNED, *CHANGEABLE)
_FREED = {"appointment.cancelled", "appointment.moved", "appointment.changed", "waitlist.changed"}


@dataclass(frozen=True, slots=True)
class WaitlistView:
    """What the customer of an appointment sees: whether they wait, and what is kept for them."""

    waiting: bool
    offered: str = ""
    """The time kept, in words; empty: none."""
    until: str = ""
    """When the offer ends, in words."""

    @property
    def state(self) -> str:
        """no, waiting or offered."""
        return "offered" if self.offered else "waiting" if self.waiting else "no"


class WaitlistService(AppointmentLinks):
    """Customers act with the secret link of their appointment; staff needs ``bookings.manage``."""

    def join(self, token: str, *, until: datetime | None = None, part_of_day: str = "") -> WaitlistView:
        """Wait for an earlier time than the appointment's, or before ``until`` for one that has none.

        Raises NotFound link_unknown, Gone appointment_over and Invalid wish_invalid.
        """
        workshop_id, appointment_id = self._by_token(token)
        self._join(workshop_id, appointment_id, until=until, part_of_day=part_of_day)
        return self.get_by_token(token)

    def enlist(
        self, actor: Actor, appointment_id: UUID, *, until: datetime | None = None, part_of_day: str = ""
    ) -> None:
        """Put a customer on the list, as join does. Raises NotFound appointment_unknown besides."""
        actor.require("bookings.manage")
        self._join(actor.workshop_id, appointment_id, until=until, part_of_day=part_of_day)

    def leave(self, token: str) -> WaitlistView:
        """Wait no longer; what was kept is given to the next."""
        workshop_id, appointment_id = self._by_token(token)
        with self._db.writing(workshop_id) as session:
            if entry := _entry_of(session, appointment_id):
                _withdraw(session, entry)
                session.delete(entry)
                emit(session, workshop_id, "waitlist.changed", appointment_id=appointment_id)
        return WaitlistView(waiting=False)

    def get_by_token(self, token: str, *, language: str = "") -> WaitlistView:
        """What the customer sees; NotFound("link_unknown")."""
        workshop_id, appointment_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            entry = _entry_of(session, appointment_id)
            if entry is None:
                return WaitlistView(waiting=False)
            offer = _open_offer(session, entry, self._clock())
            if offer is None:
                return WaitlistView(waiting=True)
            language = language or get_appointment_row(session, workshop_id, appointment_id).language
            zone = ZoneInfo(get_workshop(session, workshop_id).timezone)
            return WaitlistView(
                True,
                slot_label(offer.starts_at, zone, language),
                slot_label(offer.expires_at, zone, language),
            )

    def accept(self, token: str) -> None:
        """Take the time that is kept. Raises NotFound link_unknown and Gone offer_over."""
        workshop_id, appointment_id = self._by_token(token)
        services = self._work(workshop_id, appointment_id)
        with self._db.writing(workshop_id) as session:
            row = get_appointment_row(session, workshop_id, appointment_id, lock=True)
            entry, now = _entry_of(session, appointment_id), self._clock()
            offer = _open_offer(session, entry, now) if entry else None
            if entry is None or offer is None or row.state not in _WAITING:
                raise Gone("offer_over")
            calendar = Calendar.read(session, get_workshop(session, workshop_id))
            _withdraw(session, entry, state="accepted")
            wanted = Wanted(demand_of_visit(calendar, row, services), _time_of(offer))
            occupy(session, calendar, row, wanted, now=now)
            row.state = CONFIRMED if row.state == UNPLANNED else row.state
            row.moved_count += 1
            session.delete(entry)
            emit_change(session, "moved", row)

    def decline(self, token: str) -> WaitlistView:
        """Let the time go to the next and wait on."""
        workshop_id, appointment_id = self._by_token(token)
        with self._db.writing(workshop_id) as session:
            if entry := _entry_of(session, appointment_id):
                _withdraw(session, entry)
                emit(session, workshop_id, "waitlist.changed", appointment_id=appointment_id)
        return self.get_by_token(token)

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: something may have become free."""
        if delivery.kind in _FREED:
            self.offer_free_times(delivery.workshop_id)

    def offer_overdue(self) -> None:
        """Clock job: give what nobody took in time to the next."""
        query = select(WaitlistOffer.workshop_id).where(
            WaitlistOffer.state == "open", col(WaitlistOffer.expires_at) <= self._clock()
        )
        with self._db.reading(SYSTEM) as session:
            workshops = set(session.exec(query))
        for workshop_id in workshops:
            self.offer_free_times(workshop_id)

    def offer_free_times(self, workshop_id: UUID) -> int:
        """Keep free times for those who wait and tell them; returns for how many.

        Who has no time at all comes first, then whose work fits the free time best, then who waits longest.
        """
        with self._db.reading(workshop_id) as session:
            if session.exec(select(WaitlistEntry.id).limit(1)).first() is None:
                return 0
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"waitlist:{workshop_id}")
            now = self._clock()
            _expire(session, workshop_id, now)
            calendar = Calendar.read(session, get_workshop(session, workshop_id))
            candidates = []
            for entry, row in _waiting(session, workshop_id, now):
                demand = self._demand_of(calendar, row)
                if found := self._best(session, calendar, entry, row, demand):
                    rank = (row.state != UNPLANNED, found[1], entry.created_at)
                    candidates.append((rank, entry, row, demand, found[0]))
            candidates.sort(key=lambda candidate: candidate[0])
            return sum(
                self._offer(session, calendar, entry, row, demand, time)
                for _, entry, row, demand, time in candidates
            )

    def _join(
        self, workshop_id: UUID, appointment_id: UUID, *, until: datetime | None, part_of_day: str
    ) -> None:
        if part_of_day and part_of_day not in PARTS_OF_DAY:
            raise Invalid("wish_invalid", field="part_of_day")
        with self._db.writing(workshop_id) as session:
            row, now = get_appointment_row(session, workshop_id, appointment_id, lock=True), self._clock()
            if row.state not in _WAITING or (row.state != UNPLANNED and row.starts_at <= now):
                raise Gone("appointment_over")
            latest = now + timedelta(days=HORIZON_DAYS) if row.state == UNPLANNED else row.starts_at
            if until is not None and until <= now:
                raise Invalid("wish_invalid", field="until")
            entry = _entry_of(session, appointment_id) or WaitlistEntry(
                workshop_id=workshop_id, appointment_id=appointment_id, wish_from=now, wish_until=latest
            )
            entry.wish_until = min(until or latest, latest)
            entry.part_of_day = part_of_day
            session.add(entry)
            emit(session, workshop_id, "waitlist.changed", appointment_id=appointment_id)

    def _work(self, workshop_id: UUID, appointment_id: UUID) -> list[ServiceView]:
        with self._db.reading(workshop_id) as session:
            row = get_appointment_row(session, workshop_id, appointment_id)
        return self._services(visitor_of(workshop_id), row.service_codes, row.language)

    def _demand_of(self, calendar: Calendar, row: Appointment) -> Demand:
        services = self._services(visitor_of(row.workshop_id), row.service_codes, row.language)
        return demand_of_visit(calendar, row, services)

    def _best(
        self,
        session: Session,
        calendar: Calendar,
        entry: WaitlistEntry,
        row: Appointment,
        demand: Demand,
    ) -> tuple[FreeTime, float] | None:
        now = self._clock()
        refused = session.exec(
            select(WaitlistOffer.starts_at).where(WaitlistOffer.entry_id == entry.id)
        ).all()
        until = entry.wish_until if row.state == UNPLANNED else min(entry.wish_until, row.starts_at)
        return best_time(
            session,
            calendar,
            demand,
            now=now,
            after=max(entry.wish_from, _deadline(now, calendar.rules.zone) + LEAD_TIME),
            until=until,
            part_of_day=entry.part_of_day,
            besides=refused,
        )

    def _offer(
        self,
        session: Session,
        calendar: Calendar,
        entry: WaitlistEntry,
        row: Appointment,
        demand: Demand,
        time: FreeTime,
    ) -> bool:
        """Keep ``time``, or the next best when a better match has just got it; whether there was one."""
        expires_at = _deadline(self._clock(), calendar.rules.zone)
        claim = Claim(workshop_id=row.workshop_id, expires_at=expires_at)
        try:
            take(session, calendar, Wanted(demand, time), claim, now=self._clock())
        except Conflict:
            session.delete(claim)
            session.flush()
            found = self._best(session, calendar, entry, row, demand)
            return found is not None and self._offer(session, calendar, entry, row, demand, found[0])
        offer = WaitlistOffer(
            workshop_id=row.workshop_id,
            entry_id=entry.id,
            claim_id=claim.id,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            expires_at=expires_at,
        )
        session.add(offer)
        session.flush()
        emit(session, row.workshop_id, "waitlist.offered", offer_id=offer.id, appointment_id=row.id)
        return True


def _deadline(now: datetime, zone: ZoneInfo) -> datetime:
    """Until when an offer made now may be answered: an hour by day, at night until nine in the morning."""
    local = now.astimezone(zone)
    if local.hour in AWAKE:
        return now + DEADLINE
    day = local.date() + timedelta(days=local.hour >= AWAKE.stop)
    return datetime.combine(day, _MORNING, zone)


def _time_of(offer: WaitlistOffer) -> FreeTime:
    return FreeTime(cell_before(offer.starts_at), cell_at_or_after(offer.ends_at))


def _entry_of(session: Session, appointment_id: UUID) -> WaitlistEntry | None:
    return session.exec(select(WaitlistEntry).where(WaitlistEntry.appointment_id == appointment_id)).first()


def _open_offer(session: Session, entry: WaitlistEntry, now: datetime) -> WaitlistOffer | None:
    query = select(WaitlistOffer).where(
        WaitlistOffer.entry_id == entry.id, WaitlistOffer.state == "open", col(WaitlistOffer.expires_at) > now
    )
    return session.exec(query).first()


def _withdraw(session: Session, entry: WaitlistEntry, *, state: str = "declined") -> None:
    """End the open offers of an entry and free what they kept."""
    query = select(WaitlistOffer).where(WaitlistOffer.entry_id == entry.id, WaitlistOffer.state == "open")
    _end(session, session.exec(query).all(), state)


def _expire(session: Session, workshop_id: UUID, now: datetime) -> None:
    query = select(WaitlistOffer).where(
        WaitlistOffer.workshop_id == workshop_id,
        WaitlistOffer.state == "open",
        col(WaitlistOffer.expires_at) <= now,
    )
    _end(session, session.exec(query).all(), "expired")


def _end(session: Session, offers: Sequence[WaitlistOffer], state: str) -> None:
    for offer in offers:
        claim = session.get(Claim, offer.claim_id) if offer.claim_id else None
        offer.state, offer.claim_id = state, None
        session.flush()
        if claim is not None:
            session.delete(claim)
            session.flush()


def _waiting(session: Session, workshop_id: UUID, now: datetime) -> list[tuple[WaitlistEntry, Appointment]]:
    """Entries without an open offer whose appointment can still be moved; the others are forgotten."""
    query = (
        select(WaitlistEntry, Appointment)
        .join(Appointment, col(Appointment.id) == WaitlistEntry.appointment_id)
        .where(WaitlistEntry.workshop_id == workshop_id)
    )
    waiting = []
    for entry, row in session.exec(query).all():
        if row.state not in _WAITING or entry.wish_until <= now:
            _withdraw(session, entry)
            session.delete(entry)
        elif _open_offer(session, entry, now) is None:
            waiting.append((entry, row))
    return waiting
