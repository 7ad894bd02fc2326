"""The staff calendar: lanes, what fits where, moving, lengthening and unplanning."""

from datetime import UTC, date, datetime, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.board_schemas import Board, Placement
from carbot_app.domains.booking.models import Absence, Appointment, BookingTerms, Claim, Resource
from carbot_app.domains.team.models import Closure
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from tests.factories import customer_of, make_resource, make_workshop, staff_of
from tests.factories.front_desk import FrontDesk
from tests.factories.saving import save
from tests.services.bookings import BERLIN, book, events, rows, slot_at

TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=BERLIN)


def board(desk: FrontDesk, **asked) -> Board:
    return desk.booking.get_board(staff_of(desk.workshop), **{"first_on": TUESDAY, "days": 1, **asked})


def absent(database: Database, desk: FrontDesk, number: int, start: datetime, end: datetime) -> None:
    save(
        database,
        Absence(
            workshop_id=desk.workshop.id,
            resource_id=desk.technicians[number].id,
            starts_at=start,
            ends_at=end,
            reason="sick",
        ),
    )


def options(desk: FrontDesk, visit, **asked):
    found = desk.booking.list_places(
        staff_of(desk.workshop), visit.appointment_id, **{"first_on": TUESDAY, "days": 1, **asked}
    )
    return {(option.lane_id, option.starts_at.astimezone(BERLIN)): option for option in found}


def test_lanes_tell_hours_pauses_and_load(desk: FrontDesk, database: Database) -> None:
    book(desk, slot_at(2026, 11, 24, 9))
    absent(database, desk, 1, at(13), at(20))
    seen = board(desk)
    first, second = seen.lanes
    assert (first.open_minutes[TUESDAY], first.busy_minutes[TUESDAY]) == (540, 60)
    assert (second.open_minutes[TUESDAY], second.busy_minutes[TUESDAY]) == (270, 0)
    assert [(pause.kind, pause.starts_at) for pause in first.pauses] == [("closed", at(12))]
    assert [pause.kind for pause in second.pauses] == ["closed", "sick"]
    assert (f"{seen.opens:%H:%M}", f"{seen.closes:%H:%M}") == ("07:30", "17:30")
    assert [visit.appointment.technician_id for visit in seen.visits] == [desk.technicians[0].id]
    assert seen.visits[0].conflicts == ()
    assert [lane.kind for lane in board(desk, kind="bay").lanes] == ["bay", "bay"]


def test_a_day_off_is_one_pause_without_a_break_in_it(desk: FrontDesk, database: Database) -> None:
    with database.writing(desk.workshop.id) as session:
        session.get_one(Resource, desk.technicians[0].id).hours = {"3": [["08:00", "12:00"]]}
    first = board(desk).lanes[0]
    assert [(pause.kind, pause.starts_at, pause.ends_at) for pause in first.pauses] == [
        ("off", at(7, 30), at(17, 30))
    ]
    assert first.open_minutes[TUESDAY] == 0


def test_a_visit_of_somebody_who_fell_ill_is_marked_and_can_be_given_to_another(
    desk: FrontDesk, database: Database
) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    absent(database, desk, 0, at(0), at(23))
    assert board(desk).visits[0].conflicts == ("absent",)
    placed = desk.booking.place(
        staff_of(desk.workshop), visit.appointment_id, Placement(at(9), desk.technicians[1].id)
    )
    assert placed.technician_id == desk.technicians[1].id
    assert board(desk).visits[0].conflicts == ()
    assert events(database)[-1] == "appointment.changed", "the customer's time is the same: no mail"
    with pytest.raises(Conflict, match="resource_absent"):
        desk.booking.place(
            staff_of(desk.workshop), visit.appointment_id, Placement(at(10), desk.technicians[0].id)
        )


