"""What staff does with photos, what the link of a visit shows, and the sweep."""

from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.photos.keeping import (
    Kept,
    PhotoKeeper,
    add_row,
    owner_of,
    photo_view,
    require_owner,
    require_room,
    rows_of,
    wait_for_owner,
)
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.photos.ports import FileStore, PictureMaker
from carbot_app.domains.photos.rules import (
    APPOINTMENT,
    BASKET,
    CHANGE,
    KEPT_FOR_NOTHING,
    LIMITS,
    Owner,
    require_changing,
    require_reading,
)
from carbot_app.domains.photos.schemas import PhotoFile, Photos, PhotoView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

_ID_LENGTH = 36
_log = structlog.get_logger()


class PhotoService:
    """Reads need ``bookings.read`` (visits), ``tyres.read`` (wheel sets) or ``orders.read`` (jobs, cars that
    came in), changes ``photos.manage`` too."""

    def __init__(self, *, db: Database, clock: Clock, store: FileStore, maker: PictureMaker) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._keeper = PhotoKeeper(store, maker)

    def add(self, actor: Actor, owner: Owner, content: bytes) -> PhotoView:
        """Keep a photo; the same one again is the one there is.

        Raises:
            Invalid, TooLarge, Unavailable: like PictureMaker and FileStore; nothing is kept then.
            Conflict: ``photos_full``. NotFound: unknown owner, or another workshop's.
        """
        require_changing(actor, owner)
        with self._db.reading(actor.workshop_id) as session:
            require_owner(session, owner)

        def write(kept: Kept) -> Photo:
            with self._db.writing(actor.workshop_id) as session:
                wait_for_owner(session, owner)
                require_owner(session, owner)
                now = self._clock()
                return add_row(session, actor.workshop_id, owner, kept, by=actor.name, now=now)

        return self._keeper.add(actor.workshop_id, content, write)

    def list_photos(self, actor: Actor, owner: Owner) -> Photos:
        """Photos of a visit or set in order. NotFound: unknown owner, or another workshop's."""
        require_reading(actor, owner)
        with self._db.reading(actor.workshop_id) as session:
            require_owner(session, owner)
            found = tuple(photo_view(row) for row in rows_of(session, owner))
        return Photos(found, LIMITS[owner.kind], may_change=actor.can(CHANGE))

    def read(self, actor: Actor, photo_id: UUID, *, small: bool = False) -> PhotoFile:
        """The picture. NotFound: unknown, deleted, of a booking not made yet, or another workshop's."""
        with self._db.reading(actor.workshop_id) as session:
            row = _photo(session, photo_id)
        require_reading(actor, owner_of(row))
        return self._keeper.read(row, small=small)

    def delete(self, actor: Actor, photo_id: UUID) -> None:
        """Show it no more; until the sweep it can be restored. NotFound like ``read``."""
        with self._db.writing(actor.workshop_id) as session:
            row = _photo(session, photo_id)
            require_changing(actor, owner_of(row))
            row.deleted_at = self._clock()

    def restore(self, actor: Actor, photo_id: UUID) -> PhotoView:
        """Take a deletion back.

        Raises:
            Conflict: ``photos_full``. NotFound: unknown, swept, or another workshop's.
        """
        with self._db.writing(actor.workshop_id) as session:
            row = _photo(session, photo_id, deleted=True)
            owner = owner_of(row)
            require_changing(actor, owner)
            wait_for_owner(session, owner)
            if row.deleted_at is not None:
                require_room(session, owner)
                row.deleted_at = None
            return photo_view(row)

    def list_by_link(self, manage_token: str) -> tuple[PhotoView, ...]:
        """What the customer sent for the visit whose secret link it is. NotFound: ``link_unknown``."""
        workshop_id, owner = self._by_link(manage_token)
        with self._db.reading(workshop_id) as session:
            return tuple(photo_view(row) for row in rows_of(session, owner) if not row.uploaded_by)

    def read_by_link(self, manage_token: str, photo_id: UUID, *, small: bool = False) -> PhotoFile:
        """A picture the customer sent for that visit. NotFound: the link or the photo."""
        workshop_id, owner = self._by_link(manage_token)
        with self._db.reading(workshop_id) as session:
            row = _photo(session, photo_id)
        if owner_of(row) != owner or row.uploaded_by:
            raise NotFound
        return self._keeper.read(row, small=small)

    def sweep(self) -> None:
        """Remove for good what a day has passed over: deleted photos, those of bookings that were never
        made, files without a row, and what interrupted uploads left."""
        before = self._clock() - KEPT_FOR_NOTHING
        with self._db.writing(SYSTEM) as session:
            session.execute(delete(Photo).where(col(Photo.deleted_at) < before))
            session.execute(delete(PhotoBasket).where(col(PhotoBasket.created_at) < before))
        for workshop_id, names in self._store.list_old(before):
            with self._db.reading(SYSTEM) as session:
                known = {
                    file_id
                    for table in (Photo, MessageFile)
                    for file_id in session.exec(select(table.id).where(table.workshop_id == workshop_id))
                }
                signed = _signatures(session, workshop_id)
            lost = [name for name in names if UUID(name[:_ID_LENGTH]) not in known and name not in signed]
            for name in lost:
                self._store.delete(workshop_id, name)
            if lost:
                _log.info("photos.swept", workshop=str(workshop_id), files=len(lost))
        self._store.drop_remains(before)

    def _by_link(self, manage_token: str) -> tuple[UUID, Owner]:
        with self._db.reading(SYSTEM) as session:
            found = session.exec(
                select(Appointment.workshop_id, Appointment.id).where(
                    Appointment.manage_token == manage_token
                )
            ).first()
        if found is None:
            raise NotFound("link_unknown")
        return found[0], Owner(APPOINTMENT, found[1])


def _signatures(session: Session, workshop_id: UUID) -> set[str]:
    """Files of signatures lie in the same store; the rows that name them are not of this domain."""
    found: set[str] = set()
    for table in ("order_approval", "check_in"):
        columns = SQLModel.metadata.tables[table].columns
        query = sql_select(columns.signature_file).where(
            columns.workshop_id == workshop_id, columns.signature_file != ""
        )
        found.update(session.execute(query).scalars())
    return found


def _photo(session: Session, photo_id: UUID, *, deleted: bool = False) -> Photo:
    row = session.exec(select(Photo).where(Photo.id == photo_id)).first()
    if row is None or owner_of(row).kind == BASKET or (row.deleted_at is not None and not deleted):
        raise NotFound
    return row
