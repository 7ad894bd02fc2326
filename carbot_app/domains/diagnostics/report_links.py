"""What a customer does with the link of a report: read it, approve work, take a time.

No second way of approving: a tap becomes an order with that work, and an answer like any other.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.labels import booking_link, slot_label
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact
from carbot_app.domains.diagnostics.models import DiagnosticReport
from carbot_app.domains.diagnostics.report_paper import day_words
from carbot_app.domains.diagnostics.report_rows import state_of
from carbot_app.domains.diagnostics.report_schemas import (
    ISSUED,
    ReportContent,
    ReportOffer,
    ReportPage,
    ReportSlot,
)
from carbot_app.domains.orders.approvals import ApprovalService
from carbot_app.domains.orders.models import OrderApproval, OrderJob, WorkOrder
from carbot_app.domains.orders.reckoning import APPROVED
from carbot_app.domains.orders.rows import touched
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderView
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.orders.views import facts_of
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.workshop_rules import phone_link
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.colour import AccentRefused, accent_style
from carbot_app.kit.errors import Gone, Invalid, NotFound
from carbot_app.kit.ids import is_secret
from carbot_app.kit.text import single_line

SLOTS = 3


class ReportLinks:
    """Whoever holds the link may use it; no permission is asked for."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        orders: OrderService,
        approvals: ApprovalService,
        booking: BookingService,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._orders = orders
        self._approvals = approvals
        self._booking = booking
        self._public_url = public_url

    def get_by_token(self, token: str, *, opened: bool = False) -> ReportPage:
        """What the link shows; ``opened``: a person has it before them.

        A report that was revoked or is over says so and tells nothing else.

        Raises:
            NotFound: ``link_unknown``.
        """
        workshop_id, report_id = self._by_token(token)
        if opened:
            self._note_opened(workshop_id, report_id)
        with self._db.reading(workshop_id) as session:
            row = _row(session, report_id)
            page = self._page(session, row)
            codes = _services(session, row, page.content)
        if page.state != ISSUED or page.visit_link or not codes:
            return page
        return self._with_slots(workshop_id, page, codes)

    def approve(self, token: str, service: str, *, signed_name: str) -> str:
        """Order the work of one line; returns where the answer stands. Pressed again, the same.

        Where the price has risen since it leads to the question instead, which tells the new one.

        Raises:
            NotFound: ``link_unknown``. Gone: ``report_over``. Invalid: ``report_line_unknown``, ``missing``
                or ``too_long`` (name). Conflict: ``approval_order_over``, like create_estimate and agree.
        """
        workshop_id, report_id = self._by_token(token)
        name = single_line(signed_name, field="name", limit=120, required=True)
        with self._db.reading(workshop_id) as session:
            row = _row(session, report_id)
            offer = self._offer(row, service)
            if link := _answers(session, row).get(service):
                return link
            content = ReportContent.from_json(row.content)
        desk = _desk_of(workshop_id, content.language)
        order = self._order(desk, row, content, offer)
        job = next(one for one in order.jobs if one.service_code == service)
        answer = self._approvals.agree(desk, order.id, job.id, signed_name=name, most_cents=offer.high_cents)
        return answer.link

    def book(self, token: str, slot_id: str) -> str:
        """Ask for a time for what was approved, else for what is most urgent; returns the visit's link.

        Raises:
            NotFound: ``link_unknown``. Gone: ``report_over``. Conflict: ``slot_taken`` or ``slot_past``.
            Invalid: ``report_line_unknown`` where there is nothing to come for, and like BookingService.book.
        """
        workshop_id, report_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            row = _row(session, report_id)
            if link := self._visit_link(session, row):
                return link
            self._require_open(row)
            content = ReportContent.from_json(row.content)
            codes = _services(session, row, content)
            if not codes:
                raise Invalid("report_line_unknown", field="line")
            customer = session.get(Customer, row.customer_id) if row.customer_id else None
            vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
            request = BookingRequest(
                slot_id=slot_id,
                service_codes=codes,
                contact=_contact(customer),
                vehicle=facts_of(vehicle),
                source="page",
                language=content.language,
                request_key=f"report:{row.id}",
                note=", ".join(one.code for one in content.codes),
            )
        booked = self._booking.book(visitor_of(workshop_id), request)
        with self._db.writing(workshop_id) as session:
            row = _row(session, report_id)
            row.appointment_id = booked.appointment_id
            order = session.get(WorkOrder, row.order_id) if row.order_id else None
            if order is not None and order.appointment_id is None:
                # Whoever comes brings the order along: there is to be no second one for the visit
                order.appointment_id = booked.appointment_id
                touched(session, order)
            emit(session, workshop_id, "diagnostic.report", session_id=row.session_id)
        return f"{self._public_url}/t/{booked.manage_token}/"

    def pdf(self, token: str) -> bytes:
        """The report as it was handed out. NotFound ``link_unknown``, Gone ``report_over``."""
        workshop_id, report_id = self._by_token(token)
        with self._db.reading(workshop_id) as session:
            row = session.get_one(DiagnosticReport, report_id)
            self._require_open(row)
            return row.pdf

    def _order(
        self, desk: Actor, row: DiagnosticReport, content: ReportContent, offer: ReportOffer
    ) -> OrderView:
        """The order of this report with the work in it: one order, however many lines are approved."""
        findings = "; ".join(f"{one.code} {one.title}" for one in content.codes if one.code in offer.codes)
        job = JobInput(title="", finding=findings[:500], service_code=offer.service)
        wanted = EstimateInput(
            request_key=f"report:{row.id}",
            customer_id=row.customer_id,
            vehicle_id=row.vehicle_id,
            appointment_id=row.appointment_id,
            jobs=(job,),
            language=content.language,
            km=content.km,
        )
        order = self._orders.create_estimate(desk, wanted)
        with self._db.writing(row.workshop_id) as session:
            _row(session, row.id).order_id = order.id
            emit(session, row.workshop_id, "diagnostic.report", session_id=row.session_id)
        if any(one.service_code == offer.service for one in order.jobs):
            return order
        return self._orders.add_job(desk, order.id, job, version=order.version)

    def _offer(self, row: DiagnosticReport, service: str) -> ReportOffer:
        self._require_open(row)
        offers = ReportContent.from_json(row.content).offers
        found = next((one for one in offers if one.service == service), None)
        if found is None:
            raise Invalid("report_line_unknown", field="line")
        return found

    def _require_open(self, row: DiagnosticReport) -> None:
        if state_of(row, self._clock()) != ISSUED:
            raise Gone("report_over")

    def _page(self, session: Session, row: DiagnosticReport) -> ReportPage:
        workshop = session.get_one(Workshop, row.workshop_id)
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        content = ReportContent.from_json(row.content)
        first = content.offers[0].service if content.offers else ""
        zone = ZoneInfo(workshop.timezone)
        return ReportPage(
            content=content,
            state=state_of(row, self._clock()),
            workshop=workshop.name,
            workshop_slug=workshop.slug,
            phone=workshop.phone,
            phone_href=phone_link(workshop.phone, workshop.country),
            accent=_accent(workshop),
            customer=customer.name if customer else "",
            issued=slot_label(row.issued_at, zone, content.language),
            valid_until=day_words(row.expires_at, workshop, content.language),
            approved=_answers(session, row),
            slots=(),
            booking_link=booking_link(self._public_url, workshop.slug, first),
            visit_link=self._visit_link(session, row),
        )

    def _with_slots(self, workshop_id: UUID, page: ReportPage, codes: tuple[str, ...]) -> ReportPage:
        try:
            found = self._booking.suggest_slots(
                visitor_of(workshop_id), codes, limit=SLOTS, language=page.content.language
            )
        except Invalid:
            # The service is not booked online; the phone and the booking page remain
            return page
        return replace(page, slots=tuple(ReportSlot(one.id, one.label) for one in found))

    def _visit_link(self, session: Session, row: DiagnosticReport) -> str:
        visit = session.get(Appointment, row.appointment_id) if row.appointment_id else None
        if visit is None or visit.state in FREE_STATES:
            return ""
        return f"{self._public_url}/t/{visit.manage_token}/"

    def _note_opened(self, workshop_id: UUID, report_id: UUID) -> None:
        with self._db.writing(workshop_id) as session:
            row = _row(session, report_id)
            if row.opened_at is None and row.revoked_at is None:
                row.opened_at = self._clock()
                emit(session, workshop_id, "diagnostic.report", session_id=row.session_id)

    def _by_token(self, token: str) -> tuple[UUID, UUID]:
        if not is_secret(token):
            raise NotFound("link_unknown")
        with self._db.reading(SYSTEM) as session:
            query = select(DiagnosticReport.workshop_id, DiagnosticReport.id)
            found = session.exec(query.where(DiagnosticReport.token == token)).first()
        if found is None:
            raise NotFound("link_unknown")
        return found


