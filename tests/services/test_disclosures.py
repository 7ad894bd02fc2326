"""What a person is told: everything of theirs with its files, nothing of anybody else. Both engines."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery, OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.compliance.holdings import HOLDINGS
from carbot_app.domains.compliance.models import PrivacyExport
from carbot_app.domains.compliance.schemas import ExportView
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.customers.models import Customer
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tests.factories import make_customer, make_workshop, staff_of
from tests.services.privacy_desk import AYSE, PIOTR, PrivacyDesk, fill, open_privacy_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> PrivacyDesk:
    return open_privacy_desk(database, clock)


def build(desk: PrivacyDesk, customer: Customer) -> ExportView:
    """Ask for a disclosure and let the job run."""
    asked = desk.exports.request(staff_of(desk.workshop), customer.id, checked_by="document")
    assert asked.state == "queued"
    deliver(desk)
    (found,) = [one for one in desk.exports.list_exports(staff_of(desk.workshop)) if one.id == asked.id]
    return found


def deliver(desk: PrivacyDesk) -> None:
    OutboxWorker(desk.database, desk.clock, quick={}, slow={"disclosures": desk.exports.on_event}).drain()


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_a_disclosure_holds_everything_of_the_person_and_nothing_of_others(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    fill(desk, PIOTR)
    ready = build(desk, ayse)
    assert (ready.state, ready.progress) == ("ready", 100)
    archive = opened(desk.exports.read(staff_of(desk.workshop), ready.id).content)
    raw = archive.read("data.json").decode()
    told = json.loads(raw)
    assert told["format"] == "carbot-disclosure/1"
    empty = [h.section for h in HOLDINGS if h.section and not told["data"][h.section]]
    assert empty == []
    assert set(told["data"]) == {h.section for h in HOLDINGS if h.section}
    for word in (AYSE.name, AYSE.phone, AYSE.email, AYSE.plate, AYSE.vin, AYSE.secret):
        assert word in raw
    for word in (PIOTR.name, PIOTR.phone, PIOTR.email, PIOTR.plate, PIOTR.vin, PIOTR.secret):
        assert word not in raw
    assert [one["kind"] for one in told["recipients"]] == ["team", "carbot", "mail", "calendar"]
    assert len(told["purposes"]) == 5
    assert {one["kind"]: one["period"] for one in told["retention"]}["order"] == "6 Jahre"
    assert told["controller"]["name"] == desk.workshop.name


def test_files_lie_beside_it_and_the_document_is_a_pdf_in_the_persons_language(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Customer, ayse.id).language = "tr"
    ready = build(desk, ayse)
    file = desk.exports.read(staff_of(desk.workshop), ready.id)
    archive = opened(file.content)
    assert file.name == "bilgi.zip"
    assert archive.namelist() == [
        "data.json",
        "files/001-Krokodil.pdf",
        *(f"photos/00{number}.jpeg" for number in (1, 2, 3)),
        "bilgi.pdf",
    ]
    assert archive.read("files/001-Krokodil.pdf") == b"Krokodil"
    assert archive.read("bilgi.pdf").startswith(b"%PDF-1.")
    assert json.loads(archive.read("data.json"))["data"]["photos"][0]["file"] == "photos/001.jpeg"


def test_no_secret_that_opens_a_door_is_told(desk: PrivacyDesk) -> None:
    ready = build(desk, fill(desk, AYSE))
    raw = opened(desk.exports.read(staff_of(desk.workshop), ready.id).content).read("data.json").decode()
    for word in ("token", "fingerprint", "sha256", "workshop_id", "request_key"):
        assert f'"{word}' not in raw
        assert f'{word}"' not in raw


def test_the_link_of_the_person_ends_with_the_next_one_and_after_a_week(desk: PrivacyDesk) -> None:
    owner = staff_of(desk.workshop)
    ready = build(desk, make_customer(desk.database, desk.workshop))
    first = desk.exports.make_link(owner, ready.id).rpartition("/")[2]
    assert desk.exports.read_by_link(first) == desk.exports.read(owner, ready.id)
    second = desk.exports.make_link(owner, ready.id).rpartition("/")[2]
    for token in (first, "", "x" * 400, "ä", "\x00"):
        with pytest.raises(NotFound):
            desk.exports.read_by_link(token)
    (listed,) = desk.exports.list_exports(owner)
    assert (listed.has_link, listed.customer) == (True, AYSE.name)
    desk.clock.advance(timedelta(days=7))
    with pytest.raises(NotFound):
        desk.exports.read_by_link(second)
    with pytest.raises(NotFound):
        desk.exports.read(owner, ready.id)
    assert desk.exports.list_exports(owner) == ()


def test_asking_twice_builds_one_and_the_event_again_changes_nothing(desk: PrivacyDesk) -> None:
    owner, customer = staff_of(desk.workshop), make_customer(desk.database, desk.workshop)
    first = desk.exports.request(owner, customer.id, checked_by="known")
    assert desk.exports.request(owner, customer.id, checked_by="known").id == first.id
    with pytest.raises(Conflict, match="export_not_ready"):
        desk.exports.read(owner, first.id)
    deliver(desk)
    content = desk.exports.read(owner, first.id).content
    with desk.database.reading(SYSTEM) as session:
        event = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "disclosure.requested")).one()
    desk.clock.advance(timedelta(hours=1))
    desk.exports.on_event(Delivery(event.id, event.workshop_id, event.kind, event.payload, event.created_at))
    assert desk.exports.read(owner, first.id).content == content
    assert desk.exports.request(owner, customer.id, checked_by="known").id != first.id


def test_a_full_disk_is_told_and_asking_again_builds_it(
    desk: PrivacyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(desk.database, desk.workshop)

    def full(*_: object) -> None:
        raise Unavailable("files_full")

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.exports_store), "put", full)
        assert build(desk, customer).state == "failed"
    assert build(desk, customer).state == "ready"


def test_a_lost_photo_does_not_stop_the_rest(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    for workshop_id, names in desk.store.list_old(desk.clock() + timedelta(days=365)):
        for name in names:
            desk.store.delete(workshop_id, name)
    ready = build(desk, ayse)
    archive = opened(desk.exports.read(staff_of(desk.workshop), ready.id).content)
    assert archive.namelist() == ["data.json", "Auskunft.pdf"]


def test_words_of_strangers_are_no_markup_and_no_path(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    with desk.database.writing(SYSTEM) as session:
        session.get_one(Customer, ayse.id).name = '#read("/etc/passwd") *fett* $x$ <a>\n= Titel'
        session.exec(select(MessageFile)).one().name = "../../etc/passwd"
    ready = build(desk, ayse)
    assert ready.state == "ready"
    names = opened(desk.exports.read(staff_of(desk.workshop), ready.id).content).namelist()
    assert "files/001-passwd" in names


def test_who_may_ask(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    ready = build(desk, customer)
    for role in ("manager", "front_desk", "technician"):
        staff = staff_of(desk.workshop, role)
        with pytest.raises(Forbidden):
            desk.exports.request(staff, customer.id, checked_by="known")
        with pytest.raises(Forbidden):
            desk.exports.read(staff, ready.id)
        with pytest.raises(Forbidden):
            desk.exports.make_link(staff, ready.id)
    stranger = staff_of(make_workshop(desk.database, "nebenan"))
    with pytest.raises(NotFound):
        desk.exports.request(stranger, customer.id, checked_by="known")
    with pytest.raises(NotFound):
        desk.exports.read(stranger, ready.id)
    assert desk.exports.list_exports(stranger) == ()
    with pytest.raises(Invalid, match="identity_unchecked"):
        desk.exports.request(staff_of(desk.workshop), customer.id, checked_by="guessed")


def test_forgetting_somebody_removes_their_disclosures(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    ready = build(desk, customer)
    desk.erasures.erase(staff_of(desk.workshop), customer.id, checked_by="known", typed=AYSE.name)
    assert desk.count(PrivacyExport) == 0
    with pytest.raises(NotFound):
        desk.exports_store.get(desk.workshop.id, f"{ready.id}.zip")
