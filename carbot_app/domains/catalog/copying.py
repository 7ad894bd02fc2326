"""The catalogue of one workshop for another one."""

from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, select

from carbot_app.domains.catalog.models import PriceRule, PriceTerms, Service, ServiceCategory
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id

_TABLES = (ServiceCategory, Service, PriceTerms, PriceRule)


def copy_catalogue(session: Session, source_id: UUID, target_id: UUID) -> None:
    """Give a workshop that has no catalogue yet the services, prices and rules of ``source_id``.

    The history of changes stays behind. Both have the same currency; the session has no tenant filter.
    """
    target = session.get_one(Workshop, target_id)
    own = {"workshop_id": target_id, "created_at": target.created_at}
    for table in _TABLES:
        rows = session.exec(select(table).where(table.workshop_id == source_id)).all()
        copies = [{**row.model_dump(), **own, "id": new_id()} for row in rows]
        if copies:
            session.connection().execute(insert(table), copies)
    target.library_version = session.get_one(Workshop, source_id).library_version
