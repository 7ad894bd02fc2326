"""Rows of an order inside a transaction: finding, locking, counting anew, announcing.

The parts of this domain share these, so that every change counts the sum, raises the version, tells open
pages and, where the state changes, writes the audit chain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.totals import Totals
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.orders.reckoning import DECLINED, Setting, as_discount, totals_of
from carbot_app.domains.orders.schemas import OrderLineInput
from carbot_app.domains.orders.states import NOT_TOLD
from carbot_app.domains.tax.vat import SMALL_BUSINESS
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Conflict, NotFound

AUDIT_STATE = "order.state"
SUBJECT = "order"


@dataclass(slots=True)
class Content:
    """Jobs of an order in their order, each with its lines."""

    jobs: list[OrderJob] = field(default_factory=list)
    lines: dict[UUID, list[OrderLine]] = field(default_factory=dict)

    def of(self, job: OrderJob) -> list[OrderLine]:
        """Lines of a job."""
        return self.lines.get(job.id, [])

    def counted(self) -> list[OrderLineInput]:
        """Lines of everything that is not declined."""
        return [line_input(line) for job in self.jobs if job.decision != DECLINED for line in self.of(job)]

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return sum(len(lines) for lines in self.lines.values())


def get_order(session: Session, order_id: UUID, *, lock: bool = False) -> WorkOrder:
    """The row; NotFound("order_unknown") otherwise. ``lock``: nobody else changes it meanwhile."""
    query = select(WorkOrder).where(WorkOrder.id == order_id)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("order_unknown")
    return row


def lock_order(session: Session, order_id: UUID, version: int | None = None) -> WorkOrder:
    """The row, locked; Conflict("order_changed_meanwhile") when it is no longer of that version."""
    row = get_order(session, order_id, lock=True)
    if version is not None and version != row.version:
        raise Conflict("order_changed_meanwhile", number=row.number)
    return row


def read_content(session: Session, order_id: UUID) -> Content:
    """Jobs and lines of an order."""
    return read_contents(session, [order_id])[order_id]


def read_contents(session: Session, order_ids: Sequence[UUID]) -> Mapping[UUID, Content]:
    """Jobs and lines of several orders, with two queries."""
    found = {order_id: Content() for order_id in order_ids}
    owner: dict[UUID, Content] = {}
    jobs = select(OrderJob).where(col(OrderJob.order_id).in_(order_ids))
    for job in session.exec(jobs.order_by(col(OrderJob.position), col(OrderJob.id))):
        found[job.order_id].jobs.append(job)
        owner[job.id] = found[job.order_id]
    lines = (
        select(OrderLine)
        .join(OrderJob, col(OrderJob.id) == col(OrderLine.job_id))
        .where(col(OrderJob.order_id).in_(order_ids))
    )
    for line in session.exec(lines.order_by(col(OrderLine.position), col(OrderLine.id))):
        owner[line.job_id].lines.setdefault(line.job_id, []).append(line)
    return found


def get_job(content: Content, job_id: UUID) -> OrderJob:
    """A job of the order; NotFound("order_job_unknown") otherwise."""
    job = next((job for job in content.jobs if job.id == job_id), None)
    if job is None:
        raise NotFound("order_job_unknown")
    return job


def setting_of(session: Session, workshop_id: UUID, now: datetime) -> Setting:
    """Whose order it is, and the day there."""
    workshop = session.get_one(Workshop, workshop_id)
    terms = session.exec(select(PriceTerms)).first()
    return Setting(
        country=workshop.country,
        small_business=terms is not None and terms.vat_regime == SMALL_BUSINESS,
        on=now.astimezone(ZoneInfo(workshop.timezone)).date(),
    )


def count(row: WorkOrder, content: Content, setting: Setting) -> Totals:
    """Totals of what is not declined; raises Invalid like billing.totals.total."""
    return totals_of(content.counted(), setting, as_discount(row.discount_percent, row.discount_cents))


def changed(session: Session, row: WorkOrder, setting: Setting) -> Totals:
    """After every change of jobs, lines or discount: count anew, raise the version, tell open pages.

    While the estimate is still being made it follows the sum; afterwards it stays what was told.
    """
    session.flush()
    totals = count(row, read_content(session, row.id), setting)
    row.total_cents = totals.gross_cents
    if row.state in NOT_TOLD:
        row.estimate_cents = row.total_cents
    touched(session, row)
    return totals


def touched(session: Session, row: WorkOrder) -> None:
    """Raise the version and tell open pages."""
    row.version += 1
    emit(session, row.workshop_id, "order.changed", order_id=row.id)


def enter_state(session: Session, row: WorkOrder, state: str, *, at: datetime, by: str, **more: Any) -> None:
    """Change the state, with its audit entry and event; whether it is allowed was asked before.

    Call it last: audit entries of a workshop wait for each other.
    """
    before, row.state = row.state, state
    row.version += 1
    emit(session, row.workshop_id, AUDIT_STATE, order_id=row.id, state=state, **{"from": before})
    content = {"state": state, "from": before, "total_cents": row.total_cents, **more}
    record(session, row.workshop_id, at, AUDIT_STATE, SUBJECT, row.id, by=by, **content)


def line_input(line: OrderLine) -> OrderLineInput:
    """A stored line as it was entered."""
    return OrderLineInput(**{name: getattr(line, name) for name in _SAME})


_SAME = (
    "text", "unit_price", "kind", "quantity", "unit", "gross", "discount_percent", "part_number", "exchange",
    "list_price", "cost_cents", "minutes",
)  # fmt: skip