def test_what_fits_is_told_before_dropping_and_is_true(desk: FrontDesk, database: Database) -> None:
    book(desk, slot_at(2026, 11, 24, 9))
    visit = book(desk, slot_at(2026, 11, 24, 14))
    save(database, Absence(
        workshop_id=desk.workshop.id, resource_id=desk.technicians[1].id, starts_at=at(15), ends_at=at(16),
    ))  # fmt: skip
    unskilled = make_resource(database, desk.workshop, "technician", name="T9", abilities=["body_specialist"])
    offered = options(desk, visit)
    first, second = (technician.id for technician in desk.technicians)
    assert offered[first, at(9)].refused == "busy"
    assert offered[first, at(8, 15)].refused == "busy", "it would run into the next visit"
    assert offered[first, at(8)].refused == ""
    assert offered[second, at(14, 30)].refused == "absent"
    assert offered[first, at(16, 45)].refused == "", "the rest is done the next morning"
    assert offered[first, at(16, 45)].ends_at == at(7, 45, TUESDAY + timedelta(days=1))
    assert offered[unskilled.id, at(11)].warning == "skill_missing"
    assert offered[second, at(9)].other == "B1"
    for (technician_id, starts_at), option in list(offered.items())[::7]:
        placement = Placement(starts_at, technician_id)
        if option.refused:
            with pytest.raises(Conflict):
                desk.booking.place(staff_of(desk.workshop), visit.appointment_id, placement)
        else:
            placed = desk.booking.place(staff_of(desk.workshop), visit.appointment_id, placement)
            assert (placed.technician_id, placed.starts_at) == (technician_id, starts_at)
            assert placed.ends_at == option.ends_at


def test_no_bay_is_told_when_all_are_taken(desk: FrontDesk, database: Database) -> None:
    make_resource(database, desk.workshop, "technician", name="T3")
    for _ in desk.bays:
        book(desk, slot_at(2026, 11, 24, 9))
    visit = book(desk, slot_at(2026, 11, 24, 14))
    refusals = {option.refused for (_, start), option in options(desk, visit).items() if start == at(9)}
    assert refusals == {"busy", "no_bay"}


def test_a_visit_is_lengthened_until_the_next_one(desk: FrontDesk, database: Database) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    mine = desk.booking.get_appointment(staff_of(desk.workshop), visit.appointment_id)
    book(desk, slot_at(2026, 11, 24, 9))
    other = next(row for row in rows(database, Appointment) if row.id != visit.appointment_id)
    desk.booking.place(staff_of(desk.workshop), other.id, Placement(at(11), mine.technician_id))
    longer = desk.booking.place(
        staff_of(desk.workshop), visit.appointment_id, Placement(at(9), mine.technician_id, minutes=120)
    )
    assert (longer.starts_at, longer.ends_at, longer.minutes) == (at(9), at(11), 120)
    with pytest.raises(Conflict, match="slot_taken"):
        desk.booking.place(
            staff_of(desk.workshop), visit.appointment_id, Placement(at(9), mine.technician_id, minutes=135)
        )
    moved = desk.booking.place(staff_of(desk.workshop), visit.appointment_id, Placement(at(13)))
    assert moved.ends_at == at(15), "it stays as long as staff has said"


def test_unplanned_work_waits_in_the_list_and_is_planned_by_dropping(
    desk: FrontDesk, database: Database
) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    actor = staff_of(desk.workshop)
    unplanned = desk.booking.unplan(actor, visit.appointment_id)
    assert (unplanned.state, unplanned.technician_id) == ("unplanned", None)
    assert rows(database, Claim) == []
    seen = board(desk)
    assert [one.id for one in seen.unplanned] == [visit.appointment_id]
    assert seen.visits == ()
    assert desk.booking.get_by_link(visit.manage_token).can_change is False
    planned = desk.booking.place(actor, visit.appointment_id, Placement(at(10), desk.technicians[1].id))
    assert (planned.state, planned.technician_id) == ("confirmed", desk.technicians[1].id)
    assert events(database)[-1] == "appointment.moved"
    assert board(desk).unplanned == ()
    desk.booking.change_state(actor, visit.appointment_id, "arrived")
    with pytest.raises(Gone):
        desk.booking.unplan(actor, visit.appointment_id)


