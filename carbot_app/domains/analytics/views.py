"""Saved views of the dashboard: everybody keeps their own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.analytics.view_models import DashboardView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST_NAME, LONGEST_ADDRESS = 60, 400
MOST_VIEWS = 30


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view under its name; ``address`` is the query string that shows it."""

    id: UUID
    name: str
    address: str
    opens_first: bool


class SavedViews:
    """All use cases need ``analytics.read`` and a person, and see that person's views only."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def list_views(self, actor: Actor) -> tuple[SavedView, ...]:
        """By name."""
        person_id = _person(actor)
        with self._db.reading(actor.workshop_id) as session:
            return tuple(_view(row) for row in _rows(session, person_id))

    def save_view(self, actor: Actor, name: str, address: str) -> SavedView:
        """Keep under ``name``; a view of that name is replaced.

        Raises:
            Invalid: ``view_name_missing`` or ``view_invalid``, both of the field ``name``.
            Conflict: ``views_full``.
        """
        person_id, name = _person(actor), " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise Invalid("view_name_missing", field="name")
        if len(address) > LONGEST_ADDRESS:
            raise Invalid("view_invalid", field="name")
        with self._db.writing(actor.workshop_id) as session:
            rows = _rows(session, person_id)
            row = next((row for row in rows if row.name.casefold() == name.casefold()), None)
            if row is None:
                if len(rows) >= MOST_VIEWS:
                    raise Conflict("views_full", limit=MOST_VIEWS)
                row = DashboardView(
                    workshop_id=actor.workshop_id, person_id=person_id, name=name, address=address
                )
            row.name, row.address = name, address
            session.add(row)
            session.flush()
            return _view(row)

    def open_first(self, actor: Actor, view_id: UUID, *, first: bool) -> None:
        """Make it the view the page opens with, instead of any other; or no longer.

        Raises:
            NotFound: no view of this person.
        """
        person_id = _person(actor)
        with self._db.writing(actor.workshop_id) as session:
            row = _get(session, person_id, view_id)
            session.execute(
                update(DashboardView)
                .where(col(DashboardView.person_id) == person_id)
                .values(opens_first=False)
            )
            session.refresh(row)
            row.opens_first = first
            session.add(row)

    def delete_view(self, actor: Actor, view_id: UUID) -> None:
        """Forget it.

        Raises:
            NotFound: no view of this person.
        """
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_get(session, _person(actor), view_id))


def _person(actor: Actor) -> UUID:
    actor.require("analytics.read")
    if actor.kind != "person" or actor.subject_id is None:
        raise Forbidden
    return actor.subject_id


def _rows(session: Session, person_id: UUID) -> list[DashboardView]:
    found = session.exec(select(DashboardView).where(DashboardView.person_id == person_id)).all()
    return sorted(found, key=lambda row: row.name.casefold())


def _get(session: Session, person_id: UUID, view_id: UUID) -> DashboardView:
    row = session.exec(
        select(DashboardView).where(DashboardView.id == view_id, DashboardView.person_id == person_id)
    ).first()
    if row is None:
        raise NotFound
    return row


def _view(row: DashboardView) -> SavedView:
    return SavedView(row.id, row.name, row.address, row.opens_first)
