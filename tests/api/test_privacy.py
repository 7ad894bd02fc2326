"""Fetching a disclosure: staff with a session, the person with the link, nobody else."""

from uuid import UUID

from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.domains.customers.models import Customer
from tests.api.conftest import Tenant, add_rows, browser
from tests.factories.team_services import PASSWORD


def ready_export(services: Services, tenant: Tenant) -> str:
    actor = tenant.owner.actor
    customer = Customer(workshop_id=actor.workshop_id, name="Ayşe Yılmaz")
    add_rows(services, tenant, customer)
    asked = services.privacy.exports.request(actor, customer.id, checked_by="known")
    OutboxWorker(
        services.db, services.clock, quick={}, slow={"disclosures": services.privacy.exports.on_event}
    ).drain()
    return str(asked.id)


def sign_in(client: TestClient, email: str) -> None:
    answer = client.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD})
    assert answer.status_code in (200, 204), answer.text


def test_the_owner_downloads_and_a_neighbour_does_not(
    services: Services, client: TestClient, tenant: Tenant, neighbour: Tenant
) -> None:
    path = f"/api/privacy/exports/{ready_export(services, tenant)}.zip"
    assert client.get(path).status_code == 401
    sign_in(client, "sabine@mueller.de")
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Auskunft.zip"
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex")
    other = browser(services)
    sign_in(other, "nora@nebenan.de")
    assert other.get(path).status_code == 404


def test_the_person_needs_nothing_but_the_link(
    services: Services, client: TestClient, tenant: Tenant
) -> None:
    export_id = UUID(ready_export(services, tenant))
    link = services.privacy.exports.make_link(tenant.owner.actor, export_id)
    path = link.removeprefix("https://carbot.example")
    assert client.get(path).content.startswith(b"PK")
    assert client.get(path[:-1]).status_code == 404
    assert client.get("/api/privacy/disclosures/%00").status_code == 404


def test_guessing_links_is_slowed_down(client: TestClient) -> None:
    states = {client.get(f"/api/privacy/disclosures/guess{number}").status_code for number in range(40)}
    assert states == {404, 429}
