"""Photos: what customers add while booking, and what staff sees, adds and deletes."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import page_words
from carbot_app.components.public_facts import public_fact
from carbot_app.domains.photos.rules import BASKET, LIMITS
from carbot_app.state.booking_photos import BookingPhotos

_PHOTOS: Any = BookingPhotos


class _PhotoPicker(rx.Component):
    library = "$/public/photos/picker"
    tag = "PhotoPicker"

    token: rx.Var[str]
    limit: rx.Var[int]
    on_start: rx.EventHandler[rx.event.no_args_event_spec]


class _PhotoReport(rx.Component):
    library = "$/public/photos/picker"
    tag = "PhotoReport"


class _PhotoStrip(rx.Component):
    library = "$/public/photos/strip"
    tag = "PhotoStrip"

    address: rx.Var[str]
    base: rx.Var[str]
    name: rx.Var[str]
    """Whose photos they are, where a page shows several strips."""
    quiet: rx.Var[bool]


class _MessagePhotos(rx.Component):
    library = "$/public/photos/message"
    tag = "MessagePhotos"

    files: rx.Var[list]


def message_photos(files: Any) -> rx.Component:
    """Photos among the files of a message, with what they probably show."""
    return _MessagePhotos.create(files=files)


def photo_picker() -> rx.Component:
    """Camera or gallery, thumbnails with progress; sent while the customer goes on typing."""
    return rx.fragment(
        page_words("photos"),
        _PhotoPicker.create(token=_PHOTOS.token, limit=LIMITS[BASKET], on_start=BookingPhotos.start),
    )


def photo_report() -> rx.Component:
    """How many photos arrived, and those that did not once more; nothing when there are none."""
    return _PhotoReport.create()


def visit_photos(appointment_id: Any) -> rx.Component:
    """Photos of a visit, with everything staff may do with them."""
    return _PhotoStrip.create(address="/api/appointments/" + appointment_id + "/photos")


def wheel_photos(set_id: Any) -> rx.Component:
    """Photos of a set of wheels, with everything staff may do with them."""
    return _PhotoStrip.create(address="/api/wheel-sets/" + set_id + "/photos")


def check_in_photos(check_in_id: Any) -> rx.Component:
    """Photos of a car that comes in, with everything staff may do with them."""
    return _PhotoStrip.create(address="/api/check-ins/" + check_in_id + "/photos")


def job_photos(job_id: Any, title: Any) -> rx.Component:
    """Photos of a job, which the customer sees when asked about it."""
    return _PhotoStrip.create(address="/api/order-jobs/" + job_id + "/photos", name=title, quiet=True)


def link_photos() -> rx.Component:
    """What the customer sent for the visit of the link; nothing when there is nothing."""
    address = public_fact("photos")
    return rx.fragment(page_words("photos"), _PhotoStrip.create(address=address, base=address))
