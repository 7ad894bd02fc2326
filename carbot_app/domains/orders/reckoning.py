"""What an order comes to: jobs and lines into totals, the price of each job, who pays, the overrun (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from carbot_app.domains.billing.lines import Line, LineAmount, amount_of, tax_of_line
from carbot_app.domains.billing.overrun import Overrun, judge_overrun
from carbot_app.domains.billing.payers import Portion, split_with_insurer
from carbot_app.domains.billing.tax import Buyer, Choice, Seller, Supply, choose_tax
from carbot_app.domains.billing.totals import Discount, Totals, total
from carbot_app.domains.orders.schemas import OrderLineInput, PayersInput

OPEN, APPROVED, DECLINED = "open", "approved", "declined"
DECISIONS = (OPEN, APPROVED, DECLINED)


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose order it is and when: what tax rests on. The buyer's own case is looked at when billed."""

    country: str
    small_business: bool
    on: date

    @property
    def choice(self) -> Choice:
        """Tax of a repair for a consumer of the same country."""
        seller = Seller(country=self.country, small_business=self.small_business)
        return choose_tax(seller, Buyer(), Supply(), self.on)


def billing_line(line: OrderLineInput, choice: Choice) -> Line:
    """A line as billing counts it."""
    return Line(
        line.kind,
        line.unit_price,
        tax_of_line(choice, line.kind),
        quantity=line.quantity,
        gross=line.gross,
        discount_percent=line.discount_percent,
        exchange=line.exchange,
        list_price=line.list_price,
    )


def amount(line: OrderLineInput, setting: Setting) -> LineAmount:
    """What a line comes to, told as its price is; raises Invalid like billing.lines.amount_of."""
    return amount_of(billing_line(line, setting.choice))


def totals_of(lines: Iterable[OrderLineInput], setting: Setting, discount: Discount | None = None) -> Totals:
    """Totals of lines; raises Invalid like billing.totals.total."""
    choice = setting.choice
    counted = [billing_line(line, choice) for line in lines]
    return total(counted, setting.on, country=setting.country, discount=discount)


def job_gross(lines: Sequence[OrderLineInput], setting: Setting) -> int:
    """Gross of a job by itself, before a discount on the order."""
    return totals_of(lines, setting).gross_cents if lines else 0


def is_billed(decision: str, *, done: bool) -> bool:
    """Whether a job goes on the bill: the customer agreed, or nobody said no and it was done."""
    return decision == APPROVED or (decision == OPEN and done)


def overrun_of(
    estimate_cents: int | None, total_cents: int, on: date, approved_cents: int | None
) -> Overrun | None:
    """Where the sum stands against what was told; None where nothing was told."""
    if estimate_cents is None:
        return None
    return judge_overrun(estimate_cents, total_cents, on, approved_cents=approved_cents)


def portions_of(payers: PayersInput, totals: Totals) -> tuple[Portion, ...]:
    """Insurer and customer; empty where the customer pays all.

    Raises:
        Invalid: ``billing_deductible_invalid``.
    """
    if not payers.insurer:
        return ()
    return split_with_insurer(
        totals, deducts_input_tax=payers.deducts_input_tax, deductible_cents=payers.deductible_cents
    )


def payers_to_json(payers: PayersInput) -> list[dict[str, Any]]:
    """As WorkOrder.payers."""
    if not payers.insurer:
        return []
    return [
        {
            "payer": "insurer",
            "name": payers.insurer,
            "claim_number": payers.claim_number,
            "deducts_input_tax": payers.deducts_input_tax,
            "deductible_cents": payers.deductible_cents,
        }
    ]


def payers_from_json(kept: Sequence[Mapping[str, Any]]) -> PayersInput:
    """The other way round; a name made unrecognisable stays an insurer."""
    for payer in kept:
        if payer.get("payer") == "insurer":
            return PayersInput(
                insurer=str(payer.get("name", "")) or "?",
                claim_number=str(payer.get("claim_number", "")),
                deducts_input_tax=bool(payer.get("deducts_input_tax")),
                deductible_cents=int(payer.get("deductible_cents") or 0),
            )
    return PayersInput()


def as_discount(percent: Decimal, cents: int) -> Discount | None:
    """Discount on the whole order; None: none."""
    return Discount(percent, cents) if percent or cents else None
