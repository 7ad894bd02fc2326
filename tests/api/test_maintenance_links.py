"""The link of a maintenance mail is opened by people and mail programs; only a pressed button books."""

from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.consents import MAINTENANCE
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.orders.schemas import EstimateInput
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, Tenant, add_rows


@pytest.fixture
def link(services: Services, tenant: Tenant, clock: ManualClock) -> str:
    """Of a mail about an oil change that has just left."""
    actor = tenant.owner.actor
    customer = Customer(workshop_id=actor.workshop_id, name="Ayşe", email="ayse@example.org")
    add_rows(services, tenant, customer)
    car = Vehicle(
        workshop_id=actor.workshop_id, customer_id=customer.id, plate="DO-AB 123", make="VW", model="Golf",

    )  # fmt: skip
    add_rows(services, tenant, car)
    services.consents.give(actor, customer.id, MAINTENANCE)
    wanted = EstimateInput(
        request_key="before", customer_id=customer.id, vehicle_id=car.id, service_codes=("ENG-OIL-001",)
    )
    order = services.orders.create_estimate(actor, wanted)
    with services.db.writing(actor.workshop_id) as session:
        row = session.get_one(WorkOrder, order.id)
        row.state, row.created_at = "picked_up", clock() - timedelta(days=395)
    assert services.diagnostics.maintenance_mails.queue_due() == 1
    with services.db.reading(actor.workshop_id) as session:
        return f"/wartung/{session.exec(select(MaintenanceOffer.token)).one()}"


def visits(services: Services, tenant: Tenant) -> list[Appointment]:
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return list(session.exec(select(Appointment)))


def test_whoever_looks_through_mails_books_nothing(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    for _ in range(3):
        page = client.get(link)
        assert (page.status_code, "<form" in page.text) == (200, True)
    assert client.head(link).status_code in {200, 405}
    assert "VW Golf DO-AB 123" in page.text
    assert "€" in page.text
    assert visits(services, tenant) == []


def test_pressing_books_once_and_leads_to_the_visits_own_page(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    answers = [client.post(link, follow_redirects=False) for _ in range(2)]
    answers.append(client.get(link, follow_redirects=False))
    (visit,) = visits(services, tenant)
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"] for answer in answers} == {f"{PUBLIC_URL}/t/{visit.manage_token}/"}


def test_after_the_deadline_a_tap_takes_one_of_the_next_times(
    services: Services, tenant: Tenant, client: TestClient, link: str, clock: ManualClock
) -> None:
    clock.advance(timedelta(days=4))
    late = client.post(link, follow_redirects=False)
    assert late.status_code == 409
    assert visits(services, tenant) == []
    page = client.get(link).text
    assert "termin/?services=ENG-OIL-001" in page
    slots = page.split('name="slot" value="')[1:]
    assert len(slots) == 3
    chosen = slots[0].split('"')[0]
    taken = client.post(link, data={"slot": chosen}, follow_redirects=False)
    (visit,) = visits(services, tenant)
    assert taken.headers["location"] == f"{PUBLIC_URL}/t/{visit.manage_token}/"


def test_nonsense_instead_of_a_time_books_nothing(
    services: Services, tenant: Tenant, client: TestClient, link: str, clock: ManualClock
) -> None:
    clock.advance(timedelta(days=4))
    for slot in ("x" * 5000, "<script>", "'; DROP TABLE"):
        assert client.post(link, data={"slot": slot}, follow_redirects=False).status_code == 409
    assert visits(services, tenant) == []


def test_the_page_is_kept_and_indexed_nowhere(client: TestClient, link: str) -> None:
    for answer in (client.get(link), client.post(link, follow_redirects=False)):
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]


def test_names_cannot_be_markup(services: Services, tenant: Tenant, client: TestClient, link: str) -> None:
    with services.db.writing(tenant.owner.actor.workshop_id) as session:
        session.get_one(Workshop, tenant.owner.actor.workshop_id).name = "<script>alert(1)</script>"
        session.exec(select(Vehicle)).one().model = "<img src=x>"
    page = client.get(link).text
    assert "<script" not in page
    assert "<img" not in page


def test_a_link_that_was_never_given_out_says_so(client: TestClient) -> None:
    for call in (client.get, client.post):
        answer = call("/wartung/nonsense")
        assert answer.status_code == 404
        assert "Link" in answer.text
