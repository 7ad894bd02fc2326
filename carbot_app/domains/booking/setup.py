"""What a new workshop starts with, so that it can take bookings at once."""

from sqlmodel import Session

from carbot_app.domains.booking.models import Resource
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.team.models import Workshop

OPENING_HOURS = {str(day): [["07:30", "12:00"], ["12:45", "17:00"]] for day in range(1, 6)}
ALL_SKILLS = (
    "mechanic", "mechanic_senior", "diagnostic_specialist", "tyre_fitter", "climate_certified",
    "body_specialist", "inspector_external",
)  # fmt: skip
ALL_BAYS = (
    "standard", "diagnostic", "tyre", "alignment", "climate", "inspection", "body", "reception", "storage",
)  # fmt: skip


class StandardSetup:
    """The WorkshopSetup of sign-up: library prices, usual hours, two people and two bays that do anything."""

    def __init__(self, *, catalog: CatalogService) -> None:
        self._catalog = catalog

    def prepare(self, session: Session, workshop: Workshop) -> None:
        """Fill a workshop inside the transaction that creates it."""
        workshop.opening_hours = workshop.opening_hours or OPENING_HOURS
        self._catalog.load_library(session, workshop.id)
        for number in (1, 2):
            session.add(_resource(workshop, "technician", f"Mechaniker {number}", ALL_SKILLS))
            session.add(_resource(workshop, "bay", f"Bühne {number}", ALL_BAYS))


def _resource(workshop: Workshop, kind: str, name: str, abilities: tuple[str, ...]) -> Resource:
    return Resource(workshop_id=workshop.id, kind=kind, name=name, abilities=list(abilities))
