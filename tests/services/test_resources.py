"""Technicians, bays, loaners and absences: entering, changing, leaving, and what happens to booked visits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.booking.resource_schemas import AbsenceDraft, ResourceDraft
from carbot_app.domains.booking.resources_service import ResourceService
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_membership, make_person, make_resource, make_workshop, staff_of
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.factories.saving import save
from tests.services.bookings import BERLIN, book, rows, slot_at, suggest

TUESDAY = date(2026, 11, 24)
MECHANIC = ResourceDraft(name="Emre Yıldız", abilities=("mechanic",))


@pytest.fixture
def resources(database: Database, clock: ManualClock) -> ResourceService:
    return ResourceService(db=database, clock=clock)


@pytest.fixture
def owner(desk: FrontDesk) -> Actor:
    return staff_of(desk.workshop)


@pytest.fixture
def small_desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One technician and one bay."""
    return open_front_desk(database, clock, technicians=1, bays=1)


def days(first: date, last: date | None = None, **more) -> AbsenceDraft:
    return AbsenceDraft(starts_on=first, ends_on=last or first, **more)


def told(database: Database) -> int:
    return sum(event.kind == "resources.changed" for event in rows(database, OutboxEvent))


def test_a_technician_is_entered_with_skills_hours_and_the_person_behind(
    resources: ResourceService, owner: Actor, desk: FrontDesk, database: Database
) -> None:
    person = make_person(database)
    make_membership(database, desk.workshop, person, "technician")
    draft = ResourceDraft(
        name="  Tim   Hoffmann ",
        remark="Azubi, 2. Jahr",
        abilities=("tyre_fitter", "mechanic"),
        hours={"1": [["08:00", "12:00"]], "2": []},
        person_id=person.id,
        plate="DO-AB 1",
        lift=True,
    )
    added = resources.add_resource(owner, "technician", draft)
    listed = {view.id: view for view in resources.list_resources(owner)}[added.id]
    assert (listed.name, listed.remark, listed.person_id) == ("Tim Hoffmann", "Azubi, 2. Jahr", person.id)
    assert listed.abilities == ("mechanic", "tyre_fitter"), "in the order of the catalogue"
    assert listed.hours == {"1": [["08:00", "12:00"]]}
    assert (listed.plate, listed.lift) == ("", False), "a technician has neither"
    assert told(database) == 1
    with pytest.raises(Conflict, match="person_linked"):
        resources.add_resource(
            owner, "technician", ResourceDraft("Zwei", abilities=("mechanic",), person_id=person.id)
        )


def test_a_loaner_has_a_plate_in_normal_form_and_a_bay_a_lift(
    resources: ResourceService, owner: Actor
) -> None:
    polo = resources.add_resource(owner, "loaner", ResourceDraft("VW Polo", plate="do km 11"))
    assert (polo.plate, polo.abilities) == ("DO-KM 11", ())
    bay = resources.add_resource(owner, "bay", ResourceDraft("Bühne 9", abilities=("tyre",), lift=True))
    assert (bay.lift, bay.abilities) == (True, ("tyre",))


