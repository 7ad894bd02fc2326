"""Rows of approvals as views, and what a question shows of an order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.totals import Discount
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.approval_rules import EXTRA, edition_of, may_be_asked
from carbot_app.domains.orders.approval_schemas import ApprovalPage, ApprovalView, AskedJob, ShownPhoto
from carbot_app.domains.orders.models import OrderApproval, OrderJob, WorkOrder
from carbot_app.domains.orders.reckoning import APPROVED, Setting, totals_of
from carbot_app.domains.orders.rows import Content, line_input, setting_of
from carbot_app.domains.photos.models import Photo
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import is_secret

UNANSWERED, DECIDED, EXPIRED, OVER = "open", "decided", "expired", "over"


def find_link(db: Database, token: str) -> tuple[UUID, UUID]:
    """Workshop and id of the question with this link; NotFound("link_unknown") otherwise."""
    if not is_secret(token):
        raise NotFound("link_unknown")
    query = select(OrderApproval.workshop_id, OrderApproval.id).where(OrderApproval.token == token)
    with db.reading(SYSTEM) as session:
        found = session.exec(query).first()
    if found is None:
        raise NotFound("link_unknown")
    return found


def state_of(row: OrderApproval, now: datetime) -> str:
    """Whether it can still be answered, and if not why."""
    if row.decided_at is not None:
        return DECIDED
    if row.closed:
        return OVER
    return EXPIRED if row.expires_at <= now else UNANSWERED


def show_jobs(order: WorkOrder, content: Content, jobs: Sequence[OrderJob], setting: Setting) -> list[Any]:
    """Jobs as they are shown, at what they cost now; a percentage off the order is off each of them."""
    percent = Discount(order.discount_percent) if order.discount_percent else None
    return [
        {
            "id": str(job.id),
            "title": job.title,
            "finding": job.finding,
            "urgency": job.urgency,
            "gross_cents": totals_of(map(line_input, content.of(job)), setting, percent).gross_cents,
        }
        for job in jobs
    ]


def asked_jobs(row: OrderApproval, content: Content) -> list[OrderJob]:
    """Jobs of a question that can still be asked; what was taken out of the order is gone."""
    known = {job["id"] for job in row.asked}
    return [job for job in content.jobs if str(job.id) in known and may_be_asked(row.kind, job.decision)]


def discount_of(kind: str, order: WorkOrder) -> int:
    """Amount off the whole order; what is found later does not get it a second time."""
    return 0 if kind == EXTRA else order.discount_cents


def photos_of(session: Session, jobs: Sequence[Mapping[str, Any]]) -> dict[UUID, tuple[ShownPhoto, ...]]:
    """Photos of jobs in order."""
    ids = [UUID(job["id"]) for job in jobs]
    query = select(Photo).where(col(Photo.order_job_id).in_(ids), col(Photo.deleted_at).is_(None))
    found: dict[UUID, tuple[ShownPhoto, ...]] = {}
    for photo in session.exec(query.order_by(col(Photo.position), col(Photo.id))):
        assert photo.order_job_id is not None
        shown = ShownPhoto(photo.id, photo.width, photo.height)
        found[photo.order_job_id] = (*found.get(photo.order_job_id, ()), shown)
    return found


def page_of(session: Session, row: OrderApproval, order: WorkOrder, now: datetime) -> ApprovalPage:
    """What the holder of the link sees."""
    workshop = session.get_one(Workshop, row.workshop_id)
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    technician = session.get(Resource, order.technician_id) if order.technician_id else None
    zone, language = ZoneInfo(workshop.timezone), order.language
    return ApprovalPage(
        workshop_slug=workshop.slug,
        workshop=workshop.name,
        phone=workshop.phone,
        language=language,
        country=workshop.country,
        currency=order.currency,
        kind=row.kind,
        number=order.number,
        technician=technician.name if technician else "",
        plate=vehicle.plate if vehicle else "",
        plate_country=vehicle.plate_country if vehicle else "",
        model=" ".join(filter(None, (vehicle.make, vehicle.model))) if vehicle else order.title,
        km=order.km or (vehicle.km if vehicle else None),
        jobs=jobs_of(session, row),
        discount_cents=discount_of(row.kind, order),
        with_vat=not setting_of(session, row.workshop_id, now).small_business,
        ready=slot_label(order.promised_at, zone, language) if order.promised_at else "",
        valid_until=slot_label(row.expires_at, zone, language),
        edition=edition_of(row.asked),
        state=state_of(row, now),
        decided=slot_label(row.decided_at, zone, language) if row.decided_at else "",
        signed_name=row.signed_name,
        approved_cents=row.approved_cents,
    )


def jobs_of(session: Session, row: OrderApproval) -> tuple[AskedJob, ...]:
    """Jobs as they were shown, with what was answered."""
    photos = photos_of(session, row.asked)
    return tuple(
        AskedJob(
            id=UUID(job["id"]),
            title=job["title"],
            finding=job["finding"],
            urgency=job["urgency"],
            gross_cents=int(job["gross_cents"]),
            photos=photos.get(UUID(job["id"]), ()),
            approved=job.get("approved"),
        )
        for job in row.asked
    )


def link_of(public_url: str, row: OrderApproval, order: WorkOrder) -> str:
    """Where the question is answered, in the customer's language."""
    return f"{public_url}/freigabe/{row.token}/?lang={order.language}"


def staff_view(
    session: Session, row: OrderApproval, order: WorkOrder, now: datetime, public_url: str
) -> ApprovalView:
    """A question as staff sees it."""
    same = (
        "id", "order_id", "kind", "asked_at", "asked_by", "expires_at", "opened_at", "decided_at", "channel",
        "approved_cents", "signed_name", "noted_by", "sent_on",
    )  # fmt: skip
    return ApprovalView(
        **{name: getattr(row, name) for name in same},
        jobs=jobs_of(session, row),
        state=state_of(row, now),
        link=link_of(public_url, row, order),
    )


def approved_gross(order: WorkOrder, content: Content, setting: Setting) -> int:
    """Gross of all the customer has agreed to."""
    lines = [line_input(line) for job in content.jobs if job.decision == APPROVED for line in content.of(job)]
    if not lines:
        return 0
    whole = totals_of(lines, setting, Discount(order.discount_percent or Decimal(0))).gross_cents
    return max(0, whole - order.discount_cents)


def any_approved(content: Content) -> bool:
    """Whether there is something to be done."""
    return any(job.decision == APPROVED for job in content.jobs)


def all_open(content: Content, kind: str) -> list[OrderJob]:
    """Everything a question of the kind can be about."""
    return [job for job in content.jobs if may_be_asked(kind, job.decision)]