def test_nothing_is_put_outside_of_hours_or_into_the_past(
    desk: FrontDesk, database: Database, clock: ManualClock
) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    actor = staff_of(desk.workshop)
    save(database, Closure(
        workshop_id=desk.workshop.id, starts_on=date(2026, 11, 26), ends_on=date(2026, 11, 26),
    ))  # fmt: skip
    for starts_at in (at(6), at(12, 15), at(9, on=date(2026, 11, 26)), at(9, on=date(2026, 12, 25))):
        with pytest.raises(Conflict, match="outside_hours"):
            desk.booking.place(actor, visit.appointment_id, Placement(starts_at))
    with pytest.raises(Conflict, match="slot_past"):
        desk.booking.place(actor, visit.appointment_id, Placement(at(9, on=date(2026, 11, 20))))
    with pytest.raises(Invalid):
        desk.booking.place(actor, visit.appointment_id, Placement(at(9), minutes=5_000))
    desk.booking.cancel(actor, visit.appointment_id)
    with pytest.raises(Gone):
        desk.booking.place(actor, visit.appointment_id, Placement(at(9)))


def test_a_special_opening_day_beats_the_holiday(desk: FrontDesk, database: Database) -> None:
    save(database, Closure(
        workshop_id=desk.workshop.id, starts_on=date(2026, 12, 26), ends_on=date(2026, 12, 26),
        hours=[["10:00", "12:00"]],
    ))  # fmt: skip
    visit = book(desk, slot_at(2026, 11, 24, 9))
    placed = desk.booking.place(
        staff_of(desk.workshop), visit.appointment_id, Placement(at(10, on=date(2026, 12, 26)))
    )
    assert placed.ends_at == at(11, on=date(2026, 12, 26))


def test_the_buffer_is_kept_free_but_not_part_of_the_visit(desk: FrontDesk, database: Database) -> None:
    save(database, BookingTerms(workshop_id=desk.workshop.id, buffer_minutes=15))
    visit = book(desk, slot_at(2026, 11, 24, 9))
    assert visit.ends_at == at(10)
    other = book(desk, slot_at(2026, 11, 24, 14))
    first = desk.technicians[0].id
    offered = options(desk, other)
    assert offered[first, at(10)].refused == "busy"
    assert offered[first, at(10, 15)].refused == ""


def test_a_visit_whose_service_is_gone_from_the_catalogue_does_not_hide_the_day(
    desk: FrontDesk, database: Database
) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    with database.writing(desk.workshop.id) as session:
        session.get_one(Appointment, visit.appointment_id).service_codes = ["OWN-001"]
    (shown,) = board(desk).visits
    assert (shown.appointment.id, shown.conflicts) == (visit.appointment_id, ())


def test_only_those_who_may_plan_can(desk: FrontDesk, database: Database) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    technician = staff_of(desk.workshop, role="technician")
    with pytest.raises(Forbidden):
        desk.booking.place(technician, visit.appointment_id, Placement(at(10)))
    with pytest.raises(Forbidden):
        desk.booking.get_board(customer_of(desk.workshop), first_on=TUESDAY, days=1)
    stranger = staff_of(make_workshop(database, "elsewhere"))
    with pytest.raises(NotFound):
        desk.booking.place(stranger, visit.appointment_id, Placement(at(10)))
    assert desk.booking.get_board(stranger, first_on=TUESDAY, days=1).visits == ()
    with pytest.raises(Invalid):
        board(desk, days=32)


def test_the_times_are_utc_inside(desk: FrontDesk, database: Database) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    desk.booking.place(staff_of(desk.workshop), visit.appointment_id, Placement(at(10)))
    assert rows(database, Appointment)[0].starts_at == datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_bays_have_their_own_answer_before_dropping(desk: FrontDesk, database: Database) -> None:
    other = book(desk, slot_at(2026, 11, 24, 9))
    visit = book(desk, slot_at(2026, 11, 24, 14))
    taken = desk.booking.get_appointment(staff_of(desk.workshop), other.appointment_id).bay_id
    free = next(bay.id for bay in desk.bays if bay.id != taken)
    offered = options(desk, visit, kind="bay")
    assert taken is not None
    assert (offered[taken, at(9)].refused, offered[free, at(9)].refused) == ("busy", "")
    assert offered[free, at(9)].other == desk.technicians[1].name
    with pytest.raises(Conflict, match="slot_taken"):
        desk.booking.place(staff_of(desk.workshop), visit.appointment_id, Placement(at(9), None, taken))


