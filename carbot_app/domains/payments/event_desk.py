"""News of the provider that failed, for the workshop they are about."""

from uuid import UUID

import structlog
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.payments.events import ProviderEvents
from carbot_app.domains.payments.models import ProviderEvent
from carbot_app.domains.payments.schemas import FailedEventView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, NotFound

log = structlog.get_logger()

_LISTED = 50


class EventDesk:
    """Seen and handled again by people; the outbox tries by itself before."""

    def __init__(self, *, db: Database, events: ProviderEvents) -> None:
        self._db = db
        self._events = events

    def list_failed(self, actor: Actor) -> list[FailedEventView]:
        """What was tried and is not handled, the newest first."""
        actor.require("payments.manage")
        query = select(ProviderEvent).where(
            ProviderEvent.workshop_id == actor.workshop_id,
            col(ProviderEvent.handled_at).is_(None),
            ProviderEvent.attempts > 0,
        )
        # The table belongs to no tenant: an event is stored before anybody knows whose it is
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(query.order_by(col(ProviderEvent.happened_at).desc()).limit(_LISTED)).all()
        return [FailedEventView(row.id, row.kind, row.happened_at, row.attempts, row.error) for row in rows]

    def replay(self, actor: Actor, event_id: UUID) -> None:
        """Handle it again; nothing is booked twice. Raises NotFound, Conflict payment_event_failed."""
        actor.require("payments.manage")
        query = select(ProviderEvent.id).where(
            ProviderEvent.id == event_id, ProviderEvent.workshop_id == actor.workshop_id
        )
        with self._db.reading(SYSTEM) as session:
            if session.exec(query).first() is None:
                raise NotFound
        try:
            self._events.handle(event_id)
        except Exception as problem:  # whatever it is, the person hears that it failed again
            log.warning("payments.not_replayed", event_id=str(event_id), error=type(problem).__name__)
            raise Conflict("payment_event_failed") from problem
