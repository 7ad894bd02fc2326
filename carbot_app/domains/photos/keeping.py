"""Files and rows of photos, kept so that nobody sees a row without its files.

Files come before their row and go after it. What a crash leaves between is found by the sweep.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.photos.ports import FileStore, Picture, PictureMaker
from carbot_app.domains.photos.rules import (
    APPOINTMENT,
    BASKET,
    CHECK_IN,
    LIMITS,
    ORDER_JOB,
    WHEEL_SET,
    Owner,
    file_names,
)
from carbot_app.domains.photos.schemas import PhotoFile, PhotoView
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.errors import AppError, Conflict, NotFound, Unavailable
from carbot_app.kit.ids import new_id

_COLUMNS: dict[str, Any] = {
    APPOINTMENT: Photo.appointment_id,
    WHEEL_SET: Photo.wheel_set_id,
    BASKET: Photo.basket_id,
    ORDER_JOB: Photo.order_job_id,
    CHECK_IN: Photo.check_in_id,
}
_TABLES: dict[str, type[Any]] = {APPOINTMENT: Appointment, WHEEL_SET: WheelSet, BASKET: PhotoBasket}
_OWNER_COLUMNS = {
    **{APPOINTMENT: "appointment_id", WHEEL_SET: "wheel_set_id"},
    **{ORDER_JOB: "order_job_id", CHECK_IN: "check_in_id"},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture whose files are in the store and whose row is still to be written."""

    id: UUID
    picture: Picture
    sha256: str


class PhotoKeeper:
    """The files of photos."""

    def __init__(self, store: FileStore, maker: PictureMaker) -> None:
        self._store = store
        self._maker = maker

    def add(self, workshop_id: UUID, content: bytes, write: Callable[[Kept], Photo]) -> PhotoView:
        """Make a picture of what was sent, store it, and let ``write`` give it a row in one transaction.

        ``write`` may return another row, of the same picture sent before. Raises like PictureMaker,
        FileStore and ``write``.
        """
        kept = self._keep(workshop_id, content)
        try:
            row = write(kept)
        except AppError:
            # After any other error the row may be there after all; then the files must be
            self._forget(workshop_id, kept.id)
            raise
        if row.id != kept.id:
            self._forget(workshop_id, kept.id)
        return photo_view(row)

    def read(self, row: Photo, *, small: bool) -> PhotoFile:
        """The picture of a row."""
        content = self._store.get(row.workshop_id, file_names(row.id)[small])
        return PhotoFile(content, row.media_type, row.sha256)

    def _keep(self, workshop_id: UUID, content: bytes) -> Kept:
        picture = self._maker.make(content)
        photo_id = new_id()
        large, small = file_names(photo_id)
        try:
            self._store.put(workshop_id, small, picture.thumbnail)
            self._store.put(workshop_id, large, picture.content)
        except Unavailable:
            self._forget(workshop_id, photo_id)
            raise
        return Kept(photo_id, picture, sha256(picture.content).hexdigest())

    def _forget(self, workshop_id: UUID, photo_id: UUID) -> None:
        # What cannot be removed now is left to the sweep
        with suppress(Unavailable):
            for name in file_names(photo_id):
                self._store.delete(workshop_id, name)


def require_owner(session: Session, owner: Owner) -> None:
    """NotFound unless it exists in the session's workshop."""
    if not _exists(session, owner):
        raise NotFound


def _exists(session: Session, owner: Owner) -> bool:
    if table := _TABLES.get(owner.kind):
        return session.exec(select(table.id).where(table.id == owner.id)).first() is not None
    # Orders use photos, so they are known here by the names of their tables only, and filtered by hand
    named = SQLModel.metadata.tables[owner.kind].columns
    workshop_id = session.info.get("workshop_id")
    query = sql_select(named.id).where(named.id == owner.id, named.workshop_id == workshop_id)
    return session.execute(query).first() is not None


def rows_of(session: Session, owner: Owner) -> list[Photo]:
    """Photos in order, without deleted ones."""
    query = select(Photo).where(_COLUMNS[owner.kind] == owner.id, col(Photo.deleted_at).is_(None))
    return list(session.exec(query.order_by(col(Photo.position), col(Photo.id))).all())


def owner_of(row: Photo) -> Owner:
    """Whose photo it is."""
    for kind, name in _OWNER_COLUMNS.items():
        if owner_id := getattr(row, name):
            return Owner(kind, owner_id)
    assert row.basket_id is not None
    return Owner(BASKET, row.basket_id)


def wait_for_owner(session: Session, owner: Owner) -> None:
    """One change of an owner's photos at a time, so that the limit holds."""
    wait_for_turn(session, f"photos {owner.id}")


def require_room(session: Session, owner: Owner) -> None:
    """Raise Conflict ``photos_full`` when the owner has as many photos as it may have."""
    if len(rows_of(session, owner)) >= LIMITS[owner.kind]:
        raise Conflict("photos_full", limit=LIMITS[owner.kind])


def add_row(
    session: Session, workshop_id: UUID, owner: Owner, kept: Kept, *, by: str, now: datetime
) -> Photo:
    """The row of a kept picture; the row there is when this owner has the same picture already.

    Call ``wait_for_owner`` before. Raises Conflict ``photos_full``.
    """
    same = [row for row in rows_of(session, owner) if row.sha256 == kept.sha256]
    if same:
        return same[0]
    require_room(session, owner)
    row = Photo(
        id=kept.id,
        created_at=now,
        workshop_id=workshop_id,
        position=next_position(session, owner),
        media_type=kept.picture.media_type,
        width=kept.picture.width,
        height=kept.picture.height,
        size=len(kept.picture.content),
        sha256=kept.sha256,
        uploaded_by=by[:120],
    )
    give(row, owner)
    session.add(row)
    session.flush()
    return row


def next_position(session: Session, owner: Owner) -> int:
    """Behind the last photo, also behind deleted ones, which may come back."""
    highest = session.exec(select(func.max(Photo.position)).where(_COLUMNS[owner.kind] == owner.id)).one()
    return 0 if highest is None else highest + 1


def give(row: Photo, owner: Owner) -> None:
    """Make it the owner's and nobody else's."""
    for kind, name in _OWNER_COLUMNS.items():
        setattr(row, name, owner.id if owner.kind == kind else None)
    row.basket_id = owner.id if owner.kind == BASKET else None


def photo_view(row: Photo) -> PhotoView:
    """A row as it is told."""
    return PhotoView(row.id, row.width, row.height, row.uploaded_by, row.created_at)
