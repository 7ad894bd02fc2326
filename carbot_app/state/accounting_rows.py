"""Months, figures of the VAT return, revenue and accounts as the page shows them (pure)."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from carbot_app.domains.accounting.schemas import AccountLine, ExportView, MonthView, RevenueLine
from carbot_app.domains.accounting.sheets import revenue_name
from carbot_app.domains.accounting.vat_return import Figure, TaxedPart, VatReturn
from carbot_app.domains.expenses.categories import CATEGORIES, account_key
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.wording import Reader

_SHOWN_DOCUMENTS = 40
_SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class ExportLine:
    """A DATEV file that was handed out."""

    id: str
    title: str
    detail: str
    mark: str
    """Beginning of its checksum."""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Figures of a month."""

    key: str = ""
    """``2026-11``."""
    first: str = ""
    last: str = ""
    label: str = ""
    gross: str = ""
    net: str = ""
    received: str = ""
    open: str = ""
    spent: str = ""
    is_outdated: bool = False
    problem: str = ""
    exported: bool = False


@dataclass(frozen=True, slots=True)
class VatLine:
    """A line of the VAT return."""

    code: str
    word: str
    base: str
    tax: str
    count: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VatFacts:
    """What stands around the lines."""

    payable_code: str = ""
    payable: str = ""
    by_cash: bool = False
    old_parts: str = ""
    unassigned: str = ""


@dataclass(frozen=True, slots=True)
class EarningLine:
    """Revenue of a service or technician."""

    id: str
    name: str
    detail: str
    net: str
    margin: str
    percent: int
    """Of the largest."""


@dataclass(frozen=True, slots=True)
class AccountField:
    """An account to fill in."""

    key: str
    label: str
    own: str
    usual: str
    """What the chart has."""


def describe_month(view: MonthView, last: date, language: str) -> MonthFacts:
    """The figures in words."""

    def money(cents: int) -> str:
        return format_cents(cents, view.currency, language)

    return MonthFacts(
        f"{view.month:%Y-%m}",
        str(view.month),
        str(last),
        format_skeleton("yMMMM", view.month, locale=language),
        money(view.gross_cents),
        money(view.net_cents),
        money(view.received_cents),
        money(view.open_cents),
        money(view.expense_cents),
        view.is_outdated,
        translate(language, f"errors.{view.problem}", **_named(view, language)) if view.problem else "",
        bool(view.exports),
    )


def describe_export(view: ExportView, reader: Reader) -> ExportLine:
    """Who loaded it when."""
    rows = translate(reader.language, "accounting.month.rows", count=view.rows)
    by = " · ".join(part for part in (rows, view.by) if part)
    return ExportLine(str(view.id), reader.day_and_clock(view.at), by, view.sha256[:_SHORT_HASH])


def describe_vat(found: VatReturn, currency: str, language: str) -> tuple[VatFacts, list[VatLine]]:
    """The lines of the form and what stands around them."""

    def money(cents: int) -> str:
        return format_cents(cents, currency, language)

    old = {"base": money(found.old_part_cents), "tax": money(found.old_part_tax_cents)}
    documents = ", ".join(dict.fromkeys(part.document for part in found.unassigned[:_SHOWN_DOCUMENTS]))
    facts = VatFacts(
        found.payable_code,
        money(found.payable_cents),
        found.cash_accounting,
        translate(language, "accounting.month.old_parts", **old) if found.old_part_cents else "",
        translate(language, "accounting.month.unassigned", documents=documents) if documents else "",
    )
    return facts, [_vat_line(figure, currency, language) for figure in found.figures]


def describe_revenue(lines: list[RevenueLine], currency: str, language: str, *, of: str) -> list[EarningLine]:
    """Revenue, the largest first, as shares of the largest."""
    largest = max((line.net_cents for line in lines), default=0)
    found = []
    for line in lines:
        margin = line.margin_cents
        hours = translate(language, "accounting.column.hours")
        known = translate(language, "accounting.revenue.no_cost")
        if margin is not None:
            word = translate(language, "accounting.column.margin")
            known = f"{word} {format_cents(margin, currency, language)}"
        worked = f"{line.minutes // 60}:{line.minutes % 60:02d} {hours}" if line.minutes > 0 else ""
        found.append(
            EarningLine(
                line.key or "nobody",
                revenue_name(line, language, of=of),
                " · ".join(
                    part for part in (line.key if of == "service" and line.name else "", worked) if part
                ),
                format_cents(line.net_cents, currency, language),
                known,
                max(0, line.net_cents * 100 // largest) if largest > 0 else 0,
            )
        )
    return found


def describe_account(line: AccountLine, language: str) -> AccountField | None:
    """An account of the mapping; None for one that has no name here."""
    base = line.key.replace(".", "_")
    for category in CATEGORIES:
        if line.key == account_key(category):
            label = translate(language, f"accounting.category.{category}")
            return _field(line, label)
    try:
        return _field(line, translate(language, f"accounting.account.{base}"))
    except KeyError:
        return _field(line, line.key) if line.is_own else None


def _field(line: AccountLine, label: str) -> AccountField:
    number = str(line.number) if line.number else ""
    return AccountField(line.key, label, number if line.is_own else "", "" if line.is_own else number)


def _named(view: MonthView, language: str) -> dict[str, object]:
    """Parameters of the problem, an account by its name."""
    named = dict(view.problem_params)
    if "account" in named:
        found = describe_account(AccountLine(str(named["account"]), 0, False), language)
        named["account"] = found.label if found else named["account"]
    return named


def _vat_line(figure: Figure, currency: str, language: str) -> VatLine:
    def money(cents: int) -> str:
        return format_cents(cents, currency, language)

    def document(part: TaxedPart) -> str:
        return f"{part.document} · {money(part.base_cents)}"

    has_tax = figure.tax_cents or figure.is_input
    return VatLine(
        figure.code,
        translate(language, f"accounting.figure.{figure.word}"),
        money(figure.base_cents),
        money(figure.tax_cents) if has_tax else "",
        translate(language, "accounting.month.vat_documents", count=len(figure.documents)),
        tuple(document(part) for part in figure.documents[:_SHOWN_DOCUMENTS]),
    )
