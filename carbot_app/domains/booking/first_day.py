"""What a new workshop starts with."""

from sqlmodel import Session

from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.team.models import Workshop


class FirstDay:
    """The WorkshopSetup of catalogue, technicians and bays."""

    def __init__(self, catalog: CatalogService, booking: BookingService) -> None:
        self._catalog = catalog
        self._booking = booking

    def prepare(self, session: Session, workshop: Workshop) -> None:
        """Fill both within the transaction that makes the workshop."""
        self._catalog.load_library(session, workshop.id)
        self._booking.load_default_resources(session, workshop.id)
