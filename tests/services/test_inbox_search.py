"""Full-text search: current in the same transaction, in every language, for one workshop alone."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.team.models import Workshop
from tests.factories.actors import staff_of
from tests.factories.conversations import make_conversation, make_message
from tests.factories.customers import make_customer, make_vehicle
from tests.factories.leads import make_lead
from tests.factories.team import make_workshop
from tests.services.conftest import Talks

pytestmark = pytest.mark.engines


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def make_thread(database: Database, workshop: Workshop, name: str, said: str = "Hallo", **customer):
    person = make_customer(database, workshop, name=name, **{"phone": "", "email": "", **customer})
    thread = make_conversation(database, workshop, customer_id=person.id, last_seq=1)
    make_message(database, thread, text=said)
    return thread


def found(talks: Talks, workshop: Workshop, search: str, view: str = "open") -> set[str]:
    page = talks.inbox.list_inbox(staff_of(workshop), view=view, search=search)
    return {row.customer_name for row in page.rows}


@pytest.mark.parametrize(
    ("name", "said", "searches"),
    [
        ("Jürgen Müller", "Öl fehlt", ["müller", "MULLER", "mueller", "Öl", "oel", "jurgen oel"]),
        ("Joerg Mueller", "Groesse", ["müller", "Größe", "jörg"]),
        ("Klaus Groß", "Straße", ["gross", "GROẞ", "strasse", "straße gross"]),
        ("Işık Çağlar", "İğne", ["isik", "IŞIK", "ışık", "caglar", "igne", "İĞNE", "iğne"]),
        ("Łucja Wójcik", "Żółty pas", ["lucja", "ŁUCJA", "wojcik zolty", "żółty"]),
        ("Ana Nin\u0303o", "„Klappern“ – vorne/hinten", ["niño", "klappern hinten"]),
        ("Fritz", "Fehler P0420, fritz.box@example.org", ["p0420", "fritz.box@example.org", "box"]),
        ("", "Nur eine Nachricht ohne Namen", ["nachr ohne"]),
    ],
)
def test_a_word_is_found_however_it_is_written(
    talks: Talks, database: Database, workshop: Workshop, name: str, said: str, searches: list[str]
) -> None:
    make_thread(database, workshop, name, said)
    make_thread(database, workshop, "Jemand anders", "Etwas ganz anderes")
    assert {search: found(talks, workshop, search) for search in searches} == {
        search: {name} for search in searches
    }


@pytest.mark.parametrize(
    "search", ["01715550142", "0171/555 01 42", "+49 171 5550142", "5550142", "00491715550"]
)
def test_a_phone_number_is_found_by_its_end_and_in_every_notation(
    talks: Talks, database: Database, workshop: Workshop, search: str
) -> None:
    make_thread(database, workshop, "Sabine Krause", phone="+491715550142")
    make_thread(database, workshop, "Mehmet Demir", phone="+491715559999")
    assert found(talks, workshop, search) == {"Sabine Krause"}


def test_every_word_must_be_found_somewhere_in_the_thread(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop, "Sabine Krause", "Bremsen quietschen")
    make_message(database, thread, 2, text="Wann habt ihr Zeit?")
    make_thread(database, workshop, "Sabine Vogel", "Wann habt ihr Zeit?")
    assert found(talks, workshop, "krause zeit") == {"Sabine Krause"}
    assert found(talks, workshop, "krause klima") == set()
    assert found(talks, workshop, "!?") == set()


def test_a_car_is_found_by_its_owner_and_by_its_lead(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop, "Sabine Krause")
    with database.reading(SYSTEM) as session:
        owner = session.exec(select(Customer).where(Customer.id == thread.customer_id)).one()
    make_vehicle(database, workshop, owner, plate="DO-AB 123", make="Škoda", model="Octavia")
    other = make_thread(database, workshop, "Mehmet Demir")
    theirs = make_vehicle(database, workshop, make_customer(database, workshop), plate="DO-MD 77E")
    make_lead(database, other, vehicle_id=theirs.id)
    assert found(talks, workshop, "doab123") == found(talks, workshop, "ab123") == {"Sabine Krause"}
    assert found(talks, workshop, "skoda") == {"Sabine Krause"}
    assert found(talks, workshop, "DO-MD77E") == found(talks, workshop, "md 77") == {"Mehmet Demir"}


def test_changes_are_found_in_the_same_transaction_and_what_is_gone_is_not(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop, "Sabine Krause", "Bremsen")
    with database.writing(workshop.id) as session:
        session.get_one(Customer, thread.customer_id).name = "Sabine Vogel"
        message = session.exec(select(Message)).one()
        message.text = "Kupplung"
    assert found(talks, workshop, "vogel kupplung") == {"Sabine Vogel"}
    assert found(talks, workshop, "krause") == found(talks, workshop, "bremsen") == set()
    with database.writing(workshop.id) as session:
        session.exec(select(Message)).one().state = "streaming"
    assert found(talks, workshop, "kupplung") == set()
    with database.writing(workshop.id) as session:
        session.exec(select(Message)).one().state = "complete"
    assert found(talks, workshop, "kupplung") == {"Sabine Vogel"}
    with database.writing(workshop.id) as session:
        session.delete(session.exec(select(Conversation)).one())
    with database.reading(SYSTEM) as session:
        kinds = session.connection().execute(text("SELECT kind FROM search_entry")).scalars().all()
    assert kinds == ["customer"]


def test_a_change_taken_back_leaves_no_trace(talks: Talks, database: Database, workshop: Workshop) -> None:
    thread = make_thread(database, workshop, "Sabine Krause")
    with database.writing(workshop.id) as session:
        session.get_one(Customer, thread.customer_id).name = "Sabine Vogel"
        session.flush()
        session.rollback()
    assert found(talks, workshop, "vogel") == set()
    assert found(talks, workshop, "krause") == {"Sabine Krause"}


def test_a_merged_customer_keeps_the_threads_findable(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop, "S. Krause", "Bremsen")
    other = make_customer(database, workshop, name="Sabine Krause-Vogel")
    with database.writing(workshop.id) as session:
        session.get_one(Conversation, thread.id).customer_id = other.id
    assert found(talks, workshop, "vogel bremsen") == {"Sabine Krause-Vogel"}


def test_nothing_of_another_workshop_is_found(talks: Talks, database: Database, workshop: Workshop) -> None:
    other = make_workshop(database, slug="other")
    theirs = make_thread(database, other, "Geheim Kunde", "Geheimnis")
    with database.reading(SYSTEM) as session:
        owner = session.exec(select(Customer).where(Customer.id == theirs.customer_id)).one()
    make_vehicle(database, other, owner, plate="GE-HM 1")
    make_thread(database, workshop, "Sabine Krause", f"w{other.id.hex}")
    for search in ("geheim", "geheimnis", "ge-hm", "gehm1", f"w{other.id.hex} geheim"):
        assert found(talks, workshop, search, "all") == set()
    assert found(talks, other, "geheimnis", "all") == {"Geheim Kunde"}


@pytest.mark.postgres
def test_the_tenant_role_cannot_read_the_index_itself(postgres_url: str) -> None:
    database = Database(postgres_url)
    workshop = make_workshop(database)
    for statement in ("SELECT * FROM search_entry", "DELETE FROM search_entry"):
        with pytest.raises(Exception, match="permission denied"), database.writing(workshop.id) as session:
            session.connection().execute(text(statement))
    database.close()


@pytest.mark.parametrize(
    "search", ['"', "'", "krause OR *", "NEAR(a b)", "a'::tsquery", "\\", "x:* | y", "\0", "🚗"]
)
def test_operators_of_the_index_are_only_text(
    talks: Talks, database: Database, workshop: Workshop, search: str
) -> None:
    make_thread(database, workshop, "Sabine Krause")
    assert found(talks, workshop, search) == set()


def test_long_texts_and_words_are_indexed_without_failing(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    make_thread(database, workshop, "Sabine Krause", "anfang " + "x" * 5000 + " " + "wort " * 20_000)
    assert found(talks, workshop, "anfang wort") == {"Sabine Krause"}


def test_cars_without_an_owner_disturb_nothing(talks: Talks, database: Database, workshop: Workshop) -> None:
    make_thread(database, workshop, "Sabine Krause")
    with database.writing(workshop.id) as session:
        session.add(Vehicle(workshop_id=workshop.id, plate="DO-XY 9"))
    assert found(talks, workshop, "xy 9") == set()


@pytest.mark.parametrize("common", [True, False])
def test_of_a_word_found_too_often_the_newest_rows_count(
    talks: Talks, database: Database, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, common: bool
) -> None:
    monkeypatch.setattr("carbot_app.domains.conversations.search.NEWEST", 2)
    for number in range(3):
        make_thread(database, workshop, f"Kunde {number}", "Kupplung rutscht")
    if not common:
        for number in range(16):
            make_thread(database, workshop, f"Andere {number}", "Bremsen quietschen")
    assert found(talks, workshop, "kupplung") == {"Kunde 1", "Kunde 2"}
