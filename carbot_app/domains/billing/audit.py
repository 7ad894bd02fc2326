"""Writing the workshop's audit chain inside another's transaction, and checking it (audit_chain.py)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.billing.audit_chain import START, ChainedRow, append, verify
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.kit.ids import new_id


def record(
    session: Session,
    workshop_id: UUID,
    at: datetime,
    kind: str,
    subject: str,
    subject_id: UUID,
    *,
    by: str = "",
    **content: Any,
) -> AuditEntry:
    """Append an entry; ``content`` holds plain values without names or addresses of customers.

    Entries of one workshop wait for each other until the transaction ends, so call it late.
    """
    wait_for_turn(session, f"audit:{workshop_id}")
    session.flush()
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)).first()
    entry_id = new_id()
    row = AuditEntry(
        id=entry_id,
        workshop_id=workshop_id,
        seq=last.seq + 1 if last else 1,
        at=at,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        by=by,
        content=content,
        hash="",
    )
    row.hash = append(last.hash if last else START, str(entry_id), _chained(row)).hash
    session.add(row)
    session.flush()
    return row


def find_broken(session: Session, *, end: str | None = None) -> str | None:
    """Id of the first entry that was changed, or None; see audit_chain.verify for ``end``."""
    rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)).execution_options(yield_per=1000))
    return verify((ChainedRow(str(row.id), _chained(row), row.hash) for row in rows), end=end)


def _chained(row: AuditEntry) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "kind": row.kind,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "by": row.by,
        "content": row.content,
    }
