"""Codes of a session explained for this car and priced by this workshop. Both engines."""

from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.diagnostics.evidence import LOAD, LTFT1, RPM, SPEED, STFT1
from carbot_app.domains.diagnostics.meaning import MeaningService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, NotFound
from tests.factories import make_customer, make_service, make_vehicle, make_workshop, staff_of
from tests.services.diagnostics_bay import GOLF, Bay, open_bay

COOLANT = 0x05


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    bay = open_bay(database, clock)
    make_vehicle(database, bay.workshop, make_customer(database, bay.workshop), vin=GOLF)
    return bay


@pytest.fixture
def meaning(bay: Bay) -> MeaningService:
    return MeaningService(db=bay.db, catalog=CatalogService(db=bay.db, clock=bay.clock))


def driven(trim: float) -> list[tuple[int, int, float]]:
    """A warm engine idles with this correction of the mixture, then pulls with hardly any."""
    idle = ((COOLANT, 92), (SPEED, 0), (LOAD, 20), (LTFT1, trim), (STFT1, 2.0), (RPM, 780))
    pull = ((COOLANT, 92), (SPEED, 90), (LOAD, 80), (LTFT1, 1.0), (STFT1, 0.0), (RPM, 3200))
    return [
        (at + place, pid, value)
        for at in range(0, 20_000, 500)
        for place, (pid, value) in enumerate(idle if at < 10_000 else pull)
    ]


def test_codes_that_were_not_read_mean_nothing(bay: Bay, meaning: MeaningService) -> None:
    session_id = bay.start().session_id
    assert meaning.explain(bay.staff, session_id, language="de") is None


def test_the_most_urgent_code_comes_first_with_its_freeze_frame(bay: Bay, meaning: MeaningService) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id, "P0128", "P0301", pending=("P0300",))
    found = meaning.explain(bay.staff, session_id, language="de")
    assert found is not None
    assert found.codes[-1].view.code == "P0128"
    assert {one.view.code for one in found.codes} == {"P0128", "P0300", "P0301"}
    thermostat = found.codes[-1]
    assert [(one.kind, dict(one.freeze_frame)) for one in thermostat.findings] == [("stored", {RPM: 742.0})]


def test_readings_change_what_is_looked_at_first(bay: Bay, meaning: MeaningService) -> None:
    first_causes = []
    for number, trim in enumerate((2.0, 21.0)):
        session_id = bay.start(car=f"car{number}").session_id
        bay.record(session_id, 1, driven(trim))
        bay.read_codes(session_id, "P0171")
        found = meaning.explain(bay.staff, session_id, language="de")
        assert found is not None
        first_causes.append(found.codes[0].view.causes[0])
        bay.end(session_id)
    assert first_causes[0].reasons == ()
    assert first_causes[1].cause == "vacuum_leak"
    assert first_causes[1].reasons


def test_what_was_read_long_ago_does_not_count(bay: Bay, meaning: MeaningService) -> None:
    session_id = bay.start().session_id
    bay.record(session_id, 1, driven(21.0))
    bay.clock.advance(timedelta(hours=1))
    bay.record(session_id, 2, [(0, RPM, 800.0)])
    bay.read_codes(session_id, "P0171")
    found = meaning.explain(bay.staff, session_id, language="de")
    assert found is not None
    assert LTFT1 not in found.evidence.live.highest
    assert found.evidence.live.highest == {RPM: 800.0}


def test_the_price_is_this_workshops_and_missing_where_it_does_not_offer_the_service(
    bay: Bay, meaning: MeaningService
) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id, "P0128")
    found = meaning.explain(bay.staff, session_id, language="de")
    assert found is not None
    assert found.codes[0].quote is None
    make_service(bay.db, bay.workshop, code=found.codes[0].view.service)
    catalog = CatalogService(db=bay.db, clock=bay.clock)
    priced = MeaningService(db=bay.db, catalog=catalog).explain(bay.staff, session_id, language="de")
    assert priced is not None
    quote = priced.codes[0].quote
    assert quote is not None
    assert quote.service_code == priced.codes[0].view.service
    assert quote.high_cents > 0


def test_a_course_is_thinned_out_and_only_of_what_was_asked(bay: Bay) -> None:
    session_id = bay.start().session_id
    began = bay.clock()
    for number in range(30):
        rows = [(at, pid, float(at)) for at in range(0, 10_000, 50) for pid in (RPM, COOLANT)]
        bay.record(session_id, number + 1, rows, began + timedelta(seconds=10 * number))
    bay.clock.advance(timedelta(seconds=300))
    bay.intake.set_state(bay.agent, session_id, "ended", "unplugged")
    found = bay.recordings.outline(bay.staff, session_id, [RPM, STFT1])
    assert set(found) == {RPM, STFT1}
    assert found[STFT1] == []
    assert 1000 <= len(found[RPM]) <= 1201
    assert found[RPM][0] == (0, 0.0)
    assert found[RPM][-1][0] > 299_000


def test_another_workshop_hears_nothing_and_an_accountant_neither(
    database: Database, bay: Bay, meaning: MeaningService
) -> None:
    session_id = bay.start().session_id
    bay.read_codes(session_id, "P0128")
    stranger = staff_of(make_workshop(database, "anders"))
    for ask in (
        lambda actor: meaning.explain(actor, session_id, language="de"),
        lambda actor: bay.recordings.outline(actor, session_id, [RPM]),
    ):
        with pytest.raises(NotFound):
            ask(stranger)
        with pytest.raises(Forbidden):
            ask(staff_of(bay.workshop, role="accountant"))
