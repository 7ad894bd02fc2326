"""The list of invoices as it is shown: rows, head, foot and the open document (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.billing.listing_file import FileLine, InvoiceFile
from carbot_app.domains.billing.listing_schemas import InvoiceFigures, InvoicePage, InvoiceRow
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.kit.bars import bars
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.invoice_tax_words import rate_words, reason_words
from carbot_app.state.typed import show_amount
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

AGES = ("not_due", "week", "month", "quarter", "older")
_PER_MILLE = 1000
_SIGNS = {"partial": "part_paid", "written_off": "cancelled"}
_KINDS = ("cancellation", "credit", "deposit")
_HISTORY = {"invoice.issued", "invoice.cancelled", "invoice.sent", "invoice.credited", "invoice.dunned"}


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A row of the list."""

    id: str = ""
    number: str = ""
    draft: bool = False
    sign: str = "open"
    """State of its badge (ui.signs)."""
    word: str = ""
    name: str = ""
    plate: PlateText = NO_PLATE
    issued: str = ""
    due: str = ""
    late: bool = False
    open: str = ""
    gross: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceHead:
    """The figures over the list."""

    overdue: str = ""
    overdue_note: str = ""
    any_overdue: bool = False
    open: str = ""
    open_note: str = ""
    income: str = ""
    income_label: str = ""
    income_note: str = ""
    income_up: str = "flat"
    expected: str = ""
    expected_note: str = ""
    expected_bars: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceFoot:
    """Sums of the filter."""

    open: str = ""
    gross: str = ""
    checked: int = 0
    issued: int = 0
    total: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ChartRow:
    """An amount of a chart with the length of its bar."""

    name: str
    amount: str
    percent: int
    cents: int = 0


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A position of the open document."""

    position: int
    text: str
    detail: str
    net: str
    left: str
    """What may still be credited; empty for nothing."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A payment or an event of the open document."""

    title: str
    detail: str
    amount: str = ""
    icon: str = "history"


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """The open document."""

    id: str = ""
    number: str = ""
    kind: str = "invoice"
    sign: str = "open"
    word: str = ""
    name: str = ""
    email: str = ""
    plate: PlateText = NO_PLATE
    customer_id: str = ""
    issued: str = ""
    supplied: str = ""
    due: str = ""
    late: bool = False
    net: str = ""
    vat: str = ""
    gross: str = ""
    open: str = ""
    checked: bool = False
    business: bool = False
    may_cancel: bool = False
    may_credit: bool = False
    why: str = ""
    """The reason of its tax in words."""
    may_pay: bool = False
    open_plain: str = ""
    """As a field begins with it."""
    original: str = ""
    cancelled_by: str = ""
    lines: tuple[SheetLine, ...] = ()
    payments: tuple[SheetEntry, ...] = ()
    history: tuple[SheetEntry, ...] = ()


def describe_line(row: InvoiceRow, currency: str, reader: Reader) -> InvoiceLine:
    """A row in the reader's words."""
    draft = row.standing == "draft"
    return InvoiceLine(
        id=str(row.id),
        number=row.number,
        draft=draft,
        sign=_sign(row.standing, row.dunning_level),
        word=_word(row.standing, row.kind, row.dunning_level, reader),
        name=row.name,
        plate=plate_text(row.plate, row.plate_country) if row.plate else NO_PLATE,
        issued=reader.day(row.changed_at) if row.changed_at else _short(row.issued_on, reader),
        due=_due(row.due_on, row.days_late, reader),
        late=row.days_late > 0,
        open="" if draft else format_cents(row.open_cents, currency, reader.language),
        gross=format_cents(row.gross_cents, currency, reader.language),
    )


def describe_head(figures: InvoiceFigures, reader: Reader) -> InvoiceHead:
    """What is late, owed, came in and is to come."""

    def say(key: str, **words: object) -> str:
        return translate(reader.language, f"invoices.head.{key}", **words)

    def money(cents: int) -> str:
        return format_cents(cents, figures.currency, reader.language)

    amounts = [cents for _, cents in figures.expected]
    most = max(range(len(amounts)), key=amounts.__getitem__) if any(amounts) else -1
    change, direction = _change(figures.income_cents, figures.income_before_cents)
    month, before = figures.months[-1][0], figures.months[-2][0]
    late_note = say("overdue_note", count=figures.overdue_count, days=figures.oldest_days)
    compared = say("income_note", percent=change, month=_month(before, reader))
    return InvoiceHead(
        overdue=money(figures.overdue_cents),
        overdue_note=late_note if figures.overdue_count else say("overdue_none"),
        any_overdue=figures.overdue_count > 0,
        open=money(figures.open_cents),
        open_note=say("open_note", count=figures.open_count),
        income=money(figures.income_cents),
        income_label=say("income", month=_month(month, reader)),
        income_note=compared if figures.income_before_cents > 0 else say("income_first"),
        income_up=direction if figures.income_before_cents > 0 else "flat",
        expected=money(sum(amounts)),
        expected_note=say("expected_note", day=reader.short_date(figures.expected[most][0]))
        if most >= 0
        else say("expected_none"),
        expected_bars=bars(amounts, marked=most),
    )


def describe_foot(page: InvoicePage, reader: Reader) -> InvoiceFoot:
    """Sums of all rows of the filter, shown or not."""
    return InvoiceFoot(
        open=format_cents(page.open_cents, page.currency, reader.language),
        gross=format_cents(page.gross_cents, page.currency, reader.language),
        checked=page.checked,
        issued=page.issued,
        total=page.total,
        cut=page.cut,
    )