def _row(session: Session, report_id: UUID) -> DiagnosticReport:
    query = select(DiagnosticReport).where(DiagnosticReport.id == report_id)
    return session.exec(query.options(defer(DiagnosticReport.pdf))).one()  # type: ignore[arg-type]


def _answers(session: Session, row: DiagnosticReport) -> dict[str, str]:
    """Service → where the answer about it stands, of what was approved."""
    if row.order_id is None:
        return {}
    jobs = session.exec(
        select(OrderJob).where(OrderJob.order_id == row.order_id, OrderJob.decision == APPROVED)
    )
    services = {str(job.id): job.service_code for job in jobs}
    decided = select(OrderApproval).where(
        OrderApproval.order_id == row.order_id, col(OrderApproval.decided_at).is_not(None)
    )
    found: dict[str, str] = {}
    for answer in session.exec(decided.order_by(col(OrderApproval.id))):
        for job in answer.asked:
            if job.get("approved") and job["id"] in services:
                found[services[job["id"]]] = f"/freigabe/{answer.token}/"
    return found


def _services(session: Session, row: DiagnosticReport, content: ReportContent) -> tuple[str, ...]:
    """What the visit is for: what was approved, else the most urgent work."""
    approved = tuple(_answers(session, row))
    return approved or tuple(one.service for one in content.offers[:1])


def _contact(customer: Customer | None) -> Contact:
    if customer is None:
        return Contact(name="", phone="", email="")
    return Contact(name=customer.name, phone=customer.phone, email=customer.email)


def _desk_of(workshop_id: UUID, language: str) -> Actor:
    """The workshop's own hand: the customer may order what was offered to them, at the price told."""
    return Actor(
        kind="system",
        workshop_id=workshop_id,
        name="CarBot",
        language=language,
        permissions=frozenset({"orders.manage", "orders.read", "catalog.read"}),
    )


def _accent(workshop: Workshop) -> Mapping[str, str]:
    try:
        return accent_style(workshop.accent_hue, workshop.accent_chroma)
    except AccentRefused:
        return {}
