"""Diagnostic sessions as the team runs them: open, say which car, watch, pause, mark, end."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.diagnostics import orders, states
from carbot_app.domains.diagnostics.agents import RUN
from carbot_app.domains.diagnostics.identifying import VIN_DIFFERS, VIN_OF_ANOTHER
from carbot_app.domains.diagnostics.keeping import claim_adapter
from carbot_app.domains.diagnostics.models import (
    CodeFinding,
    CodeReading,
    DiagnosticAgent,
    DiagnosticMark,
    DiagnosticSession,
)
from carbot_app.domains.diagnostics.rows import (
    assign,
    get_row,
    mark_view,
    raise_mileage,
    session_view,
    vehicles_with,
    wanted_rates,
)
from carbot_app.domains.diagnostics.schemas import MarkView, SessionLine, SessionOpen, SessionView
from carbot_app.domains.diagnostics.signals import BY_PID
from carbot_app.domains.diagnostics.wire import RATE_LIMIT, new_car_id
from carbot_app.domains.diagnostics.wire_fields import SIGNAL_LIMIT
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock, epoch_ms
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from carbot_app.kit.live import LiveBus
from carbot_app.kit.text import single_line

READ = "diagnostics.read"
LIVE, ENDED, ALL = "live", "ended", "all"
FILTERS = (ALL, LIVE, ENDED)
MOST_ROWS = 200
SLOWEST_HZ = 0.01


class DiagnosticService:
    """Reads need ``diagnostics.read``, everything else ``diagnostics.run``.

    A page holds one session: ``get_session`` for what it is, the socket
    ``/api/diagnostics/sessions/{id}/live`` for what the car says, these methods for what the person wants.
    After each change a live hint of the topic ``diagnostic`` with the session's id tells other pages to ask
    again.
    """

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService, live: LiveBus) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers
        self._live = live

    def open_session(self, actor: Actor, wanted: SessionOpen) -> SessionView:
        """Say that a car is about to be plugged in; the session waits half an hour for it.

        Raises:
            Invalid: ``way_unknown``, ``agent_missing``, ``adapter_missing``, or a plate that is none.
            NotFound: car, order, agent or adapter unknown, revoked or another workshop's.
            Conflict: ``agent_waits``, the agent waits for a car already; ``adapter_busy``, another session
                has the adapter.
        """
        actor.require(RUN)
        if wanted.way not in states.WAYS:
            raise Invalid("way_unknown", field="way")
        if wanted.way == states.AGENT and wanted.agent_id is None:
            raise Invalid("agent_missing", field="agent")
        if wanted.way == states.SERVER and wanted.adapter_id is None:
            raise Invalid("adapter_missing", field="adapter")
        plate = self._customers.parse_plate(wanted.plate, wanted.plate_country) if wanted.plate else ""
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            if wanted.way == states.AGENT:
                self._require_free(session, wanted.agent_id)
            vehicle = self._vehicle(session, wanted, plate)
            if wanted.order_id and not session.get(WorkOrder, wanted.order_id):
                raise NotFound("order_unknown")
            row = DiagnosticSession(
                id=new_id(),
                workshop_id=actor.workshop_id,
                car_key=new_car_id(),
                way=wanted.way,
                agent_id=wanted.agent_id if wanted.way == states.AGENT else None,
                expected_vehicle_id=vehicle.id if vehicle else None,
                order_id=wanted.order_id,
                state=states.WAITING,
                started_at=now,
                heard_at=now,
                opened_by=actor.name,
            )
            session.add(row)
            session.flush()
            if wanted.way == states.SERVER and wanted.adapter_id:
                claim_adapter(session, row, wanted.adapter_id)
            self._tell(session, row)
            return session_view(session, row)

    def get_session(self, actor: Actor, session_id: UUID) -> SessionView:
        """One session with its marks.

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return session_view(session, get_row(session, session_id))

    def list_sessions(
        self,
        actor: Actor,
        *,
        show: str = ALL,
        vehicle_id: UUID | None = None,
        search: str = "",
        before: UUID | None = None,
        limit: int = MOST_ROWS,
    ) -> list[SessionLine]:
        """Sessions, the newest first, at most 200; ``search`` is part of a plate, VIN or model.

        Raises:
            Invalid: ``diagnostic_filter_unknown``.
        """
        actor.require(READ)
        if show not in FILTERS:
            raise Invalid("diagnostic_filter_unknown", field="filter")
        query = (
            select(DiagnosticSession, Vehicle)
            .join(Vehicle, col(Vehicle.id) == col(DiagnosticSession.vehicle_id), isouter=True)
            .order_by(col(DiagnosticSession.id).desc())
            .limit(max(1, min(limit, MOST_ROWS)))
        )
        if show == LIVE:
            query = query.where(DiagnosticSession.state != states.ENDED)
        elif show == ENDED:
            query = query.where(DiagnosticSession.state == states.ENDED)
        if vehicle_id:
            query = query.where(DiagnosticSession.vehicle_id == vehicle_id)
        if before:
            query = query.where(DiagnosticSession.id < before)
        if words := single_line(search, field="search", limit=60):
            parts = (Vehicle.plate, Vehicle.make, Vehicle.model, DiagnosticSession.vin)
            query = query.where(or_(*(col(part).icontains(words, autoescape=True) for part in parts)))
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query).all()
            counts = _code_counts(session, [row.id for row, _ in found])
        return [_line(row, vehicle, counts.get(row.id, 0)) for row, vehicle in found]

    def identify(
        self, actor: Actor, session_id: UUID, vehicle_id: UUID, *, replace_vin: bool = False
    ) -> SessionView:
        """Say whose readings these are.

        ``replace_vin``: the VIN on record was wrong, the one the car told is right.

        Raises:
            NotFound: session or car unknown.
            Conflict: ``vin_differs`` unless it is to be replaced; ``vin_of_another`` with the ``plate`` of
            the car
                that has this VIN, and never to be overruled here.
        """
        actor.require(RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            vehicle = session.get(Vehicle, vehicle_id)
            if vehicle is None:
                raise NotFound
            other = next((car for car in vehicles_with(session, row.vin) if car.id != vehicle.id), None)
            if other is not None and vehicle.vin != row.vin:
                raise Conflict(VIN_OF_ANOTHER, plate=other.plate or other.vin)
            if row.vin and vehicle.vin != row.vin:
                if vehicle.vin and not replace_vin:
                    raise Conflict(VIN_DIFFERS, expected=vehicle.vin, read=row.vin)
                vehicle.vin = row.vin
            row.expected_vehicle_id, row.question = vehicle.id, ""
            assign(session, row, vehicle.id)
            if row.state == states.ENDED:
                raise_mileage(session, row)
            emit(session, row.workshop_id, "diagnostic.identified", session_id=row.id)
            session.flush()
            return session_view(session, row)

    def find_vehicle(self, actor: Actor, plate: str, country: str = "DE") -> UUID:
        """The car with this plate, for ``identify``.

        Raises:
            Invalid: ``plate_invalid`` or ``plate_ambiguous``. NotFound: ``vehicle_unknown``.
        """
        actor.require(RUN)
        wanted = SessionOpen(plate=plate, plate_country=country)
        normal = self._customers.parse_plate(plate, country)
        with self._db.reading(actor.workshop_id) as session:
            vehicle = self._vehicle(session, wanted, normal)
            if vehicle is None:
                raise NotFound("vehicle_unknown", field="plate")
            return vehicle.id

    def set_rates(self, actor: Actor, session_id: UUID, rates: Mapping[int, float]) -> SessionView:
        """Choose what is read, pid → Hz; nothing chosen: the usual.

        Raises:
            Invalid: ``signal_unknown``, ``rate_unknown`` or ``too_many_signals``. Conflict: ``session_over``.
        """
        if len(rates) > SIGNAL_LIMIT:
            raise Invalid("too_many_signals", field="rates", limit=SIGNAL_LIMIT)
        for pid, hz in rates.items():
            if pid not in BY_PID:
                raise Invalid("signal_unknown", field="rates")
            if not SLOWEST_HZ <= hz <= RATE_LIMIT:
                raise Invalid("rate_unknown", field="rates")
        chosen = {str(pid): float(hz) for pid, hz in rates.items()}
        return self._change(actor, session_id, rates=chosen)

    def pause(self, actor: Actor, session_id: UUID) -> SessionView:
        """Read nothing until ``resume``. Raises Conflict ``session_over``."""
        return self._change(actor, session_id, paused=True)

    def resume(self, actor: Actor, session_id: UUID) -> SessionView:
        """Go on reading. Raises Conflict ``session_over``."""
        return self._change(actor, session_id, paused=False)

    def mark(self, actor: Actor, session_id: UUID, text: str = "", at: datetime | None = None) -> MarkView:
        """Remember a moment, now or one of a recording.

        Raises:
            Invalid: ``too_long``, or ``moment_outside`` the session.
        """
        actor.require(RUN)
        text = single_line(text, field="text", limit=200)
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            at = at or now
            if not row.started_at <= at <= (row.ended_at or now):
                raise Invalid("moment_outside", field="at")
            mark = DiagnosticMark(
                id=new_id(),
                workshop_id=actor.workshop_id,
                session_id=row.id,
                at=at,
                text=text,
                by=actor.name,
            )
            session.add(mark)
            self._tell(session, row)
        view = mark_view(mark)
        shown = {"t": "mark", "at_ms": epoch_ms(view.at), "text": view.text, "by": view.by}
        self._live.publish(orders.readings_channel(session_id), shown)
        return view

    def end_session(self, actor: Actor, session_id: UUID) -> SessionView:
        """End it and let the agent go; what it still has of this car is not wanted. Twice is fine."""
        actor.require(RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.state != states.ENDED:
                row.state, row.reason, row.ended_at = states.ENDED, "by_staff", self._clock()
                raise_mileage(session, row)
                self._tell(session, row)
            session.flush()
            view = session_view(session, row)
        self._order(actor, orders.STOP, session_id)
        return view

    def _change(self, actor: Actor, session_id: UUID, **values: object) -> SessionView:
        actor.require(RUN)
        with self._db.writing(actor.workshop_id) as session:
            row = get_row(session, session_id)
            if row.state == states.ENDED:
                raise Conflict("session_over")
            for name, value in values.items():
                setattr(row, name, value)
            self._tell(session, row)
            session.flush()
            view = session_view(session, row)
            rates = {} if row.paused else wanted_rates(row)
        told = {str(pid): hz for pid, hz in rates.items()}
        self._order(actor, orders.WATCH, session_id, rates=told)
        return view

    def _order(self, actor: Actor, do: str, session_id: UUID, **more: object) -> None:
        order = {"do": do, "session": str(session_id), **more}
        self._live.publish(orders.orders_channel(actor.workshop_id), order)

    def _tell(self, session: Session, row: DiagnosticSession) -> None:
        emit(session, row.workshop_id, "diagnostic.changed", session_id=row.id)

    def _require_free(self, session: Session, agent_id: UUID | None) -> None:
        agent = session.get(DiagnosticAgent, agent_id)
        if agent is None or agent.revoked_at:
            raise NotFound("agent_unknown")
        waiting = select(DiagnosticSession).where(
            DiagnosticSession.agent_id == agent_id, DiagnosticSession.state == states.WAITING
        )
        if session.exec(waiting).first():
            raise Conflict("agent_waits")

    def _vehicle(self, session: Session, wanted: SessionOpen, plate: str) -> Vehicle | None:
        if wanted.vehicle_id:
            vehicle = session.get(Vehicle, wanted.vehicle_id)
        elif plate:
            by_plate = select(Vehicle).where(
                Vehicle.plate == plate, Vehicle.plate_country == wanted.plate_country
            )
            vehicle = session.exec(by_plate.order_by(col(Vehicle.id))).first()
        else:
            return None
        if vehicle is None:
            raise NotFound("vehicle_unknown", field="plate")
        return vehicle


def _code_counts(session: Session, session_ids: list[UUID]) -> dict[UUID, int]:
    """Stored codes of the newest reading of each session."""
    newest = (
        select(CodeReading.session_id, func.max(CodeReading.read_at).label("at"))
        .where(col(CodeReading.session_id).in_(session_ids))
        .group_by(col(CodeReading.session_id))
        .subquery()
    )
    query = (
        select(CodeReading.session_id, func.count(func.distinct(CodeFinding.code)))
        .join(newest, (newest.c.session_id == CodeReading.session_id) & (newest.c.at == CodeReading.read_at))
        .join(CodeFinding, col(CodeFinding.reading_id) == CodeReading.id)
        .where(CodeFinding.kind == "stored")
        .group_by(col(CodeReading.session_id))
    )
    return dict(session.exec(query).all())


def _line(row: DiagnosticSession, vehicle: Vehicle | None, codes: int) -> SessionLine:
    return SessionLine(
        id=row.id,
        state=row.state,
        question=row.question,
        plate=vehicle.plate if vehicle else "",
        plate_country=vehicle.plate_country if vehicle else "",
        label=f"{vehicle.make} {vehicle.model}".strip() if vehicle else "",
        vin=row.vin,
        started_at=row.started_at,
        ended_at=row.ended_at,
        km=row.km,
        sample_count=row.sample_count,
        code_count=codes,
    )
