"""Rows of the catalogue."""

from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.team.models import Workshop
from tests.factories.saving import save


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
