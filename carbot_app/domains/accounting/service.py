"""Use cases of accounting: months for DATEV, the VAT return, lists, the audit and its archive."""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.session import Database
from carbot_app.domains.accounting.books import (
    Books,
    documents_issued,
    expenses_posted,
    open_books,
    payments_between,
)
from carbot_app.domains.accounting.datev_export import DatevFile, build_month, month_of
from carbot_app.domains.accounting.gobd import gobd_archive
from carbot_app.domains.accounting.lists import (
    cash_book,
    open_items,
    revenue_by_service,
    revenue_by_technician,
)
from carbot_app.domains.accounting.mapping import kept_of, mapping_of, terms_of
from carbot_app.domains.accounting.models import DatevExport
from carbot_app.domains.accounting.schemas import (
    CASH_BOOK,
    OPEN_ITEMS,
    SERVICES,
    STATEMENT,
    TECHNICIANS,
    VAT,
    AuditResult,
    DatevMapping,
    DatevTerms,
    ExportView,
    HandedOut,
    MonthView,
    RevenueLine,
)
from carbot_app.domains.accounting.sheets import (
    ListTable,
    cash_table,
    hand_out,
    open_items_table,
    revenue_table,
    statement_table,
    vat_table,
)
from carbot_app.domains.accounting.vat_period import return_of, statement_of
from carbot_app.domains.accounting.vat_return import VatReturn
from carbot_app.domains.billing.audit import find_broken, record
from carbot_app.domains.billing.audit_chain import START
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.billing.receivables import MONEY
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError, Invalid, NotFound

READ, MANAGE, SETTINGS = "accounting.read", "accounting.manage", "billing.settings"
MOST_DAYS = 3660
"""Of a range: what tax law lets an audit ask for."""


