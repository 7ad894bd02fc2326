"""How a transaction is spread over the invoices it names (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from carbot_app.domains.banking.schemas import AS_DISCOUNT, AS_FEE, DIFFERENCES, Part
from carbot_app.kit.errors import Invalid


def spread(
    cents: int,
    owed: Sequence[tuple[UUID, int]],
    *,
    allowed: Mapping[UUID, int] | None = None,
    difference: str = "open",
) -> tuple[Part, ...]:
    """Parts for invoices with what is open of each, in their order.

    What is missing stays open at the last ones, or is taken as Skonto (where it was agreed first, never more
    than agreed there) or as a fee of the last. What is too much stays visible on the last one.

    Raises:
        Invalid: ``bank_no_invoice``, ``bank_difference_unknown``.

    """
    if not owed:
        raise Invalid("bank_no_invoice")
    if difference not in DIFFERENCES:
        raise Invalid("bank_difference_unknown", field="difference")
    short = sum(open_cents for _, open_cents in owed) - cents
    discounts = _discounts(short, owed, allowed or {}) if short > 0 and difference == AS_DISCOUNT else {}
    fee = short if short > 0 and difference == AS_FEE else 0
    parts, left = [], cents
    for invoice_id, open_cents in owed:
        taken = min(open_cents - discounts.get(invoice_id, 0), left)
        left -= taken
        parts.append(Part(invoice_id, taken, discounts.get(invoice_id, 0)))
    parts[-1] = replace(parts[-1], cents=parts[-1].cents + left, fee_cents=fee)
    return tuple(part for part in parts if part.cents or part.discount_cents or part.fee_cents)


def require_parts(cents: int, parts: Sequence[Part]) -> None:
    """Raise Invalid when parts do not add up to the transaction or name an invoice twice."""
    if not parts:
        raise Invalid("bank_no_invoice")
    if len({part.invoice_id for part in parts}) != len(parts):
        raise Invalid("bank_parts_twice")
    wrong_way = any(part.cents * cents < 0 or part.discount_cents < 0 or part.fee_cents < 0 for part in parts)
    if wrong_way or sum(part.cents for part in parts) != cents:
        raise Invalid("bank_parts_sum", field="parts")


def _discounts(short: int, owed: Sequence[tuple[UUID, int]], allowed: Mapping[UUID, int]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for invoice_id, open_cents in owed:
        found[invoice_id] = min(allowed.get(invoice_id, 0), open_cents, short)
        short -= found[invoice_id]
    if short:
        # More than was agreed: whoever confirms it grants it, on the last invoice that can bear it.
        invoice_id, open_cents = owed[-1]
        found[invoice_id] = min(found[invoice_id] + short, open_cents)
    return found
