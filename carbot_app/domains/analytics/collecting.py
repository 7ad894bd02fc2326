"""Events come from records: at once when the outbox names one, page by page when looking back."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics import rollups
from carbot_app.domains.analytics.recording import record, take_turn
from carbot_app.domains.analytics.sources import SOURCES, leads_of, next_visits, unrecorded_messages
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

LOOK_BACK = "analytics.collect"
"""Event that has one page of a workshop's records looked through, and asks for the next one."""
PAGE = 500
"""Records in one transaction; others wait no longer than for these."""
PATIENCE = timedelta(seconds=30)
"""How long messages may pour in before those so far are counted all the same."""
RECENT = timedelta(days=45)
"""How far a night looks back for what an event failed to tell."""
RECEIVED = "message.received"
_THREAD_EVENTS = frozenset({RECEIVED, "message.sent", "handover.requested"})
_ORDER = tuple(SOURCES)
Touched = tuple[str, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Sums:
    """What was found wrong in a workshop's roll-ups."""

    workshop: str
    wrong: int


class EventCollector:
    """Used by the outbox worker, the nightly job and the command line; acts for no person."""

    def __init__(self, *, db: Database, clock: Clock, is_pouring: Callable[[], bool] = lambda: False) -> None:
        """``is_pouring``: whether messages come in faster than each can be counted by itself."""
        self._db = db
        self._clock = clock
        self._is_pouring = is_pouring
        self._late: dict[UUID, dict[tuple[str, ...], Delivery]] = {}
        self._late_since = clock()
        self._noting = threading.Lock()

    def on_event(self, delivery: Delivery) -> bool:
        """Record what the named record says now; whether anything was new."""
        if delivery.kind == LOOK_BACK:
            return self._look_back(delivery)
        if not _is_told(delivery):
            return False
        if self._is_pouring():
            self._note(delivery)
            return False
        return self._count(delivery.workshop_id, [delivery])

    def catch_up(self) -> list[UUID]:
        """Count together what came while messages poured in, once they stop or have lasted.

        Returns the workshops with something new. What a process had noted that died, or could not count, is
        found by the night's work.
        """
        with self._noting:
            if not self._late or (self._is_pouring() and self._clock() < self._late_since + PATIENCE):
                return []
            late, self._late = self._late, {}
        return [one for one, told in late.items() if self._count(one, told.values())]

    def collect(self, workshop_id: UUID, *, only_recent: bool = False) -> int:
        """Look through a workshop's records; returns how many events were missing."""
        since = self._clock() - RECENT if only_recent else None
        written = 0
        for name in _ORDER:
            after: UUID | None = None
            while True:
                with self._db.writing(workshop_id) as session:
                    take_turn(session, workshop_id)
                    ids = SOURCES[name].ids_after(session, after, since, PAGE)
                    written += _record(session, _zone_of(session), name, ids)
                if len(ids) < PAGE:
                    break
                after = ids[-1]
        return written

    def collect_everywhere(self, *, only_recent: bool = False) -> int:
        """Look through the records of every workshop."""
        return sum(self.collect(one, only_recent=only_recent) for one, _ in self._workshops())

    def rebuild(self) -> tuple[Sums, ...]:
        """Make the roll-ups of every workshop anew; those that were wrong."""
        return self._check(mend=True)

    def verify(self) -> tuple[Sums, ...]:
        """Workshops whose roll-ups are not what their events say."""
        return self._check(mend=False)

    def tidy(self) -> None:
        """The night's work: what no event told is collected, wrong sums are put right and logged."""
        missed = self.collect_everywhere(only_recent=True)
        for one in self.rebuild():
            log.error("analytics.sums_were_wrong", workshop=one.workshop, count=one.wrong)
        if missed:
            log.warning("analytics.missed", count=missed)

    def _note(self, delivery: Delivery) -> None:
        with self._noting:
            if not self._late:
                self._late_since = self._clock()
            told = self._late.setdefault(delivery.workshop_id, {})
            # Of one record it is enough to be told once
            told[delivery.kind, *sorted(_ids_of(delivery))] = delivery

    def _count(self, workshop_id: UUID, told: Collection[Delivery]) -> bool:
        with self._db.writing(workshop_id) as session:
            take_turn(session, workshop_id)
            zone = _zone_of(session)
            touched: dict[str, set[UUID]] = {}
            # What a customer writes is no answer, and comes most often: one look for all threads
            written = [UUID(one.payload["conversation_id"]) for one in told if one.kind == RECEIVED]
            if written:
                touched["message"] = set(unrecorded_messages(session, written))
            for delivery in told:
                if delivery.kind == RECEIVED:
                    continue
                for name, ids in _touched(session, delivery.kind, delivery.payload):
                    touched.setdefault(name, set()).update(ids)
            return sum(_record(session, zone, name, ids) for name, ids in touched.items()) > 0

    def _look_back(self, delivery: Delivery) -> bool:
        name = delivery.payload.get("source") or _ORDER[0]
        after = delivery.payload.get("after")
        workshop_id = delivery.workshop_id
        with self._db.writing(workshop_id) as session:
            take_turn(session, workshop_id)
            ids = SOURCES[name].ids_after(session, UUID(after) if after else None, None, PAGE)
            written = _record(session, _zone_of(session), name, ids)
            if len(ids) == PAGE:
                emit(session, workshop_id, LOOK_BACK, source=name, after=ids[-1])
            elif name != _ORDER[-1]:
                emit(session, workshop_id, LOOK_BACK, source=dict(pairwise(_ORDER))[name], after="")
        return written > 0

    def _check(self, *, mend: bool) -> tuple[Sums, ...]:
        found = []
        for workshop_id, slug in self._workshops():
            wrong = sum(
                self._check_month(workshop_id, *month, mend=mend) for month in self._months(workshop_id)
            )
            if wrong:
                found.append(Sums(slug, wrong))
        return tuple(found)

    def _check_month(self, workshop_id: UUID, first: date, last: date, *, mend: bool) -> int:
        with self._db.reading(workshop_id) as session:  # nobody waits for what is right
            take_turn(session, workshop_id)
            wrong = rollups.check(session, workshop_id, first, last, mend=False)
        if not wrong or not mend:
            return wrong
        with self._db.writing(workshop_id) as session:
            take_turn(session, workshop_id)
            return rollups.check(session, workshop_id, first, last, mend=True)

    def _months(self, workshop_id: UUID) -> Sequence[tuple[date, date]]:
        with self._db.reading(workshop_id) as session:
            ends = rollups.first_and_last_day(session, workshop_id)
        return tuple(_months_between(*ends)) if ends else ()

    def _workshops(self) -> Sequence[tuple[UUID, str]]:
        with self._db.reading(SYSTEM) as session:
            return session.exec(select(Workshop.id, Workshop.slug).order_by(Workshop.slug)).all()


def _is_told(delivery: Delivery) -> bool:
    """Whether an event may change what is recorded; what was erased leaves its events as they are."""
    family, _, what = delivery.kind.partition(".")
    if delivery.kind in _THREAD_EVENTS:
        return True
    if family == "conversation":
        return delivery.payload.get("reason") == "mode"
    return family in {"lead", "appointment", "visit", "invoice", "order"} and what != "erased"


def _ids_of(delivery: Delivery) -> Iterator[str]:
    """What the event names, for telling apart events of the same kind."""
    return (f"{field} {value}" for field, value in delivery.payload.items() if field.endswith("_id"))


def _touched(session: Session, kind: str, payload: dict[str, str]) -> Iterator[Touched]:
    family = kind.partition(".")[0]

    def named(field: str) -> list[UUID]:
        return [UUID(payload[field])] if payload.get(field) else []

    if family in {"message", "handover", "conversation"}:
        for conversation_id in named("conversation_id"):
            yield "message", unrecorded_messages(session, [conversation_id])
            yield "thread", [conversation_id]
            yield "lead", leads_of(session, conversation_id)
    elif family == "lead":
        yield "lead", named("lead_id")
    elif family == "appointment":
        for visit_id in named("appointment_id"):
            yield "visit", [visit_id, *next_visits(session, visit_id)]
        for conversation_id in named("conversation_id"):
            yield "lead", leads_of(session, conversation_id)
    elif family == "visit":
        yield "rating", named("rating_id")
    else:
        yield "invoice", named("invoice_id")
        yield "payment", named("payment_id")
        yield "order", named("order_id")


def _record(session: Session, zone: ZoneInfo, name: str, ids: Collection[UUID]) -> int:
    if not ids:
        return 0
    source = SOURCES[name]
    there, facts = source.read(session, zone, ids)
    return record(session, session.info["workshop_id"], source.kinds, there, facts)


def _zone_of(session: Session) -> ZoneInfo:
    return ZoneInfo(session.get_one(Workshop, session.info["workshop_id"]).timezone)


def _months_between(first: date, last: date) -> Iterator[tuple[date, date]]:
    month = first.replace(day=1)
    while month <= last:
        after = (month + timedelta(days=31)).replace(day=1)
        yield month, after - timedelta(days=1)
        month = after
