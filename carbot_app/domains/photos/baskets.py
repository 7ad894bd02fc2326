"""Photos of customers who are booking: sent while the form is filled in, the visit's once it is booked."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.photos.keeping import (
    Kept,
    PhotoKeeper,
    add_row,
    give,
    next_position,
    owner_of,
    photo_view,
    rows_of,
    wait_for_owner,
)
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.photos.ports import FileStore, PictureMaker
from carbot_app.domains.photos.rules import APPOINTMENT, BASKET, KEPT_FOR_NOTHING, LIMITS, Owner
from carbot_app.domains.photos.schemas import PhotoFile, PhotoView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import fingerprint, new_secret


@dataclass(frozen=True, slots=True)
class _Found:
    """A basket whose token was shown."""

    workshop_id: UUID
    owner: Owner


class PhotoBaskets:
    """Whoever holds the token of a basket may add, see and remove its photos for a day."""

    def __init__(self, *, db: Database, clock: Clock, store: FileStore, maker: PictureMaker) -> None:
        self._db = db
        self._clock = clock
        self._keeper = PhotoKeeper(store, maker)

    def open(self, actor: Actor) -> str:
        """The token of a new basket; needs ``public.book``."""
        actor.require("public.book")
        token = new_secret()
        with self._db.writing(actor.workshop_id) as session:
            session.add(
                PhotoBasket(
                    workshop_id=actor.workshop_id,
                    created_at=self._clock(),
                    token_fingerprint=fingerprint(token),
                )
            )
        return token

    def add(self, token: str, content: bytes) -> PhotoView:
        """Keep a photo; the same one again is the one there is. After booking it is the visit's at once.

        Raises:
            Invalid, TooLarge, Unavailable: like PictureMaker and FileStore; nothing is kept then.
            Conflict: ``photos_full``. NotFound: ``photo_basket_over``.
        """
        found = self._find(token)

        def write(kept: Kept) -> Photo:
            with self._db.writing(found.workshop_id) as session:
                owner = _current_owner(session, found.owner)
                return add_row(session, found.workshop_id, owner, kept, by="", now=self._clock())

        return self._keeper.add(found.workshop_id, content, write)

    def list_photos(self, token: str) -> tuple[PhotoView, ...]:
        """Photos not booked yet. NotFound: ``photo_basket_over``."""
        found = self._find(token)
        with self._db.reading(found.workshop_id) as session:
            return tuple(photo_view(row) for row in rows_of(session, found.owner))

    def read(self, token: str, photo_id: UUID) -> PhotoFile:
        """The small picture. NotFound: the basket, or no photo of it."""
        found = self._find(token)
        with self._db.reading(found.workshop_id) as session:
            row = _photo(session, found.owner, photo_id)
        return self._keeper.read(row, small=True)

    def remove(self, token: str, photo_id: UUID) -> None:
        """Take a photo out again; one that is gone is fine. NotFound: ``photo_basket_over``."""
        found = self._find(token)
        with self._db.writing(found.workshop_id) as session:
            row = session.get(Photo, photo_id)
            if row is not None and owner_of(row) == found.owner:
                row.deleted_at = row.deleted_at or self._clock()

    def claim(self, actor: Actor, token: str, manage_token: str) -> int:
        """Make the photos those of the visit that was booked; how many it has. Again, nothing changes.

        Raises:
            NotFound: ``photo_basket_over`` or ``link_unknown``.
        """
        actor.require("public.book")
        found = self._find(token)
        with self._db.writing(actor.workshop_id) as session:
            appointment_id = session.exec(
                select(Appointment.id).where(Appointment.manage_token == manage_token)
            ).first()
            if appointment_id is None:
                raise NotFound("link_unknown")
            basket, visit = _basket(session, found.owner), Owner(APPOINTMENT, appointment_id)
            if basket.appointment_id is None:
                basket.appointment_id = appointment_id
                wait_for_owner(session, visit)
                self._move(session, found.owner, visit)
            return len(rows_of(session, visit))

    def _move(self, session: Session, basket: Owner, visit: Owner) -> None:
        free = LIMITS[APPOINTMENT] - len(rows_of(session, visit))
        first = next_position(session, visit)
        for place, row in enumerate(rows_of(session, basket)[: max(0, free)]):
            give(row, visit)
            row.position = first + place
        session.flush()

    def _find(self, token: str) -> _Found:
        with self._db.reading(SYSTEM) as session:
            row = session.exec(
                select(PhotoBasket).where(PhotoBasket.token_fingerprint == fingerprint(token))
            ).first()
        if row is None or row.created_at < self._clock() - KEPT_FOR_NOTHING:
            raise NotFound("photo_basket_over")
        return _Found(row.workshop_id, Owner(BASKET, row.id))


def _basket(session: Session, owner: Owner) -> PhotoBasket:
    """The basket as it is now; whoever asks waits until nobody else is at it."""
    wait_for_owner(session, owner)
    row = session.exec(select(PhotoBasket).where(PhotoBasket.id == owner.id)).first()
    if row is None:
        raise NotFound("photo_basket_over")
    return row


def _current_owner(session: Session, owner: Owner) -> Owner:
    basket = _basket(session, owner)
    if basket.appointment_id is None:
        return owner
    visit = Owner(APPOINTMENT, basket.appointment_id)
    wait_for_owner(session, visit)
    return visit


def _photo(session: Session, owner: Owner, photo_id: UUID) -> Photo:
    row = session.get(Photo, photo_id)
    if row is None or owner_of(row) != owner or row.deleted_at is not None:
        raise NotFound
    return row
