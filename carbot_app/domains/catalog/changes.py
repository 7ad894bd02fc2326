"""Writes to the catalogue: every change is recorded with before and after, and can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import wait_for_turn
from carbot_app.domains.catalog.models import (
    CatalogChange,
    CatalogChangeItem,
    PriceRule,
    PriceTerms,
    Service,
    ServiceCategory,
)
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, NotFound
from carbot_app.kit.ids import new_id

SERVICE, CATEGORY, RULE, TERMS = "service", "category", "rule", "terms"
KEYS: Mapping[str, tuple[type[SQLModel], str]] = {
    SERVICE: (Service, "code"),
    CATEGORY: (ServiceCategory, "key"),
    RULE: (PriceRule, "id"),
    TERMS: (PriceTerms, "workshop_id"),
}
"""What may be changed: subject → its table and the column that names one."""
_NEVER_OWN = frozenset({"active", "bookable"})
"""The library never touches these, so they need not be marked as the workshop's own."""
_CHUNK = 500
_IDENTITY = {"id", "created_at", "workshop_id"}


@dataclass(frozen=True, slots=True)
class Edit:
    """What one thing shall look like: the named fields only; ``fields=None`` removes it."""

    subject: str
    key: str
    """Code of a service, key of a category, id of a rule or of the workshop."""
    fields: Mapping[str, Any] | None


def apply_edits(session: Session, actor: Actor, kind: str, edits: Sequence[Edit]) -> CatalogChange | None:
    """Write the edits and record them as one change; None when nothing is different from before.

    Things that do not exist are made, so ``fields`` of a new one must be complete. Fields are checked by the
    caller (``fields.check_service``).
    """
    wait_for_turn(session, f"catalog {actor.workshop_id}")
    change = CatalogChange(
        workshop_id=actor.workshop_id,
        kind=kind,
        actor_id=actor.subject_id if actor.kind == "person" else None,
        actor_name=actor.name,
    )
    items: list[dict[str, Any]] = []
    made: dict[str, list[dict[str, Any]]] = {subject: [] for subject in KEYS}
    for subject in KEYS:
        wanted = {edit.key: edit.fields for edit in edits if edit.subject == subject}
        rows = _rows(session, subject, list(wanted))
        for key, fields in wanted.items():
            if fields is not None and key not in rows:
                row = _new_row(actor.workshop_id, subject, key, fields)
                made[subject].append(row)
                items.append(_item(change, subject, key, None, _without_identity(row)))
            elif (differing := _apply(session, subject, rows.get(key), fields)) is not None:
                items.append(_item(change, subject, key, *differing))
    if not items:
        return None
    change.count = len(items)
    session.add(change)
    session.flush()
    # Past the unit of work: an import makes ten thousand rows, and tracking them takes longer than writing.
    connection = session.connection()
    for table, rows_made in (
        *((KEYS[subject][0], made[subject]) for subject in KEYS),
        (CatalogChangeItem, items),
    ):
        if rows_made:
            connection.execute(insert(table), rows_made)
    emit(session, actor.workshop_id, "catalog.changed")
    return change


def undo_change(session: Session, actor: Actor, change_id: UUID) -> CatalogChange:
    """Take a change back as a change of its own.

    Raises:
        NotFound: ``catalog_change_unknown``. Conflict: ``catalog_change_undone`` when it already was, or
        ``catalog_change_built_upon`` when something in it was changed again since.
    """
    change = session.get(CatalogChange, change_id)
    if change is None or change.workshop_id != actor.workshop_id:
        raise NotFound("catalog_change_unknown")
    if change.undone_by is not None:
        raise Conflict("catalog_change_undone")
    items = session.exec(select(CatalogChangeItem).where(CatalogChangeItem.change_id == change_id)).all()
    edits = []
    for subject in KEYS:
        touched = [item for item in items if item.subject == subject]
        rows = _rows(session, subject, [item.subject_key for item in touched])
        for item in touched:
            row = rows.get(item.subject_key)
            if not _is_still(row, item.after):
                raise Conflict("catalog_change_built_upon", thing=item.subject_key)
            edits.append(Edit(subject, item.subject_key, item.before))
    undone = apply_edits(session, actor, "undo", edits)
    if undone is None:
        raise Conflict("catalog_change_undone")
    change.undone_by = undone.id
    return undone


def _rows(session: Session, subject: str, keys: Sequence[str]) -> dict[str, Any]:
    table, name = KEYS[subject]
    column = getattr(table, name)
    found: dict[str, Any] = {}
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        values: Iterable[Any] = some if subject in (SERVICE, CATEGORY) else [UUID(key) for key in some]
        for row in session.exec(select(table).where(col(column).in_(values))):
            found[str(getattr(row, name))] = row
    return found


def _new_row(workshop_id: UUID, subject: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a thing that does not exist yet."""
    table, name = KEYS[subject]
    identity = {} if subject == TERMS else {name: UUID(key) if subject == RULE else key}
    given = {"id": new_id(), **fields, **identity, "workshop_id": workshop_id}
    return {
        column: given[column]
        if column in given or described.is_required()
        else described.get_default(call_default_factory=True, validated_data={})
        for column, described in table.model_fields.items()
    }


def _apply(
    session: Session, subject: str, row: Any, fields: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any] | None] | None:
    """Before and after of what is different now about a thing that exists."""
    if fields is None:
        if row is None:
            return None
        before = _plain(row)
        session.delete(row)
        return before, None
    news = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not news:
        return None
    before = {name: getattr(row, name) for name in news}
    for name, value in news.items():
        setattr(row, name, value)
    if subject in (SERVICE, CATEGORY) and "own_fields" not in news:
        owned = sorted({*row.own_fields, *(news.keys() - _NEVER_OWN)})
        if owned != row.own_fields:
            before["own_fields"], news["own_fields"] = row.own_fields, owned
            row.own_fields = owned
    return before, news


def _plain(row: Any) -> dict[str, Any]:
    return row.model_dump(exclude=_IDENTITY)


def _without_identity(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _IDENTITY}


def _is_still(row: Any, after: Mapping[str, Any] | None) -> bool:
    if row is None or after is None:
        return row is None and after is None
    return all(getattr(row, name) == value for name, value in after.items() if name != "own_fields")


def _item(
    change: CatalogChange,
    subject: str,
    key: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": change.created_at,
        "workshop_id": change.workshop_id,
        "change_id": change.id,
        "subject": subject,
        "subject_key": key,
        "before": before,
        "after": after,
    }
