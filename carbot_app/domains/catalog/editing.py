"""Use cases of the catalogue's editor: order, edit, activate, packages, categories, history and undo."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from carbot_app.domains.catalog import history, previews
from carbot_app.domains.catalog.catalogue import Catalogue
from carbot_app.domains.catalog.changes import CATEGORY, SERVICE, Edit, apply_edits, undo_change
from carbot_app.domains.catalog.editing_schemas import (
    CatalogOverview,
    ChangeView,
    DraftPreview,
    Saved,
    ServiceDraft,
)
from carbot_app.domains.catalog.fields import Problem, check_service, next_own_number, own_code
from carbot_app.domains.catalog.library import library_categories
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.price_editing import PriceEditing, change_id
from carbot_app.domains.catalog.pricing import PACKAGE, RANGE
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from carbot_app.kit.text import single_line

_NAME_LENGTH = 60
_ANY_LENGTH = 10_000
"""Cleaned first; ``check_service`` says which lengths are allowed."""
_FOUND = 80
_DRAFT_FIELDS = tuple(name for name in ServiceDraft.__slots__ if name != "code")


class CatalogEditing(PriceEditing):
    """Reads need ``catalog.read``, writes ``catalog.manage``; a write is one change that can be undone."""

    def overview(self, actor: Actor, *, search: str = "") -> CatalogOverview:
        """Categories and all services; with ``search`` only what it finds, best first."""
        actor.require("catalog.read")
        catalogue = self._catalog.read(actor)
        found = catalogue.full_index.find(search, _FOUND) if search.strip() else None
        return previews.overview(catalogue, actor.language, catalogue.day_of(self._clock()), found)

    def get_draft(self, actor: Actor, code: str) -> ServiceDraft:
        """A service for editing. NotFound("service_unknown")."""
        actor.require("catalog.read")
        service = _stored(self._catalog.read(actor), code)
        values = {name: getattr(service, name) for name in _DRAFT_FIELDS}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return ServiceDraft(code=code, **{**values, **lists})

    def preview(self, actor: Actor, draft: ServiceDraft) -> DraftPreview:
        """Problems or prices of a draft against what is stored."""
        actor.require("catalog.read")
        catalogue = self._catalog.read(actor)
        fields = _fields_of(catalogue, draft)
        problems = _problems(catalogue, fields)
        if problems:
            return DraftPreview(tuple(problems))
        return previews.draft_preview(catalogue, fields, actor.language, catalogue.day_of(self._clock()))

    def save(self, actor: Actor, draft: ServiceDraft) -> Saved:
        """Store a draft, new or existing.

        Raises:
            Invalid: the first problem, with its field.
        """
        with self.writing(actor) as (session, catalogue):
            fields = _fields_of(catalogue, draft)
            code = fields["code"]
            for problem in _problems(catalogue, fields):
                raise Invalid(problem.code, field=problem.field, **problem.params)
            if fields["calculated"]:
                price = catalogue.priced_from(fields)
                quote = previews.compact_price(catalogue, price, catalogue.day_of(self._clock()))
                fields["price_min_cents"] = fields["price_max_cents"] = quote.low_cents
            is_new = code not in catalogue.by_code
            if is_new:
                fields["sort_order"] = max((row.sort_order for row in catalogue.services), default=0) + 1
            kind = "create" if is_new else "package" if fields["price_model"] == PACKAGE else "edit"
            return Saved(code, change_id(apply_edits(session, actor, kind, [Edit(SERVICE, code, fields)])))

    def move(
        self, actor: Actor, codes: Sequence[str], *, shelf: str = "", before: str | None = None
    ) -> UUID | None:
        """Put services on a category or subcategory, as one change; without ``shelf`` on their own.

        ``before``: in front of this service; None: at the end.

        Raises:
            NotFound: ``service_unknown``. Invalid: ``catalog_category_unknown``.
        """
        with self.writing(actor) as (session, catalogue):
            moved = [_stored(catalogue, code) for code in dict.fromkeys(codes)]
            edits = _moved(catalogue, moved, shelf, before) if moved else []
            return change_id(apply_edits(session, actor, "move", edits))

    def set_active(self, actor: Actor, codes: Sequence[str], active: bool) -> UUID | None:
        """Offer services, or no longer. NotFound("service_unknown")."""
        with self.writing(actor) as (session, catalogue):
            edits = [Edit(SERVICE, _stored(catalogue, code).code, {"active": active}) for code in codes]
            return change_id(apply_edits(session, actor, "activate", edits))

    def add_category(self, actor: Actor, name: str, *, parent: str = "") -> str:
        """A category of one's own; returns its key. Invalid("catalog_category_name")."""
        with self.writing(actor) as (session, catalogue):
            tops = {row.key for row in catalogue.categories if not row.parent}
            if parent and parent not in tops:
                raise Invalid("catalog_category_unknown", field="parent", name=parent)
            key = f"own-{new_id().hex[-12:]}"
            last = max((row.sort_order for row in catalogue.categories), default=0)
            fields = {
                "parent": parent,
                "names": {actor.language: _category_name(name)},
                "sort_order": last + 1,
            }
            apply_edits(session, actor, "category", [Edit(CATEGORY, key, fields)])
            return key

    def rename_category(self, actor: Actor, key: str, name: str) -> UUID | None:
        """Another name in the actor's language. NotFound("catalog_category_unknown")."""
        with self.writing(actor) as (session, catalogue):
            row = next((row for row in catalogue.categories if row.key == key), None)
            if row is None:
                raise NotFound("catalog_category_unknown", name=key)
            names = {**row.names, actor.language: _category_name(name)}
            return change_id(apply_edits(session, actor, "category", [Edit(CATEGORY, key, {"names": names})]))

    def remove_category(self, actor: Actor, key: str) -> UUID | None:
        """Remove an empty category of one's own. Conflict("catalog_category_used")."""
        with self.writing(actor) as (session, catalogue):
            if all(row.key != key for row in catalogue.categories):
                raise NotFound("catalog_category_unknown", name=key)
            filled = any(key in (row.category, row.subcategory) for row in catalogue.services)
            parent = any(row.parent == key for row in catalogue.categories)
            if filled or parent or key in {row["key"] for row in library_categories()}:
                raise Conflict("catalog_category_used")
            return change_id(apply_edits(session, actor, "category", [Edit(CATEGORY, key, None)]))

    def history(self, actor: Actor, *, code: str = "", limit: int = 30) -> list[ChangeView]:
        """Latest changes, of one service when ``code`` is given."""
        actor.require("catalog.read")
        catalogue = self._catalog.read(actor)
        with self._db.reading(actor.workshop_id) as session:
            return history.list_changes(session, catalogue, actor.language, code=code, limit=min(limit, 100))

    def undo(self, actor: Actor, change_id: UUID) -> UUID:
        """Take a change back; errors as ``changes.undo_change``."""
        with self.writing(actor) as (session, _):
            return undo_change(session, actor, change_id).id


