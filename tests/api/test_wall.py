"""The wall's page is whole without a script, tells when nothing happened, and ends with its link."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_secret
from tests.api.conftest import Tenant, add_rows, workshop_row

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def path(services: Services, tenant: Tenant) -> str:
    return f"/werkstatt-tv/{services.wall.make_link(tenant.owner.actor).token}"


def arrive(services: Services, tenant: Tenant, clock: ManualClock, *, title: str = "Bremsen") -> Appointment:
    """A customer waits for a car with a plate."""
    of = {"workshop_id": tenant.owner.actor.workshop_id}
    customer = Customer(**of, name=f"Ayşe {EVIL}")
    add_rows(services, tenant, customer)
    car = Vehicle(**of, customer_id=customer.id, plate="DO-AB 123")
    add_rows(services, tenant, car)
    visit = Appointment(
        **of, customer_id=customer.id, vehicle_id=car.id, title=title, starts_at=clock(),
        ends_at=clock() + timedelta(hours=1), state="arrived", waiting=True, source="staff",
        manage_token=new_secret(), request_key=new_secret(12),
    )  # fmt: skip
    add_rows(services, tenant, visit)
    return visit


def test_the_page_is_whole_and_private(
    client: TestClient, services: Services, tenant: Tenant, clock: ManualClock, path: str
) -> None:
    arrive(services, tenant, clock)
    for address in (path, f"{path}/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "DO AB 123" in answer.text
        assert workshop_row(services, tenant).name.split()[0] in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]


def test_nothing_of_a_customer_stands_there_but_plate_and_initial(
    client: TestClient, services: Services, tenant: Tenant, clock: ManualClock, path: str
) -> None:
    arrive(services, tenant, clock, title=EVIL)
    text = client.get(path).text
    assert "Ayşe" not in text
    assert EVIL not in text
    services.wall.show_names(tenant.owner.actor, True)
    assert "Ayşe &lt;script&gt;" in client.get(path).text


def test_a_screen_is_told_only_what_has_changed(
    client: TestClient, services: Services, tenant: Tenant, clock: ManualClock, path: str
) -> None:
    clock.advance(timedelta(minutes=1))  # on the hour itself the next free time would change at once
    first = client.get(f"{path}/stand")
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"{path}/stand", headers=tag).status_code == 304
    clock.advance(timedelta(seconds=30))
    assert client.get(f"{path}/stand", headers=tag).status_code == 304, "a clock that goes on is no news"
    arrive(services, tenant, clock)
    changed = client.get(f"{path}/stand", headers=tag)
    assert (changed.status_code, "DO AB 123" in changed.text) == (200, True)
    assert changed.headers["etag"] != first.headers["etag"]
    assert changed.headers["x-wall-version"] == first.headers["x-wall-version"]
    tag = changed.headers["etag"].replace('"', "&quot;")
    assert f'data-etag="{tag}"' in client.get(path).text, "the page knows which state it shows"


def test_the_link_ends_when_it_is_revoked(
    client: TestClient, services: Services, tenant: Tenant, path: str
) -> None:
    services.wall.revoke_link(tenant.owner.actor)
    for address in (path, f"{path}/", f"{path}/stand", "/werkstatt-tv/x/", "/werkstatt-tv/" + "x" * 43):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.headers["x-robots-tag"].startswith("noindex")


def test_whoever_guesses_links_is_stopped(client: TestClient) -> None:
    # Twice as many as a window allows: it may slide meanwhile
    statuses = {client.get(f"/werkstatt-tv/{new_secret()}/stand").status_code for _ in range(250)}
    assert statuses == {404, 429}
