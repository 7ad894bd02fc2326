"""One invoice, several who pay: an insurer and the customer, or shares that were agreed.

The invoice is the customer's, who ordered the work; a payer only says who settles how much of it. With a
right to deduct input tax the insurer pays net and the customer the VAT (§ 249(2) sentence 2 BGB); without,
the insurer pays gross. The deductible (Selbstbeteiligung) is always the customer's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbot_app.domains.billing.rounding import allocate
from carbot_app.domains.billing.totals import Totals
from carbot_app.kit.errors import Invalid

INSURER, CUSTOMER = "insurer", "customer"
NET, VAT, DEDUCTIBLE, SHARE = "net", "vat", "deductible", "share"


@dataclass(frozen=True, slots=True)
class Portion:
    """What one payer owes and of what it is made."""

    payer: str
    cents: int
    made_of: Mapping[str, int]
    """net, vat, deductible (what one takes over from the other) or share → cents."""


def split_with_insurer(
    totals: Totals, *, deducts_input_tax: bool, deductible_cents: int = 0
) -> tuple[Portion, Portion]:
    """Insurer and customer; together they are the gross sum to the cent.

    Raises:
        Invalid: ``billing_deductible_invalid`` when it is below zero or more than the insurer would pay.

    """
    vat_of_customer = totals.vat_cents if deducts_input_tax else 0
    vat_of_insurer = totals.vat_cents - vat_of_customer
    insured = totals.net_cents + vat_of_insurer
    if not 0 <= deductible_cents <= insured:
        raise Invalid("billing_deductible_invalid", field="deductible")
    insurer = {NET: totals.net_cents, VAT: vat_of_insurer, DEDUCTIBLE: -deductible_cents}
    customer = {VAT: vat_of_customer, DEDUCTIBLE: deductible_cents}
    return (
        Portion(INSURER, insured - deductible_cents, _without_zeros(insurer)),
        Portion(CUSTOMER, vat_of_customer + deductible_cents, _without_zeros(customer)),
    )


def split_by_weights(gross_cents: int, payers: Sequence[tuple[str, int]]) -> tuple[Portion, ...]:
    """Payers with weights, for example percentages; missing cents go where rounding took most.

    Raises:
        Invalid: ``billing_shares_invalid`` without a payer, with one named twice, or with a weight that is
            not positive.
    """
    names = [name for name, _ in payers]
    if not payers or len(set(names)) < len(names) or any(weight <= 0 for _, weight in payers):
        raise Invalid("billing_shares_invalid", field="payers")
    parts = allocate(gross_cents, [weight for _, weight in payers])
    return tuple(Portion(name, part, {SHARE: part}) for name, part in zip(names, parts, strict=True))


def _without_zeros(parts: Mapping[str, int]) -> dict[str, int]:
    return {name: cents for name, cents in parts.items() if cents}