@pytest.mark.parametrize(
    ("kind", "draft", "code", "field"),
    [
        ("robot", MECHANIC, "kind_unknown", "kind"),
        ("technician", ResourceDraft("", abilities=("mechanic",)), "missing", "name"),
        ("technician", ResourceDraft("\u200b" * 3 + "x" * 61, abilities=("mechanic",)), "too_long", "name"),
        ("technician", ResourceDraft("A", abilities=("mechanic",), remark="x" * 81), "too_long", "remark"),
        ("technician", ResourceDraft("A"), "ability_missing", "abilities"),
        ("technician", ResourceDraft("A", abilities=("tyre",)), "ability_unknown", "abilities"),
        ("bay", ResourceDraft("A", abilities=("none",)), "ability_unknown", "abilities"),
        ("bay", ResourceDraft("b0", abilities=("tyre",)), "resource_name_taken", "name"),
        ("loaner", ResourceDraft("Polo", plate="!!!"), "plate_invalid", "plate"),
        ("loaner", ResourceDraft("Polo", plate="BMW1234"), "plate_ambiguous", "plate"),
        (
            "technician",
            ResourceDraft("A", abilities=("mechanic",), hours={"1": [["12:00", "08:00"]]}),
            "hours_invalid",
            "hours",
        ),
        (
            "technician",
            ResourceDraft("A", abilities=("mechanic",), last_on=date.max),
            "date_out_of_range",
            "last_on",
        ),
        (
            "technician",
            ResourceDraft("A", abilities=("mechanic",), person_id=new_id()),
            "person_unknown",
            "person_id",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    resources: ResourceService,
    owner: Actor,
    database: Database,
    kind: str,
    draft: ResourceDraft,
    code: str,
    field: str,
) -> None:
    before = len(rows(database, Resource))
    with pytest.raises(AppError) as refused:
        resources.add_resource(owner, kind, draft)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert len(rows(database, Resource)) == before


def test_who_leaves_gets_a_last_day_and_the_visits_after_it_are_named(
    resources: ResourceService, small_desk: FrontDesk, database: Database
) -> None:
    owner = staff_of(small_desk.workshop)
    book(small_desk, slot_at(2026, 11, 24, 9))
    late = book(small_desk, slot_at(2026, 11, 26, 9))
    leaver = small_desk.technicians[0]
    saved = resources.change_resource(
        owner, leaver.id, ResourceDraft("T0", abilities=("mechanic",), last_on=TUESDAY)
    )
    assert [visit.id for visit in saved.affected] == [late.appointment_id]
    assert saved.affected[0].customer == "Ayşe Yılmaz"
    assert len(small_desk.booking.list_appointments(owner, **november())) == 2, "nothing is lost"
    assert suggest(small_desk)[-1].starts_at.astimezone(BERLIN).date() <= TUESDAY


def november() -> dict[str, datetime]:
    return {"from_": datetime(2026, 11, 1, tzinfo=UTC), "to": datetime(2026, 12, 1, tzinfo=UTC)}


def test_nobody_is_retired_before_their_visits_are_moved(
    resources: ResourceService, small_desk: FrontDesk, database: Database
) -> None:
    owner, leaver = staff_of(small_desk.workshop), small_desk.technicians[0]
    visit = book(small_desk, slot_at(2026, 11, 24, 9))
    with pytest.raises(Conflict, match="resource_has_visits"):
        resources.retire(owner, leaver.id)
    for affected in resources.list_affected(owner, leaver.id):
        small_desk.booking.unplan(owner, affected.id)
    assert not resources.retire(owner, leaver.id).active
    kept = rows(database, Appointment)
    assert [(row.id, row.state, row.technician_id) for row in kept] == [
        (visit.appointment_id, "unplanned", None)
    ]
    assert suggest(small_desk) == []
    assert resources.restore(owner, leaver.id).active
    assert suggest(small_desk)


def test_a_retired_name_can_be_given_again_but_then_the_old_one_stays_retired(
    resources: ResourceService, owner: Actor
) -> None:
    first = resources.add_resource(owner, "technician", MECHANIC)
    resources.retire(owner, first.id)
    resources.add_resource(owner, "technician", MECHANIC)
    with pytest.raises(Conflict, match="resource_name_taken"):
        resources.restore(owner, first.id)


def test_sick_leave_takes_the_day_names_the_visits_and_leaves_them(
    resources: ResourceService, small_desk: FrontDesk, database: Database
) -> None:
    owner = staff_of(small_desk.workshop)
    visit = book(small_desk, slot_at(2026, 11, 24, 9))
    saved = resources.add_absence(owner, small_desk.technicians[0].id, days(TUESDAY, reason="sick"))
    assert [one.id for one in saved.affected] == [visit.appointment_id]
    assert (saved.absence.starts_at, saved.absence.ends_at) == (
        datetime(2026, 11, 23, 23, tzinfo=UTC),
        datetime(2026, 11, 24, 23, tzinfo=UTC),
    )
    assert (saved.absence.whole_days, saved.absence.first_on, saved.absence.last_on) == (
        True,
        TUESDAY,
        TUESDAY,
    )
    board = small_desk.booking.get_board(owner, first_on=TUESDAY, days=1)
    assert [one.conflicts for one in board.visits] == [("absent",)]
    assert TUESDAY not in {slot.starts_at.astimezone(BERLIN).date() for slot in suggest(small_desk)}
    resources.remove_absence(owner, saved.absence.id)
    board = small_desk.booking.get_board(owner, first_on=TUESDAY, days=1)
    assert [one.conflicts for one in board.visits] == [()]


def test_an_afternoon_off_leaves_the_morning(resources: ResourceService, small_desk: FrontDesk) -> None:
    owner = staff_of(small_desk.workshop)
    book(small_desk, slot_at(2026, 11, 24, 9))
    saved = resources.add_absence(
        owner, small_desk.technicians[0].id, days(TUESDAY, starts_at="12:00", reason="training", note="Bosch")
    )
    assert (saved.affected, saved.absence.whole_days) == ((), False)
    assert "12:00" in saved.absence.when


def test_overlapping_absences_are_kept_and_told_and_the_same_one_is_stored_once(
    resources: ResourceService, owner: Actor, desk: FrontDesk, database: Database
) -> None:
    someone = desk.technicians[0].id
    first = resources.add_absence(owner, someone, days(TUESDAY, TUESDAY + timedelta(days=4)))
    second = resources.add_absence(owner, someone, days(TUESDAY, reason="sick"))
    assert [one.id for one in second.overlapping] == [first.absence.id]
    again = resources.add_absence(owner, someone, days(TUESDAY, reason="sick", note="Attest"))
    assert (again.absence.id, again.absence.note) == (second.absence.id, "Attest")
    assert len(rows(database, Absence)) == 2


def test_an_absence_is_changed_and_one_of_a_calendar_is_not(
    resources: ResourceService, owner: Actor, desk: FrontDesk, database: Database
) -> None:
    someone = desk.technicians[0]
    mine = resources.add_absence(owner, someone.id, days(TUESDAY)).absence
    changed = resources.change_absence(owner, mine.id, days(date(2026, 12, 24), date(2027, 1, 6)))
    assert (changed.absence.first_on, changed.absence.last_on) == (date(2026, 12, 24), date(2027, 1, 6))
    assert "2026" in changed.absence.when
    assert "2027" in changed.absence.when
    foreign = save(
        database,
        Absence(
            workshop_id=desk.workshop.id,
            resource_id=someone.id,
            starts_at=datetime(2026, 11, 25, tzinfo=UTC),
            ends_at=datetime(2026, 11, 26, tzinfo=UTC),
            reason="external",
            external_id="uid-1",
        ),
    )
    shown = resources.list_resources(owner)[0].absences
    assert [one.external for one in shown] == [True, False]
    for change in (
        lambda: resources.remove_absence(owner, foreign.id),
        lambda: resources.change_absence(owner, foreign.id, days(TUESDAY)),
    ):
        with pytest.raises(Conflict, match="absence_external"):
            change()


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (days(TUESDAY, date(2026, 11, 23)), "span_invalid", "ends_on"),
        (days(TUESDAY, starts_at="14:00", ends_at="14:00"), "span_invalid", "ends_at"),
        (days(TUESDAY, ends_at="00:00"), "span_invalid", "ends_at"),
        (days(TUESDAY, starts_at="25:00"), "time_invalid", "starts_at"),
        (days(TUESDAY, date(2036, 1, 1)), "span_too_long", "ends_on"),
        (days(date.max), "date_out_of_range", "starts_on"),
        (days(date.min, TUESDAY), "date_out_of_range", "starts_on"),
        (days(TUESDAY, reason="external"), "reason_unknown", "reason"),
        (days(TUESDAY, note="x" * 201), "too_long", "note"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    resources: ResourceService, owner: Actor, desk: FrontDesk, draft: AbsenceDraft, code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        resources.add_absence(owner, desk.technicians[0].id, draft)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("on", "hours"),
    [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2028, 2, 29), 24), (date(2026, 12, 31), 24)],
)
def test_a_whole_day_is_a_whole_day_whatever_the_clocks_do(
    resources: ResourceService, owner: Actor, desk: FrontDesk, on: date, hours: int
) -> None:
    absence = resources.add_absence(owner, desk.technicians[0].id, days(on)).absence
    assert absence.ends_at - absence.starts_at == timedelta(hours=hours)
    assert (absence.first_on, absence.last_on, absence.whole_days) == (on, on, True)


