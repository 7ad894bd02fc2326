"""Who changed what in the catalogue, as people read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.domains.catalog.catalogue import Catalogue, in_language
from carbot_app.domains.catalog.changes import CATEGORY, RULE, SERVICE
from carbot_app.domains.catalog.editing_schemas import ChangedField, ChangeView
from carbot_app.domains.catalog.models import CatalogChange, CatalogChangeItem
from carbot_app.domains.catalog.wording import Wording

_SHOWN = 20
_SETS = frozenset({"synonyms", "upsells", "dtc_families"})
_NOT_SHOWN = frozenset({"own_fields", "sort_order"})


def list_changes(
    session: Session, catalogue: Catalogue, language: str, *, code: str, limit: int
) -> list[ChangeView]:
    """The latest changes, newest first; with ``code`` those of one service."""
    query = select(CatalogChange).order_by(col(CatalogChange.created_at).desc(), col(CatalogChange.id).desc())
    if code:
        touching = select(CatalogChangeItem.change_id).where(
            CatalogChangeItem.subject == SERVICE, CatalogChangeItem.subject_key == code
        )
        query = query.where(col(CatalogChange.id).in_(touching))
    changes = session.exec(query.limit(limit)).all()
    items = _items(session, [change.id for change in changes], code)
    wording = Wording(catalogue, language)
    return [_view(change, items[change.id], wording, language) for change in changes]


def _items(session: Session, change_ids: Sequence[UUID], code: str) -> Mapping[UUID, list[CatalogChangeItem]]:
    """The first items of each change: enough to show, however large an import was."""
    place = func.row_number().over(
        partition_by=col(CatalogChangeItem.change_id), order_by=col(CatalogChangeItem.id)
    )
    ranked = select(col(CatalogChangeItem.id).label("id"), place.label("place")).where(
        col(CatalogChangeItem.change_id).in_(change_ids)
    )
    if code:
        ranked = ranked.where(CatalogChangeItem.subject_key == code)
    first = ranked.subquery()
    query = (
        select(CatalogChangeItem)
        .join(first, col(CatalogChangeItem.id) == first.c.id)
        .where(first.c.place <= _SHOWN)
        .order_by(col(CatalogChangeItem.id))
    )
    found: dict[UUID, list[CatalogChangeItem]] = defaultdict(list)
    for item in session.exec(query):
        found[item.change_id].append(item)
    return found


def _view(
    change: CatalogChange, items: Sequence[CatalogChangeItem], wording: Wording, language: str
) -> ChangeView:
    fields = [field for item in items for field in _fields(item, wording, language)]
    return ChangeView(
        id=change.id,
        at=change.created_at,
        kind=change.kind,
        by=change.actor_name,
        count=change.count,
        title=_name(items[0], wording, language) if change.count == 1 and items else "",
        fields=tuple(fields[:_SHOWN]),
        undone=change.undone_by is not None,
        can_undo=change.undone_by is None,
    )


def _fields(item: CatalogChangeItem, wording: Wording, language: str) -> list[ChangedField]:
    if item.before is None or item.after is None:
        return []
    thing = _name(item, wording, language)
    shown = []
    for name in item.after.keys() - _NOT_SHOWN:
        ends = item.before.get(name), item.after[name]
        if name in ("names", "descriptions"):
            ends = _differing(*ends, language)
        elif name in _SETS:
            ends = _only_in(*ends), _only_in(*reversed(ends))
        before, after = (wording.value(name, value) for value in ends)
        shown.append(ChangedField(thing, name, before, after))
    return sorted(shown, key=lambda changed: changed.field)


def _only_in(one: Any, other: Any) -> list[Any]:
    """What was taken out or put in; of sixty search words nobody finds the new one."""
    return [value for value in one or () if value not in (other or ())]


def _differing(before: Any, after: Any, language: str) -> tuple[Any, Any]:
    """Texts in the reader's language when they differ there, else in the first language that does."""
    before, after = before or {}, after or {}
    changed = [name for name in {**after, **before} if before.get(name) != after.get(name)]
    chosen = language if language in changed or not changed else changed[0]
    return before.get(chosen, ""), after.get(chosen, "")


def _name(item: CatalogChangeItem, wording: Wording, language: str) -> str:
    if item.subject == SERVICE:
        return wording.service(item.subject_key)
    if item.subject in (CATEGORY, RULE):
        known = (item.after or {}).get("names") or (item.before or {}).get("names")
        return in_language(known, language) if known else wording.category(item.subject_key)
    return ""
