"""Use cases of expenses: take in, show, check, book, reject, pay."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.einvoices import FATAL, Finding, InvoiceReader, InvoiceValidator
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.billing.numbers import EXPENSE, take_number
from carbot_app.domains.billing.vat_id import normal_vat_id
from carbot_app.domains.expenses.categories import CATEGORIES
from carbot_app.domains.expenses.models import Expense
from carbot_app.domains.expenses.reading import MAX_BYTES, ReadFile, amounts_of, read_file
from carbot_app.domains.expenses.receipts import posting_day, require_amounts, require_receipt, supplier_key
from carbot_app.domains.expenses.schemas import (
    BANK,
    BOOKED,
    CASH,
    CHECKED,
    MAIL,
    PAID,
    RECEIVED,
    REJECTED,
    STATES,
    UPLOAD,
    ExpenseAmount,
    ExpenseDetail,
    ExpenseFile,
    ExpenseList,
    ExpenseRow,
    ReceiptInput,
)
from carbot_app.domains.expenses.sheet import kept_of, readable, readable_of
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound, TooLarge

READ, MANAGE = "accounting.read", "accounting.manage"
PAGE = 50
_REASON_LIMIT = 300


class ExpenseService:
    """Reads need ``accounting.read``, changes ``accounting.manage``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        reader: InvoiceReader,
        validator: InvoiceValidator,
        store: FileStore,
    ) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader
        self._validator = validator
        self._store = store

    def upload(self, actor: Actor, content: bytes, *, filename: str = "") -> ExpenseDetail:
        """Take in a file: an e-invoice is read and judged, any other PDF waits to be typed in.

        Raises:
            TooLarge: ``einvoice_too_large``. Conflict: ``expense_known``, the file is here already.
            Invalid: what the reader says of a file that is broken, hostile or no invoice.

        """
        actor.require(MANAGE)
        if len(content) > MAX_BYTES:
            raise TooLarge("einvoice_too_large", limit=MAX_BYTES // 1024 // 1024)
        self._require_new(actor.workshop_id, content)
        read = read_file(content, self._reader, self._validator)
        with self._db.writing(actor.workshop_id) as session:
            row = self._add(session, actor.workshop_id, read, content, filename, UPLOAD, actor.name)
            return _detail(session, row)

    def receive_mail(self, workshop_id: UUID, content: bytes, *, filename: str = "") -> UUID | None:
        """Take in the e-invoice of a supplier that came by mail.

        None: it is no e-invoice of a supplier, it is one of our own, or it is here already.
        """
        if len(content) > MAX_BYTES:
            return None
        try:
            self._require_new(workshop_id, content)
            read = read_file(content, self._reader, self._validator)
        except (Invalid, TooLarge, Conflict):
            return None
        if read.received is None:
            return None
        with self._db.writing(workshop_id) as session:
            own = normal_vat_id(session.get_one(Workshop, workshop_id).vat_id)
            if own and own == normal_vat_id(read.received.document.seller.vat_id):
                return None
            return self._add(session, workshop_id, read, content, filename, MAIL, "").id

    def list_expenses(self, actor: Actor, *, state: str = "", count: int = PAGE) -> ExpenseList:
        """The newest ones, of one state where it is named."""
        actor.require(READ)
        query = select(Expense).order_by(col(Expense.received_on).desc(), col(Expense.id).desc())
        if state in STATES:
            query = query.where(Expense.state == state)
        counts = select(Expense.state, func.count()).group_by(col(Expense.state))
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.limit(count + 1)).all()
            return ExpenseList(
                tuple(_row(row) for row in rows[:count]),
                dict(session.exec(counts).all()),
                len(rows) > count,
            )

    def get_expense(self, actor: Actor, expense_id: UUID) -> ExpenseDetail:
        """One with its document. NotFound: ``expense_unknown``."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return _detail(session, _find(session, expense_id))

    def read_original(self, actor: Actor, expense_id: UUID) -> ExpenseFile:
        """The file as it came. NotFound: ``expense_unknown``."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = _find(session, expense_id)
        ending = "pdf" if row.media_type.endswith("pdf") else "xml"
        name = row.filename or f"{row.entry_number}.{ending}"
        return ExpenseFile(name, row.media_type, self._store.get(actor.workshop_id, str(row.id)))

    def save_receipt(self, actor: Actor, expense_id: UUID, receipt: ReceiptInput) -> ExpenseDetail:
        """Keep what was typed in from a receipt.

        Raises:
            Conflict: ``expense_not_editable``: it is an e-invoice, or booked already.
            Invalid: what receipts.require_receipt says.

        """
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = _lock(session, expense_id)
            if not _can_type(row):
                raise Conflict("expense_not_editable")
            require_receipt(receipt)
            row.supplier, row.number = receipt.supplier.strip(), receipt.number.strip()
            row.supplier_vat_id = normal_vat_id(receipt.supplier_vat_id)
            row.supplier_key = supplier_key(row.supplier, row.supplier_vat_id)
            row.issued_on, row.due_on = receipt.issued_on, receipt.due_on
            row.posted_on = posting_day(receipt.issued_on, row.received_on)
            _put_amounts(row, receipt.amounts)
            row.state = CHECKED
            self._note(session, actor.name, row, "expense.typed")
            return _detail(session, row)

    def book(self, actor: Actor, expense_id: UUID, category: str) -> ExpenseDetail:
        """Book it on the account of a category; booking again with another one changes the account.

        Raises:
            Conflict: ``expense_rejected``, ``expense_duplicate``. Invalid: ``expense_category``,
            ``expense_amounts``, ``expense_currency``.

        """
        actor.require(MANAGE)
        if category not in CATEGORIES:
            raise Invalid("expense_category", field="category")
        with self._db.writing(actor.workshop_id) as session:
            row = _lock(session, expense_id)
            if row.state == REJECTED:
                raise Conflict("expense_rejected")
            if not row.amounts or not row.issued_on:
                raise Invalid("expense_amounts", field="amounts")
            require_amounts(tuple(ExpenseAmount(**one) for one in row.amounts), row.gross_cents)
            if row.currency != session.get_one(Workshop, actor.workshop_id).currency:
                raise Invalid("expense_currency", field="currency", currency=row.currency)
            for other in _same(session, row):
                if other.state in {BOOKED, PAID}:
                    raise Conflict("expense_duplicate", number=other.entry_number)
            row.category = category
            row.state = row.state if row.state == PAID else BOOKED
            row.booked_at = row.booked_at or self._clock()
            self._note(session, actor.name, row, "expense.booked", category=category)
            return _detail(session, row)

    def reject(self, actor: Actor, expense_id: UUID, reason: str) -> ExpenseDetail:
        """It is not ours or not right. Invalid: ``expense_reason``. Conflict: ``expense_paid``."""
        actor.require(MANAGE)
        reason = " ".join(reason.split())
        if not 0 < len(reason) <= _REASON_LIMIT:
            raise Invalid("expense_reason", field="reason")
        with self._db.writing(actor.workshop_id) as session:
            row = _lock(session, expense_id)
            if row.state == PAID:
                raise Conflict("expense_paid")
            row.state, row.reason = REJECTED, reason
            self._note(session, actor.name, row, "expense.rejected")
            return _detail(session, row)

    def reopen(self, actor: Actor, expense_id: UUID) -> ExpenseDetail:
        """Look at a rejected one again. Conflict: ``expense_not_rejected``."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = _lock(session, expense_id)
            if row.state != REJECTED:
                raise Conflict("expense_not_rejected")
            row.state, row.reason = RECEIVED, ""
            self._note(session, actor.name, row, "expense.reopened")
            return _detail(session, row)

    def mark_paid(self, actor: Actor, expense_id: UUID, paid_on: date, paid_by: str) -> ExpenseDetail:
        """Note how it was paid. Conflict: ``expense_not_booked``. Invalid: ``expense_paid_on``."""
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = _lock(session, expense_id)
            if row.state != BOOKED:
                raise Conflict("expense_not_booked")
            if paid_by not in {CASH, BANK} or paid_on > self._today(session, actor.workshop_id):
                raise Invalid("expense_paid_on", field="paid_on")
            row.state, row.paid_on, row.paid_by = PAID, paid_on, paid_by
            self._note(session, actor.name, row, "expense.paid", paid_by=paid_by, paid_on=str(paid_on))
            return _detail(session, row)

    def _add(
        self,
        session: Session,
        workshop_id: UUID,
        read: ReadFile,
        content: bytes,
        filename: str,
        source: str,
        by: str,
    ) -> Expense:
        digest = sha256(content).hexdigest()
        wait_for_turn(session, f"expense:{workshop_id}:{digest}")
        _refuse_known(session, digest)
        today = self._today(session, workshop_id)
        terms = session.exec(select(BillingTerms)).first()
        row = Expense(
            workshop_id=workshop_id,
            entry_number=take_number(
                session, workshop_id, EXPENSE, today, terms.number_formats if terms else None
            ),
            source=source,
            received_on=today,
            posted_on=today,
            currency=session.get_one(Workshop, workshop_id).currency,
            filename=_safe_name(filename),
            media_type=read.media_type,
            sha256=digest,
            handled_by=by,
        )
        if read.received:
            _fill(row, read, today)
        session.add(row)
        session.flush()
        # The file comes last: when it cannot be kept, nothing of it stays.
        self._store.put(workshop_id, str(row.id), content)
        self._note(session, by, row, "expense.received", source=source, sha256=digest)
        emit(session, workshop_id, "expense.received", expense_id=row.id, source=source)
        return row

    def _require_new(self, workshop_id: UUID, content: bytes) -> None:
        with self._db.reading(workshop_id) as session:
            _refuse_known(session, sha256(content).hexdigest())

    def _note(self, session: Session, by: str, row: Expense, kind: str, **content: str) -> None:
        row.handled_by = by or row.handled_by
        session.add(row)
        record(
            session,
            row.workshop_id,
            self._clock(),
            kind,
            "expense",
            row.id,
            by=by,
            entry_number=row.entry_number,
            gross_cents=row.gross_cents,
            **content,
        )

    def _today(self, session: Session, workshop_id: UUID) -> date:
        zone = ZoneInfo(session.get_one(Workshop, workshop_id).timezone)
        return self._clock().astimezone(zone).date()


def _fill(row: Expense, read: ReadFile, today: date) -> None:
    received = read.received
    if received is None:
        return
    document = received.document
    row.is_einvoice = received.is_einvoice
    row.supplier = document.seller.name[:160]
    row.supplier_vat_id = normal_vat_id(document.seller.vat_id)[:20]
    row.supplier_key = supplier_key(row.supplier, row.supplier_vat_id)
    row.number = document.number[:80]
    row.issued_on = document.issued_on if document.issued_on.year > 1 else None
    row.due_on = document.due_on
    row.posted_on = posting_day(row.issued_on or today, today)
    row.currency = (document.currency or row.currency)[:3]
    _put_amounts(row, amounts_of(document))
    row.findings = [asdict(finding) for finding in received.findings]
    row.document = kept_of(readable(document))
    row.state = CHECKED if received.accepted and row.amounts else RECEIVED


def _put_amounts(row: Expense, amounts: Sequence[ExpenseAmount]) -> None:
    row.amounts = [asdict(amount) for amount in amounts]
    row.gross_cents = sum(amount.net_cents + amount.vat_cents for amount in amounts)


def _refuse_known(session: Session, digest: str) -> None:
    known = session.exec(select(Expense).where(Expense.sha256 == digest)).first()
    if known is not None:
        raise Conflict("expense_known", number=known.entry_number)


def _find(session: Session, expense_id: UUID) -> Expense:
    row = session.exec(select(Expense).where(Expense.id == expense_id)).first()
    if row is None:
        raise NotFound("expense_unknown")
    return row


def _lock(session: Session, expense_id: UUID) -> Expense:
    row = session.exec(select(Expense).where(Expense.id == expense_id).with_for_update()).first()
    if row is None:
        raise NotFound("expense_unknown")
    return row


def _same(session: Session, row: Expense) -> list[Expense]:
    """Others of the same supplier with the same number."""
    if not row.number or not row.supplier_key:
        return []
    query = select(Expense).where(
        Expense.supplier_key == row.supplier_key,
        Expense.number == row.number,
        Expense.id != row.id,
        Expense.state != REJECTED,
    )
    return list(session.exec(query.order_by(col(Expense.entry_number))))


def _can_type(row: Expense) -> bool:
    has_amounts_of_its_own = row.is_einvoice and bool(row.document.get("taxes"))
    return not has_amounts_of_its_own and row.state in {RECEIVED, CHECKED}


def _row(row: Expense) -> ExpenseRow:
    return ExpenseRow(
        row.id,
        row.entry_number,
        row.state,
        row.source,
        row.supplier,
        row.number,
        row.issued_on,
        row.due_on,
        row.received_on,
        row.gross_cents,
        row.currency,
        row.category,
        row.is_einvoice,
        sum(one["severity"] == FATAL for one in row.findings),
    )


def _detail(session: Session, row: Expense) -> ExpenseDetail:
    session.flush()
    return ExpenseDetail(
        row=_row(row),
        supplier_vat_id=row.supplier_vat_id,
        amounts=tuple(ExpenseAmount(**one) for one in row.amounts),
        findings=tuple(
            Finding(**{**one, "params": tuple((name, value) for name, value in one["params"])})
            for one in row.findings
        ),
        document=readable_of(row.document),
        duplicates=tuple(other.entry_number for other in _same(session, row)),
        can_type=_can_type(row),
        reason=row.reason,
        filename=row.filename,
        media_type=row.media_type,
        posted_on=row.posted_on,
        paid_on=row.paid_on,
        paid_by=row.paid_by,
        handled_by=row.handled_by,
    )


def _safe_name(filename: str) -> str:
    name = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable())[-120:]
