"""Asking the customer whether work may be done at a price, and what the answer does to the order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.paper import DocumentPrinter
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders import approval_rules as rules
from carbot_app.domains.orders.approval_messages import announce, send_question
from carbot_app.domains.orders.approval_paper import approval_paper
from carbot_app.domains.orders.approval_rows import (
    DECIDED,
    UNANSWERED,
    all_open,
    any_approved,
    approved_gross,
    asked_jobs,
    discount_of,
    find_link,
    link_of,
    page_of,
    show_jobs,
    staff_view,
    state_of,
)
from carbot_app.domains.orders.approval_schemas import Answer, ApprovalPage, ApprovalView
from carbot_app.domains.orders.declined_rows import remember_declined, settle_ordered
from carbot_app.domains.orders.models import OrderApproval, OrderJob, WorkOrder
from carbot_app.domains.orders.ports import SignatureReader
from carbot_app.domains.orders.rows import (
    SUBJECT,
    Content,
    changed,
    enter_state,
    get_job,
    get_order,
    lock_order,
    read_content,
    setting_of,
    touched,
)
from carbot_app.domains.photos.keeping import PhotoKeeper
from carbot_app.domains.photos.models import Photo
from carbot_app.domains.photos.ports import FileStore, PictureMaker
from carbot_app.domains.photos.schemas import PhotoFile
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id, new_secret
from carbot_app.kit.text import single_line


class ApprovalService:
    """Staff needs ``orders.manage`` (reads ``orders.read``); a customer needs nothing but the link."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        messaging: MessagingService,
        store: FileStore,
        maker: PictureMaker,
        signatures: SignatureReader,
        printer: DocumentPrinter,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._store = store
        self._keeper = PhotoKeeper(store, maker)
        self._signatures = signatures
        self._printer = printer
        self._public_url = public_url

    def ask(
        self,
        actor: Actor,
        order_id: UUID,
        kind: str = rules.FIRST,
        job_ids: Sequence[UUID] = (),
        *,
        channel: str = "",
    ) -> ApprovalView:
        """Ask about jobs (empty: all that can be asked) and send the link; an older question is closed.

        ``channel``: mail, sms or whatsapp; empty: the one that suits the customer.

        Raises:
            NotFound: ``order_unknown`` or ``order_job_unknown``. Invalid: ``approval_kind`` or
                ``approval_nothing``. Conflict: ``approval_order_over`` or ``approval_channel``.
        """
        actor.require("orders.manage")
        if kind not in rules.KINDS:
            raise Invalid("approval_kind", field="kind")
        with self._db.writing(actor.workshop_id) as session:
            order = lock_order(session, order_id)
            if order.state not in rules.ASKABLE or order.invoice_id is not None:
                raise Conflict("approval_order_over", number=order.number)
            now = self._clock()
            row = self._question(session, actor, order, kind, job_ids, now)
            link = link_of(self._public_url, row, order)
            row.sent_on = send_question(session, self._messaging, row, order, link, channel)
            self._note_asked(session, order, row, now)
            return staff_view(session, row, order, now, self._public_url)

    def agree(
        self, actor: Actor, order_id: UUID, job_id: UUID, *, signed_name: str, most_cents: int
    ) -> ApprovalView:
        """Take what a customer answered on another page of ours, which told the price of this one job.

        Dearer than ``most_cents`` by now it stays a question, to be answered where the view's link leads.

        Raises:
            NotFound: ``order_unknown`` or ``order_job_unknown``. Invalid: ``approval_nothing``, ``missing``
                or ``too_long`` (name). Conflict: ``approval_order_over``.
        """
        actor.require("orders.manage")
        name = single_line(signed_name, field="name", limit=120, required=True)
        with self._db.writing(actor.workshop_id) as session:
            order = lock_order(session, order_id)
            if order.state not in rules.ASKABLE or order.invoice_id is not None:
                raise Conflict("approval_order_over", number=order.number)
            now = self._clock()
            kind = rules.EXTRA if any_approved(read_content(session, order_id)) else rules.FIRST
            row = self._question(session, actor, order, kind, (job_id,), now)
            self._note_asked(session, order, row, now)
            if rules.sum_of(row.asked, _ids(row), 0) <= most_cents:
                row.channel, row.signed_name = rules.LINK, name
                self._settle(session, row, order, {job_id: True}, by="", now=now)
            return staff_view(session, row, order, now, self._public_url)

    def list_of_order(self, actor: Actor, order_id: UUID) -> tuple[ApprovalView, ...]:
        """Questions of an order, the newest first. NotFound ``order_unknown``."""
        actor.require("orders.read")
        with self._db.reading(actor.workshop_id) as session:
            order = get_order(session, order_id)
            query = select(OrderApproval).where(OrderApproval.order_id == order_id)
            rows = session.exec(query.order_by(col(OrderApproval.id).desc())).all()
            return tuple(staff_view(session, row, order, self._clock(), self._public_url) for row in rows)

    def withdraw(self, actor: Actor, approval_id: UUID) -> ApprovalView:
        """Take an unanswered question back; doing it twice is fine.

        Raises:
            NotFound: ``approval_unknown``. Conflict: ``approval_decided``.
        """
        actor.require("orders.manage")
        with self._db.writing(actor.workshop_id) as session:
            row, order = _locked(session, approval_id)
            if row.decided_at is not None:
                raise Conflict("approval_decided")
            now = self._clock()
            if not row.closed:
                row.closed = True
                agreed = any_approved(read_content(session, order.id))
                if order.state == rules.APPROVAL_OPEN:
                    state = rules.state_when_decided(order.state, any_approved=agreed)
                    enter_state(session, order, state, at=now, by=actor.name)
                touched(session, order)
            return staff_view(session, row, order, now, self._public_url)

    def note(
        self,
        actor: Actor,
        approval_id: UUID,
        decisions: Mapping[UUID, bool],
        *,
        said_by: str,
        channel: str = rules.PHONE,
    ) -> ApprovalView:
        """Write down what the customer said on the phone or at the desk; the link is over then.

        Raises:
            NotFound: ``approval_unknown``. Invalid: ``approval_incomplete``, ``approval_channel_unknown``,
                ``missing`` or ``too_long`` (said_by). Conflict: ``approval_decided``.
            Gone: ``approval_over``.
        """
        actor.require("orders.manage")
        if channel not in rules.NOTED_ON:
            raise Invalid("approval_channel_unknown", field="channel")
        name = single_line(said_by, field="said_by", limit=120, required=True)
        with self._db.writing(actor.workshop_id) as session:
            row, order = _locked(session, approval_id)
            now = self._clock()
            if row.decided_at is not None:
                raise Conflict("approval_decided")
            if row.closed:
                raise Gone("approval_over")
            row.channel, row.noted_by, row.signed_name = channel, actor.name, name
            self._refresh(session, row, order, now)
            self._settle(session, row, order, decisions, by=actor.name, now=now)
            return staff_view(session, row, order, now, self._public_url)

    def view(self, token: str) -> ApprovalPage:
        """What the holder of a link sees, at today's prices as long as it is not answered.

        Raises:
            NotFound: ``link_unknown``.
        """
        workshop_id, approval_id = find_link(self._db, token)
        with self._db.writing(workshop_id) as session:
            row, order = _locked(session, approval_id)
            now = self._clock()
            if state_of(row, now) == UNANSWERED:
                row.opened_at = row.opened_at or now
                self._refresh(session, row, order, now)
            return page_of(session, row, order, now)

    def look(self, token: str) -> ApprovalPage:
        """The same without noting that it was opened: messengers look at links before people do.

        Raises:
            NotFound: ``link_unknown``.
        """
        workshop_id, approval_id = find_link(self._db, token)
        with self._db.reading(workshop_id) as session:
            row = session.get_one(OrderApproval, approval_id)
            return page_of(session, row, get_order(session, row.order_id), self._clock())

    def decide(self, token: str, answer: Answer) -> ApprovalPage:
        """Take the answer, exactly once: sent again it is the first one that counts.

        Raises:
            NotFound: ``link_unknown``. Gone: ``approval_expired`` or ``approval_over``.
            Conflict: ``approval_changed`` when jobs or prices are others than those that were read.
            Invalid: ``approval_incomplete``, ``missing`` or ``too_long`` (name), ``signature_invalid``,
                ``signature_empty``. TooLarge: ``signature_too_large``. Unavailable: like FileStore.
        """
        workshop_id, approval_id = find_link(self._db, token)
        drawn = self._signatures.read(answer.signature) if answer.signature else b""
        with self._db.writing(workshop_id) as session:
            row, order = _locked(session, approval_id)
            now = self._clock()
            state = state_of(row, now)
            if state == UNANSWERED:
                name = single_line(answer.signed_name, field="name", limit=120, required=True)
                self._refresh(session, row, order, now)
                if rules.edition_of(row.asked) != answer.edition:
                    raise Conflict("approval_changed")
                row.channel, row.signed_name = rules.LINK, name
                if drawn:
                    row.signature_file = f"{new_id()}.sign"
                    self._store.put(workshop_id, row.signature_file, drawn)
                self._settle(session, row, order, answer.decisions, by="", now=now)
            elif state != DECIDED:
                raise Gone(f"approval_{state}")
            return page_of(session, row, order, now)

    def photo(self, token: str, photo_id: UUID, *, small: bool = False) -> PhotoFile:
        """A photo of a job of the question; NotFound for the link or any other photo."""
        workshop_id, approval_id = find_link(self._db, token)
        with self._db.reading(workshop_id) as session:
            row = session.get_one(OrderApproval, approval_id)
            photo = session.exec(select(Photo).where(Photo.id == photo_id)).first()
        if photo is None or photo.deleted_at is not None or photo.order_job_id not in _ids(row):
            raise NotFound
        return self._keeper.read(photo, small=small)

    def pdf(self, token: str) -> bytes:
        """What was agreed to, as PDF. NotFound ``link_unknown``, also as long as it is not answered."""
        workshop_id, approval_id = find_link(self._db, token)
        with self._db.reading(workshop_id) as session:
            row = session.get_one(OrderApproval, approval_id)
            if row.decided_at is None:
                raise NotFound("link_unknown")
            paper = approval_paper(session, row, get_order(session, row.order_id))
        return self._printer.print(paper)

    def _question(
        self,
        session: Session,
        actor: Actor,
        order: WorkOrder,
        kind: str,
        job_ids: Sequence[UUID],
        now: datetime,
    ) -> OrderApproval:
        content = read_content(session, order.id)
        jobs = _chosen(content, kind, job_ids)
        _close_open(session, order.id)
        row = OrderApproval(
            workshop_id=actor.workshop_id,
            order_id=order.id,
            kind=kind,
            token=new_secret(24),
            asked=show_jobs(order, content, jobs, setting_of(session, actor.workshop_id, now)),
            asked_at=now,
            asked_by=actor.name,
            expires_at=now + rules.VALID_FOR,
        )
        session.add(row)
        session.flush()
        if order.estimate_cents is None:
            order.estimate_cents = rules.sum_of(row.asked, _ids(row), order.discount_cents)
        return row

    def _note_asked(self, session: Session, order: WorkOrder, row: OrderApproval, now: datetime) -> None:
        state = rules.state_when_asked(order.state)
        touched(session, order)
        if state != order.state:
            enter_state(session, order, state, at=now, by=row.asked_by)
        asked = {"approval_id": str(row.id), "question": row.kind, "jobs": len(row.asked), "on": row.sent_on}
        record(session, row.workshop_id, now, "order.asked", SUBJECT, order.id, by=row.asked_by, **asked)

    def _refresh(self, session: Session, row: OrderApproval, order: WorkOrder, now: datetime) -> None:
        content = read_content(session, order.id)
        setting = setting_of(session, row.workshop_id, now)
        row.asked = show_jobs(order, content, asked_jobs(row, content), setting)

    def _settle(
        self,
        session: Session,
        row: OrderApproval,
        order: WorkOrder,
        decisions: Mapping[UUID, bool],
        *,
        by: str,
        now: datetime,
    ) -> None:
        rules.check_decisions(row.asked, decisions)
        if not decisions:
            raise Gone("approval_over")
        content = read_content(session, order.id)
        setting = setting_of(session, row.workshop_id, now)
        for job_id, agreed in decisions.items():
            job = get_job(content, job_id)
            job.decision, job.decided_at = rules.decision_of(agreed), now
        agreed_to = {job_id for job_id, agreed in decisions.items() if agreed}
        row.asked = [{**job, "approved": UUID(job["id"]) in agreed_to} for job in row.asked]
        row.decided_at, row.closed = now, True
        row.approved_cents = rules.sum_of(row.asked, agreed_to, discount_of(row.kind, order))
        gross = approved_gross(order, content, setting)
        order.approved_cents = max(order.approved_cents or 0, gross)
        if row.kind == rules.FIRST and agreed_to:
            order.estimate_cents = gross
        remember_declined(session, order, row, setting.on)
        settle_ordered(session, order, [get_job(content, job_id) for job_id in agreed_to])
        state = rules.state_when_decided(order.state, any_approved=any_approved(content))
        if state != order.state:
            enter_state(session, order, state, at=now, by=by)
        changed(session, order, setting)
        announce(session, row, order, by, now)


def _chosen(content: Content, kind: str, job_ids: Sequence[UUID]) -> list[OrderJob]:
    jobs = [get_job(content, job_id) for job_id in job_ids] or all_open(content, kind)
    chosen = [job for job in jobs if rules.may_be_asked(kind, job.decision)]
    if not chosen or len(chosen) < len(jobs):
        raise Invalid("approval_nothing", field="jobs")
    return chosen


def _close_open(session: Session, order_id: UUID) -> None:
    query = select(OrderApproval).where(
        OrderApproval.order_id == order_id,
        col(OrderApproval.closed).is_(False),
        col(OrderApproval.decided_at).is_(None),
    )
    for older in session.exec(query):
        older.closed = True


def _ids(row: OrderApproval) -> set[UUID]:
    return {UUID(job["id"]) for job in row.asked}


def _locked(session: Session, approval_id: UUID) -> tuple[OrderApproval, WorkOrder]:
    """The order is locked first, like everywhere, so that nobody waits in a circle."""
    query = select(OrderApproval).where(OrderApproval.id == approval_id)
    row = session.exec(query).first()
    if row is None:
        raise NotFound("approval_unknown")
    order = lock_order(session, row.order_id)
    session.refresh(row)
    return row, order
