"""Whom to remind, how sharply and what it costs: proposals a person releases, never letters on their own.

The level is kept per invoice, the letter goes once per customer with the highest of them. Businesses owe a
flat fee once per claim (§ 288(5) BGB); consumers owe what a letter really costs, and nothing for the one that
first puts them into default (§ 286(1)). Fees and interest are damages without VAT (UStAE 1.3(6)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from carbot_app.domains.billing.figures import figure

LETTER, MAIL = "letter", "mail"
PAID, DISPUTED, INSTALMENTS, INSOLVENT, CANCELLATION = (
    "paid",
    "disputed",
    "instalments",
    "insolvent",
    "cancelled",
)
STOPS = (DISPUTED, INSTALMENTS, INSOLVENT, CANCELLATION)
SMALL_BALANCE = "small_balance"
SEND, WAIT, STOPPED, FINISHED = "send", "wait", "stopped", "finished"
HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Level:
    """One step: so many days after the due date or the step before, so many days to pay."""

    name: str
    after_days: int
    deadline_days: int


@dataclass(frozen=True, slots=True)
class Debt:
    """An unpaid invoice as dunning sees it."""

    number: str
    customer: str
    due_on: date
    open_cents: int
    business: bool = False
    level: int = 0
    """How many levels were sent."""
    last_sent_on: date | None = None
    default_since: date | None = None
    stops: frozenset[str] = frozenset()
    flat_fee_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next for a debt. ``reason`` is the stop, or the level that is due or waited for."""

    number: str
    action: str
    """send, wait, stopped or finished."""
    reason: str
    level: int = 0
    on: date | None = None
    """When it falls due."""
    deadline: date | None = None
    fee_cents: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One letter to one customer."""

    customer: str
    level: int
    name: str
    steps: tuple[Step, ...]
    deadline: date
    needs_release: bool

    @property
    def fee_cents(self) -> int:
        """Fees of all invoices in it."""
        return sum(step.fee_cents for step in self.steps)


def default_levels(on: date) -> tuple[Level, ...]:
    """Levels until the workshop sets its own."""
    return tuple(Level(**row) for row in figure("dunning_levels", on)["levels"])


def next_step(
    debt: Debt, today: date, levels: Sequence[Level], *, by: str = MAIL, country: str = "DE"
) -> Step:
    """What is due for one invoice today."""
    stop = _stop(debt, today)
    if stop:
        return Step(debt.number, STOPPED, stop, debt.level)
    if debt.level >= len(levels):
        return Step(debt.number, FINISHED, levels[-1].name if levels else "", debt.level)
    level = levels[debt.level]
    due = (debt.last_sent_on or debt.due_on) + timedelta(days=level.after_days)
    if today < due:
        return Step(debt.number, WAIT, level.name, debt.level, due)
    deadline = today + timedelta(days=level.deadline_days)
    cost = fee(debt, today, by=by, country=country) if debt.level else 0
    return Step(debt.number, SEND, level.name, debt.level + 1, due, deadline, cost)


def fee(debt: Debt, today: date, *, by: str, country: str = "DE") -> int:
    """What a reminder may cost today; nothing before default has begun."""
    in_default = debt.default_since is not None and debt.default_since <= today
    if debt.business:
        return flat_fee(
            business=True, in_default=in_default, on=today, claimed=debt.flat_fee_claimed, country=country
        )
    # The first letter puts a consumer into default and so is not caused by it.
    if not in_default or by != LETTER or not debt.level:
        return 0
    return figure("letter_cost", today)["cents"]


def flat_fee(
    *, business: bool, in_default: bool, on: date, claimed: bool = False, country: str = "DE"
) -> int:
    """Flat fee of businesses in default, once per claim; never of consumers."""
    if not business or not in_default or claimed:
        return 0
    return figure("flat_fee", on, country)["cents"]


def propose(
    debts: Iterable[Debt],
    today: date,
    levels: Sequence[Level],
    *,
    in_use_since: date,
    release_always: bool = True,
    by: str = MAIL,
    country: str = "DE",
) -> tuple[Proposal, ...]:
    """Dunning run: one proposal per customer at the highest level due, in the order of the customers."""
    due: dict[str, list[Step]] = {}
    for debt in debts:
        step = next_step(debt, today, levels, by=by, country=country)
        if step.action == SEND:
            due.setdefault(debt.customer, []).append(step)
    release = release_always or needs_release(in_use_since, today)
    return tuple(_letter(customer, steps, release) for customer, steps in due.items())


def needs_release(in_use_since: date, today: date) -> bool:
    """Whether nothing may leave without a person, whatever the workshop has set."""
    return (today - in_use_since).days < figure("dunning_rules", today)["released_by_hand_days"]


def _letter(customer: str, steps: Sequence[Step], release: bool) -> Proposal:
    highest = max(steps, key=lambda step: step.level)
    deadline = max(step.deadline for step in steps if step.deadline)
    must = release or highest.reason == HANDOVER
    return Proposal(customer, highest.level, highest.reason, tuple(steps), deadline, must)


def _stop(debt: Debt, today: date) -> str:
    if debt.open_cents <= 0:
        return PAID
    known = next((stop for stop in STOPS if stop in debt.stops), "")
    small = debt.open_cents < figure("dunning_rules", today)["minimum_cents"]
    return known or (SMALL_BALANCE if small else "")
