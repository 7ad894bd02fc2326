"""Rows of banking as others see them, and statements as rows (pure)."""

from uuid import UUID

from carbot_app.domains.banking.models import BankEntry, BankStatement
from carbot_app.domains.banking.ports import Statement
from carbot_app.domains.banking.schemas import EntryView, PartView, Suggestion
from carbot_app.kit.actor import Actor


def statement_row(actor: Actor, statement: Statement, digest: str, position: int, name: str) -> BankStatement:
    """A statement of a file with this digest."""
    return BankStatement(
        workshop_id=actor.workshop_id,
        sha256=digest,
        position=position,
        file_name=name[:200],
        number=statement.number,
        iban=statement.iban,
        currency=statement.currency,
        from_on=statement.from_on,
        to_on=statement.to_on,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        lines=len(statement.lines),
        by=actor.name,
    )


def describe(row: BankEntry, thought: Suggestion | None) -> EntryView:
    """A transaction with what it is thought to settle while it is open."""
    parts = tuple(
        PartView(
            UUID(part["invoice_id"]),
            part["number"],
            "",
            part["cents"],
            part["discount_cents"],
            part["fee_cents"],
        )
        for part in row.matches
    )
    return EntryView(
        id=row.id,
        amount_cents=row.amount_cents,
        currency=row.currency,
        booked_on=row.booked_on,
        counterparty=row.counterparty,
        counterparty_iban=row.counterparty_iban,
        remittance=row.remittance,
        end_to_end_id=row.end_to_end_id,
        return_reason=row.return_reason,
        state=row.state,
        parts=parts,
        suggestion=thought,
        automatic=row.automatic,
        decided_by=row.decided_by,
    )
