"""A draft as the editor shows it: positions, sums, tax in words and what is still missing (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from carbot_app.domains.billing.draft_schemas import DraftInput, LineInput
from carbot_app.domains.billing.einvoice_words import words_of
from carbot_app.domains.billing.einvoices import FATAL
from carbot_app.domains.billing.invoice_schemas import DraftPreview, Problem
from carbot_app.domains.billing.lines import Line, LineTax, amount_of
from carbot_app.kit.errors import AppError, Invalid
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.invoice_tax_words import long_day, why
from carbot_app.state.wording import Reader

SHOWN = 100
"""Positions shown at first, and how many come with each "more"."""
_ASKED = "billing_tax_question"
"""Stands as a question beside the tax, not among what is missing."""

SETTINGS = "settings"
_ADDRESS, _SELLER = "billing_buyer_incomplete", "billing_seller_incomplete"
_TOLD_AS = {
    **dict.fromkeys(("buyer_name", "buyer_country", "buyer_city", "buyer_postcode"), _ADDRESS),
    **dict.fromkeys(("seller_name", "seller_country", "seller_city", "seller_postcode", "tax_id"), _SELLER),
}
"""Terms of the e-invoice's rules that one sentence of ours tells already."""
_ELSEWHERE = {_SELLER, "billing_needs_seller_vat_id"}
_PLACES = {
    "lines": "draft-service",
    "carriage_proof": "draft-carriage_proven",
    "discount": "draft-discount_percent",
}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A position; ``at`` counts from one, as documents do."""

    at: int
    text: str
    detail: str
    amount: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DraftSums:
    """What the draft comes to; dashes while it cannot be told."""

    parts: tuple[tuple[str, str], ...] = ()
    """Word and amount: net, VAT per rate, discount, deposits."""
    gross: str = "\u2013"
    due: str = ""
    """When and how it is paid, a sentence."""
    duty: str = ""
    """Whether it has to be an e-invoice, a sentence."""


@dataclass(frozen=True, slots=True)
class DraftTax:
    """The tax in words, and the question people have to answer before it is sure."""

    why: str = ""
    vat_id: str = ""
    """valid, unverified or invalid; empty without a number."""
    question: str = ""
    question_text: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """Code and words."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to complete; ``anchor`` is the id of where, SETTINGS for what is none of this page."""

    anchor: str
    text: str


def describe_lines(
    lines: Sequence[LineInput], many: int, currency: str, reader: Reader
) -> tuple[list[DraftLine], list[Missing]]:
    """The first ``many`` positions, and what is wrong with any of them."""
    shown, wrong = [], []
    for at, line in enumerate(lines, 1):
        problem = _line_problem(line, reader.language)
        if problem:
            text = translate(reader.language, "draft.line.wrong", n=at, problem=problem)
            wrong.append(Missing(f"draft-line-{at}", text))
        if at <= many:
            shown.append(_line(at, line, problem, currency, reader))
    return shown, wrong


def describe_sums(draft: DraftInput, preview: DraftPreview, reader: Reader) -> DraftSums:
    """The totals as a short table, and when they are due."""

    def say(key: str, **words: object) -> str:
        return translate(reader.language, f"draft.sum.{key}", **words)

    def money(cents: int) -> str:
        return format_cents(cents, preview.currency, reader.language)

    totals = preview.totals
    parts = []
    if totals.allowance_cents:
        parts.append((say("discount"), money(-totals.allowance_cents)))
    parts.append((say("net"), money(totals.net_cents)))
    for group in totals.groups:
        if group.vat_cents or group.rate:
            rate = format_decimal(Decimal(group.rate) / 100, locale=reader.language)
            parts.append((say("vat", rate=rate), money(group.vat_cents)))
    if totals.old_part_vat_cents:
        parts.append((say("old_part"), money(totals.old_part_vat_cents)))
    if preview.deposit_cents:
        parts.append((say("deposit"), money(-preview.deposit_cents)))
    day = long_day(preview.due_on, reader.language)
    return DraftSums(
        tuple(parts),
        money(preview.due_cents),
        say("due", day=day) if preview.due_cents > 0 else "",
        say(f"duty_{preview.duty.reason}") if draft.buyer.business else "",
    )


