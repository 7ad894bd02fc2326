"""Reports beside the codes: previewed, sent, listed and taken back; nobody else's session answers."""

from typing import Any
from uuid import UUID

from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics.models import CodeFinding, CodeReading, DiagnosticSession
from carbot_app.state.diagnosis_due import DiagnosisDueState
from carbot_app.state.diagnosis_report import DiagnosisReportState
from tests.factories import make_customer, make_vehicle, make_workshop
from tests.factories.saving import save
from tests.state.tabs import Tab, words_of


def read_car(services: Services, tab: Tab, *, foreign: bool = False, read: bool = True) -> UUID:
    """A car with a misfire; the id of its session."""
    workshop = make_workshop(services.db, "other") if foreign else tab.workshop
    customer = make_customer(services.db, workshop)
    car = make_vehicle(services.db, workshop, customer)
    at = services.clock()
    of: dict[str, Any] = {"workshop_id": workshop.id}
    session = DiagnosticSession(
        **of, car_key="car", way="agent", state="ended", vehicle_id=car.id, customer_id=customer.id,
        started_at=at, heard_at=at, ended_at=at,
    )  # fmt: skip
    save(services.db, session)
    if read:
        reading = CodeReading(**of, session_id=session.id, read_at=at, mil=True)
        save(services.db, reading)
        save(services.db, CodeFinding(**of, reading_id=reading.id, ecu="7E8", code="P0301", kind="stored"))
    return session.id


async def test_what_the_customer_would_read_is_shown_before_it_is_sent(tab: Tab, services: Services) -> None:
    session_id = read_car(services, tab)
    tab.at(f"/diagnose/auto/?id={session_id}")
    await tab.call(DiagnosisReportState.load)
    await tab.call(DiagnosisReportState.ask)
    state = await tab.state(DiagnosisReportState)
    assert (state.status, state.reports, state.asking, state.problem) == ("ready", [], True, "")
    assert state.preview.codes == ("P0301 Zündaussetzer Zylinder 1",)
    await tab.call(DiagnosisReportState.choose_language, "en")
    assert "isfire" in (await tab.state(DiagnosisReportState)).preview.codes[0]
    await tab.call(DiagnosisReportState.choose_lamp, "engine_blinking")
    preview = (await tab.state(DiagnosisReportState)).preview
    assert (preview.tone, "do not drive" in preview.stop.lower()) == ("err", True)


async def test_a_sent_report_stands_in_the_list_until_it_is_taken_back(tab: Tab, services: Services) -> None:
    tab.at(f"/diagnose/auto/?id={read_car(services, tab)}")
    await tab.call(DiagnosisReportState.ask)
    outcomes = await tab.call(DiagnosisReportState.send, {"channel": "none", "note": "Bitte bald."})
    assert "Bericht erstellt" in words_of(outcomes)
    state = await tab.state(DiagnosisReportState)
    (row,) = state.reports
    assert (state.asking, state.busy, row.state, row.order) == (False, False, "issued", "")
    assert "1 Code" in row.told
    assert row.sent.endswith("noch nicht geöffnet")
    await tab.call(DiagnosisReportState.revoke, row.id)
    assert (await tab.state(DiagnosisReportState)).reports[0].state == "revoked"


async def test_a_car_that_was_not_read_says_why_there_is_no_report(tab: Tab, services: Services) -> None:
    tab.at(f"/diagnose/auto/?id={read_car(services, tab, read=False)}")
    await tab.call(DiagnosisReportState.ask)
    assert "Fehlercodes" in (await tab.state(DiagnosisReportState)).problem


async def test_another_workshops_session_shows_and_sends_nothing(tab: Tab, services: Services) -> None:
    session_id = read_car(services, tab, foreign=True)
    tab.at(f"/diagnose/auto/?id={session_id}")
    await tab.call(DiagnosisReportState.load)
    await tab.call(DiagnosisReportState.ask)
    await tab.call(DiagnosisReportState.send, {"channel": "", "note": ""})
    state = await tab.state(DiagnosisReportState)
    assert (state.status, state.reports, state.preview.codes) == ("failed", [], ())


async def test_what_is_due_on_the_car_stands_beside_its_codes(tab: Tab, services: Services) -> None:
    tab.at(f"/diagnose/auto/?id={read_car(services, tab)}")
    await tab.call(DiagnosisDueState.load)
    state = await tab.state(DiagnosisDueState)
    assert state.status == "ready"
    assert "Wegen Fehlercode P0301." in {row.why for row in state.sheet.rows}
    assert {row.urgency for row in state.sheet.rows} <= {"overdue", "now", "soon"}


async def test_nothing_is_due_on_another_workshops_car(tab: Tab, services: Services) -> None:
    tab.at(f"/diagnose/auto/?id={read_car(services, tab, foreign=True)}")
    await tab.call(DiagnosisDueState.load)
    state = await tab.state(DiagnosisDueState)
    assert (state.status, state.sheet.rows) == ("failed", ())
