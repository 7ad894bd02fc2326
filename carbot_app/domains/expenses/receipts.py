"""Rules for what people type in from a receipt, and the day it is booked on (pure)."""

from collections.abc import Sequence
from datetime import date

from carbot_app.domains.billing.lines import MOST_CENTS
from carbot_app.domains.billing.rounding import share
from carbot_app.domains.billing.vat_id import normal_vat_id
from carbot_app.domains.expenses.schemas import ExpenseAmount, ReceiptInput
from carbot_app.kit.errors import Invalid

MOST_RATE = 3000
_CATEGORIES = frozenset({"S", "Z", "E", "AE", "K", "G", "O"})
_MOST_AMOUNTS = 10
_TOLERANCE_CENTS = 5


def posting_day(issued_on: date, received_on: date) -> date:
    """Its own day in the month it came, else the first day of that month: input tax waits for the invoice."""
    return max(issued_on, received_on.replace(day=1))


def supplier_key(name: str, vat_id: str) -> str:
    """What tells suppliers apart: the VAT id, else the name."""
    return (normal_vat_id(vat_id) or " ".join(name.lower().split()))[:160]


def require_receipt(receipt: ReceiptInput) -> None:
    """Whether it can be kept.

    Raises:
        Invalid: ``expense_supplier``, ``expense_number``, ``expense_day`` or what require_amounts says.

    """
    if not 0 < len(receipt.supplier.strip()) <= 160 or len(receipt.supplier_vat_id) > 20:
        raise Invalid("expense_supplier", field="supplier")
    if not 0 < len(receipt.number.strip()) <= 80:
        raise Invalid("expense_number", field="number")
    if not 2000 <= receipt.issued_on.year <= 2100:
        raise Invalid("expense_day", field="issued_on")
    require_amounts(receipt.amounts, sum(one.net_cents + one.vat_cents for one in receipt.amounts))


def require_amounts(amounts: Sequence[ExpenseAmount], gross_cents: int) -> None:
    """Whether amounts are plausible: tax as its rate says, together what is to be paid.

    Raises:
        Invalid: ``expense_amounts``.

    """
    right = 0 < len(amounts) <= _MOST_AMOUNTS and all(_plausible(one) for one in amounts)
    if not right or not gross_cents or abs(gross_cents) > MOST_CENTS:
        raise Invalid("expense_amounts", field="amounts")
    if sum(one.net_cents + one.vat_cents for one in amounts) != gross_cents:
        raise Invalid("expense_amounts", field="amounts")


def _plausible(amount: ExpenseAmount) -> bool:
    if amount.category not in _CATEGORIES or not 0 <= amount.rate <= MOST_RATE:
        return False
    # Suppliers may round line by line, which differs by cents from the tax on the sum.
    limit = max(_TOLERANCE_CENTS, abs(amount.vat_cents) // 100)
    return abs(amount.vat_cents - share(amount.net_cents, amount.rate)) <= limit
