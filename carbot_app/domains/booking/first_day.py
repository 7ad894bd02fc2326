"""What a new workshop starts with."""

from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.copying import copy_catalogue
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.team.models import Workshop


class FirstDay:
    """The WorkshopSetup of catalogue, technicians and bays."""

    def __init__(self, catalog: CatalogService, booking: BookingService) -> None:
        self._catalog = catalog
        self._booking = booking

    def prepare(self, session: Session, workshop: Workshop, like: UUID | None = None) -> None:
        """Fill both within the transaction that makes the workshop, the catalogue from that of ``like``."""
        if like is None:
            self._catalog.load_library(session, workshop.id)
        else:
            copy_catalogue(session, like, workshop.id)
        self._booking.load_default_resources(session, workshop.id)
