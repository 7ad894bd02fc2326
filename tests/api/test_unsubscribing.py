"""The link in a reminder ends reminders without signing in, and only when its button is pressed."""

from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.consents import INSPECTION, TYRES
from carbot_app.domains.customers.models import Consent, Customer
from carbot_app.domains.team.models import Workshop
from tests.api.conftest import Tenant, add_rows


def link(services: Services, tenant: Tenant, kind: str = INSPECTION) -> str:
    actor = tenant.owner.actor
    customer = Customer(workshop_id=actor.workshop_id, name="Ayşe", email="ayse@example.org")
    add_rows(services, tenant, customer)
    services.consents.give(actor, customer.id, kind)
    with services.db.reading(actor.workshop_id) as session:
        return f"/abmelden/{session.exec(select(Consent.token)).one()}"


def test_opening_asks_and_pressing_ends(services: Services, tenant: Tenant, client: TestClient) -> None:
    address = link(services, tenant)
    for _ in range(2):
        asked = client.get(address)
        assert (asked.status_code, "<form" in asked.text) == (200, True)
    assert "Kfz-Meisterbetrieb Müller" in asked.text
    ended = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert (ended.status_code, "<form" in ended.text) == (200, False)
    assert "Abgemeldet" in client.get(address).text


def test_the_page_names_what_it_ends(services: Services, tenant: Tenant, client: TestClient) -> None:
    about_inspections = client.get(link(services, tenant)).text
    assert "Hauptuntersuchung" in about_inspections


def test_the_page_of_wheel_changes_speaks_of_wheel_changes(
    services: Services, tenant: Tenant, client: TestClient
) -> None:
    address = link(services, tenant, TYRES)
    for page in (client.get(address), client.post(address)):
        assert "Räderwechsel" in page.text
        assert "Hauptuntersuchung" not in page.text


def test_the_page_is_kept_and_indexed_nowhere(services: Services, tenant: Tenant, client: TestClient) -> None:
    headers = client.get(link(services, tenant)).headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]


def test_a_workshops_name_cannot_be_markup(services: Services, tenant: Tenant, client: TestClient) -> None:
    address = link(services, tenant)
    with services.db.writing(tenant.owner.actor.workshop_id) as session:
        session.get_one(Workshop, tenant.owner.actor.workshop_id).name = "<script>alert(1)</script>"
    assert "<script" not in client.get(address).text


def test_a_link_that_was_never_given_out_says_so(client: TestClient) -> None:
    for call in (client.get, client.post):
        answer = call("/abmelden/nonsense")
        assert answer.status_code == 404
        assert "Link" in answer.text
