"""Trouble codes with who and when, and their clearing with who, why and what was there. Both engines."""

from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.diagnostics import wire
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid
from tests.factories import staff_of
from tests.services.diagnostics_bay import Bay, open_bay


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    return open_bay(database, clock)


def audited(bay: Bay) -> list[tuple[str, str, object]]:
    with bay.db.reading(bay.workshop.id) as session:
        rows = session.exec(select(AuditEntry).order_by(AuditEntry.seq)).all()  # type: ignore[arg-type]
        assert find_broken(session) is None
    return [(row.kind, row.by, row.content.get("outcome", row.content.get("role"))) for row in rows]


def test_codes_are_kept_with_freeze_frame_and_who_asked(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.codes.ask_for_codes(bay.staff, session_id)
    assert bay.bus.orders[-1] == "read_codes"
    bay.read_codes(session_id, "P0301", "P0171", pending=("P0300",), by="Sabine Müller")
    (reading,) = bay.codes.list_readings(bay.staff, session_id)
    assert (reading.read_by, reading.read_at, reading.mil) == ("Sabine Müller", bay.clock(), True)
    assert reading.readiness == {"catalyst": False}
    assert [(one.ecu, one.code, one.kind) for one in reading.findings] == [
        ("7E8", "P0301", "stored"), ("7E8", "P0171", "stored"), ("7E8", "P0300", "pending"),
    ]  # fmt: skip
    assert [dict(one.freeze_frame) for one in reading.findings] == [{0x0C: 742.0}, {}, {}]


def test_codes_are_cleared_with_reason_role_and_an_entry_in_the_chain(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id, "P0301")
    technician = staff_of(bay.workshop, role="technician")
    asked = bay.codes.clear_codes(technician, session_id, " Zündspule ersetzt ")
    assert (asked.reason, asked.role, asked.by, asked.state) == (
        "Zündspule ersetzt", "technician", technician.name, "asked",
    )  # fmt: skip
    assert asked.codes == (("7E8", "P0301", "stored"),)
    order = bay.bus.heard[-1][1]
    assert (order["do"], order["session"]) == ("clear_codes", str(session_id))
    answer = wire.Cleared("car1", order["command"], True)
    bay.intake.record_cleared(bay.agent, session_id, answer)
    bay.intake.record_cleared(bay.agent, session_id, wire.Cleared("car1", order["command"], False, "late"))
    (done,) = bay.codes.list_clearings(bay.staff, session_id)
    assert (done.state, done.done_at, done.failure) == ("done", bay.clock(), "")
    assert audited(bay) == [
        ("codes.clear", technician.name, "technician"), ("codes.cleared", technician.name, "done"),
    ]  # fmt: skip


def test_a_clearing_the_car_refused_is_told(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id)
    bay.codes.clear_codes(bay.staff, session_id, "Probe")
    command = bay.bus.heard[-1][1]["command"]
    bay.intake.record_cleared(bay.agent, session_id, wire.Cleared("car1", command, False, "engine_running"))
    (done,) = bay.codes.list_clearings(bay.staff, session_id)
    assert (done.state, done.failure) == ("failed", "engine_running")
    assert audited(bay)[-1][2] == "failed"


def test_an_answer_nobody_asked_for_changes_nothing(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.intake.record_cleared(bay.agent, session_id, wire.Cleared("car1", "made-up", True))
    assert bay.codes.list_clearings(bay.staff, session_id) == []
    assert audited(bay) == []


def test_codes_are_not_cleared_without_reason_right_reading_or_car(bay: Bay) -> None:
    session_id = bay.start().session_id
    with pytest.raises(Conflict, match="codes_unread"):
        bay.codes.clear_codes(bay.staff, session_id, "Probe")
    bay.read_codes(session_id, "P0301")
    with pytest.raises(Invalid, match="missing"):
        bay.codes.clear_codes(bay.staff, session_id, "  ")
    with pytest.raises(Forbidden):
        bay.codes.clear_codes(staff_of(bay.workshop, role="front_desk"), session_id, "Probe")
    bay.intake.set_state(bay.agent, session_id, "ignition_off")
    for attempt in (
        lambda: bay.codes.clear_codes(bay.staff, session_id, "Probe"),
        lambda: bay.codes.ask_for_codes(bay.staff, session_id),
    ):
        with pytest.raises(Conflict, match="session_not_live"):
            attempt()
    assert audited(bay) == []


def test_one_clearing_at_a_time_and_a_lost_one_is_no_obstacle(bay: Bay) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id, "P0301")
    bay.codes.clear_codes(bay.staff, session_id, "eins")
    with pytest.raises(Conflict, match="clearing_asked"):
        bay.codes.clear_codes(bay.staff, session_id, "zwei")
    bay.clock.advance(timedelta(minutes=2))
    bay.codes.clear_codes(bay.staff, session_id, "drei")
    clearings = bay.codes.list_clearings(bay.staff, session_id)
    assert [(one.reason, one.state, one.failure) for one in clearings] == [
        ("drei", "asked", ""), ("eins", "failed", "unanswered"),
    ]  # fmt: skip
