"""Listing, searching and pricing the services of a workshop, on both engines."""

import pytest
from sqlmodel import col, select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.catalog.models import PriceTerms, Service
from carbot_app.domains.catalog.service import CACHE_SECONDS, CatalogService
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Forbidden, NotFound
from tests.factories import customer_of, make_service, make_workshop, staff_of
from tests.factories.saving import save

NBSP = "\u00a0"
GOLF = VehicleFacts(make="VW", model="Golf 7")
UNKNOWN_CAR = VehicleFacts()


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def catalog(database: Database, workshop: Workshop) -> CatalogService:
    catalog = CatalogService(db=database)
    with database.writing(workshop.id) as session:
        catalog.load_library(session, workshop.id)
    return catalog


def test_the_library_is_loaded_once_and_own_prices_stay(
    database: Database, workshop: Workshop, catalog: CatalogService
) -> None:
    with database.writing(workshop.id) as session:
        oil = session.exec(select(Service).where(Service.code == "ENG-OIL-001")).one()
        oil.price_min_cents, oil.own_fields = 9_900, ["price_min_cents"]
    with database.writing(workshop.id) as session:
        assert catalog.load_library(session, workshop.id) == 0
    staff = staff_of(workshop)
    assert len(catalog.list_services(staff, language="de")) == 40
    assert catalog.quote(staff, "ENG-OIL-001", vehicle=GOLF, language="de").low_cents == 9_900
    with database.reading(SYSTEM) as session:
        kinds = session.exec(select(OutboxEvent.kind)).all()
    assert kinds == ["catalog.changed"]


def test_a_new_library_refreshes_every_workshop_but_not_what_a_workshop_changed(
    database: Database, workshop: Workshop, catalog: CatalogService
) -> None:
    other = make_workshop(database, slug="other")
    with database.writing(SYSTEM) as session:
        session.get_one(Workshop, workshop.id).library_version = "last year"
        for code, own in (("ENG-OIL-001", ["names"]), ("SAF-HUA-001", [])):
            query = select(Service).where(Service.code == code, Service.workshop_id == workshop.id)
            service = session.exec(query).one()
            service.names, service.minutes, service.active = {"de": "Wie früher"}, 5, False
            service.own_fields = own
    assert catalog.update_libraries() == 2
    assert catalog.update_libraries() == 0
    with database.reading(SYSTEM) as session:
        rows = {(row.workshop_id, row.code): row for row in session.exec(select(Service))}
    oil, inspection = rows[workshop.id, "ENG-OIL-001"], rows[workshop.id, "SAF-HUA-001"]
    assert (oil.names["de"], oil.minutes, oil.active) == ("Wie früher", 45, False)
    assert (inspection.names["de"][:4], inspection.minutes, inspection.active) == ("Haup", 60, False)
    assert rows[other.id, "ENG-OIL-001"].active is True


def test_what_is_not_offered_yet_is_neither_listed_nor_found(
    workshop: Workshop, catalog: CatalogService
) -> None:
    staff = staff_of(workshop)
    assert "ELE-HVE-001" not in {service.code for service in catalog.list_services(staff, language="de")}
    with pytest.raises(NotFound):
        catalog.get_service(staff, "ELE-HVE-001", "de")


def test_lists_follow_the_workshops_order_language_and_filters(
    workshop: Workshop, catalog: CatalogService
) -> None:
    visitor = customer_of(workshop)
    bookable = catalog.list_services(visitor, language="pl", only_bookable=True)
    assert len(bookable) == 14
    assert bookable[0].name == "Badanie techniczne (HU/AU) z przedstawieniem"
    tyres = catalog.list_services(visitor, language="tr", category="tyres")
    assert {service.code[:3] for service in tyres} == {"TYR"}
    assert catalog.get_service(visitor, "SAF-HUA-001", "fr").name.startswith("Periodic inspection")


def test_a_class_price_is_shown_as_the_range_every_quote_lies_in(
    workshop: Workshop, catalog: CatalogService
) -> None:
    visitor = customer_of(workshop)
    view = catalog.get_service(visitor, "SAF-BRK-001", "de")
    unknown = catalog.quote(visitor, "SAF-BRK-001", vehicle=UNKNOWN_CAR, language="de")
    assert (view.price_min_cents, view.price_max_cents) == (unknown.low_cents, unknown.high_cents)
    assert unknown.text == f"110 bis 194{NBSP}€"
    assert unknown.vehicle_class == ""
    golf = catalog.quote(visitor, "SAF-BRK-001", vehicle=GOLF, language="de")
    assert golf.exact
    assert golf.vehicle_class == "compact"
    assert golf.text == f"129,00{NBSP}€"
    assert unknown.low_cents <= golf.low_cents <= unknown.high_cents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", f"49 bis 159{NBSP}€"),
        ("en", "€49 to €159"),
        ("tr", f"49 – 159{NBSP}€"),
        ("pl", f"49–159{NBSP}€"),
    ],
)
def test_a_range_is_said_in_the_readers_language(
    workshop: Workshop, catalog: CatalogService, language: str, text: str
) -> None:
    quote = catalog.quote(customer_of(workshop), "ENG-DIA-001", vehicle=GOLF, language=language)
    assert quote.text == text
    assert not quote.exact


