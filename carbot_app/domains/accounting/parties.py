"""Accounts of customers and suppliers, given once and kept."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.accounting.models import LedgerAccount

DEBTOR, CREDITOR = "debtor", "creditor"
_FIRST_DIGIT = {DEBTOR: 1, CREDITOR: 7}
NOBODY = 0
"""Counter of the collective account for documents of nobody in particular."""


def account_number(kind: str, counter: int, length: int) -> int:
    """Account with one digit more than the others: 10001 is the first customer, 70001 the first supplier."""
    return _FIRST_DIGIT[kind] * 10**length + counter


def give_accounts(
    session: Session, workshop_id: UUID, kind: str, parties: Iterable[str], length: int
) -> dict[str, int]:
    """Account of each party, in the order they are named; new ones get the next number."""
    wanted = [party for party in dict.fromkeys(parties) if party]
    known = _known(session, kind)
    missing = [party for party in wanted if party not in known]
    if missing:
        wait_for_turn(session, f"ledger:{workshop_id}:{kind}")
        known = _known(session, kind)
        highest = session.exec(
            select(func.coalesce(func.max(col(LedgerAccount.number)), 0)).where(LedgerAccount.kind == kind)
        ).one()
        for counter, party in enumerate((one for one in missing if one not in known), start=highest + 1):
            session.add(LedgerAccount(workshop_id=workshop_id, kind=kind, party=party, number=counter))
            known[party] = counter
        session.flush()
    return {party: account_number(kind, known[party], length) for party in wanted}


def _known(session: Session, kind: str) -> dict[str, int]:
    rows = session.exec(select(LedgerAccount).where(LedgerAccount.kind == kind))
    return {row.party: row.number for row in rows}
