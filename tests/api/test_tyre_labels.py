"""Labels of the tyre hotel over HTTP."""

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.tyres.schemas import WheelSetCreate
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser
from tests.factories.team_services import PASSWORD


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


def address_of_a_label(services: Services, tenant: Tenant) -> str:
    wanted = WheelSetCreate(plate="DO-AB 123", season="winter", location="R1-1", phone="0171 5550142")
    return f"/api/tyres/{services.tyres.store(tenant.owner.actor, wanted).id}/label.pdf"


def test_a_label_opens_in_the_browser_and_is_kept_nowhere(
    services: Services, tenant: Tenant, owner: TestClient
) -> None:
    answer = owner.get(address_of_a_label(services, tenant))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''R00001.pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")


def test_labels_are_for_the_own_people_only(
    services: Services, tenant: Tenant, neighbour: Tenant, owner: TestClient, client: TestClient
) -> None:
    assert client.get(address_of_a_label(services, tenant)).status_code == 401
    assert owner.get(address_of_a_label(services, neighbour)).status_code == 404
    assert owner.get(f"/api/tyres/{new_id()}/label.pdf").status_code == 404
    assert owner.get("/api/tyres/nonsense/label.pdf").status_code == 422