def test_hourly_work_is_a_from_price_and_unit_prices_name_the_unit(
    workshop: Workshop, catalog: CatalogService
) -> None:
    visitor = customer_of(workshop)
    hourly = catalog.quote(visitor, "ELE-ECU-001", vehicle=GOLF, language="de")
    assert hourly.text == f"ab 99,00{NBSP}€"
    tyre = catalog.quote(visitor, "TYR-MNT-001", vehicle=GOLF, language="en")
    assert tyre.text == "€22 to €45 per tyre"


def test_the_workshops_own_factors_and_currency_count(database: Database) -> None:
    workshop = make_workshop(database, "zuerich", country="CH", currency="CHF")
    make_service(database, workshop)
    save(database, PriceTerms(workshop_id=workshop.id, class_factors={"compact": 200}))
    quote = CatalogService(db=database).quote(
        customer_of(workshop), "SAF-BRK-001", vehicle=GOLF, language="de"
    )
    assert quote.text == f"CHF{NBSP}258.00"
    assert quote.currency == "CHF"
    assert quote.priced.low.tax_cents == 1_933


def test_a_visit_is_the_sum_of_its_services(workshop: Workshop, catalog: CatalogService) -> None:
    visitor = customer_of(workshop)
    codes = ["SAF-BRK-001", "TYR-CHG-001", "SAF-BRK-001"]
    quotes = catalog.quote_visit(visitor, codes, vehicle=GOLF, language="de")
    total = catalog.total(visitor, codes, vehicle=GOLF, language="de")
    assert [quote.service_code for quote in quotes] == ["SAF-BRK-001", "TYR-CHG-001"]
    assert total.low_cents == sum(quote.low_cents for quote in quotes) == 16_800
    assert total.minutes == 90
    assert total.text == f"168,00{NBSP}€"
    assert total.exact


def test_search_answers_in_the_language_asked_for(workshop: Workshop, catalog: CatalogService) -> None:
    found = catalog.search(customer_of(workshop), "Kuplung", language="en")
    assert found[0].code == "TRN-CLU-001"
    assert found[0].name == "Replace clutch kit"


def test_groups_are_matched_to_the_first_service_the_workshop_offers(
    workshop: Workshop, catalog: CatalogService
) -> None:
    assert catalog.match_codes(customer_of(workshop), ["SAF-BRK", "TYR-RIM", "ENG-OIL", "SAF-BRK"]) == [
        "SAF-BRK-001",
        "ENG-OIL-001",
    ]


def test_services_switched_off_are_gone_everywhere(
    database: Database, workshop: Workshop, catalog: CatalogService
) -> None:
    with database.writing(workshop.id) as session:
        session.exec(select(Service).where(Service.code == "SAF-BRK-001")).one().active = False
    catalog.forget(workshop.id)
    visitor = customer_of(workshop)
    with pytest.raises(NotFound) as caught:
        catalog.quote(visitor, "SAF-BRK-001", vehicle=GOLF, language="de")
    assert caught.value.code == "service_unknown"
    assert catalog.match_codes(visitor, ["SAF-BRK"]) == ["SAF-BRK-002"]
    assert "SAF-BRK-001" not in {
        service.code for service in catalog.search(visitor, "Bremsen", language="de")
    }


def test_a_change_by_another_process_is_seen_within_seconds(database: Database, workshop: Workshop) -> None:
    now = [0.0]
    catalog = CatalogService(db=database, monotonic=lambda: now[0])
    visitor = customer_of(workshop)
    assert catalog.list_services(visitor, language="de") == []
    make_service(database, workshop)
    assert catalog.list_services(visitor, language="de") == []
    now[0] += CACHE_SECONDS + 0.1
    assert len(catalog.list_services(visitor, language="de")) == 1


def test_another_workshops_services_do_not_exist(
    database: Database, workshop: Workshop, catalog: CatalogService
) -> None:
    other = make_workshop(database, "schmidt-essen")
    make_service(database, other, "SAF-BRK-777", names={"de": "Geheime Bremse"}, synonyms=["Geheimnis"])
    visitor, stranger = customer_of(workshop), customer_of(other)
    with pytest.raises(NotFound):
        catalog.get_service(visitor, "SAF-BRK-777", "de")
    assert catalog.search(visitor, "Geheimnis", language="de") == []
    assert [service.code for service in catalog.list_services(stranger, language="de")] == ["SAF-BRK-777"]
    with pytest.raises(NotFound):
        catalog.quote(stranger, "SAF-HUA-001", vehicle=GOLF, language="de")
    with database.reading(other.id) as session:
        assert session.exec(select(Service.code).order_by(col(Service.code))).all() == ["SAF-BRK-777"]


def test_without_a_permission_nothing_is_read(workshop: Workshop, catalog: CatalogService) -> None:
    nobody = Actor(kind="api_key", workshop_id=workshop.id, permissions=frozenset({"inbox.read"}))
    with pytest.raises(Forbidden):
        catalog.list_services(nobody, language="de")
