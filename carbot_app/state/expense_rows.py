"""Invoices of suppliers as the list and the pane show them (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.billing.einvoice_words import words_of
from carbot_app.domains.billing.einvoices import FATAL
from carbot_app.domains.expenses.schemas import ExpenseDetail, ExpenseRow
from carbot_app.domains.expenses.sheet import ReadableDocument, SheetLine, SheetParty
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents

MAIL = "mail"
SIGNS = {
    "received": "waiting",
    "checked": "open",
    "booked": "confirmed",
    "paid": "paid",
    "rejected": "cancelled",
}
"""State → its sign in the design system."""


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """A row of the list."""

    id: str
    supplier: str
    detail: str
    amount: str
    state: str
    sign: str
    category: str
    findings: str
    """``2 Hinweise``, empty without any that is grave."""


@dataclass(frozen=True, slots=True)
class PartyText:
    """Seller or buyer."""

    name: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionText:
    """A position of the document."""

    name: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class SumText:
    """A line of the totals."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FindingText:
    """What speaks against a document."""

    text: str
    rule: str
    grave: bool


@dataclass(frozen=True, slots=True)
class ExpensePane:
    """Everything the pane shows of one expense."""

    id: str = ""
    number: str = ""
    title: str = ""
    state: str = ""
    sign: str = "draft"
    meta: str = ""
    amount: str = ""
    duplicate: str = ""
    reason: str = ""
    category: str = ""
    can_type: bool = False
    has_document: bool = False
    is_einvoice: bool = False
    supplier: str = ""
    vat_id: str = ""
    document_number: str = ""
    issued_on: str = ""
    """ISO, for the form."""
    terms: str = ""
    iban: str = ""
    paid: str = ""


@dataclass(frozen=True, slots=True)
class ExpenseSheet:
    """The readable document in the pane."""

    kind: str = ""
    seller: PartyText = PartyText()
    buyer: PartyText = PartyText()
    facts: tuple[SumText, ...] = ()
    positions: tuple[PositionText, ...] = ()
    sums: tuple[SumText, ...] = ()
    notes: tuple[str, ...] = ()


def describe_row(row: ExpenseRow, language: str) -> ExpenseLine:
    """A row of the list."""
    issued = _day(row.issued_on, language) if row.issued_on else ""
    mail = translate(language, "accounting.expense.from_mail") if row.source == MAIL else ""
    words = (row.number or row.entry_number, issued, mail)
    return ExpenseLine(
        str(row.id),
        row.supplier or translate(language, "accounting.expense.unnamed"),
        " · ".join(part for part in words if part),
        format_cents(row.gross_cents, row.currency, language) if row.gross_cents else "",
        row.state,
        SIGNS[row.state],
        translate(language, f"accounting.category.{row.category}") if row.category else "",
        translate(language, "accounting.expense.findings", count=row.fatal) if row.fatal else "",
    )


def describe_pane(view: ExpenseDetail, language: str) -> ExpensePane:
    """Head and forms of the pane."""
    row, document = view.row, view.document
    numbers = ", ".join(view.duplicates)
    paid = ""
    if view.paid_on:
        way = translate(language, f"accounting.expense.{view.paid_by}")
        paid = f"{_day(view.paid_on, language)}, {way}"
    return ExpensePane(
        id=str(row.id),
        number=row.entry_number,
        title=row.supplier or translate(language, "accounting.expense.unnamed"),
        state=row.state,
        sign=SIGNS[row.state],
        meta=" · ".join(part for part in (row.entry_number, view.filename, view.handled_by) if part),
        amount=format_cents(row.gross_cents, row.currency, language) if row.gross_cents else "",
        duplicate=translate(language, "accounting.expense.duplicate", numbers=numbers) if numbers else "",
        reason=view.reason,
        category=row.category,
        can_type=view.can_type,
        has_document=document is not None,
        is_einvoice=row.is_einvoice,
        supplier=row.supplier,
        vat_id=view.supplier_vat_id,
        document_number=row.number,
        issued_on=str(row.issued_on or ""),
        terms=document.terms if document else "",
        iban=", ".join(document.ibans) if document else "",
        paid=paid,
    )


def describe_findings(view: ExpenseDetail, language: str) -> list[FindingText]:
    """In sentences, the grave ones first as they were found."""
    return [
        FindingText(words_of(finding, language), finding.rule, finding.severity == FATAL)
        for finding in view.findings
    ]


def describe_sheet(view: ExpenseDetail, language: str) -> ExpenseSheet:
    """The document itself; empty where there is none."""
    document = view.document
    if document is None:
        return ExpenseSheet()
    word = "credit" if document.is_credit else "document"
    return ExpenseSheet(
        translate(language, f"accounting.expense.{word}"),
        _party(document.seller),
        _party(document.buyer),
        _facts(document, language),
        tuple(_position(line, document.currency, language) for line in document.lines),
        _sums(document, language),
        document.notes,
    )


def _party(party: SheetParty) -> PartyText:
    return PartyText(
        party.name, tuple(line for line in (*party.lines, party.vat_id, party.tax_number) if line)
    )


def _facts(document: ReadableDocument, language: str) -> tuple[SumText, ...]:
    found = [SumText(translate(language, "accounting.expense.number"), document.number)]
    days = (("issued", document.issued_on), ("supplied", document.supplied_on), ("due", document.due_on))
    for name, day in days:
        if day and not day.startswith("0001"):
            label = translate(language, f"accounting.expense.{name}")
            found.append(SumText(label, _day(date.fromisoformat(day), language)))
    return tuple(found)


def _position(line: SheetLine, currency: str, language: str) -> PositionText:
    quantity = format_decimal(Decimal(line.quantity), locale=language)
    price = format_decimal(Decimal(line.unit_price), format="#,##0.00##", locale=language)
    words = (f"{quantity} × {price} {currency}", f"{_percent(line.rate, language)} %", line.detail)
    return PositionText(
        line.name,
        " · ".join(part for part in words if part),
        format_cents(line.net_cents, currency, language),
    )


def _sums(document: ReadableDocument, language: str) -> tuple[SumText, ...]:
    def money(cents: int) -> str:
        return format_cents(cents, document.currency, language)

    def word(name: str) -> str:
        return translate(language, f"accounting.expense.{name}")

    found = [SumText(reason, money(cents)) for reason, cents in document.adjustments]
    found.append(SumText(word("net"), money(document.net_cents)))
    for tax in document.taxes:
        told = {"rate": _percent(tax.rate, language), "base": money(tax.base_cents)}
        found.append(SumText(translate(language, "accounting.expense.tax_of", **told), money(tax.tax_cents)))
    found.append(SumText(word("gross"), money(document.gross_cents), strong=True))
    if document.prepaid_cents:
        found.append(SumText(word("prepaid"), money(-document.prepaid_cents)))
        found.append(SumText(word("payable"), money(document.due_cents), strong=True))
    return tuple(found)


def _percent(rate: int, language: str) -> str:
    return format_decimal(Decimal(rate) / 100, locale=language)


def _day(day: date, language: str) -> str:
    return format_date(day, "medium", locale=language)
