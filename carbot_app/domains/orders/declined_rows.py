"""Rows of declined work, inside the transaction of an answer."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.domains.orders.approval_rules import follow_up_on
from carbot_app.domains.orders.models import DeclinedJob, OrderApproval, OrderJob, WorkOrder
from carbot_app.domains.orders.schemas import JobInput, OrderLineInput

WAITING = ("open", "due")


def remember_declined(session: Session, order: WorkOrder, row: OrderApproval, on: date) -> None:
    """Remember what was declined, once per job."""
    declined = {UUID(job["id"]): job for job in row.asked if not job["approved"]}
    known = set(session.exec(select(DeclinedJob.job_id).where(col(DeclinedJob.job_id).in_(list(declined)))))
    for job_id, shown in declined.items():
        if job_id in known:
            continue
        job = session.get_one(OrderJob, job_id)
        session.add(
            DeclinedJob(
                workshop_id=row.workshop_id,
                job_id=job_id,
                customer_id=order.customer_id,
                vehicle_id=order.vehicle_id,
                title=job.title,
                urgency=job.urgency,
                service_code=job.service_code,
                gross_cents=shown["gross_cents"],
                declined_on=on,
                follow_up_on=follow_up_on(job.urgency, on),
            )
        )


def job_of(row: DeclinedJob) -> JobInput:
    """The same work once more, at the price that was told then: staff sees it and may change it."""
    line = OrderLineInput(row.title, Decimal(row.gross_cents) / 100)
    return JobInput(row.title, urgency=row.urgency, service_code=row.service_code, lines=(line,))


def settle_ordered(session: Session, order: WorkOrder, jobs: Sequence[OrderJob]) -> None:
    """What was declined once and is ordered now needs no reminder: this job, or the same work on the car."""
    for job in jobs:
        same = or_(
            col(DeclinedJob.job_id) == job.id,
            (col(DeclinedJob.vehicle_id) == order.vehicle_id)
            & (
                (col(DeclinedJob.service_code) == job.service_code) & (col(DeclinedJob.service_code) != "")
                | (col(DeclinedJob.title) == job.title)
            ),
        )
        for row in session.exec(select(DeclinedJob).where(same, col(DeclinedJob.state).in_(WAITING))):
            row.state = "done"
