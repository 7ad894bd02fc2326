"""Numbers of documents: unique, in order and without a gap, per workshop, kind and year.

§ 14(4) Nr. 4 UStG asks for unique numbers only, but auditors ask about gaps. The counter is a row that stays
locked until the transaction ends, so a document that is rolled back uses no number.
"""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from carbot_app.domains.billing.models import NumberRange
from carbot_app.kit.clock import system_clock
from carbot_app.kit.errors import Invalid
from carbot_app.kit.ids import new_id

ORDER, INVOICE, DEPOSIT, CREDIT, CANCELLATION, EXPENSE = (
    *("order", "invoice", "deposit", "credit", "cancellation", "expense"),
)
FORMATS: Mapping[str, str] = {
    ORDER: "AU-{year}-{number:05}",
    INVOICE: "RE-{year}-{number:05}",
    EXPENSE: "ER-{year}-{number:05}",
}
"""What a workshop did not choose itself; every issued document counts in one range with the invoices."""
_PATTERN = re.compile(r"[A-Z0-9/.-]{0,12}(\{year\}[/.-]?)\{number(:0[1-8])?\}")


def take_number(
    session: Session, workshop_id: UUID, kind: str, on: date, formats: Mapping[str, str] | None = None
) -> str:
    """The next number of a kind in the year of ``on``; the range is locked until the transaction ends."""
    kind = kind if kind in FORMATS else INVOICE
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    table = NumberRange.__table__  # pyright: ignore[reportAttributeAccessIssue]
    number = session.execute(
        insert(table)
        .values(
            id=new_id(),
            created_at=system_clock(),
            workshop_id=workshop_id,
            kind=kind,
            year=on.year,
            next_number=2,
        )
        .on_conflict_do_update(
            index_elements=["workshop_id", "kind", "year"],
            set_={"next_number": table.c.next_number + 1},
        )
        .returning(table.c.next_number)
    ).scalar_one()
    return format_number((formats or {}).get(kind, FORMATS[kind]), on.year, number - 1)


def format_number(pattern: str, year: int, number: int) -> str:
    """``RE-{year}-{number:05}`` → ``RE-2026-00042``."""
    return pattern.format(year=year, number=number)


def require_format(pattern: str) -> str:
    """The pattern itself.

    Raises:
        Invalid: ``billing_number_format``: letters, then the year, then the number, at most 40 places.

    """
    if not _PATTERN.fullmatch(pattern):
        raise Invalid("billing_number_format", field="number_format")
    return pattern
