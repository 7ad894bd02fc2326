"""Sets come in, are measured, found again and go out, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from carbot_app.adapters.documents.typst_labels import TypstLabelPrinter
from carbot_app.db.session import Database
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.condition import POSITIONS
from carbot_app.domains.tyres.schemas import Tyre, WheelSetCreate, WheelSetView
from carbot_app.domains.tyres.service import TyreService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_vehicle, make_wheel_set, make_workshop, staff_of

Store = Callable[..., WheelSetView]


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def tyres(database: Database, clock: ManualClock) -> TyreService:
    return TyreService(
        db=database,
        clock=clock,
        customers=CustomerService(db=database),
        labels=TypstLabelPrinter(),
        public_url="https://carbot.example",
    )


@pytest.fixture
def store(tyres: TyreService, workshop: Workshop) -> Store:
    """Stores a set of Ayşe's Golf; keyword arguments replace fields."""

    def stored(**fields: object) -> WheelSetView:
        wanted = {"plate": "do ab 123", "season": "winter", "location": "r1 1", "phone": "0171 5550142"}
        return tyres.store(staff_of(workshop), WheelSetCreate(**{**wanted, **fields}))  # type: ignore[arg-type]

    return stored


def test_a_set_gets_a_number_a_place_and_what_its_tyres_are_worth(store: Store) -> None:
    found = store(
        size="205/55r16",
        tyres=(Tyre("FL", "Conti", "DOT 2319", 65), Tyre("FR", "Conti", "4615", 14), Tyre("RL")),
    )
    assert (found.code, found.location, found.size, found.stored_on) == (
        "R00001",
        "R1-1",
        "205/55 R16",
        date(2026, 11, 23),
    )
    assert [(tyre.dot, tyre.age, tyre.wear) for tyre in found.tyres] == [
        ("2319", "aged", "fine"),
        ("4615", "too_old", "illegal"),
        ("", "", ""),
    ]
    assert found.vehicle is not None
    assert found.customer is not None
    assert (found.vehicle.plate, found.customer.phone) == ("DO-AB 123", "+491715550142")


def test_the_owner_on_record_is_kept_and_needs_no_contact(
    database: Database, workshop: Workshop, store: Store
) -> None:
    owner = make_customer(database, workshop)
    make_vehicle(database, workshop, owner)
    found = store(phone="")
    assert found.customer is not None
    assert found.customer.id == owner.id


def test_a_car_of_nobody_needs_a_contact(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        store(phone="")
    assert (caught.value.code, caught.value.field) == ("tyres_owner_missing", "phone")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"plate": "DO-AB 0123"}, "plate"),
        ({"plate": " "}, "plate"),
        ({"plate": "BMW1234"}, "plate"),
        ({"location": "Keller"}, "location"),
        ({"season": "spring"}, "season"),
        ({"rims": "wood"}, "rims"),
        ({"tpms": "x"}, "tpms"),
        ({"fee_cents": -1}, "fee"),
        ({"remarks": "x" * 501}, "remarks"),
        ({"size": "x" * 25}, "size"),
        ({"tyres": (Tyre("FL", brand="x" * 41),)}, "brand_FL"),
        ({"tyres": (Tyre("FL", dot="5419"),)}, "dot_FL"),
        ({"tyres": (Tyre("FL", dot="5226"),)}, "dot_FL"),
        ({"tyres": (Tyre("RR", tread=201),)}, "tread_RR"),
        ({"tyres": (Tyre("FL"), Tyre("FL"))}, "position"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_stored(
    tyres: TyreService, workshop: Workshop, store: Store, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        store(**fields)
    assert caught.value.field == field
    assert tyres.count_stored(staff_of(workshop)) == 0


def test_a_place_holds_one_set_until_it_is_taken_out(
    tyres: TyreService, workshop: Workshop, store: Store
) -> None:
    first = store()
    with pytest.raises(Conflict, match="tyres_place_taken"):
        store(plate="DO-CD 1")
    assert "R1-1" not in tyres.list_free_places(staff_of(workshop))
    out = tyres.take_out(staff_of(workshop), first.id)
    assert out.taken_on == date(2026, 11, 23)
    assert tyres.list_free_places(staff_of(workshop))[0] == "R1-1"
    assert store(plate="DO-CD 1").code == "R00002"


def test_of_two_sets_for_one_place_at_the_same_time_one_gets_it(
    tyres: TyreService, workshop: Workshop, store: Store
) -> None:
    def attempt(number: int) -> str:
        try:
            return store(plate=f"DO-CD {number + 1}").code
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, range(6)))
    assert sorted(outcomes) == ["R00001", *["tyres_place_taken"] * 5]
    assert tyres.count_stored(staff_of(workshop)) == 1


def test_taking_out_twice_keeps_the_first_day(
    tyres: TyreService, workshop: Workshop, store: Store, clock: ManualClock
) -> None:
    found = store()
    tyres.take_out(staff_of(workshop), found.id)
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert tyres.take_out(staff_of(workshop), found.id).taken_on == date(2026, 11, 23)


