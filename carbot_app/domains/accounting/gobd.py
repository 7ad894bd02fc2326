"""The archive for an audit (Z3 of § 147(6) AO): every table about money of a time, with its description."""

import hashlib
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.accounting.books import Books, payments_of
from carbot_app.domains.accounting.gobd_index import (
    DATE,
    MONEY,
    NUMBER,
    Column,
    Table,
    index_xml,
    table_csv,
)
from carbot_app.domains.accounting.schemas import AuditResult
from carbot_app.domains.billing.models import (
    AuditEntry,
    Invoice,
    InvoiceLine,
    NumberRange,
    Payment,
    Receivable,
)
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.expenses.models import Expense

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same content is the same archive."""


def gobd_archive(session: Session, books: Books, first: date, last: date, audit: AuditResult) -> bytes:
    """ZIP of a range of days, both included; ``audit`` is the result of checking the chain just now."""
    invoices = list(
        session.exec(
            select(Invoice)
            .where(Invoice.issued_on >= first, Invoice.issued_on <= last)
            .order_by(col(Invoice.issued_on), col(Invoice.number))
        )
    )
    receivables = _receivables(session, first, last)
    payments = _payments(session, first, last, [row.id for row in invoices])
    tables = (
        _invoices(invoices),
        _lines(session, first, last),
        _payment_table(payments),
        _receivable_table(receivables),
        _customers(session, {row.customer_id for row in receivables if row.customer_id}),
        _expenses(session, first, last),
        _audit(session, books, first, last),
        _ranges(session),
    )
    workshop = books.workshop
    index = index_xml(
        tables,
        first,
        last,
        supplier=workshop.name,
        place=f"{workshop.street}, {workshop.postal_code} {workshop.city}",
        comment="Datenträgerüberlassung nach § 147 Abs. 6 AO, GoBD Rz. 158 ff.",
    )
    files = {table.file: table_csv(table) for table in tables}
    return _zip({"index.xml": index, **files, "audit_result.txt": _result(audit)})


def _receivables(session: Session, first: date, last: date) -> list[Receivable]:
    query = select(Receivable).where(Receivable.issued_on >= first, Receivable.issued_on <= last)
    return list(session.exec(query.order_by(col(Receivable.issued_on), col(Receivable.number))))


def _payments(session: Session, first: date, last: date, ids: list[UUID]) -> list[Payment]:
    """Those of the time, and those of its documents whenever they came."""
    query = select(Payment).where(Payment.received_on >= first, Payment.received_on <= last)
    found = {row.id: row for row in (*session.exec(query), *payments_of(session, ids))}
    return sorted(found.values(), key=lambda row: (row.received_on, row.id))


def _invoices(rows: list[Invoice]) -> Table:
    return Table(
        "invoices",
        "Ausgestellte Belege",
        (
            Column("id", is_key=True),
            Column("number", description="Belegnummer"),
            Column("kind", description="invoice, deposit, credit, cancellation"),
            Column("issued_on", DATE, "Belegdatum"),
            Column("supplied_on", DATE, "Leistungsdatum"),
            Column("currency"),
            Column("net", MONEY, "Netto"),
            Column("vat", MONEY, "Umsatzsteuer"),
            Column("gross", MONEY, "Brutto"),
            Column("due", MONEY, "Zahlbetrag"),
            Column("original_id", description="Beleg, auf den er sich bezieht"),
            Column("issued_by"),
            Column("tax", description="Steuer je Kategorie und Satz, JSON in Cent"),
            Column("xml_sha256"),
        ),
        [
            (
                *(row.id, row.number, row.kind, row.issued_on, row.supplied_on, row.currency),
                *(row.net_cents, row.vat_cents, row.gross_cents, row.due_cents),
                *(row.original_id or "", row.issued_by, _json(row.groups), _sha256(row.xml)),
            )
            for row in rows
        ],
    )


def _lines(session: Session, first: date, last: date) -> Table:
    query = (
        select(InvoiceLine, Invoice.number)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(Invoice.issued_on >= first, Invoice.issued_on <= last)
        .order_by(col(Invoice.issued_on), col(Invoice.number), col(InvoiceLine.position))
    )
    return Table(
        "invoice_lines",
        "Positionen der Belege",
        (
            Column("id", is_key=True),
            Column("invoice_id", refers_to="invoices"),
            Column("invoice_number"),
            Column("position", NUMBER),
            Column("kind"),
            Column("text", description="Bezeichnung"),
            Column("quantity", description="Menge, Punkt als Dezimaltrennzeichen"),
            Column("unit"),
            Column("unit_price", description="Einzelpreis, Punkt als Dezimaltrennzeichen"),
            Column("net", MONEY),
            Column("tax_category", description="UNTDID 5305"),
            Column("tax_rate", NUMBER, "Steuersatz in Hundertstel Prozent"),
            Column("revenue_group"),
        ),
        [
            (
                *(line.id, line.invoice_id, number, line.position, line.kind, line.text),
                *(f"{line.quantity:f}", line.unit, f"{line.unit_price:f}", line.net_cents),
                *(line.category, line.rate, line.revenue),
            )
            for line, number in session.exec(query).all()
        ],
    )


def _payment_table(rows: list[Payment]) -> Table:
    return Table(
        "payments",
        "Zahlungen, Skonti, Ausbuchungen",
        (
            Column("id", is_key=True),
            Column("invoice_id"),
            Column("kind"),
            Column("method"),
            Column("amount", MONEY),
            Column("currency"),
            Column("received_on", DATE),
            Column("reference"),
            Column("provider"),
            Column("provider_id"),
            Column("fee", MONEY),
            Column("by"),
        ),
        [
            (
                *(row.id, row.invoice_id, row.kind, row.method, row.amount_cents, row.currency),
                *(row.received_on, row.reference, row.provider, row.provider_id, row.fee_cents, row.by),
            )
            for row in rows
        ],
    )


def _receivable_table(rows: list[Receivable]) -> Table:
    return Table(
        "receivables",
        "Forderungen zum Stand des Exports",
        (
            Column("id", is_key=True),
            Column("invoice_id", refers_to="invoices"),
            Column("number"),
            Column("due_on", DATE),
            Column("due", MONEY),
            Column("settled", MONEY),
            Column("state"),
            Column("paid_on", DATE),
            Column("customer_id"),
            Column("buyer_name"),
            Column("dunning_level", NUMBER),
        ),
        [
            (
                *(row.id, row.invoice_id, row.number, row.due_on, row.due_cents, row.settled_cents),
                *(row.state, row.paid_on, row.customer_id or "", row.buyer_name, row.dunning_level),
            )
            for row in rows
        ],
    )


def _customers(session: Session, ids: set[UUID]) -> Table:
    rows: list[Customer] = []
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        rows += session.exec(select(Customer).where(col(Customer.id).in_(ordered[start : start + 500])))
    return Table(
        "customers",
        "Kunden, auf die sich Forderungen beziehen",
        (Column("id", is_key=True), Column("name"), Column("email"), Column("phone")),
        [(row.id, row.name, row.email, row.phone) for row in sorted(rows, key=lambda row: row.id)],
    )


def _expenses(session: Session, first: date, last: date) -> Table:
    query = select(Expense).where(Expense.received_on >= first, Expense.received_on <= last)
    return Table(
        "expenses",
        "Eingangsrechnungen",
        (
            Column("id", is_key=True),
            Column("entry_number"),
            Column("state"),
            Column("supplier"),
            Column("supplier_vat_id"),
            Column("number", description="Nummer des Lieferanten"),
            Column("issued_on", DATE),
            Column("received_on", DATE),
            Column("posted_on", DATE),
            Column("gross", MONEY),
            Column("currency"),
            Column("category"),
            Column("paid_on", DATE),
            Column("file_sha256"),
            Column("amounts", description="Betrag je Kategorie und Satz, JSON in Cent"),
        ),
        [
            (
                *(row.id, row.entry_number, row.state, row.supplier, row.supplier_vat_id, row.number),
                *(row.issued_on, row.received_on, row.posted_on, row.gross_cents, row.currency),
                *(row.category, row.paid_on, row.sha256, _json(row.amounts)),
            )
            for row in session.exec(query.order_by(col(Expense.entry_number)))
        ],
    )


def _audit(session: Session, books: Books, first: date, last: date) -> Table:
    zone = ZoneInfo(books.workshop.timezone)
    start = datetime.combine(first, datetime.min.time(), zone)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    query = select(AuditEntry).where(AuditEntry.at >= start, AuditEntry.at < end)
    return Table(
        "audit_log",
        "Protokoll mit Hashkette",
        (
            Column("seq", NUMBER, is_key=True),
            Column("id"),
            Column("at", description="Zeitpunkt, UTC"),
            Column("kind"),
            Column("subject"),
            Column("subject_id"),
            Column("by"),
            Column("content", description="JSON"),
            Column("hash", description="SHA-256 über den Hash davor, die id und den Inhalt"),
        ),
        [
            (
                *(row.seq, row.id, row.at.isoformat(), row.kind, row.subject, row.subject_id),
                *(row.by, _json(row.content), row.hash),
            )
            for row in session.exec(query.order_by(col(AuditEntry.seq)))
        ],
    )


def _ranges(session: Session) -> Table:
    rows = session.exec(select(NumberRange).order_by(col(NumberRange.kind), col(NumberRange.year)))
    return Table(
        "number_ranges",
        "Nummernkreise",
        (Column("kind", is_key=True), Column("year", NUMBER, is_key=True), Column("next_number", NUMBER)),
        [(row.kind, row.year, row.next_number) for row in rows],
    )


def _result(audit: AuditResult) -> bytes:
    verdict = f"gebrochen bei Eintrag {audit.broken_id}" if audit.broken_id else "unversehrt"
    return (
        "Prüfung der Hashkette\r\n"
        f"Zeitpunkt (UTC): {audit.checked_at:%d.%m.%Y %H:%M:%S}\r\n"
        f"Einträge: {audit.entries}\r\n"
        f"Ergebnis: {verdict}\r\n"
        f"Letzter Hash: {audit.last_hash}\r\n"
    ).encode()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _zip(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()