def test_an_end_that_meets_the_next_visit_is_refused_before_dropping(
    desk: FrontDesk, database: Database
) -> None:
    actor, visit = staff_of(desk.workshop), book(desk, slot_at(2026, 11, 24, 9))
    mine = desk.booking.get_appointment(actor, visit.appointment_id)
    other = book(desk, slot_at(2026, 11, 24, 14))
    desk.booking.place(actor, other.appointment_id, Placement(at(11), mine.technician_id))
    ends = {end.ends_at: end.refused for end in desk.booking.list_ends(actor, visit.appointment_id)}
    assert (ends[at(9, 15)], ends[at(11)], ends[at(11, 15)]) == ("", "", "busy")
    assert max(ends) == at(17, 30), "no later than its day"
    for end, refused in ends.items():
        if at(10) < end < at(12):
            placement = Placement(at(9), mine.technician_id, mine.bay_id, (end - at(9)).seconds // 60)
            if refused:
                with pytest.raises(Conflict):
                    desk.booking.place(actor, visit.appointment_id, placement)
            else:
                assert desk.booking.place(actor, visit.appointment_id, placement).ends_at == end


def test_a_car_that_is_there_stays_on_its_day_and_begun_work_keeps_its_start(
    desk: FrontDesk, database: Database, clock: ManualClock
) -> None:
    actor, visit = staff_of(desk.workshop), book(desk, slot_at(2026, 11, 24, 9))
    id_, wednesday = visit.appointment_id, TUESDAY + timedelta(days=1)
    clock.now = at(9, 5)
    desk.booking.change_state(actor, id_, "arrived")
    with pytest.raises(Conflict, match="visit_begun"):
        desk.booking.place(actor, id_, Placement(at(9, on=wednesday)))
    assert desk.booking.place(actor, id_, Placement(at(10))).starts_at == at(10)
    assert events(database)[-1] == "appointment.changed", "who is there is told nothing"
    desk.booking.change_state(actor, id_, "in_work")
    with pytest.raises(Conflict, match="visit_begun"):
        desk.booking.place(actor, id_, Placement(at(11)))
    second = desk.technicians[1].id
    moved = desk.booking.place(actor, id_, Placement(at(10), second, minutes=90))
    assert (moved.technician_id, moved.ends_at) == (second, at(11, 30))
    refusals = {
        start: option.refused for (lane, start), option in options(desk, visit).items() if lane == second
    }
    assert (refusals[at(10)], refusals[at(11)]) == ("", "begun")
    clock.now = at(9, on=wednesday)
    assert desk.booking.place(actor, id_, Placement(at(10), second, minutes=120)).ends_at == at(12)


def test_an_unplanned_visit_is_offered_times_at_which_it_can_be_planned(
    desk: FrontDesk, database: Database
) -> None:
    actor, visit = staff_of(desk.workshop), book(desk, slot_at(2026, 11, 24, 9))
    desk.booking.unplan(actor, visit.appointment_id)
    times = desk.booking.suggest_places(actor, visit.appointment_id, limit=4)
    assert len(times) == 4
    assert times[0].recommended
    placed = desk.booking.place(actor, visit.appointment_id, Placement(times[0].starts_at))
    assert (placed.state, placed.ends_at) == ("confirmed", times[0].ends_at)
    with pytest.raises(Forbidden):
        desk.booking.suggest_places(staff_of(desk.workshop, role="technician"), visit.appointment_id)
    with pytest.raises(NotFound):
        desk.booking.list_ends(staff_of(make_workshop(database, "elsewhere")), visit.appointment_id)
