"""How far work may pass its estimate (§ 649(2), § 632(3) BGB; § 1170a ABGB; Art. 375 OR).

An estimate does not bind, but passing it substantially has to be told at once and lets the customer end the
contract. Courts draw the line between 15 and 20 percent: from +10 % we warn, above +15 % work is not finished
without a recorded approval.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing.figures import figure

WITHIN, WARN, APPROVAL = "within", "warn", "approval"


@dataclass(frozen=True, slots=True)
class Overrun:
    """Where work stands against what was told; amounts are gross."""

    state: str
    """within, warn or approval."""
    over_cents: int
    over_percent: Decimal
    """To a hundredth; zero for an estimate of nothing."""
    limit_cents: int
    """Most that may be billed without another approval."""

    @property
    def blocks(self) -> bool:
        """Whether the order may not be finished."""
        return self.state == APPROVAL


def judge_overrun(
    estimate_cents: int, actual_cents: int, on: date, *, approved_cents: int | None = None
) -> Overrun:
    """Judge the actual sum: 500.00 estimated, 550.00 warns, 575.01 needs an approval.

    ``approved_cents`` is the highest sum the customer has approved since; an approved sum is no longer an
    estimate, so nothing may pass it but what the estimate allows anyway.
    """
    allowed = figure("overrun", on)
    over = actual_cents - estimate_cents
    limit = _with(estimate_cents, allowed["approve_percent"])
    limit = limit if approved_cents is None else max(limit, approved_cents)
    percent = (
        (Decimal(over) * 100 / estimate_cents).quantize(Decimal("0.01")) if estimate_cents else Decimal(0)
    )
    # Compared as whole numbers: half a cent more than +15 % is more than +15 %.
    if actual_cents > limit:
        state = APPROVAL
    elif over > 0 and actual_cents * 100 >= estimate_cents * (100 + allowed["warn_percent"]):
        state = WARN if approved_cents is None or actual_cents > approved_cents else WITHIN
    else:
        state = WITHIN
    return Overrun(state, over, percent, limit)


def _with(cents: int, percent: int) -> int:
    return cents * (100 + percent) // 100