def describe_tax(draft: DraftInput, preview: DraftPreview, reader: Reader) -> DraftTax:
    """Why it is taxed like this."""
    choice = preview.choice
    question = choice.question
    return DraftTax(
        why(choice, reader),
        preview.vat_id_state if draft.buyer.business else "",
        question,
        translate(reader.language, f"draft.question.{question}.ask") if question else "",
        tuple(
            (answer, translate(reader.language, f"draft.question.{question}.{answer}"))
            for answer in choice.answers
        ),
    )


def missing_of(preview: DraftPreview, reader: Reader) -> list[Missing]:
    """What keeps it from being issued, each sentence once."""
    codes = {problem.code for problem in preview.problems}
    found = [_missing(problem, reader.language) for problem in preview.problems if problem.code != _ASKED]
    for finding in preview.findings if "billing_no_lines" not in codes else ():
        term = dict(finding.params).get("term", "")
        if finding.severity == FATAL and _TOLD_AS.get(term) not in codes:
            found.append(Missing(_anchor(term), words_of(finding, reader.language)))
    return list({one.text: one for one in reversed(found)}.values())[::-1]


def missing_from(error: Invalid, reader: Reader) -> Missing:
    """What was refused as a whole."""
    return Missing(_anchor(error.field or ""), error_words(error, reader.language))


def error_words(error: AppError, language: str) -> str:
    """An error in the reader's words."""
    return translate(language, error.message_key, **error.params)


def _line(at: int, line: LineInput, problem: str, currency: str, reader: Reader) -> DraftLine:
    many = format_decimal(line.quantity, format="#,##0.######", locale=reader.language)
    price = format_decimal(line.unit_price, format="#,##0.00####", locale=reader.language)
    unit = translate(reader.language, f"orders.unit.{line.unit}")
    told = translate(reader.language, f"orders.told.{'gross' if line.gross else 'net'}")
    return DraftLine(
        at,
        line.text or translate(reader.language, "draft.line.nameless"),
        " · ".join(_details(line, f"{many} {unit} × {price} {told}", reader)),
        "\u2013" if problem else format_cents(amount_of(_counted(line)).cents, currency, reader.language),
        problem,
    )


def _details(line: LineInput, reckoning: str, reader: Reader) -> Iterator[str]:
    yield translate(reader.language, f"orders.kind.{line.kind}")
    yield reckoning
    if line.discount_percent:
        percent = format_decimal(line.discount_percent, locale=reader.language)
        yield translate(reader.language, "draft.line.discount", percent=percent)
    if line.exchange:
        yield translate(reader.language, "draft.line.exchange")


def _line_problem(line: LineInput, language: str) -> str:
    if not line.text.strip():
        return translate(language, "draft.line.no_text")
    try:
        amount_of(_counted(line))
    except Invalid as error:
        return error_words(error, language)
    return ""


def _counted(line: LineInput) -> Line:
    """Enough of the position for its own amount, which no tax changes."""
    return Line(
        line.kind,
        line.unit_price,
        LineTax(),
        line.quantity,
        gross=line.gross,
        discount_percent=line.discount_percent,
        exchange=line.exchange,
        list_price=line.list_price,
    )


def _missing(problem: Problem, language: str) -> Missing:
    anchor = SETTINGS if problem.code in _ELSEWHERE else _anchor(problem.field)
    return Missing(anchor, translate(language, f"errors.{problem.code}", **dict(problem.params)))


def _anchor(name: str) -> str:
    """Id of a field: ``buyer.city`` → ``draft-city``, ``lines.3.quantity`` → ``draft-line-3``."""
    if name.startswith("lines."):
        return f"draft-line-{name.split('.')[1]}"
    bare = name.removeprefix("buyer.").removeprefix("answers.")
    return _PLACES.get(bare, f"draft-{bare}")
