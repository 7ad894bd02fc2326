"""What the tests of the catalogue's import share."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.catalog.import_schemas import ImportPreview, ImportRow
from carbot_app.domains.catalog.imports import CatalogImport
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.sheets import write_csv
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor

HEADER = ("Nummer", "Name", "Kategorie", "Preis")


def rows_of(database: Database, workshop: Workshop) -> dict[str, dict[str, Any]]:
    with database.reading(workshop.id) as session:
        rows = session.exec(select(Service).where(Service.workshop_id == workshop.id)).all()
        return {row.code: row.model_dump(exclude={"id", "created_at", "workshop_id"}) for row in rows}


def preview_of(
    imports: CatalogImport,
    actor: Actor,
    rows: Sequence[Sequence[Any]],
    header: Sequence[str] = HEADER,
    **more: Any,
) -> ImportPreview:
    draft = imports.read(actor, write_csv(header, rows), "liste.csv")
    return imports.preview(actor, draft, draft.mapping, **more)


def problems(row: ImportRow) -> list[tuple[str, str]]:
    return [(problem.column, problem.key.removeprefix("errors.")) for problem in row.problems]