class AccountingService:
    """Reads need ``accounting.read``; exports that are noted and the mapping ``accounting.manage``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get_month(self, actor: Actor, day: date) -> MonthView:
        """The month a day lies in, with what would stop its export."""
        actor.require(READ)
        first, last = month_of(day)
        # Trying the export gives accounts to new customers, so this transaction writes.
        with self._db.writing(actor.workshop_id) as session:
            books = open_books(session, actor.workshop_id)
            exports = _exports(session, first)
            problem = self._problem(session, books, first)
            outdated = bool(exports) and self._is_outdated(session, books, first, exports[0])
            return self._month_view(session, books, (first, last), exports, problem, outdated=outdated)

    def export_datev(
        self, actor: Actor, day: date, *, payments: bool = True, expenses: bool = True
    ) -> HandedOut:
        """The booking batch of a month, checked to the cent and noted as handed out.

        Raises:
            Invalid: what datev_export.build_month says.

        """
        actor.require(MANAGE)
        first, _ = month_of(day)
        with self._db.writing(actor.workshop_id) as session:
            books = open_books(session, actor.workshop_id)
            file = self._build(session, books, first, payments=payments, expenses=expenses)
            row = DatevExport(
                workshop_id=actor.workshop_id,
                created_at=self._clock(),
                month=first,
                sha256=sha256(file.content).hexdigest(),
                content_sha256=file.content_sha256,
                rows=file.rows,
                with_payments=payments,
                with_expenses=expenses,
                accounts=file.accounts,
                by=actor.name,
            )
            session.add(row)
            self._record(session, actor, "datev.exported", row.id, month=f"{first:%Y-%m}", sha256=row.sha256)
        return HandedOut(file.name, "text/csv", file.content)

    def get_vat_return(self, actor: Actor, first: date, last: date) -> VatReturn:
        """Figures of a range of days, each with its documents. Invalid: ``accounting_range_invalid``."""
        actor.require(READ)
        _require_range(first, last)
        with self._db.reading(actor.workshop_id) as session:
            return return_of(session, open_books(session, actor.workshop_id), first, last)

    def list_revenue(self, actor: Actor, by: str, first: date, last: date) -> list[RevenueLine]:
        """Revenue by ``services`` or ``technicians``. Invalid: ``accounting_range_invalid``."""
        actor.require(READ)
        _require_range(first, last)
        read = revenue_by_technician if by == TECHNICIANS else revenue_by_service
        with self._db.reading(actor.workshop_id) as session:
            return read(session, first, last)

    def export_list(self, actor: Actor, kind: str, form: str, first: date, last: date) -> HandedOut:
        """One of schemas.LISTS as csv or xlsx; open items are those at the end of ``last``.

        Raises:
            NotFound: no such list or form. Invalid: ``accounting_range_invalid``.

        """
        actor.require(READ)
        _require_range(first, last)
        with self._db.reading(actor.workshop_id) as session:
            books = open_books(session, actor.workshop_id)
            table = _table(session, books, kind, first, last, actor.language)
        span = f"{last:%Y-%m-%d}" if kind == OPEN_ITEMS else f"{first:%Y-%m-%d}_{last:%Y-%m-%d}"
        return hand_out(table, form, f"{kind.replace('_', '-')}_{span}")

    def verify_audit(self, actor: Actor) -> AuditResult:
        """Check every link of the audit log."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return self._verify(session)

    def export_gobd(self, actor: Actor, first: date, last: date) -> HandedOut:
        """The archive for an audit, noted in the log. Invalid: ``accounting_range_invalid``."""
        actor.require(MANAGE)
        _require_range(first, last)
        with self._db.writing(actor.workshop_id) as session:
            books = open_books(session, actor.workshop_id)
            audit = self._verify(session)
            content = gobd_archive(session, books, first, last, audit)
            span = {"first": str(first), "last": str(last)}
            self._record(session, actor, "gobd.exported", actor.workshop_id, **span)
        return HandedOut(f"gobd_{first:%Y-%m-%d}_{last:%Y-%m-%d}.zip", "application/zip", content)

    def get_mapping(self, actor: Actor) -> DatevMapping:
        """Numbers and accounts for DATEV."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return mapping_of(terms_of(open_books(session, actor.workshop_id).terms.datev))

    def save_mapping(self, actor: Actor, terms: DatevTerms) -> DatevMapping:
        """Keep them. Invalid: what mapping.kept_of says."""
        actor.require(MANAGE)
        kept = kept_of(terms)
        with self._db.writing(actor.workshop_id) as session:
            row = open_books(session, actor.workshop_id).terms
            row.datev = {**row.datev, **kept}
            session.add(row)
            session.flush()
            self._record(session, actor, "datev.terms", row.id, **kept)
        return mapping_of(terms)

    def _build(
        self, session: Session, books: Books, first: date, *, payments: bool, expenses: bool
    ) -> DatevFile:
        created = self._clock().astimezone(ZoneInfo(books.workshop.timezone))
        return build_month(session, books, first, created, payments=payments, expenses=expenses)

    def _problem(self, session: Session, books: Books, first: date) -> AppError | None:
        return _error_of(lambda: self._build(session, books, first, payments=True, expenses=True))

    def _is_outdated(self, session: Session, books: Books, first: date, newest: DatevExport) -> bool:
        def compare() -> None:
            file = self._build(
                session, books, first, payments=newest.with_payments, expenses=newest.with_expenses
            )
            if file.content_sha256 != newest.content_sha256:
                raise Invalid("datev_outdated")

        return _error_of(compare) is not None

    def _month_view(
        self,
        session: Session,
        books: Books,
        span: tuple[date, date],
        exports: list[DatevExport],
        problem: AppError | None,
        *,
        outdated: bool,
    ) -> MonthView:
        first, last = span
        today = self._clock().astimezone(ZoneInfo(books.workshop.timezone)).date()
        documents = documents_issued(session, first, last)
        paid = [row for row in payments_between(session, first, last) if row.kind in MONEY]
        spent = expenses_posted(session, first, last)
        own = [group for one in documents for group in one.own_groups if group.category != "Z"]
        vat = sum(group.vat_cents for group in own)
        gross = sum(one.gross_cents - one.deposit_cents - one.handed_on_cents for one in documents)
        return MonthView(
            first,
            books.workshop.currency,
            len(documents),
            gross - vat,
            vat,
            gross,
            sum(row.amount_cents for row in paid),
            sum(item.open_cents for item in open_items(session, min(last, max(today, first)))),
            len(spent),
            sum(row.gross_cents for row in spent),
            tuple(_export_view(row) for row in exports),
            outdated,
            problem.code if problem else "",
            problem.params if problem else {},
        )

    def _verify(self, session: Session) -> AuditResult:
        entries = session.exec(select(func.count()).select_from(AuditEntry)).one()
        newest = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
        return AuditResult(
            entries, find_broken(session) or "", self._clock(), newest.hash if newest else START
        )

    def _record(self, session: Session, actor: Actor, kind: str, subject_id: UUID, **content: object) -> None:
        record(
            session,
            actor.workshop_id,
            self._clock(),
            kind,
            "accounting",
            subject_id,
            by=actor.name,
            **content,
        )


def last_month(today: date) -> date:
    """First day of the month before."""
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def _table(session: Session, books: Books, kind: str, first: date, last: date, language: str) -> ListTable:
    if kind == OPEN_ITEMS:
        return open_items_table(open_items(session, last), language)
    if kind == CASH_BOOK:
        return cash_table(cash_book(session, first, last), language)
    if kind == SERVICES:
        return revenue_table(revenue_by_service(session, first, last), language, of="service")
    if kind == TECHNICIANS:
        return revenue_table(revenue_by_technician(session, first, last), language, of="technician")
    if kind == VAT:
        return vat_table(return_of(session, books, first, last), language)
    if kind == STATEMENT:
        return statement_table(statement_of(session, first, last), language)
    raise NotFound


def _exports(session: Session, first: date) -> list[DatevExport]:
    query = select(DatevExport).where(DatevExport.month == first)
    return list(session.exec(query.order_by(col(DatevExport.created_at).desc(), col(DatevExport.id).desc())))


def _export_view(row: DatevExport) -> ExportView:
    at: datetime = row.created_at
    return ExportView(row.id, at, row.by, row.sha256, row.rows, row.with_payments, row.with_expenses)


def _error_of(work: Callable[[], object]) -> AppError | None:
    try:
        work()
    except AppError as error:
        return error
    return None


def _require_range(first: date, last: date) -> None:
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise Invalid("accounting_range_invalid", field="last")
