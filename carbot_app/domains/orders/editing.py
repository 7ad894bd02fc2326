"""Changing an order: its head, jobs and lines. Whoever saves an older version is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.domains.booking.models import Resource
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.checks import URGENCIES, check_count, check_head, check_job, check_line
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.orders.opening import OrderOpening, add_job_rows, line_row, write_line
from carbot_app.domains.orders.reckoning import APPROVED, Setting, payers_to_json, portions_of
from carbot_app.domains.orders.rows import (
    Content,
    changed,
    get_job,
    lock_order,
    read_content,
    setting_of,
    touched,
)
from carbot_app.domains.orders.schemas import (
    HeadInput,
    JobInput,
    OrderLineInput,
    OrderView,
)
from carbot_app.domains.orders.states import EDITABLE
from carbot_app.domains.orders.views import facts_of
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.text import single_line


@dataclass(slots=True)
class _Edit:
    """An order that is being changed."""

    session: Session
    row: WorkOrder
    content: Content
    setting: Setting
    view: OrderView | None = None


class OrderEditing(OrderOpening):
    """Prices need ``orders.manage``; findings and what is done need ``orders.work``.

    Every method takes the version the caller has seen, None where it does not matter, and raises NotFound
    ``order_unknown`` or ``order_job_unknown`` and Conflict ``order_changed_meanwhile`` or ``order_closed``.
    """

    def change_head(
        self, actor: Actor, order_id: UUID, head: HeadInput, *, version: int | None = None
    ) -> OrderView:
        """Title, complaint, kilometres, technician, promised time, discount and payers.

        Raises:
            Invalid: what ``check_head`` says, ``order_technician_unknown``, ``billing_deductible_invalid``.
        """
        actor.require("orders.manage")
        head = check_head(head)
        with self._editing(actor, order_id, version) as edit:
            row = edit.row
            _require_technician(edit.session, head.technician_id)
            for name in _HEAD:
                value = getattr(head, name)
                if value is not None or name in head.clear:
                    setattr(row, name, value)
            if head.payers is not None:
                row.payers = payers_to_json(head.payers)
            if head.km is not None:
                _carry_km(edit.session, row, head.km)
            totals = changed(edit.session, row, edit.setting)
            if head.payers is not None:
                portions_of(head.payers, totals)
        return _seen(edit)

    def add_job(
        self, actor: Actor, order_id: UUID, job: JobInput, *, version: int | None = None
    ) -> OrderView:
        """A piece of work, with a service code at the catalogue's price for this car.

        Without any price it is a finding, which ``orders.work`` may add.

        Raises:
            Invalid: what ``check_job`` says, ``service_unknown``, ``order_technician_unknown``,
                ``order_too_many_jobs`` or ``order_too_many_lines``.
        """
        finding_only = not job.lines and not job.service_code
        if finding_only:
            actor.require_any("orders.manage", "orders.work")
        else:
            actor.require("orders.manage")
        job = self._priced_job(actor, order_id, job)
        with self._editing(actor, order_id, version) as edit:
            job = check_job(job, edit.setting)
            _require_technician(edit.session, job.technician_id)
            jobs = edit.content.jobs
            check_count(len(jobs) + 1, edit.content.line_count + len(job.lines))
            add_job_rows(edit.session, edit.row, job, jobs[-1].position + 1 if jobs else 0)
            changed(edit.session, edit.row, edit.setting)
        return _seen(edit)

    def change_job(
        self, actor: Actor, order_id: UUID, job_id: UUID, job: JobInput, *, version: int | None = None
    ) -> OrderView:
        """Title, finding, urgency and technician; lines and service stay. Invalid as ``add_job``."""
        actor.require("orders.manage")
        with self._editing(actor, order_id, version) as edit:
            wanted = check_job(job, edit.setting)
            _require_technician(edit.session, wanted.technician_id)
            row = get_job(edit.content, job_id)
            row.title, row.finding, row.urgency = wanted.title, wanted.finding, wanted.urgency
            row.technician_id = wanted.technician_id
            touched(edit.session, edit.row)
        return _seen(edit)

    def note_finding(
        self, actor: Actor, order_id: UUID, job_id: UUID, finding: str, urgency: str = ""
    ) -> OrderView:
        """What was seen at the car; Invalid ``too_long`` or ``order_urgency_unknown``."""
        actor.require_any("orders.work", "orders.manage")
        if urgency and urgency not in URGENCIES:
            raise Invalid("order_urgency_unknown", field="urgency")
        text = single_line(finding, field="finding", limit=500)
        with self._editing(actor, order_id) as edit:
            row = get_job(edit.content, job_id)
            row.finding, row.urgency = text, urgency
            touched(edit.session, edit.row)
        return _seen(edit)

    def mark_done(self, actor: Actor, order_id: UUID, job_id: UUID, *, done: bool = True) -> OrderView:
        """A job is done, or not yet after all; doing it twice keeps the first time."""
        actor.require_any("orders.work", "orders.manage")
        with self._editing(actor, order_id) as edit:
            row = get_job(edit.content, job_id)
            row.done_at = (row.done_at or self._clock()) if done else None
            touched(edit.session, edit.row)
        return _seen(edit)

    def remove_job(
        self, actor: Actor, order_id: UUID, job_id: UUID, *, version: int | None = None
    ) -> OrderView:
        """Take a job out; Conflict ``order_job_approved`` once the customer has agreed to it."""
        actor.require("orders.manage")
        with self._editing(actor, order_id, version) as edit:
            job = get_job(edit.content, job_id)
            if job.decision == APPROVED:
                raise Conflict("order_job_approved", title=job.title)
            _delete_job(edit.session, edit.content, job)
            changed(edit.session, edit.row, edit.setting)
        return _seen(edit)

    def put_line(
        self,
        actor: Actor,
        order_id: UUID,
        job_id: UUID,
        line: OrderLineInput,
        *,
        line_id: UUID | None = None,
        version: int | None = None,
    ) -> OrderView:
        """Add a line to a job or, with ``line_id``, change it.

        Raises:
            Invalid: what ``check_line`` says, ``order_too_many_lines``. NotFound: ``order_line_unknown``.
        """
        actor.require("orders.manage")
        with self._editing(actor, order_id, version) as edit:
            wanted = check_line(line, edit.setting)
            job = get_job(edit.content, job_id)
            lines = edit.content.of(job)
            if line_id is not None:
                write_line(_line(lines, line_id), wanted)
            else:
                check_count(len(edit.content.jobs), edit.content.line_count + 1)
                edit.session.add(line_row(job, wanted, lines[-1].position + 1 if lines else 0))
            changed(edit.session, edit.row, edit.setting)
        return _seen(edit)

    def remove_line(
        self, actor: Actor, order_id: UUID, job_id: UUID, line_id: UUID, *, version: int | None = None
    ) -> OrderView:
        """Take a line out; NotFound ``order_line_unknown``."""
        actor.require("orders.manage")
        with self._editing(actor, order_id, version) as edit:
            job = get_job(edit.content, job_id)
            edit.session.delete(_line(edit.content.of(job), line_id))
            changed(edit.session, edit.row, edit.setting)
        return _seen(edit)

    @contextmanager
    def _editing(self, actor: Actor, order_id: UUID, version: int | None = None) -> Iterator[_Edit]:
        with self._db.writing(actor.workshop_id) as session:
            row = lock_order(session, order_id, version)
            if row.state not in EDITABLE or row.invoice_id is not None:
                raise Conflict("order_closed", number=row.number)
            setting = setting_of(session, actor.workshop_id, self._clock())
            edit = _Edit(session, row, read_content(session, order_id), setting)
            yield edit
            edit.view = self._view(session, row)

    def _priced_job(self, actor: Actor, order_id: UUID, job: JobInput) -> JobInput:
        """Prices are read before the order is locked."""
        if not job.service_code:
            return job
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(WorkOrder).where(WorkOrder.id == order_id)).first()
            if row is None:
                raise NotFound("order_unknown")
            vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
            setting = setting_of(session, actor.workshop_id, self._clock())
        return self._complete(actor, job, facts_of(vehicle), row.language, setting.on)


_HEAD = (
    "title", "complaint", "note", "km", "technician_id", "promised_at", "discount_percent", "discount_cents",
)  # fmt: skip


def _seen(edit: _Edit) -> OrderView:
    assert edit.view is not None, "the transaction has ended"
    return edit.view


def _require_technician(session: Session, technician_id: UUID | None) -> None:
    if technician_id is None:
        return
    query = select(Resource.id).where(Resource.id == technician_id, Resource.kind == "technician")
    if session.exec(query).first() is None:
        raise Invalid("order_technician_unknown", field="technician")


def _carry_km(session: Session, row: WorkOrder, km: int) -> None:
    """What the car has run is known of the car, not only of the order."""
    vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
    if vehicle is not None:
        vehicle.km = max(vehicle.km or 0, km)


def _delete_job(session: Session, content: Content, job: OrderJob) -> None:
    for line in content.of(job):
        session.delete(line)
    session.flush()
    session.delete(job)


def _line(lines: list[OrderLine], line_id: UUID) -> OrderLine:
    line = next((line for line in lines if line.id == line_id), None)
    if line is None:
        raise NotFound("order_line_unknown")
    return line
