"""The link in an invitation shows the kept time and takes it when its button is pressed, and only then."""

from datetime import date

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.consents import TYRES
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import SeasonInvitation, WheelSet
from carbot_app.domains.tyres.season_schemas import CampaignWish
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, Tenant, add_rows

WISH = CampaignWish("winter", "TYR-CHG-001", date(2026, 11, 23), date(2026, 12, 18), 5)


@pytest.fixture
def link(services: Services, tenant: Tenant) -> str:
    """Of an invitation that just left."""
    actor = tenant.owner.actor
    of = {"workshop_id": actor.workshop_id}
    customer = Customer(**of, name="Ayşe", email="ayse@example.org", phone="+491715550142")
    add_rows(services, tenant, customer)
    car = Vehicle(**of, customer_id=customer.id, plate="DO-AB 123", make="VW", model="Golf")
    add_rows(services, tenant, car)
    stored = {"code": "R00001", "season": "winter", "location": "R1-1", "stored_on": date(2026, 4, 1)}
    add_rows(services, tenant, WheelSet(**of, customer_id=customer.id, vehicle_id=car.id, **stored))
    services.consents.give(actor, customer.id, TYRES)
    services.campaigns.start(actor, WISH)
    assert services.season_waves.send_due() == 1
    with services.db.reading(actor.workshop_id) as session:
        return f"/raeder/{session.exec(select(SeasonInvitation.token)).one()}"


def visits(services: Services, tenant: Tenant) -> list[Appointment]:
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return list(session.exec(select(Appointment)))


def test_opening_shows_the_time_and_books_nothing(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    for _ in range(2):
        page = client.get(link)
        assert (page.status_code, "<form" in page.text) == (200, True)
    assert "Do, 26. Nov." in page.text
    assert "VW Golf DO-AB 123" in page.text
    assert "termin/?services=TYR-CHG-001" in page.text
    assert visits(services, tenant) == []


def test_pressing_books_once_and_leads_to_the_visits_own_page(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    answers = [client.post(link, follow_redirects=False) for _ in range(2)]
    answers.append(client.get(link, follow_redirects=False))
    (visit,) = visits(services, tenant)
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"] for answer in answers} == {f"{PUBLIC_URL}/t/{visit.manage_token}/"}


def test_a_time_that_is_over_says_so_and_offers_others(
    client: TestClient, link: str, clock: ManualClock
) -> None:
    clock.now = clock.now.replace(month=12, day=5)
    page = client.get(link)
    assert "vergeben" in page.text
    assert "<form" not in page.text
    assert "termin/?services=TYR-CHG-001" in page.text
    assert client.post(link).status_code == 409


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
        answer = call("/raeder/nonsense")
        assert answer.status_code == 404
        assert "Link" in answer.text
