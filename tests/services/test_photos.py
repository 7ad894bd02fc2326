"""Photos of visits and wheel sets: staff adds, sees and deletes them; nobody else does. On both engines."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.photos.baskets import PhotoBaskets
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.photos.rules import APPOINTMENT, WHEEL_SET, Owner
from carbot_app.domains.photos.service import PhotoService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from carbot_app.kit.ids import new_id
from tests.factories import (
    customer_of,
    make_appointment,
    make_customer,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
    staff_of,
)
from tests.factories.pictures import decode, jpeg

PHOTO = jpeg(320, 240)
DAY = timedelta(days=1, minutes=1)


class FullStore(FolderFileStore):
    """A disk that takes so many files and no more."""

    def __init__(self, folder: Path, room: int) -> None:
        super().__init__(folder)
        self.room = room

    def put(self, workshop_id: UUID, name: str, content: bytes) -> None:
        if self.room == 0:
            raise Unavailable("files_full")
        self.room -= 1
        super().put(workshop_id, name, content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def parts(database: Database, clock: ManualClock, folder: Path) -> dict[str, object]:
    return {
        "db": database,
        "clock": clock,
        "store": FolderFileStore(folder),
        "maker": PillowPictureMaker(),
    }


@pytest.fixture
def photos(parts) -> PhotoService:
    return PhotoService(**parts)


@pytest.fixture
def baskets(parts) -> PhotoBaskets:
    return PhotoBaskets(**parts)


@pytest.fixture
def shop(database: Database) -> Workshop:
    return make_workshop(database)


def visit(database: Database, shop: Workshop) -> Appointment:
    who, bay = make_resource(database, shop), make_resource(database, shop, "bay")
    return make_appointment(database, shop, make_customer(database, shop), who, bay)


def visit_owner(database: Database, shop: Workshop) -> Owner:
    return Owner(APPOINTMENT, visit(database, shop).id)


def wheels_owner(database: Database, shop: Workshop) -> Owner:
    car = make_vehicle(database, shop, make_customer(database, shop))
    return Owner(WHEEL_SET, make_wheel_set(database, shop, car).id)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def rows(database: Database) -> list[Photo]:
    with database.reading(SYSTEM) as session:
        return list(session.exec(select(Photo).order_by(Photo.id)).all())


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as refused:
        work()
    return refused.value.code


def grow_old(folder: Path, clock: ManualClock) -> None:
    """Files and clock are a day further; files are dated by the machine and not by the clock of tests."""
    written = (clock() - timedelta(minutes=1)).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (written, written))
    clock.advance(DAY)


@pytest.mark.parametrize("owner_in", [visit_owner, wheels_owner])
def test_a_photo_is_kept_shown_and_deleted(
    database: Database, shop: Workshop, photos: PhotoService, folder: Path, owner_in
) -> None:
    owner, staff = owner_in(database, shop), staff_of(shop)
    kept = photos.add(staff, owner, PHOTO)
    listed = photos.list_photos(staff, owner)
    assert (listed.photos, listed.may_change) == ((kept,), True)
    assert (kept.width, kept.height, kept.uploaded_by) == (320, 240, "Sabine Müller")
    large, small = photos.read(staff, kept.id), photos.read(staff, kept.id, small=True)
    assert decode(large.content).size == (320, 240)
    assert len(small.content) <= len(large.content)
    assert names_in(folder) == {str(kept.id), f"{kept.id}.small"}
    photos.delete(staff, kept.id)
    assert photos.list_photos(staff, owner).photos == ()
    with pytest.raises(NotFound):
        photos.read(staff, kept.id)


def test_a_deletion_can_be_taken_back_for_a_day_and_then_everything_is_gone(
    database: Database, shop: Workshop, photos: PhotoService, folder: Path, clock: ManualClock
) -> None:
    owner, staff = visit_owner(database, shop), staff_of(shop)
    kept = photos.add(staff, owner, PHOTO)
    photos.delete(staff, kept.id)
    photos.sweep()
    assert photos.restore(staff, kept.id) == kept
    assert photos.read(staff, kept.id)
    photos.delete(staff, kept.id)
    grow_old(folder, clock)
    photos.sweep()
    assert (rows(database), names_in(folder)) == ([], set())
    with pytest.raises(NotFound):
        photos.restore(staff, kept.id)


def test_the_same_photo_again_is_the_one_there_is(
    database: Database, shop: Workshop, photos: PhotoService, folder: Path
) -> None:
    owner, staff = visit_owner(database, shop), staff_of(shop)
    assert photos.add(staff, owner, PHOTO) == photos.add(staff, owner, PHOTO)
    assert len(photos.list_photos(staff, owner).photos) == 1
    assert len(names_in(folder)) == 2


@pytest.mark.parametrize(("owner_in", "limit"), [(visit_owner, 6), (wheels_owner, 8)])
def test_the_limit_holds_for_many_at_once_and_the_refused_leave_no_files(
    database: Database, shop: Workshop, photos: PhotoService, folder: Path, owner_in, limit: int
) -> None:
    owner, staff = owner_in(database, shop), staff_of(shop)
    pictures = [jpeg(80 + number, 60) for number in range(limit + 4)]

    def send(picture: bytes) -> str:
        try:
            return str(photos.add(staff, owner, picture).id)
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(send, pictures))
    assert told.count("photos_full") == 4
    listed = photos.list_photos(staff, owner)
    assert len(listed.photos) == listed.limit == limit
    assert len(names_in(folder)) == limit * 2
    first = listed.photos[0].id
    photos.delete(staff, first)
    photos.add(staff, owner, jpeg(500, 400))
    assert refusal(lambda: photos.restore(staff, first)) == "photos_full"


def test_what_is_no_photo_leaves_neither_file_nor_row_and_the_rest_stays(
    database: Database, shop: Workshop, photos: PhotoService, folder: Path
) -> None:
    owner, staff = visit_owner(database, shop), staff_of(shop)
    kept = photos.add(staff, owner, PHOTO)
    for content in (b"", b"<svg/>", PHOTO[:-500]):
        with pytest.raises(Invalid):
            photos.add(staff, owner, content)
    assert [row.id for row in rows(database)] == [kept.id]
    assert len(names_in(folder)) == 2


@pytest.mark.parametrize("room", [0, 1])
def test_a_full_disk_is_said_and_leaves_neither_file_nor_row(
    database: Database, shop: Workshop, parts, folder: Path, room: int
) -> None:
    full = PhotoService(**{**parts, "store": FullStore(folder, room)})
    owner = visit_owner(database, shop)
    assert refusal(lambda: full.add(staff_of(shop), owner, PHOTO)) == "files_full"
    assert (rows(database), names_in(folder)) == ([], set())


def test_each_role_does_what_its_work_needs(database: Database, shop: Workshop, photos: PhotoService) -> None:
    owner, wheels = visit_owner(database, shop), wheels_owner(database, shop)
    technician, accountant = staff_of(shop, "technician"), staff_of(shop, "accountant")
    kept, measured = photos.add(technician, owner, PHOTO), photos.add(technician, wheels, PHOTO)
    seen = photos.list_photos(accountant, owner)
    assert (seen.photos, seen.may_change) == ((kept,), False)
    for forbidden in (
        lambda: photos.add(accountant, owner, PHOTO),
        lambda: photos.delete(accountant, kept.id),
        lambda: photos.restore(accountant, kept.id),
        lambda: photos.list_photos(accountant, wheels),
        lambda: photos.read(accountant, measured.id),
        lambda: photos.list_photos(customer_of(shop), owner),
        lambda: photos.read(customer_of(shop), kept.id),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_photos_of_another_workshop_do_not_exist(
    database: Database, shop: Workshop, photos: PhotoService
) -> None:
    owner = visit_owner(database, shop)
    kept = photos.add(staff_of(shop), owner, PHOTO)
    stranger = staff_of(make_workshop(database, slug="other"))
    for unknown in (
        lambda: photos.add(stranger, owner, PHOTO),
        lambda: photos.list_photos(stranger, owner),
        lambda: photos.read(stranger, kept.id),
        lambda: photos.delete(stranger, kept.id),
        lambda: photos.restore(stranger, kept.id),
        lambda: photos.add(staff_of(shop), Owner(WHEEL_SET, owner.id), PHOTO),
        lambda: photos.list_photos(staff_of(shop), Owner(APPOINTMENT, new_id())),
    ):
        with pytest.raises(NotFound):
            unknown()
    assert photos.read(staff_of(shop), kept.id)


def test_photos_of_a_booking_become_the_visits_once(
    database: Database, shop: Workshop, photos: PhotoService, baskets: PhotoBaskets
) -> None:
    booked, customer, staff = visit(database, shop), customer_of(shop), staff_of(shop)
    owner = Owner(APPOINTMENT, booked.id)
    token = baskets.open(customer)
    first, second = baskets.add(token, PHOTO), baskets.add(token, jpeg(200, 100))
    gone = baskets.add(token, jpeg(100, 100))
    baskets.remove(token, gone.id)
    baskets.remove(token, gone.id)
    assert [photo.id for photo in baskets.list_photos(token)] == [first.id, second.id]
    assert decode(baskets.read(token, first.id).content).size == (320, 240)
    with pytest.raises(NotFound):
        photos.read(staff, first.id)
    assert photos.list_photos(staff, owner).photos == ()
    assert [baskets.claim(customer, token, booked.manage_token) for _ in range(2)] == [2, 2]
    assert [photo.id for photo in photos.list_photos(staff, owner).photos] == [first.id, second.id]
    assert photos.read(staff, first.id).content
    assert photos.list_photos(staff, owner).photos[0].uploaded_by == ""


def test_a_photo_that_arrives_after_the_booking_is_the_visits_at_once(
    database: Database, shop: Workshop, photos: PhotoService, baskets: PhotoBaskets
) -> None:
    booked, customer = visit(database, shop), customer_of(shop)
    token = baskets.open(customer)
    assert baskets.claim(customer, token, booked.manage_token) == 0
    late = baskets.add(token, PHOTO)
    (seen,) = photos.list_photos(staff_of(shop), Owner(APPOINTMENT, booked.id)).photos
    assert seen.id == late.id
    baskets.remove(token, late.id)
    assert photos.list_photos(staff_of(shop), Owner(APPOINTMENT, booked.id)).photos == (seen,)


def test_photos_that_arrive_while_it_is_booked_are_all_the_visits(
    database: Database, shop: Workshop, photos: PhotoService, baskets: PhotoBaskets
) -> None:
    booked, customer = visit(database, shop), customer_of(shop)
    token = baskets.open(customer)
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(baskets.add, token, jpeg(60 + number, 60)) for number in range(5)]
        claimed = pool.submit(baskets.claim, customer, token, booked.manage_token)
        ids = {upload.result().id for upload in sent}
        claimed.result()
    seen = photos.list_photos(staff_of(shop), Owner(APPOINTMENT, booked.id)).photos
    assert {photo.id for photo in seen} == ids


def test_a_basket_belongs_to_its_workshop_and_its_token(
    database: Database, shop: Workshop, baskets: PhotoBaskets
) -> None:
    token = baskets.open(customer_of(shop))
    kept = baskets.add(token, PHOTO)
    other_shop = make_workshop(database, slug="other")
    other, booked = baskets.open(customer_of(other_shop)), visit(database, other_shop)
    with pytest.raises(NotFound):
        baskets.read(other, kept.id)
    baskets.remove(other, kept.id)
    assert len(baskets.list_photos(token)) == 1
    assert refusal(lambda: baskets.claim(customer_of(other_shop), token, booked.manage_token)) == (
        "photo_basket_over"
    )
    assert refusal(lambda: baskets.claim(customer_of(shop), token, booked.manage_token)) == "link_unknown"
    assert refusal(lambda: baskets.add("guessed", PHOTO)) == "photo_basket_over"
    with pytest.raises(Forbidden):
        baskets.open(staff_of(shop))


def test_a_basket_takes_six_photos(shop: Workshop, baskets: PhotoBaskets) -> None:
    token = baskets.open(customer_of(shop))
    for number in range(6):
        baskets.add(token, jpeg(60 + number, 60))
    assert refusal(lambda: baskets.add(token, PHOTO)) == "photos_full"


def test_photos_of_a_booking_never_made_are_gone_after_a_day_and_those_of_visits_stay(
    database: Database,
    shop: Workshop,
    photos: PhotoService,
    baskets: PhotoBaskets,
    folder: Path,
    clock: ManualClock,
) -> None:
    booked, customer = visit(database, shop), customer_of(shop)
    abandoned, made = baskets.open(customer), baskets.open(customer)
    baskets.add(abandoned, jpeg(100, 100))
    kept = baskets.add(made, PHOTO)
    baskets.claim(customer, made, booked.manage_token)
    photos.sweep()
    assert len(rows(database)) == 2
    grow_old(folder, clock)
    assert refusal(lambda: baskets.add(abandoned, PHOTO)) == "photo_basket_over"
    photos.sweep()
    photos.sweep()
    assert [row.id for row in rows(database)] == [kept.id]
    assert names_in(folder) == {str(kept.id), f"{kept.id}.small"}
    with database.reading(SYSTEM) as session:
        assert session.exec(select(PhotoBasket)).all() == []
    assert photos.read(staff_of(shop), kept.id)


def test_files_without_a_row_are_swept_when_they_are_a_day_old(
    database: Database, shop: Workshop, parts, photos: PhotoService, folder: Path, clock: ManualClock
) -> None:
    store = parts["store"]
    assert isinstance(store, FolderFileStore)
    kept = photos.add(staff_of(shop), visit_owner(database, shop), PHOTO)
    for workshop_id in (shop.id, new_id()):
        store.put(workshop_id, str(new_id()), b"orphan")
    grow_old(folder, clock)
    store.put(shop.id, fresh := str(new_id()), b"row still being written")
    (written,) = folder.rglob(fresh)
    os.utime(written, (clock().timestamp(),) * 2)
    photos.sweep()
    assert names_in(folder) == {str(kept.id), f"{kept.id}.small", fresh}


def test_the_link_of_a_visit_shows_what_the_customer_sent_and_nothing_else(
    database: Database, shop: Workshop, photos: PhotoService, baskets: PhotoBaskets
) -> None:
    booked, staff, customer = visit(database, shop), staff_of(shop), customer_of(shop)
    token = baskets.open(customer)
    mine = baskets.add(token, PHOTO)
    baskets.claim(customer, token, booked.manage_token)
    internal = photos.add(staff, Owner(APPOINTMENT, booked.id), jpeg(90, 60))
    others = photos.add(staff, visit_owner(database, shop), PHOTO)
    wheels = photos.add(staff, wheels_owner(database, shop), PHOTO)
    assert photos.list_by_link(booked.manage_token) == (mine,)
    assert photos.read_by_link(booked.manage_token, mine.id, small=True).content
    for photo in (internal, others, wheels):
        with pytest.raises(NotFound):
            photos.read_by_link(booked.manage_token, photo.id)
    assert refusal(lambda: photos.list_by_link("guessed-token-guessed")) == "link_unknown"
    photos.delete(staff, mine.id)
    with pytest.raises(NotFound):
        photos.read_by_link(booked.manage_token, mine.id)
