"""What the codes of a session mean for this car and this workshop: explained, ranked, priced."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from carbot_app.db.session import Database
from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.diagnostics.code_service import readings_of
from carbot_app.domains.diagnostics.evidence import Evidence, Reading, summarise
from carbot_app.domains.diagnostics.explain import CodeView, explain_codes
from carbot_app.domains.diagnostics.models import DiagnosticSession
from carbot_app.domains.diagnostics.recordings import stored_readings
from carbot_app.domains.diagnostics.rows import get_row
from carbot_app.domains.diagnostics.schemas import FindingView, ReadingView
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.orders.views import facts_of
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound

LOOKED_AT = timedelta(minutes=10)
"""How much of a recording ranks causes: what the car does now, not what it did an hour ago."""


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """A code with everything to act on."""

    view: CodeView
    findings: tuple[FindingView, ...]
    """Where it is stored: control unit and kind."""
    quote: Quote | None
    """What the first service for it costs here; None: the catalogue has none."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The newest reading of a session, understood."""

    reading: ReadingView
    codes: tuple[CodeMeaning, ...]
    """Most urgent first."""
    evidence: Evidence
    facts: VehicleFacts


class MeaningService:
    """Needs ``diagnostics.read``."""

    def __init__(self, *, db: Database, catalog: CatalogService) -> None:
        self._db = db
        self._catalog = catalog

    def explain(
        self, actor: Actor, session_id: UUID, *, language: str, lamps: Collection[str] = ()
    ) -> Meaning | None:
        """The newest reading of the codes in the reader's language; None: they have not been read.

        ``lamps`` are warning lamps somebody saw (explain.STOP_LAMPS).

        Raises:
            NotFound: ``diagnostic_session_unknown``.
        """
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            readings = readings_of(session, row.id, limit=1)
            if not readings:
                return None
            facts = facts_of(session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None)
            live = summarise(recent_readings(session, row))
        newest = readings[0]
        evidence = Evidence(frozenset(one.code for one in newest.findings), live=live)
        frames = {one.code: one.freeze_frame for one in newest.findings if one.freeze_frame}
        views = explain_codes([one.code for one in newest.findings], language, evidence, lamps, frames)
        codes = tuple(
            CodeMeaning(
                view,
                tuple(one for one in newest.findings if one.code == view.code),
                quote_first(self._catalog, actor, (_service(view), view.service), facts, language),
            )
            for view in views
        )
        return Meaning(newest, codes, evidence, facts)


def quote_first(
    catalog: CatalogService, actor: Actor, services: Iterable[str], facts: VehicleFacts, language: str
) -> Quote | None:
    """What the first of these services costs that the workshop has; None: it has none of them."""
    for service in dict.fromkeys(services):
        try:
            return catalog.quote(actor, service, vehicle=facts, language=language)
        except NotFound:
            continue
    return None


def _service(view: CodeView) -> str:
    """What mends the likeliest cause, once readings have made it stand out; else finding it comes first."""
    first = view.causes[0] if view.causes else None
    return first.service if first and first.reasons else view.service


def recent_readings(session: Session, row: DiagnosticSession) -> Iterator[Reading]:
    """The end of a recording, inside another's transaction."""
    return stored_readings(session, row.id, since=row.heard_at - LOOKED_AT)