def month_chart(figures: InvoiceFigures, reader: Reader) -> list[ChartRow]:
    """What came in per month, the oldest first."""
    named = [
        (format_date(day, "MMM yyyy", locale=reader.language), max(cents, 0)) for day, cents in figures.months
    ]
    return _chart(named, figures.currency, reader)


def age_chart(figures: InvoiceFigures, reader: Reader) -> list[ChartRow]:
    """What is owed by how late it is."""
    named = [(translate(reader.language, f"invoices.age.{age}"), figures.ages.get(age, 0)) for age in AGES]
    return _chart(named, figures.currency, reader)


def describe_file(file: InvoiceFile, reader: Reader) -> InvoiceSheet:
    """The open document in the reader's words."""

    def money(cents: int) -> str:
        return format_cents(cents, file.currency, reader.language)

    return InvoiceSheet(
        id=str(file.id),
        number=file.number,
        kind=file.kind,
        sign=_sign(file.state, file.dunning_level),
        word=_word(file.state, file.kind, file.dunning_level, reader),
        name=file.name,
        email=file.email,
        plate=plate_text(file.plate, "DE") if file.plate else NO_PLATE,
        customer_id=str(file.customer_id or ""),
        issued=reader.short_date(file.issued_on),
        supplied=reader.short_date(file.supplied_on),
        due=_due(file.due_on, file.days_late, reader),
        late=file.days_late > 0,
        net=money(file.net_cents),
        vat=money(file.vat_cents),
        gross=money(file.gross_cents),
        open=money(file.open_cents),
        checked=file.checked,
        business=file.is_business,
        may_pay=file.open_cents > 0,
        open_plain=show_amount(file.open_cents, reader.language),
        may_cancel=file.kind != "cancellation" and file.state != "cancelled",
        may_credit=file.kind == "invoice"
        and file.state != "cancelled"
        and any(line.left for line in file.lines),
        why=_why(file, reader),
        original=file.original,
        cancelled_by=file.cancelled_by,
        lines=tuple(_sheet_line(line, file.currency, reader) for line in file.lines),
        payments=tuple(
            SheetEntry(
                translate(reader.language, f"invoices.method.{paid.method}")
                if paid.kind == "payment"
                else translate(reader.language, f"invoices.payment_kind.{paid.kind}"),
                " · ".join(filter(None, (reader.short_date(paid.received_on), paid.reference, paid.by))),
                money(paid.amount_cents),
            )
            for paid in file.payments
        ),
        history=tuple(
            SheetEntry(
                translate(reader.language, f"invoices.history.{_event(event.kind)}"),
                " · ".join(filter(None, (reader.day_and_clock(event.at), event.by))),
                icon="banknote" if event.kind.startswith("payment.") else "receipt-text",
            )
            for event in file.history
        ),
    )


def _sheet_line(line: FileLine, currency: str, reader: Reader) -> SheetLine:
    rate = format_decimal(Decimal(line.rate) / 100, locale=reader.language)
    many = format_decimal(line.quantity, locale=reader.language)
    detail = translate(reader.language, "invoices.file.line", quantity=many, rate=rate)
    net = format_cents(line.net_cents, currency, reader.language)
    left = format_decimal(line.left, locale=reader.language) if line.left else ""
    return SheetLine(line.position, line.text, detail, net, left)


def _why(file: InvoiceFile, reader: Reader) -> str:
    """Every reason once; fees that are only passed on come last."""
    ordered = sorted(file.taxes, key=lambda tax: tax[0] == HANDED_ON)
    sentences = [
        reason_words(reason, {**file.tax_facts, "rate": rate_words(rate, reader.language)}, reader)
        for reason, rate in ordered
    ]
    return " ".join(filter(None, sentences))


def _event(kind: str) -> str:
    if kind.startswith("payment."):
        return "payment"
    return kind.partition(".")[2] if kind in _HISTORY else "changed"


def _sign(standing: str, level: int) -> str:
    return "overdue" if level and standing == "partial" else _SIGNS.get(standing, standing)


def _word(standing: str, kind: str, level: int, reader: Reader) -> str:
    if level and standing in {"overdue", "partial"}:
        return translate(reader.language, "invoices.standing.reminded", level=level)
    named = kind if kind in _KINDS and standing == "paid" and kind != "deposit" else standing
    return translate(reader.language, f"invoices.standing.{named}")


def _due(due_on: date | None, late: int, reader: Reader) -> str:
    if late:
        return translate(reader.language, "invoices.row.late", count=late)
    return _short(due_on, reader)


def _short(day: date | None, reader: Reader) -> str:
    return "" if day is None else reader.short_date(day)


def _month(day: date, reader: Reader) -> str:
    return format_date(day, "LLLL", locale=reader.language)


def _change(now: int, before: int) -> tuple[int, str]:
    if before <= 0:
        return 0, "flat"
    percent = (abs(now - before) * _PER_MILLE // before + 5) // 10
    return percent, "flat" if not percent else "up" if now > before else "down"


def _chart(named: list[tuple[str, int]], currency: str, reader: Reader) -> list[ChartRow]:
    most = max([amount for _, amount in named] + [1])
    return [
        ChartRow(name, format_cents(amount, currency, reader.language), max(amount, 0) * 100 // most, amount)
        for name, amount in named
    ]
