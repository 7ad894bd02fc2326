"""What happens at a car is written once, signed, chained, handed out without those before. Both engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from carbot_app.adapters.identity.vault import AesVault
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.customers.schemas import InspectionFacts
from carbot_app.domains.customers.vehicles import VehicleService
from carbot_app.domains.orders.models import CheckIn
from carbot_app.domains.orders.schemas import JobInput, OrderLineInput
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.domains.vehicle_history.models import HistoryEntry, HistoryKey, HistoryText, VehicleChain
from carbot_app.domains.vehicle_history.recording import REPORT_ISSUED, HistoryRecorder
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, NotFound
from tests.factories import make_customer, make_vehicle, staff_of
from tests.factories.saving import save
from tests.services.history_desk import VIN, HistoryDesk, judged, open_history_desk, parts_of
from tests.services.privacy_desk import open_privacy_desk

LUMP = JobInput("Quietschen für Frau Yılmaz beseitigt", lines=(OrderLineInput("Pauschale", Decimal(90)),))


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> HistoryDesk:
    return open_history_desk(database, clock, tmp_path)


def change_car(desk: HistoryDesk, **fields: object) -> None:
    with desk.database.writing(desk.workshop.id) as session:
        row = session.get_one(Vehicle, desk.car)
        for name, value in fields.items():
            setattr(row, name, value)


def test_a_visit_is_written_when_the_car_is_handed_over(desk: HistoryDesk) -> None:
    order = desk.desk.estimate()
    desk.hear("order.changed", order_id=order.id)
    assert desk.view().entries == ()
    desk.visit()
    car, visit = desk.view().entries
    assert (car.kind, car.car) == ("vehicle", "VW Golf 2015")
    assert (visit.kind, visit.km, visit.on, visit.jobs) == ("visit", 88_400, desk.clock().date(), 1)
    assert visit.services[0]["de"]
    assert visit.works == ()
    assert desk.view().broken is None


def test_the_same_event_twice_and_later_events_of_the_order_write_nothing_more(desk: HistoryDesk) -> None:
    order = desk.visit()
    desk.hear("order.state", order_id=order.id)
    desk.clock.advance(timedelta(days=3))
    desk.hear("order.changed", order_id=order.id)
    assert [row.seq for row in desk.rows()] == [1, 2]


def test_what_was_corrected_after_handing_over_is_added_and_says_what_it_replaces(desk: HistoryDesk) -> None:
    order = desk.visit()
    with desk.database.writing(desk.workshop.id) as session:
        session.execute(text("UPDATE work_order SET km = 88500"))
    desk.hear("order.changed", order_id=order.id)
    last = desk.view().entries[-1]
    assert (last.seq, last.km, last.corrects) == (3, 88_500, 2)
    assert [one.reading.km for one in desk.view().readings] == [88_500]


def test_what_people_wrote_is_told_but_stands_nowhere_in_the_chain(desk: HistoryDesk) -> None:
    change_car(desk, vin=VIN)
    desk.visit(service_codes=(), jobs=(LUMP,))
    car, visit = desk.view().entries
    assert (car.vin, visit.works) == (VIN, (LUMP.title,))
    stored = str([row.content for row in desk.rows()])
    assert "Yılmaz" not in stored
    assert VIN not in stored


def test_declined_work_is_not_told(desk: HistoryDesk) -> None:
    order = desk.desk.estimate(jobs=(LUMP,))
    with desk.database.writing(desk.workshop.id) as session:
        session.execute(text("UPDATE order_job SET decision = 'declined' WHERE title LIKE 'Quietschen%'"))
        session.execute(text("UPDATE work_order SET state = 'billed'"))
    desk.hear("order.state", order_id=order.id)
    visit = desk.view().entries[-1]
    assert (visit.jobs, visit.works) == (1, ())


def test_signed_kilometres_of_a_check_in_are_a_reading(desk: HistoryDesk) -> None:
    desk.check_in(91_000)
    reading = desk.view().entries[-1]
    assert (reading.kind, reading.km) == ("reading", 91_000)
    assert reading.reading
    assert reading.reading.reading.source == "check_in"


def test_kilometres_nobody_has_signed_for_yet_are_none(desk: HistoryDesk) -> None:
    order = desk.desk.estimate()
    save(desk.database, CheckIn(workshop_id=desk.workshop.id, order_id=order.id, km=91_000))
    desk.hear("order.changed", order_id=order.id)
    assert desk.rows() == []


def test_kilometres_that_go_down_are_kept_marked_and_not_believed(desk: HistoryDesk) -> None:
    desk.check_in(120_000)
    desk.clock.advance(timedelta(days=30))
    desk.check_in(80_000)
    view = desk.view()
    assert view.current
    assert view.current.km == 120_000
    assert [(one.reading.km, one.doubt) for one in view.readings] == [(120_000, ""), (80_000, "below")]
    assert view.is_contradictory
    assert desk.rows()[-1].content["facts"]["below_km"] == 120_000


def test_a_report_counts_with_its_kilometres_and_the_hash_of_its_pdf(desk: HistoryDesk) -> None:
    desk.report(km=92_000, summary="Zylinder 2 setzt aus", sha256="AB" * 32)
    report = desk.view().entries[-1]
    assert (report.kind, report.km, report.summary) == ("report", 92_000, "Zylinder 2 setzt aus")
    assert report.report_sha256 == "ab" * 32


@pytest.mark.parametrize("wrong", [{"sha256": "kurz"}, {"sha256": "zz" * 32}, {"report_id": "eins"}])
def test_an_event_that_is_no_report_is_refused_and_leaves_nothing(desk: HistoryDesk, wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"sha256|base 16|hexadecimal"):
        desk.report(**wrong)
    assert desk.rows() == []


def test_impossible_kilometres_of_a_report_are_left_out_of_it(desk: HistoryDesk) -> None:
    desk.report(km=-5)
    assert desk.view().entries[-1].km is None


def test_an_inspection_is_written_through_the_event_of_the_car(desk: HistoryDesk) -> None:
    customers = desk.desk.front.customers
    vehicles = VehicleService(db=desk.database, clock=desk.clock, customers=customers)
    heard: list[str] = []
    desk.database.on_emit = lambda: heard.append("woken")
    facts = InspectionFacts("car", "petrol", date(2015, 3, 2), date(2026, 3, 9), None)
    vehicles.set_inspection(desk.owner, desk.car, facts)
    assert heard == ["woken"]
    desk.car_changed()
    desk.car_changed()
    inspection = desk.view().entries[-1]
    assert (inspection.inspected_on, inspection.inspection_due) == (date(2026, 3, 9), date(2028, 3, 31))
    assert len(desk.rows()) == 2


def test_a_car_without_inspection_and_a_car_nobody_knows_write_nothing(desk: HistoryDesk) -> None:
    desk.car_changed()
    desk.report(vehicle_id=desk.workshop.id)
    desk.hear("order.changed", order_id=desk.workshop.id)
    desk.hear("lead.changed", lead_id=desk.workshop.id)
    assert desk.rows() == []


def test_a_vin_found_later_is_written_before_what_comes_next(desk: HistoryDesk) -> None:
    desk.check_in(90_000)
    change_car(desk, vin=VIN)
    desk.check_in(90_500)
    assert [entry.kind for entry in desk.view().entries] == ["vehicle", "reading", "vehicle", "reading"]
    assert desk.view().entries[2].vin == VIN


def test_two_at_once_keep_one_chain(desk: HistoryDesk) -> None:
    def read_off(km: int) -> None:
        desk.report(km=km)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_off, range(90_000, 90_024)))
    assert [row.seq for row in desk.rows()] == list(range(1, 26))
    assert desk.view().broken is None
    with desk.database.reading(desk.workshop.id) as session:
        assert len(session.exec(select(HistoryKey)).all()) == 1


@pytest.mark.parametrize(
    "change", ["UPDATE history_entry SET seq = 9 WHERE seq = 2", "DELETE FROM history_entry WHERE seq = 2"]
)
def test_the_database_refuses_to_change_and_to_remove_entries(desk: HistoryDesk, change: str) -> None:
    desk.visit()
    with pytest.raises(DatabaseError, match="cannot be changed"), desk.database.writing(SYSTEM) as session:
        session.execute(text(change))
    assert len(desk.rows()) == 2


def test_so_does_the_program_in_words(desk: HistoryDesk) -> None:
    desk.visit()
    with (
        pytest.raises(Conflict, match="history_immutable"),
        desk.database.writing(desk.workshop.id) as session,
    ):
        session.exec(select(HistoryEntry)).all()[0].hash = "0" * 64
    with (
        pytest.raises(Conflict, match="history_immutable"),
        desk.database.writing(desk.workshop.id) as session,
    ):
        session.delete(session.exec(select(HistoryEntry)).all()[0])


def test_who_changes_an_entry_past_every_guard_is_seen_and_gets_no_certificate(desk: HistoryDesk) -> None:
    desk.visit()
    forge(desk)
    broken = desk.view().broken
    assert broken
    assert (broken.code, broken.seq) == ("changed", 2)
    with pytest.raises(Conflict, match="history_broken"):
        desk.histories.print_certificate(desk.owner, desk.car)
    assert judged(desk.file()).broken == broken


def forge(desk: HistoryDesk) -> None:
    """As the owner of the database could."""
    with desk.database.writing(SYSTEM) as session:
        if desk.database.is_sqlite:
            session.execute(text("DROP TRIGGER history_entry_frozen_update"))
            wanted = "json_set(content, '$.facts.km', 8840)"
        else:
            session.execute(text("ALTER TABLE history_entry DISABLE TRIGGER history_entry_frozen"))
            wanted = "jsonb_set(content, '{facts,km}', '8840')"
        session.execute(text(f"UPDATE history_entry SET content = {wanted} WHERE seq = 2"))


def test_the_file_holds_by_itself(desk: HistoryDesk) -> None:
    change_car(desk, vin=VIN)
    desk.visit()
    desk.report(km=90_000, summary="In Ordnung")
    file = desk.histories.export_file(desk.owner, desk.car)
    assert file.name == "fahrzeughistorie-do-ab-123.json"
    verdict = judged(desk.file())
    assert verdict.broken is None
    assert (len(verdict.entries), verdict.workshop) == (3, desk.workshop.name)
    published = desk.histories.publish_keys(desk.workshop.id)
    assert verdict.keys == (published.keys[0].fingerprint,)
    assert verdict.keys_url.endswith(f"/.well-known/carbot/vehicle-history/{desk.workshop.id}")


def test_a_new_owner_gets_the_chain_without_the_words_of_the_one_before(desk: HistoryDesk) -> None:
    change_car(desk, vin=VIN)
    desk.visit(service_codes=(), jobs=(LUMP,))
    change_car(desk, customer_id=make_customer(desk.database, desk.workshop, name="Piotr", phone="").id)
    file = desk.file()
    assert "Yılmaz" not in str(file)
    verdict = judged(file)
    assert verdict.broken is None
    assert [entry.withheld for entry in verdict.entries] == [(), ("works",)]
    assert "Yılmaz" not in read_pdf(desk)
    # The workshop itself still knows
    assert desk.view().entries[1].works == (LUMP.title,)


def test_words_that_are_forgotten_leave_the_chain_whole(desk: HistoryDesk) -> None:
    change_car(desk, vin=VIN)
    order = desk.visit(service_codes=(), jobs=(LUMP,))
    with desk.database.writing(desk.workshop.id) as session:
        for row in session.exec(select(HistoryText)):
            session.delete(row)
        session.get_one(Vehicle, desk.car).vin = ""
    desk.hear("order.changed", order_id=order.id)
    view = desk.view()
    assert (len(view.entries), view.broken) == (2, None)
    assert [entry.is_withheld for entry in view.entries] == [True, True]
    assert judged(desk.file()).broken is None


def test_forgetting_the_owner_leaves_kilometres_that_hold_and_nobodys_name(desk: HistoryDesk) -> None:
    change_car(desk, vin=VIN)
    order = desk.visit(service_codes=(), jobs=(LUMP,))
    before = [row.hash for row in desk.rows()]
    privacy = open_privacy_desk(desk.database, desk.clock, desk.workshop)
    privacy.erasures.erase(
        desk.owner, desk.desk.customer.id, checked_by="document", typed=desk.desk.customer.name
    )
    with desk.database.reading(desk.workshop.id) as session:
        assert session.exec(select(HistoryText)).all() == []
        assert session.exec(select(VehicleChain.vehicle_id)).all() == []
    rows = desk.rows()
    assert [row.hash for row in rows] == before
    assert rows[1].content["facts"]["km"] == 88_400
    # What is left of the order does not start it over again
    desk.hear("order.changed", order_id=order.id)
    assert len(desk.rows()) == 2
    with pytest.raises(NotFound):
        desk.view()


def test_after_a_change_of_keys_what_the_old_one_signed_still_holds(desk: HistoryDesk) -> None:
    desk.visit()
    old = desk.view().key
    new = desk.histories.replace_key(desk.owner)
    desk.check_in(90_000)
    assert desk.view().key == new.fingerprint != old
    verdict = judged(desk.file(), trusted={old, new.fingerprint})
    assert (verdict.broken, verdict.keys) == (None, (old, new.fingerprint))
    published = desk.histories.publish_keys(desk.workshop.id).keys
    assert [(key.fingerprint, key.until is None) for key in published] == [
        (old, False),
        (new.fingerprint, True),
    ]
    with desk.database.reading(desk.workshop.id) as session:
        assert [key.sealed_private == "" for key in session.exec(select(HistoryKey))] == [True, False]


def test_the_private_key_lies_sealed(desk: HistoryDesk, tmp_path: Path) -> None:
    desk.visit()
    with desk.database.reading(desk.workshop.id) as session:
        sealed = session.exec(select(HistoryKey.sealed_private)).one()
    purpose = f"vehicle history of {desk.workshop.id}"
    assert len(AesVault(tmp_path / "secrets.key").unseal(sealed, purpose=purpose)) == 44
    with pytest.raises(ValueError, match="another key"):
        AesVault(tmp_path / "other.key").unseal(sealed, purpose=purpose)


def test_a_vault_with_another_key_makes_a_new_pair_and_what_was_signed_holds(
    desk: HistoryDesk, tmp_path: Path
) -> None:
    desk.visit()
    old = desk.view().key
    restored = replace(desk, recorder=HistoryRecorder(**parts_of(desk.database, desk.clock, tmp_path / "b")))
    restored.check_in(90_000)
    assert desk.view().key != old
    assert desk.view().broken is None
    assert [key.until is None for key in desk.histories.publish_keys(desk.workshop.id).keys] == [False, True]


def read_pdf(desk: HistoryDesk, **options: str) -> str:
    file = desk.histories.print_certificate(desk.owner, desk.car, **options)
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)


@pytest.mark.parametrize(
    ("language", "title", "km"),
    [
        ("de", "Fahrzeughistorie", "88.400 km"),
        ("en", "Vehicle history", "88,400 km"),
        ("tr", "Araç geçmişi", "88.400 km"),
        ("pl", "Historia pojazdu", "88 400 km"),
    ],
)
def test_the_certificate_speaks_the_language_of_its_reader(
    desk: HistoryDesk, language: str, title: str, km: str
) -> None:
    change_car(desk, vin=VIN)
    desk.visit()
    told = read_pdf(desk, language=language).replace("\xa0", " ")
    assert title in told
    assert km in told
    assert VIN in told
    assert desk.view().head[:8] in told
    assert "DO-AB 123" not in told


def test_the_certificate_says_which_kilometres_are_not_believed_and_why(desk: HistoryDesk) -> None:
    desk.check_in(120_000)
    desk.clock.advance(timedelta(days=30))
    desk.check_in(80_000)
    told = " ".join(read_pdf(desk).split())
    assert "Die Kilometerstände widersprechen sich" in told
    assert "waren es schon 120.000 km" in told


def test_the_certificate_tells_inspections_and_reports_in_a_line_each(desk: HistoryDesk) -> None:
    change_car(desk, inspected_on=date(2026, 3, 9), inspection_due=date(2028, 3, 31))
    desk.car_changed()
    desk.report(km=92_000, summary="Zylinder 2 setzt aus: <b>bitte</b> #prüfen $x$")
    told = " ".join(read_pdf(desk).split())
    assert "Nächste HU 03/2028" in told
    assert "Zylinder 2 setzt aus: <b>bitte</b> #prüfen $x$" in told


def test_without_a_language_the_owner_of_the_car_decides_it(desk: HistoryDesk) -> None:
    with desk.database.writing(desk.workshop.id) as session:
        session.execute(text("UPDATE customer SET language = 'pl'"))
    desk.visit()
    assert "Historia pojazdu" in read_pdf(desk)


def test_without_entries_nothing_is_handed_out(desk: HistoryDesk) -> None:
    for ask in (desk.histories.export_file, desk.histories.print_certificate):
        with pytest.raises(NotFound, match="history_empty"):
            ask(desk.owner, desk.car)
    with pytest.raises(NotFound):
        desk.histories.publish_keys(desk.workshop.id)
    with pytest.raises(NotFound):
        desk.histories.publish_keys(desk.car)


def test_technicians_read_and_only_the_desk_hands_out(desk: HistoryDesk) -> None:
    desk.visit()
    technician = staff_of(desk.workshop, TECHNICIAN)
    assert len(desk.histories.get_history(technician, desk.car).entries) == 2
    for ask in (desk.histories.export_file, desk.histories.print_certificate):
        with pytest.raises(Forbidden):
            ask(technician, desk.car)
    with pytest.raises(Forbidden):
        desk.histories.replace_key(technician)


def test_another_workshop_sees_nothing_of_it_and_has_a_key_of_its_own(
    desk: HistoryDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    other = open_history_desk(database, clock, tmp_path, "zweite")
    desk.visit()
    other.visit()
    for ask in (
        other.histories.get_history,
        other.histories.export_file,
        other.histories.print_certificate,
    ):
        with pytest.raises(NotFound):
            ask(other.owner, desk.car)
    assert other.view().key != desk.view().key
    other.hear(REPORT_ISSUED, report_id=desk.car, vehicle_id=desk.car, sha256="ab" * 32)
    assert len(desk.view().entries) == len(other.view().entries) == 2


def test_each_car_has_a_chain_of_its_own(desk: HistoryDesk) -> None:
    desk.visit()
    second = make_vehicle(desk.database, desk.workshop, desk.desk.customer, plate="DO-XY 9")
    desk.report(vehicle_id=second.id)
    found = desk.histories.get_history(desk.owner, second.id)
    assert [entry.seq for entry in found.entries] == [1, 2]
    assert len({row.chain_id for row in desk.rows()}) == 2