def _stored(catalogue: Catalogue, code: str) -> Service:
    service = catalogue.by_code.get(code)
    if service is None:
        raise NotFound("service_unknown", service=code[:20])
    return service


def _fields_of(catalogue: Catalogue, draft: ServiceDraft) -> dict[str, Any]:
    """Values for the table; what the price model does not use is made to fit it."""
    fields = draft.fields()
    fields["code"] = draft.code or own_code(next_own_number(catalogue.by_code))
    for name in ("names", "descriptions"):
        fields[name] = {
            language: single_line(text, field=name, limit=_ANY_LENGTH)
            for language, text in fields[name].items()
            if text.strip()
        }
    fields["notes"] = single_line(fields["notes"], field="notes", limit=_ANY_LENGTH)
    words = (single_line(word, field="synonyms", limit=_ANY_LENGTH) for word in fields["synonyms"])
    fields["synonyms"] = list(filter(None, dict.fromkeys(words)))
    if fields["price_model"] not in (RANGE, "hourly_aw", "per_unit"):
        fields["price_max_cents"] = max(fields["price_min_cents"], fields["price_max_cents"])
        if fields["price_model"] in ("fixed", PACKAGE):
            fields["price_max_cents"] = fields["price_min_cents"]
    if fields["price_model"] != PACKAGE:
        fields["members"], fields["discount_percent"] = [], 0
    return fields


def _problems(catalogue: Catalogue, fields: Mapping[str, Any]) -> list[Problem]:
    return check_service(
        fields,
        categories={row.key: row.parent for row in catalogue.categories},
        members={row.code: row.members for row in catalogue.services},
    )


def _category_name(name: str) -> str:
    name = single_line(name, field="name", limit=_ANY_LENGTH)
    if not 0 < len(name) <= _NAME_LENGTH:
        raise Invalid("catalog_category_name", field="name")
    return name


def _moved(catalogue: Catalogue, moved: Sequence[Service], shelf: str, before: str | None) -> list[Edit]:
    """The move, and new numbers for those between the old and the new place."""
    category, subcategory = _place(catalogue, shelf) if shelf else (moved[0].category, moved[0].subcategory)
    others = [row for row in catalogue.services if row.category == category and row not in moved]
    position = _position(others, subcategory, before)
    order = [*others[:position], *moved, *others[position:]]
    numbers: list[int] = []
    for number in sorted(row.sort_order for row in order):
        numbers.append(max(number, numbers[-1] + 1) if numbers else number)
    place = {"category": category, "subcategory": subcategory}
    edits = []
    for row, number in zip(order, numbers, strict=True):
        fields = {"sort_order": number, **(place if row in moved else {})}
        if any(getattr(row, name) != value for name, value in fields.items()):
            edits.append(Edit(SERVICE, row.code, fields))
    return edits


def _place(catalogue: Catalogue, shelf: str) -> tuple[str, str]:
    """Category and subcategory of a shelf; a whole category has no subcategory."""
    row = next((row for row in catalogue.categories if row.key == shelf), None)
    if row is None:
        raise Invalid("catalog_category_unknown", field="category", name=shelf)
    return (row.parent, row.key) if row.parent else (row.key, "")


def _position(others: Sequence[Service], subcategory: str, before: str | None) -> int:
    found = next((index for index, row in enumerate(others) if row.code == before), None)
    if found is not None:
        return found
    last = [index for index, row in enumerate(others) if row.subcategory == subcategory]
    return last[-1] + 1 if last else len(others)
