"""Histories over HTTP: for partners as JSON, for customers as files, and the keys for everybody."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from carbot_app.adapters.identity.ed25519 import Ed25519Signer
from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import Delivery
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.vehicle_history.recording import REPORT_ISSUED
from carbot_app.domains.vehicle_history.verification import verify_file
from carbot_app.kit.ids import new_id
from tests.api.conftest import Partner, Tenant, browser, workshop_row
from tests.factories import make_vehicle
from tests.factories.team_services import PASSWORD

KEYS = "/.well-known/carbot/vehicle-history"


def report(services: Services, tenant: Tenant, car: Vehicle, **payload: Any) -> None:
    told = {"report_id": str(new_id()), "vehicle_id": str(car.id), "sha256": "ab" * 32, **payload}
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    services.history_recorder.on_event(
        Delivery(new_id(), tenant.owner.actor.workshop_id, REPORT_ISSUED, told, at)
    )


@pytest.fixture
def car(services: Services, tenant: Tenant) -> Vehicle:
    """A car with two reports, the second with fewer kilometres."""
    car = make_vehicle(services.db, workshop_row(services, tenant), vin="WVWZZZ1KZAW000001")
    report(services, tenant, car, km=90_000, summary="In Ordnung")
    report(services, tenant, car, km=80_000)
    return car


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


def test_a_partner_reads_the_history_with_what_is_believed(partner: Partner, car: Vehicle) -> None:
    found = partner.get(f"/vehicles/{car.id}/history")
    assert (found["holds"], found["first_broken_seq"], len(found["head"])) == (True, None, 64)
    assert [(entry["seq"], entry["kind"]) for entry in found["entries"]] == [
        (1, "vehicle"),
        (2, "report"),
        (3, "report"),
    ]
    assert found["current"] == {
        **{"on": "2026-11-20", "km": 90_000, "source": "diagnostics", "believed": True},
        **{"doubt": "", "against_km": None},
    }
    assert found["entries"][2]["reading"]["doubt"] == "below"
    assert found["entries"][2]["reading"]["against_km"] == 90_000
    assert found["entries"][1]["summary"] == "In Ordnung"


def test_a_car_without_history_answers_with_none(
    services: Services, tenant: Tenant, partner: Partner
) -> None:
    car = make_vehicle(services.db, workshop_row(services, tenant))
    found = partner.get(f"/vehicles/{car.id}/history")
    assert (found["entries"], found["current"], found["holds"]) == ([], None, True)


def test_the_file_holds_with_the_keys_that_are_published(
    owner: TestClient, client: TestClient, tenant: Tenant, car: Vehicle
) -> None:
    answer = owner.get(f"/api/vehicle-histories/{car.id}/file")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''fahrzeughistorie-")
    assert answer.headers["cache-control"] == "private, no-store"
    published = client.get(f"{KEYS}/{tenant.owner.actor.workshop_id}")
    assert published.headers["access-control-allow-origin"] == "*"
    assert published.json()["name"] == "Kfz-Meisterbetrieb Müller"
    trusted = {key["fingerprint"] for key in published.json()["keys"]}
    verdict = verify_file(answer.content, Ed25519Signer().holds, trusted=trusted)
    assert (verdict.broken, len(verdict.entries)) == (None, 3)
    assert verdict.keys_url == str(published.url)


def test_the_certificate_is_a_pdf_in_the_language_that_was_asked_for(owner: TestClient, car: Vehicle) -> None:
    answer = owner.get(f"/api/vehicle-histories/{car.id}/certificate", params={"language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert "Vehicle history" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert owner.get(f"/api/vehicle-histories/{car.id}/certificate?language=xx").status_code == 422


def test_nothing_of_it_is_for_strangers(
    services: Services, client: TestClient, stranger: Partner, neighbour: Tenant, car: Vehicle
) -> None:
    for part in ("file", "certificate"):
        assert client.get(f"/api/vehicle-histories/{car.id}/{part}").status_code == 401
    assert stranger.call("GET", f"/vehicles/{car.id}/history").status_code == 404
    other = browser(services)
    other.post("/api/auth/sign-in", json={"email": "nora@nebenan.de", "password": PASSWORD})
    for part in ("file", "certificate"):
        assert other.get(f"/api/vehicle-histories/{car.id}/{part}").status_code == 404


def test_a_workshop_without_keys_and_no_workshop_look_the_same(client: TestClient, tenant: Tenant) -> None:
    for workshop_id in (tenant.owner.actor.workshop_id, new_id()):
        answer = client.get(f"{KEYS}/{workshop_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
