"""A draft worked out: its tax, totals, deposits and terms, and what still stands against it. Pure.

All decisions are those of tax.py, totals.py, deposits.py and the other modules; here they meet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from carbot_app.domains.billing.cash_discount import CashDiscount, CashDiscountTerm, cash_discount
from carbot_app.domains.billing.deposits import Deposit, Settlement, settle
from carbot_app.domains.billing.draft_schemas import DraftInput, LineInput
from carbot_app.domains.billing.einvoices import FORMS
from carbot_app.domains.billing.invoice_schemas import Problem
from carbot_app.domains.billing.lines import LINE_KINDS, PART, Line, LineTax, amount_of, tax_of_line
from carbot_app.domains.billing.must_issue import EInvoiceDuty, must_issue
from carbot_app.domains.billing.payers import Portion
from carbot_app.domains.billing.tax import HANDED_ON, KINDS, Buyer, Choice, Seller, Supply, choose_tax
from carbot_app.domains.billing.totals import Discount, Totals, is_small_amount, total
from carbot_app.domains.billing.vat_id import INVALID, normal_vat_id
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

MOST_LINES = 10_000
CARRIED_TO, CARRIAGE_PROVEN = "carried_to", "carriage_proven"
"""Keys of ``DraftInput.answers`` for goods that leave the country."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class BillingRules:
    """What of the workshop's terms decides about a document."""

    seller: Seller
    currency: str = "EUR"
    turnover_before_cents: int = 0
    payment_days: int = 14
    discount_days: int = 0
    discount_percent: Decimal = Decimal(0)
    form: str = FORMS[0]


