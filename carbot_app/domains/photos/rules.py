"""How many photos, how large, of whom, and who may see and change them (pure)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from carbot_app.kit.actor import Actor

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONG_SIDE = 2000
THUMBNAIL_SIDE = 400
KEPT_FOR_NOTHING = timedelta(days=1)
"""How long photos without a booking, deleted photos and files without a row stay."""

APPOINTMENT, WHEEL_SET, BASKET = "appointment", "wheel_set", "basket"
ORDER_JOB, CHECK_IN = "order_job", "check_in"
LIMITS = {APPOINTMENT: 6, BASKET: 6, WHEEL_SET: 8, ORDER_JOB: 6, CHECK_IN: 24}
_READ = {
    **{APPOINTMENT: "bookings.read", WHEEL_SET: "tyres.read"},
    **{ORDER_JOB: "orders.read", CHECK_IN: "orders.read"},
}
CHANGE = "photos.manage"


@dataclass(frozen=True, slots=True)
class Owner:
    """What a photo shows: a visit, a set of wheels, work to be agreed to, a car that came in; or a booking
    that is not made yet."""

    kind: str
    """appointment, wheel_set, order_job, check_in or basket."""
    id: UUID


def require_reading(actor: Actor, owner: Owner) -> None:
    """Raise Forbidden unless the actor may see photos of this owner."""
    actor.require(_READ[owner.kind])


def require_changing(actor: Actor, owner: Owner) -> None:
    """Raise Forbidden unless the actor may add and delete photos of this owner."""
    require_reading(actor, owner)
    actor.require(CHANGE)


def file_names(photo_id: UUID) -> tuple[str, str]:
    """Names in the file store: the photo, and the small one."""
    return str(photo_id), f"{photo_id}.small"
