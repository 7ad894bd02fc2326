"""The team and the bays a new workshop starts with, until it enters its own."""

from uuid import UUID

from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.planning import BAY, TECHNICIAN

_DEFAULTS = (
    (TECHNICIAN, "Mechaniker 1", "mechanic tyre_fitter"),
    (
        TECHNICIAN,
        "Meister",
        "mechanic mechanic_senior tyre_fitter diagnostic_specialist climate_certified inspector_external"
        " body_specialist",
    ),
    (BAY, "Bühne 1", "standard tyre"),
    (BAY, "Bühne 2", "standard alignment climate inspection"),
    (BAY, "Arbeitsplatz 3", "diagnostic reception storage side body"),
)


def default_resources(workshop_id: UUID) -> list[Resource]:
    """Two technicians and three bays that together can do every service of the library."""
    return [
        Resource(
            workshop_id=workshop_id,
            kind=kind,
            name=name,
            abilities=abilities.split(),
            lift=name.startswith("Bühne"),
        )
        for kind, name, abilities in _DEFAULTS
    ]
