"""Callbacks: asked for by customers and staff, done by the front desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.booking.availability import get_workshop, opening_rules
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.calls.labels import window_label
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.calls.schemas import (
    CallbackDraft,
    CallbackPromise,
    CallbackRequest,
    CallbackView,
    CallWindow,
    OfferedWindow,
)
from carbot_app.domains.calls.windows import as_soon_as_possible, find_window, offer_windows, window_around
from carbot_app.domains.customers.contact import NAME_LIMIT, parse_phone, phone_text
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, TooMany
from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.text import several_lines, single_line

NOTE_LIMIT = 500
WINDOW = timedelta(hours=2)
LONGEST = timedelta(hours=12)
AHEAD = timedelta(days=60)
"""How far ahead staff may plan a call."""
PER_NUMBER, NUMBER_PERIOD = 3, timedelta(days=1)
PER_WORKSHOP, WORKSHOP_PERIOD = 30, timedelta(hours=1)
"""New requests of visitors; asking again while one is open is none."""
_VISITORS = ("page", "chat")
_VISITOR_PERMISSIONS = ("public.book", "public.chat")
_Step = Callable[[Session, Callback], None]


@dataclass(frozen=True, slots=True)
class _Wish:
    """A request in normal form."""

    name: str
    phone: str
    window: CallWindow
    note: str
    plate: str
    plate_country: str
    language: str
    source: str
    conversation_id: UUID | None = None


class CallbackService:
    """Visitors need a public permission; reading needs ``inbox.read``, changing ``leads.manage``."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers

    def offer_windows(self, actor: Actor) -> list[OfferedWindow]:
        """When a call can be asked for, in the actor's language; as soon as possible comes first."""
        actor.require_any(*_VISITOR_PERMISSIONS, "inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            rules = opening_rules(session, get_workshop(session, actor.workshop_id))
        now = self._clock()
        soon, *others = offer_windows(rules, now)
        # From when on is said with the promise; a list on a phone has no room for it
        offered = [OfferedWindow(soon.key, translate(actor.language, "calls.soon"))]
        return offered + [
            OfferedWindow(window.key, window_label(window, now, rules.zone, actor.language))
            for window in others
        ]

    def window_for(self, actor: Actor, wished: datetime) -> OfferedWindow | None:
        """The window a wished time falls into; None when nobody is there then."""
        actor.require_any(*_VISITOR_PERMISSIONS, "inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            rules = opening_rules(session, get_workshop(session, actor.workshop_id))
        now = self._clock()
        found = window_around(rules, wished, now)
        return found and OfferedWindow(found.key, window_label(found, now, rules.zone, actor.language))

    def request(self, actor: Actor, request: CallbackRequest) -> CallbackPromise:
        """A visitor wants to be called; asking again changes the request that is open.

        Raises Invalid missing, too_long, phone_invalid or plate_invalid with the field, Conflict
        call_window_over and TooMany too_many_callbacks.
        """
        actor.require_any(*_VISITOR_PERMISSIONS)
        with self._db.writing(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            rules, now = opening_rules(session, workshop), self._clock()
            window = find_window(rules, request.window, now)
            if window is None:
                raise Conflict("call_window_over", field="window")
            source = request.source if request.source in _VISITORS else "page"
            wish = self._wish(workshop, request, window, source, actor.subject_id)
            row = self._write(session, workshop.id, wish)
            return CallbackPromise(
                when=window_label(window, now, rules.zone, actor.language),
                phone=phone_text(row.phone, workshop.country),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
            )

    def add(self, actor: Actor, draft: CallbackDraft) -> CallbackView:
        """Staff writes down who is to be called.

        Raises Invalid like request, and call_window_invalid for a window that is past, backwards, too long
        or too far ahead.
        """
        actor.require("leads.manage")
        with self._db.writing(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            rules = opening_rules(session, workshop)
            window = self._chosen_window(rules, draft.starts_at, draft.ends_at)
            source = "api" if actor.kind == "api_key" else "staff"
            row = self._write(session, workshop.id, self._wish(workshop, draft, window, source, None))
            return self._view(row, workshop, rules, actor)

    def list_open(self, actor: Actor) -> list[CallbackView]:
        """Who is still to be called, by the window's begin."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            rules = opening_rules(session, workshop)
            query = (
                select(Callback)
                .where(Callback.workshop_id == actor.workshop_id, Callback.state == "open")
                .order_by(col(Callback.starts_at), col(Callback.id))
            )
            return [self._view(row, workshop, rules, actor) for row in session.exec(query)]

    def mark_done(self, actor: Actor, callback_id: UUID) -> CallbackView:
        """The customer was called; saying so twice is fine. Raises NotFound and Conflict callback_over."""
        return self._end(actor, callback_id, "done")

    def cancel(self, actor: Actor, callback_id: UUID) -> CallbackView:
        """No call is wanted any more; saying so twice is fine. Raises like mark_done."""
        return self._end(actor, callback_id, "cancelled")

    def mark_not_reached(self, actor: Actor, callback_id: UUID) -> CallbackView:
        """Nobody answered: it stays open and counts the attempt. Raises like mark_done."""
        return self._change(actor, callback_id, lambda _, row: _count(row, 1))

    def forget_attempt(self, actor: Actor, callback_id: UUID) -> CallbackView:
        """Takes back mark_not_reached. Raises like mark_done."""
        return self._change(actor, callback_id, lambda _, row: _count(row, -1))

    def reschedule(
        self, actor: Actor, callback_id: UUID, starts_at: datetime | None, ends_at: datetime | None = None
    ) -> CallbackView:
        """Another window, as in add. Raises like add and mark_done."""

        def move(session: Session, row: Callback) -> None:
            rules = opening_rules(session, get_workshop(session, row.workshop_id))
            window = self._chosen_window(rules, starts_at, ends_at)
            row.starts_at, row.ends_at, row.soon = window.starts_at, window.ends_at, window.soon

        return self._change(actor, callback_id, move)

    def reopen(self, actor: Actor, callback_id: UUID) -> CallbackView:
        """Takes back mark_done and cancel. Raises Conflict callback_open_again when another one is open."""

        def open_again(session: Session, row: Callback) -> None:
            if row.state != "open" and _open_one(session, row.workshop_id, row.phone):
                raise Conflict("callback_open_again")
            row.state, row.done_at = "open", None

        return self._handle(actor, callback_id, open_again)

    def _end(self, actor: Actor, callback_id: UUID, state: str) -> CallbackView:
        def end(session: Session, row: Callback) -> None:
            if row.state not in ("open", state):
                raise Conflict("callback_over")
            if row.state == "open":
                row.state, row.done_at = state, self._clock()

        return self._handle(actor, callback_id, end)

    def _change(self, actor: Actor, callback_id: UUID, change: _Step) -> CallbackView:
        def change_open(session: Session, row: Callback) -> None:
            if row.state != "open":
                raise Conflict("callback_over")
            change(session, row)

        return self._handle(actor, callback_id, change_open)

    def _handle(self, actor: Actor, callback_id: UUID, step: _Step) -> CallbackView:
        actor.require("leads.manage")
        with self._db.writing(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            query = select(Callback).where(
                Callback.workshop_id == actor.workshop_id, Callback.id == callback_id
            )
            row = session.exec(query).first()
            if row is None:
                raise NotFound("callback_unknown")
            wait_for_turn(session, _turn(workshop.id, row.phone))
            session.refresh(row)
            step(session, row)
            row.handled_by, row.handled_at = actor.name, self._clock()
            session.add(row)
            session.flush()
            emit(session, workshop.id, "callback.changed", callback_id=row.id)
            return self._view(row, workshop, opening_rules(session, workshop), actor)

    def _chosen_window(
        self, rules: OpeningRules, starts_at: datetime | None, ends_at: datetime | None
    ) -> CallWindow:
        now = self._clock()
        if starts_at is None:
            return as_soon_as_possible(rules, now)
        ends_at = ends_at or starts_at + WINDOW
        if not starts_at < ends_at <= starts_at + LONGEST or not now < ends_at <= now + AHEAD:
            raise Invalid("call_window_invalid", field="starts_at")
        return CallWindow(starts_at, ends_at)

    def _wish(
        self,
        workshop: Workshop,
        asked: CallbackRequest | CallbackDraft,
        window: CallWindow,
        source: str,
        conversation_id: UUID | None,
    ) -> _Wish:
        if not asked.phone.strip():
            raise Invalid("missing", field="phone")
        plate = asked.plate.strip()
        return _Wish(
            name=single_line(asked.name, field="name", limit=NAME_LIMIT, required=True),
            phone=parse_phone(asked.phone, workshop.country),
            window=window,
            note=several_lines(asked.note, field="note", limit=NOTE_LIMIT),
            plate=self._customers.parse_plate(plate, asked.plate_country) if plate else "",
            plate_country=asked.plate_country,
            language=supported(asked.language),
            source=source,
            conversation_id=conversation_id,
        )

    def _write(self, session: Session, workshop_id: UUID, wish: _Wish) -> Callback:
        wait_for_turn(session, _turn(workshop_id, wish.phone))
        row = _open_one(session, workshop_id, wish.phone)
        event = "callback.changed" if row else "callback.requested"
        if row is None:
            self._require_room(session, workshop_id, wish)
            row = Callback(
                workshop_id=workshop_id,
                name=wish.name,
                phone=wish.phone,
                starts_at=wish.window.starts_at,
                ends_at=wish.window.ends_at,
                source=wish.source,
                created_at=self._clock(),
            )
        row.name, row.language, row.note = wish.name, wish.language, wish.note or row.note
        row.starts_at, row.ends_at, row.soon = wish.window.starts_at, wish.window.ends_at, wish.window.soon
        row.conversation_id = wish.conversation_id or row.conversation_id
        if wish.plate:
            row.plate, row.plate_country = wish.plate, wish.plate_country
        _recognise(session, row)
        session.add(row)
        session.flush()
        emit(session, workshop_id, event, callback_id=row.id)
        return row

    def _require_room(self, session: Session, workshop_id: UUID, wish: _Wish) -> None:
        if wish.source not in _VISITORS:
            return
        now = self._clock()
        limits = (
            (PER_NUMBER, NUMBER_PERIOD, Callback.phone == wish.phone),
            (PER_WORKSHOP, WORKSHOP_PERIOD, col(Callback.source).in_(_VISITORS)),
        )
        for most, period, which in limits:
            query = select(func.count()).where(
                Callback.workshop_id == workshop_id, col(Callback.created_at) > now - period, which
            )
            if session.exec(query).one() >= most:
                raise TooMany("too_many_callbacks", retry_after=int(period.total_seconds()))

    def _view(self, row: Callback, workshop: Workshop, rules: OpeningRules, actor: Actor) -> CallbackView:
        now = self._clock()
        window = CallWindow(row.starts_at, row.ends_at, row.soon)
        return CallbackView(
            id=row.id,
            name=row.name,
            phone=row.phone,
            phone_text=phone_text(row.phone, workshop.country),
            customer_id=row.customer_id,
            conversation_id=row.conversation_id,
            plate=row.plate,
            plate_country=row.plate_country,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            soon=row.soon,
            when=window_label(window, now, rules.zone, actor.language),
            overdue=row.state == "open" and row.ends_at <= now,
            language=row.language,
            note=row.note,
            state=row.state,
            attempts=row.attempts,
            source=row.source,
            handled_by=row.handled_by,
            handled_at=row.handled_at,
            created_at=row.created_at,
            done_at=row.done_at,
        )


def _turn(workshop_id: UUID, phone: str) -> str:
    return f"callback:{workshop_id}:{phone}"


def _count(row: Callback, change: int) -> None:
    row.attempts = max(0, row.attempts + change)


def _open_one(session: Session, workshop_id: UUID, phone: str) -> Callback | None:
    query = select(Callback).where(
        Callback.workshop_id == workshop_id, Callback.phone == phone, Callback.state == "open"
    )
    return session.exec(query).first()


def _recognise(session: Session, row: Callback) -> None:
    """Link to the customer with this number, and to their car when they have just one."""
    query = (
        select(Customer.id)
        .where(Customer.workshop_id == row.workshop_id, Customer.phone == row.phone)
        .order_by(col(Customer.id))
        .limit(1)
    )
    row.customer_id = session.exec(query).first()
    if row.customer_id is None or row.plate:
        return
    cars = session.exec(
        select(Vehicle)
        .where(
            Vehicle.workshop_id == row.workshop_id,
            Vehicle.customer_id == row.customer_id,
            Vehicle.plate != "",
        )
        .limit(2)
    ).all()
    if len(cars) == 1:
        row.plate, row.plate_country = cars[0].plate, cars[0].plate_country
