"""What makes a transaction the same one in the next file, and whether a statement adds up (pure)."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from carbot_app.domains.banking.ports import Statement, StatementLine
from carbot_app.kit.errors import Invalid


def entry_keys(lines: Sequence[StatementLine]) -> tuple[str, ...]:
    """A key for every line: the bank's reference with day, amount and position, else what the line tells.

    Two payments that are told alike on one day are two; each file tells both of them, so their order counts.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        told = _by_reference(line) if line.bank_reference else _by_content(line)
        keys.append(told if not seen[told] else f"{told}#{seen[told] + 1}")
        seen[told] += 1
    return tuple(keys)


def require_balance(statement: Statement) -> None:
    """Raise Invalid ``bank_balance_differs`` when opening and lines do not make the closing balance."""
    if statement.opening_cents is None or statement.closing_cents is None:
        return
    moved = sum(line.cents for line in statement.lines)
    if statement.opening_cents + moved != statement.closing_cents:
        raise Invalid("bank_balance_differs", field="file", number=statement.number)


def _by_reference(line: StatementLine) -> str:
    return f"{line.bank_reference}/{line.booked_on:%Y%m%d}/{line.cents}/{line.part}"


def _by_content(line: StatementLine) -> str:
    told = (
        *(line.booked_on.isoformat(), str(line.cents), line.currency, line.end_to_end_id, line.mandate),
        *("".join(line.remittance.split()), line.reference, line.counterparty_iban),
        *("".join(line.counterparty.split()), line.return_reason),
    )
    return sha256("\x1f".join(told).encode()).hexdigest()