def test_in_the_night_of_the_clock_change_an_absence_never_gets_shorter(
    resources: ResourceService, owner: Actor, desk: FrontDesk
) -> None:
    twice = days(date(2027, 10, 31), starts_at="02:30", ends_at="02:45")
    absence = resources.add_absence(owner, desk.technicians[0].id, twice).absence
    assert absence.ends_at - absence.starts_at == timedelta(minutes=75)


def test_a_technician_sees_but_changes_nothing_and_the_front_desk_enters_absences(
    resources: ResourceService, desk: FrontDesk
) -> None:
    someone = desk.technicians[0].id
    technician, front_desk = staff_of(desk.workshop, "technician"), staff_of(desk.workshop, "front_desk")
    assert len(resources.list_resources(technician)) == 4
    absence = resources.add_absence(front_desk, someone, days(TUESDAY)).absence
    for refused in (
        lambda: resources.add_absence(technician, someone, days(TUESDAY)),
        lambda: resources.change_absence(technician, absence.id, days(TUESDAY)),
        lambda: resources.remove_absence(technician, absence.id),
        lambda: resources.add_resource(front_desk, "technician", MECHANIC),
        lambda: resources.change_resource(front_desk, someone, MECHANIC),
        lambda: resources.retire(front_desk, someone),
        lambda: resources.restore(front_desk, someone),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_another_workshop_sees_and_changes_nothing(
    resources: ResourceService, desk: FrontDesk, owner: Actor, database: Database
) -> None:
    other = make_workshop(database, slug="other")
    foreign = make_resource(database, other, name="Fremd")
    stranger = staff_of(other)
    absence = resources.add_absence(stranger, foreign.id, days(TUESDAY)).absence
    assert "Fremd" not in {view.name for view in resources.list_resources(owner)}
    assert resources.list_absences(owner, **november()) == []
    for reach in (
        lambda: resources.change_resource(owner, foreign.id, MECHANIC),
        lambda: resources.retire(owner, foreign.id),
        lambda: resources.restore(owner, foreign.id),
        lambda: resources.list_affected(owner, foreign.id),
        lambda: resources.add_absence(owner, foreign.id, days(TUESDAY)),
        lambda: resources.change_absence(owner, absence.id, days(TUESDAY)),
        lambda: resources.remove_absence(owner, absence.id),
    ):
        with pytest.raises(NotFound):
            reach()
    assert [one.id for one in resources.list_absences(stranger, **november())] == [absence.id]