def test_the_day_is_the_workshops_own_at_new_year(store: Store, clock: ManualClock) -> None:
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert store().stored_on == date(2027, 1, 1)


def test_a_technician_measures_but_does_not_store(
    tyres: TyreService, workshop: Workshop, store: Store
) -> None:
    found = store(tyres=(Tyre("FL", "Conti", "2319", 65),))
    technician = staff_of(workshop, "technician")
    measured = tyres.measure(technician, found.id, {"RR": 39, "FL": 16})
    assert [(t.position, t.brand, t.tread, t.wear) for t in measured.tyres] == [
        ("FL", "Conti", 16, "low"),
        ("RR", "", 39, "low"),
    ]
    assert tyres.get_set(technician, found.id) == measured
    with pytest.raises(Forbidden):
        tyres.store(technician, WheelSetCreate(plate="DO-AB 1", season="winter", location="R1-2"))
    with pytest.raises(Forbidden):
        tyres.take_out(technician, found.id)
    with pytest.raises(Forbidden):
        tyres.list_sets(staff_of(workshop, "accountant"))


@pytest.mark.parametrize("treads", [{"XX": 1}, {"FL": -1}, {"FL": 201}])
def test_a_wrong_tread_changes_nothing(
    tyres: TyreService, workshop: Workshop, store: Store, treads: dict[str, int]
) -> None:
    found = store(tyres=(Tyre("FL", tread=65),))
    with pytest.raises(Invalid):
        tyres.measure(staff_of(workshop), found.id, treads)
    assert tyres.get_set(staff_of(workshop), found.id) == found


@pytest.mark.parametrize(
    "search", ["do ab 123", "DOAB", "ayşe", "Yılmaz", "R7-3", "r73", "R00012", "00012", "DO-AB 123"]
)
def test_a_set_is_found_by_plate_name_place_or_label(
    database: Database, tyres: TyreService, workshop: Workshop, search: str
) -> None:
    mine = make_vehicle(database, workshop, make_customer(database, workshop))
    owner = make_customer(database, workshop, name="Bob", phone="+4930123456")
    other = make_vehicle(database, workshop, owner, plate="B-XY 9")
    make_wheel_set(database, workshop, mine, code="R00012", location="R7-3")
    make_wheel_set(database, workshop, other, code="R00044", location="R9-4")
    found = tyres.list_sets(staff_of(workshop), search=search)
    assert [row.code for row in found] == ["R00012"]


@pytest.mark.parametrize("search", ["%", "_", "'; --", "x" * 5000, "\\"])
def test_signs_of_sql_find_nothing_and_break_nothing(
    tyres: TyreService, workshop: Workshop, store: Store, search: str
) -> None:
    store(name="Ayşe")
    assert tyres.list_sets(staff_of(workshop), search=search) == []


def test_seasons_and_sets_taken_out_are_filters(tyres: TyreService, workshop: Workshop, store: Store) -> None:
    owner = staff_of(workshop)
    winter, summer = store(), store(season="summer", location="R1-2")
    assert [row.id for row in tyres.list_sets(owner)] == [winter.id, summer.id]
    assert [row.id for row in tyres.list_sets(owner, season="summer")] == [summer.id]
    tyres.take_out(owner, summer.id)
    assert [row.id for row in tyres.list_sets(owner, state="out")] == [summer.id]


def test_sets_of_another_workshop_do_not_exist(database: Database, tyres: TyreService, store: Store) -> None:
    mine = store()
    other = staff_of(make_workshop(database, "schmidt-essen"))
    assert tyres.list_sets(other) == []
    assert tyres.list_free_places(other)[0] == "R1-1"
    for call in (tyres.get_set, tyres.take_out, tyres.print_label):
        with pytest.raises(NotFound):
            call(other, mine.id)
    with pytest.raises(AppError):
        tyres.measure(other, mine.id, {"FL": 10})
    with pytest.raises(NotFound):
        tyres.get_set(other, new_id())


def test_numbers_are_each_workshops_own(database: Database, tyres: TyreService, store: Store) -> None:
    store()
    other = staff_of(make_workshop(database, "schmidt-essen"))
    wanted = WheelSetCreate(plate="DO-AB 123", season="winter", location="R1-1", phone="0171 5550142")
    assert tyres.store(other, wanted).code == "R00001"


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl"])
def test_a_label_is_a_pdf_of_one_page_in_every_language(
    tyres: TyreService, workshop: Workshop, store: Store, language: str
) -> None:
    found = store(
        name='#panic("x") $ Ayşe & *Söhne* ' + "GmbH & Co. KG " * 6,
        tyres=tuple(
            Tyre(position, "[Continental] WinterContact TS 870 P #", "2319", 65) for position in POSITIONS
        ),
    )
    name, content = tyres.print_label(staff_of(workshop, language=language), found.id)
    assert name == "R00001.pdf"
    assert content.startswith(b"%PDF-")
    assert b"/Type/Pages/Count 1/" in content
