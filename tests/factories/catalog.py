"""Rows of the catalogue."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import SQLModel

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.library import (
    STARTERS,
    library_categories,
    library_services,
    library_version,
)
from carbot_app.domains.catalog.models import Service, ServiceCategory
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id
from tests.factories.saving import save

IN_STOCK = {
    *STARTERS, "SAF-BRK-009", "SAF-GLS-001", "SAF-GLS-002", "SAF-HUA-008", "TYR-CHG-004", "TYR-CHG-005",
    "TYR-MNT-007", "TYR-RIM-001", "ELE-HVE-001", "ELE-HVE-002",
}  # fmt: skip


def make_service(database: Database, workshop: Workshop, code: str = "SAF-BRK-001", **fields: Any) -> Service:
    """Brake pads priced by vehicle class, one hour of a mechanic in a standard bay."""
    defaults: dict[str, Any] = {
        "names": {
            "de": "Bremsbeläge ersetzen (pro Achse)",
            "en": "Replace brake pads (per axle)",
            "tr": "Fren balatası değişimi (aks başına)",
            "pl": "Wymiana klocków hamulcowych (oś)",
        },
        "category": "safety",
        "price_model": "per_vehicle_class",
        "price_min_cents": 12_900,
        "price_max_cents": 27_900,
        "minutes": 60,
    }
    return save(database, Service(workshop_id=workshop.id, code=code, **{**defaults, **fields}))


def stock(database: Database, workshop: Workshop) -> None:
    """Fifty services of the library, a tenth of it, for tests that are not about the catalogue."""
    services = [fields for fields in library_services() if fields["code"] in IN_STOCK]
    with database.writing(SYSTEM) as session:
        for table, rows in ((Service, services), (ServiceCategory, library_categories())):
            blank = _blank(table, workshop.id)
            session.execute(insert(table), [{**blank, **fields, "id": new_id()} for fields in rows])
        session.get_one(Workshop, workshop.id).library_version = library_version()


def _blank(table: type[SQLModel], workshop_id: UUID) -> dict[str, Any]:
    return table(workshop_id=workshop_id).model_dump()
