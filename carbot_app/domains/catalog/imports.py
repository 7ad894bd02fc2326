"""Use cases of exchanging the catalogue as a file: read, preview, apply, and export."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.catalog.catalogue import in_language
from carbot_app.domains.catalog.changes import SERVICE, Edit, apply_edits
from carbot_app.domains.catalog.columns import EXPORTED, guess_columns, write_row
from carbot_app.domains.catalog.import_rows import RowPlan, RowReader
from carbot_app.domains.catalog.import_schemas import (
    CHANGED,
    ERROR,
    NEW,
    UNCHANGED,
    ImportDraft,
    ImportPreview,
    ImportRow,
)
from carbot_app.domains.catalog.models import Service, ServiceCategory
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.catalog.sheets import read_sheet, write_csv, write_xlsx
from carbot_app.domains.catalog.shelves import Shelf, Shelves
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.i18n import translate

_SAMPLE = 5
_CHUNK = 500


class CatalogImport:
    """Reads need ``catalog.read``, writes ``catalog.manage``.

    Rows are matched by number, else by exact name in any language, else they become services of the
    workshop's own (``EIG-001`` …), offered but not bookable unless the file says so. Only mapped columns
    change anything. An empty cell empties texts, lists and intervals and leaves everything else as it is.

    One price for a service that has two moves both: the distance between them stays, so a range of
    49–159 that is listed at 59 becomes 59–169, and the lower price, which every model starts from, is what
    the file says. A price that differs ends the calculation from labour and parts, unless the file has that
    column too.
    """

    def __init__(self, *, db: Database, catalog: CatalogService) -> None:
        self._db = db
        self._catalog = catalog

    def read(self, actor: Actor, content: bytes, filename: str) -> ImportDraft:
        """A file with a guess what its columns are. Errors as ``sheets.read_sheet``."""
        actor.require("catalog.read")
        sheet = read_sheet(content, filename)
        return ImportDraft(filename, sheet, guess_columns(sheet.header), sheet.rows[:_SAMPLE])

    def preview(
        self,
        actor: Actor,
        draft: ImportDraft,
        mapping: Mapping[int, str],
        *,
        defaults: Mapping[str, str] = {},
        on_progress: Callable[[int, int], None] | None = None,
    ) -> ImportPreview:
        """What every row would do; nothing is stored.

        ``mapping``: position in the file → key of a column (``draft.mapping`` is the guess). ``defaults``:
        key of a column → text for new services where the file says nothing, such as the category.
        ``on_progress(rows done, rows in all)`` comes every few hundred rows.

        Raises:
            Invalid: ``import_mapping`` or ``import_mapping_identity``.
        """
        actor.require("catalog.read")
        with self._db.reading(actor.workshop_id) as session:
            services, shelves = _services(session), _shelves(session)
        reader = RowReader(draft.sheet, services, shelves, mapping, defaults)
        plans = reader.plans(on_progress)
        rows = tuple(_row(plan, reader, actor.language) for plan in plans)
        counts = Counter(row.status for row in rows)
        changing = [plan for plan in plans if plan.news and not plan.problems]
        made = {plan.code for plan in changing}
        return ImportPreview(
            workshop_id=actor.workshop_id,
            new=counts[NEW],
            changed=counts[CHANGED],
            unchanged=counts[UNCHANGED],
            errors=counts[ERROR],
            rows=rows,
            sheet=draft.sheet,
            edits=tuple(Edit(SERVICE, plan.code, plan.news) for plan in changing),
            seen={plan.code: _fingerprint(plan.old) for plan in changing},
            shelves=frozenset(_shelves_of(changing)),
            links=frozenset(link for plan in changing for link in _links(plan) if link not in made),
        )

    def apply(self, actor: Actor, preview: ImportPreview) -> UUID | None:
        """Store all of a preview as one change that can be undone; None when nothing would be different.

        Raises:
            Invalid: ``import_has_errors``. Conflict: ``import_outdated`` when what it rests on has changed.
        """
        actor.require("catalog.manage")
        if preview.workshop_id != actor.workshop_id:
            raise NotFound("import_unknown")
        if preview.errors:
            raise Invalid("import_has_errors", rows=preview.errors)
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"catalog {actor.workshop_id}")
            _refuse_outdated(session, preview)
            change = apply_edits(session, actor, "import", preview.edits)
        self._catalog.forget(actor.workshop_id)
        return change.id if change else None

    def error_file(self, actor: Actor, preview: ImportPreview) -> bytes:
        """The rows of the file as xlsx, with a last column that says what is wrong, in the actor's language.

        Corrected, it can be imported in place of the first file.
        """
        actor.require("catalog.read")
        if preview.workshop_id != actor.workshop_id:
            raise NotFound("import_unknown")
        header = (*preview.sheet.header, translate(actor.language, "errors.import_column"))
        rows = (
            (*cells, problem_text(row, actor.language))
            for cells, row in zip(preview.sheet.rows, preview.rows, strict=True)
        )
        return write_xlsx(header, rows)

    def export(self, actor: Actor, *, form: str = "xlsx") -> bytes:
        """The whole catalogue as ``xlsx`` or ``csv``; importing it again changes nothing.

        Raises:
            Invalid: ``import_form`` for any other form.
        """
        actor.require("catalog.read")
        writers = {"xlsx": write_xlsx, "csv": write_csv}
        if form not in writers:
            raise Invalid("import_form", field="form")
        with self._db.reading(actor.workshop_id) as session:
            services, shelves = _services(session), _shelves(session)
        ordered = sorted(services.values(), key=lambda row: (row["sort_order"], row["code"]))
        header = [column.title for column in EXPORTED]
        return writers[form](header, (write_row(fields, shelves) for fields in ordered))


def problem_text(row: ImportRow, language: str) -> str:
    """Everything wrong with a row in one text."""
    return "\n".join(
        f"{problem.column}: {translate(language, problem.key, **problem.params)}" for problem in row.problems
    )


_COLUMNS = [name for name in Service.model_fields if name not in ("id", "workshop_id", "created_at")]


def _services(session: Session, codes: Sequence[str] | None = None) -> dict[str, dict[str, Any]]:
    """Code → fields; plain rows, because ten thousand tracked objects cost a second."""
    columns = [getattr(Service, name) for name in _COLUMNS]
    code_at = _COLUMNS.index("code")
    query = select(*columns)
    if codes is None:
        return {row[code_at]: dict(zip(_COLUMNS, row, strict=True)) for row in session.exec(query)}
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(codes), _CHUNK):
        some = query.where(col(Service.code).in_(codes[start : start + _CHUNK]))
        found |= {row[code_at]: dict(zip(_COLUMNS, row, strict=True)) for row in session.exec(some)}
    return found


def _shelves(session: Session) -> Shelves:
    rows = session.exec(select(ServiceCategory)).all()
    return Shelves(
        Shelf(row.key, row.parent, row.names) for row in sorted(rows, key=lambda r: (r.sort_order, r.key))
    )


def _row(plan: RowPlan, reader: RowReader, language: str) -> ImportRow:
    row = ImportRow(plan.line, plan.code, in_language(plan.fields["names"], language), UNCHANGED)
    if plan.problems:
        return replace(row, status=ERROR, problems=tuple(plan.problems), changes=reader.changes(plan))
    if plan.old is None:
        return replace(row, status=NEW, changes=reader.changes(plan))
    return replace(row, status=CHANGED, changes=reader.changes(plan)) if plan.news else row


def _links(plan: RowPlan) -> Iterable[str]:
    return (code for name in ("members", "upsells") for code in plan.news.get(name, ()))


def _shelves_of(plans: Iterable[RowPlan]) -> Iterable[str]:
    for plan in plans:
        yield from filter(None, (plan.news.get("category"), plan.news.get("subcategory")))


def _fingerprint(fields: Mapping[str, Any] | None) -> str:
    if fields is None:
        return ""
    return hashlib.blake2b(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _refuse_outdated(session: Session, preview: ImportPreview) -> None:
    now = _services(session, sorted({*preview.seen, *preview.links}))
    for code, seen in preview.seen.items():
        if _fingerprint(now.get(code)) != seen:
            raise Conflict("import_outdated", thing=code)
    shelves = set(session.exec(select(ServiceCategory.key)))
    if gone := [*(preview.shelves - shelves), *(preview.links - now.keys())]:
        raise Conflict("import_outdated", thing=min(gone))
