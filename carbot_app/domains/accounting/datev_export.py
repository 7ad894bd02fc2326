"""A month from the tables to the file DATEV reads."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.accounting.bookings import (
    Month,
    PaidItem,
    SpentAmount,
    SpentItem,
    Words,
    is_deposit,
    rows_of_month,
)
from carbot_app.domains.accounting.books import (
    Books,
    documents_by_id,
    documents_issued,
    expenses_paid,
    expenses_posted,
    kinds_of,
    payments_between,
)
from carbot_app.domains.accounting.datev_check import content_hash, require_balance
from carbot_app.domains.accounting.issued import Issued
from carbot_app.domains.accounting.mapping import accounts_of, terms_of
from carbot_app.domains.accounting.models import DatevExport
from carbot_app.domains.accounting.parties import CREDITOR, DEBTOR, NOBODY, account_number, give_accounts
from carbot_app.domains.accounting.schemas import DatevTerms
from carbot_app.domains.billing.datev_file import Batch, document_text, file_name, write_batch
from carbot_app.domains.billing.datev_rows import BANK, CASH
from carbot_app.domains.billing.models import Payment
from carbot_app.domains.billing.receivables import CASH as CASH_METHOD
from carbot_app.domains.expenses.models import Expense
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate

_STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class DatevFile:
    """A file that balances."""

    name: str
    content: bytes
    content_sha256: str
    rows: int
    accounts: dict[str, int]


@dataclass(slots=True)
class _Given:
    """Accounts of a month: those of the earliest export first, so that a closed month never changes."""

    kept: dict[str, int]
    by_party: dict[str, int]
    collective: dict[str, int]
    used: dict[str, int]

    def of(self, subject: UUID, party: str, kind: str) -> int:
        number = self.kept.get(str(subject)) or self.by_party.get(party) or self.collective[kind]
        self.used[str(subject)] = number
        return number


def month_of(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def build_month(
    session: Session, books: Books, month: date, created: datetime, *, payments: bool, expenses: bool
) -> DatevFile:
    """The file of a month, checked to the cent. ``created`` is told by the clock of the workshop.

    Gives accounts to new customers and suppliers, so the transaction has to write.

    Raises:
        Invalid: ``datev_client_missing``, or what bookings.py and datev_file.py say.

    """
    terms = terms_of(books.terms.datev)
    if not terms.consultant or not terms.client:
        raise Invalid("datev_client_missing", field="client")
    first, last = month_of(month)
    found, given = _read(session, books, first, last, terms, payments=payments, expenses=expenses)
    accounts = accounts_of(terms)
    rows = rows_of_month(found, accounts, _words(books.workshop.language))
    batch = Batch(
        terms.consultant,
        terms.client,
        first,
        last,
        created,
        _year_start(first, terms.year_begins),
        f"CarBot {first:%Y-%m}",
        terms.chart,
        terms.account_length,
        currency=books.workshop.currency,
    )
    content = write_batch(batch, rows)
    require_balance(content, found.expected_cents, f"{first:%Y-%m}")
    return DatevFile(file_name(batch), content, content_hash(content), len(rows), given.used)


def _read(
    session: Session,
    books: Books,
    first: date,
    last: date,
    terms: DatevTerms,
    *,
    payments: bool,
    expenses: bool,
) -> tuple[Month, _Given]:
    documents = documents_issued(session, first, last)
    paid = payments_between(session, first, last) if payments else []
    paid_documents = documents_by_id(session, [row.invoice_id for row in paid])
    spent = expenses_posted(session, first, last) if expenses else []
    spent_paid = expenses_paid(session, first, last) if expenses and payments else []
    given = _accounts(session, books, terms, [*documents, *paid_documents.values()], [*spent, *spent_paid])
    originals = kinds_of(session, [one.original_id for one in documents])
    month = Month(
        [(one, given.of(one.id, _party(one), DEBTOR)) for one in documents],
        frozenset(one.id for one in documents if is_deposit(one, originals)),
        [_paid_item(row, paid_documents[row.invoice_id], given) for row in paid],
        [spent_item(row, given.of(row.id, row.supplier_key, CREDITOR)) for row in spent],
        [spent_item(row, given.of(row.id, row.supplier_key, CREDITOR)) for row in spent_paid],
    )
    return month, given


def _accounts(
    session: Session,
    books: Books,
    terms: DatevTerms,
    documents: list[Issued],
    expenses: list[Expense],
) -> _Given:
    kept: dict[str, int] = {}
    # The earliest export wins: what the tax adviser has booked stays where it is.
    length = terms.account_length
    exports = session.exec(select(DatevExport.accounts).order_by(col(DatevExport.created_at).desc()))
    for given in exports:
        kept |= {subject: number for subject, number in given.items() if len(str(number)) == length + 1}
    workshop_id = books.workshop.id
    debtors = give_accounts(session, workshop_id, DEBTOR, [_party(one) for one in documents], length)
    suppliers = [row.supplier_key for row in expenses]
    creditors = give_accounts(session, workshop_id, CREDITOR, suppliers, length)
    collective = {kind: account_number(kind, NOBODY, length) for kind in (DEBTOR, CREDITOR)}
    return _Given(kept, {**debtors, **creditors}, collective, {})


def _party(issued: Issued) -> str:
    return str(issued.customer_id) if issued.customer_id else ""


def _paid_item(row: Payment, issued: Issued, given: _Given) -> PaidItem:
    into = CASH if row.method == CASH_METHOD else "transit" if row.provider == _STRIPE else BANK
    debtor = given.of(issued.id, _party(issued), DEBTOR)
    return PaidItem(
        row.kind,
        row.amount_cents,
        row.received_on,
        issued.number,
        debtor,
        into,
        issued.groups,
        row.currency,
    )


def spent_item(row: Expense, creditor: int = 0) -> SpentItem:
    """An expense as bookings see it."""
    amounts = tuple(
        SpentAmount(str(one["category"]), int(one["rate"]), int(one["net_cents"]), int(one["vat_cents"]))
        for one in row.amounts
    )
    return SpentItem(
        _document_number(row),
        row.posted_on,
        row.issued_on or row.received_on,
        creditor,
        row.category or "other",
        " ".join(part for part in (row.supplier, row.entry_number) if part),
        amounts,
        row.currency,
        row.paid_on,
        CASH if row.paid_by == CASH else BANK,
    )


def _document_number(row: Expense) -> str:
    """What the supplier calls it, where that fits into the field of DATEV."""
    try:
        return document_text(row.number)
    except Invalid:
        return row.entry_number


def _words(language: str) -> Words:
    return Words(
        translate(language, "accounting.booking.handed_on"),
        translate(language, "accounting.booking.old_part"),
        translate(language, "accounting.booking.deposit"),
    )


def _year_start(first: date, begins: int) -> date:
    return date(first.year if first.month >= begins else first.year - 1, begins, 1)