@dataclass(frozen=True, slots=True)
class Worked:
    """A draft with everything that follows from it."""

    draft: DraftInput
    rules: BillingRules
    issued_on: date
    supplied_on: date
    choice: Choice
    lines: tuple[Line, ...]
    totals: Totals
    settlement: Settlement
    deposits: tuple[Deposit, ...]
    duty: EInvoiceDuty
    simplified: bool
    due_on: date
    discount: CashDiscount | None
    discount_term: CashDiscountTerm | None
    portions: tuple[Portion, ...]
    form: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why it cannot be issued yet."""
        return tuple(_problems(self))


def work_out(
    draft: DraftInput,
    rules: BillingRules,
    on: date,
    *,
    vat_id_state: str = INVALID,
    deposits: Sequence[Deposit] = (),
    taxes: Sequence[LineTax] = (),
) -> Worked:
    """Work out a draft that would be issued on that day.

    ``taxes`` are those a document bore that is taken back, one per line; without them they are chosen.

    Raises:
        Invalid: what lines, totals, deposits and terms say is wrong, with the field: ``lines.3.quantity``.

    """
    if len(draft.lines) > MOST_LINES:
        raise Invalid("billing_too_many_lines", field="lines", limit=MOST_LINES)
    supplied_on = draft.supplied_on or on
    country = rules.seller.country
    choice = _choose(draft, rules, supplied_on, vat_id_state)
    told = taxes or [tax_of_line(choice, line.kind) for line in draft.lines]
    lines = tuple(
        _line(at, line, tax) for at, (line, tax) in enumerate(zip(draft.lines, told, strict=True), 1)
    )
    discount = Discount(draft.discount_percent, draft.discount_cents)
    totals = total(lines, supplied_on, country=country, discount=discount)
    settlement = settle(totals, deposits, currency=rules.currency)
    term = _discount_term(draft, rules) if settlement.payable_cents > 0 else None
    days = rules.payment_days if draft.payment_days is None else draft.payment_days
    if not 0 <= days <= 366:
        raise Invalid("billing_payment_days", field="payment_days")
    categories = [group.category for group in totals.groups]
    return Worked(
        draft=draft,
        rules=rules,
        issued_on=on,
        supplied_on=supplied_on,
        choice=choice,
        lines=lines,
        totals=totals,
        settlement=settlement,
        deposits=tuple(deposits),
        duty=_duty(draft, rules, supplied_on, totals, choice),
        simplified=is_small_amount(abs(totals.gross_cents), country, supplied_on, categories=categories),
        due_on=on + timedelta(days=days),
        discount=cash_discount(totals, term, on) if term else None,
        discount_term=term,
        portions=_portions(draft),
        form=draft.form or rules.form,
    )


def revenue_of(line: LineInput) -> str:
    """Group of revenue a line belongs to, where nobody said."""
    if line.revenue or line.kind == HANDED_ON:
        return line.revenue
    if line.service_code.startswith("TYR"):
        return "tyres"
    if line.kind == PART:
        return "parts"
    return "labour" if line.service_code or line.kind == "labour" else "other"


def _choose(draft: DraftInput, rules: BillingRules, on: date, vat_id_state: str) -> Choice:
    if draft.supply not in KINDS:
        raise Invalid("billing_supply_unknown", field="supply")
    buyer = draft.buyer
    return choose_tax(
        rules.seller,
        Buyer(buyer.business, buyer.country, normal_vat_id(buyer.vat_id), vat_id_state),
        Supply(
            draft.supply,
            carried_to=draft.answers.get(CARRIED_TO, ""),
            carriage_proven=draft.answers.get(CARRIAGE_PROVEN) == "yes",
            material_percent=_material_percent(draft.lines),
            answers=draft.answers,
        ),
        on,
    )


def _material_percent(lines: Sequence[LineInput]) -> Decimal:
    """Share of parts in what the workshop itself supplies."""
    own = [line for line in lines if line.kind != HANDED_ON]
    whole: Decimal = sum((line.quantity * line.unit_price for line in own), Decimal(0))
    if whole <= 0:
        return Decimal(0)
    parts: Decimal = sum((line.quantity * line.unit_price for line in own if line.kind == PART), Decimal(0))
    return round_half_up(parts / whole * _HUNDRED * 10) / Decimal(10)


def _line(number: int, line: LineInput, tax: LineTax) -> Line:
    if line.kind not in LINE_KINDS:
        raise Invalid("billing_line_kind", field=f"lines.{number}.kind")
    if not line.text.strip():
        raise Invalid("missing", field=f"lines.{number}.text")
    worked = Line(
        line.kind,
        line.unit_price,
        tax,
        line.quantity,
        gross=line.gross,
        discount_percent=line.discount_percent,
        exchange=line.exchange,
        list_price=line.list_price,
    )
    try:
        amount_of(worked)
    except Invalid as error:
        raise Invalid(error.code, field=f"lines.{number}.{error.field}", **error.params) from None
    return worked


def _discount_term(draft: DraftInput, rules: BillingRules) -> CashDiscountTerm | None:
    days = rules.discount_days if draft.cash_discount_days is None else draft.cash_discount_days
    percent = rules.discount_percent if draft.cash_discount_percent is None else draft.cash_discount_percent
    return CashDiscountTerm(percent, days) if days or percent else None


def _duty(draft: DraftInput, rules: BillingRules, on: date, totals: Totals, choice: Choice) -> EInvoiceDuty:
    seller = rules.seller
    return must_issue(
        on,
        prior_year_turnover_cents=rules.turnover_before_cents,
        domestic_business=draft.buyer.business and draft.buyer.country in {"", seller.country},
        gross_cents=abs(totals.gross_cents),
        small_business=seller.small_business,
        country=seller.country,
    )


def _portions(draft: DraftInput) -> tuple[Portion, ...]:
    try:
        return tuple(
            Portion(payer.get("name") or payer.get("payer", ""), int(payer["cents"]), {})
            for payer in draft.payers
        )
    except (KeyError, ValueError):
        raise Invalid("billing_shares_invalid", field="payers") from None


def _problems(worked: Worked) -> Iterator[Problem]:
    draft, choice = worked.draft, worked.choice
    if not draft.lines:
        yield Problem("billing_no_lines", "lines")
    if choice.question:
        params = (("question", choice.question), ("answers", " ".join(choice.answers)))
        yield Problem("billing_tax_question", f"answers.{choice.question}", params)
    for need in choice.needs:
        yield Problem(f"billing_needs_{need}", need)
    if worked.form not in FORMS:
        yield Problem("billing_form_unknown", "form")
    yield from _buyer_problems(worked)
    if draft.payers and sum(part.cents for part in worked.portions) != worked.totals.gross_cents:
        yield Problem("billing_payers_differ", "payers")
    if draft.supplied_from and draft.supplied_from > worked.supplied_on:
        yield Problem("billing_period_backwards", "supplied_from")
    if worked.supplied_on > worked.issued_on and draft.kind != "deposit":
        yield Problem("billing_supplied_later", "supplied_on")


def _buyer_problems(worked: Worked) -> Iterator[Problem]:
    buyer = worked.draft.buyer
    if worked.simplified and not buyer.business:
        return
    for name in ("name", "street", "postal_code", "city"):
        if not getattr(buyer, name).strip():
            yield Problem("billing_buyer_incomplete", f"buyer.{name}")


def reversed_draft(draft: DraftInput, quantities: dict[int, Decimal]) -> DraftInput:
    """The draft with only these positions, so much of each; a discount in money shrinks with the lines."""
    kept = [replace(draft.lines[at - 1], quantity=quantity) for at, quantity in sorted(quantities.items())]
    whole: Decimal = sum((abs(line.quantity) * line.unit_price for line in draft.lines), Decimal(0))
    part: Decimal = sum((abs(line.quantity) * line.unit_price for line in kept), Decimal(0))
    cents = round_half_up(draft.discount_cents * part / whole) if whole else 0
    return replace(draft, lines=tuple(kept), discount_cents=cents, payers=(), deposits=())
