"""The link of a question: what is told, what may be sent, and that nothing is kept or indexed."""

from base64 import b64encode
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from carbot_app.api import approvals
from carbot_app.bootstrap import Services
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.models import OrderApproval
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.photos.rules import ORDER_JOB, Owner
from tests.api.conftest import Tenant, add_rows
from tests.factories.pictures import jpeg
from tests.services.approval_desk import signature


@pytest.fixture
def order(services: Services, tenant: Tenant) -> OrderView:
    actor = tenant.owner.actor
    customer = Customer(workshop_id=actor.workshop_id, name="Ayşe Yılmaz", phone="+491715550142")
    add_rows(services, tenant, customer)
    car = Vehicle(workshop_id=actor.workshop_id, customer_id=customer.id, plate="DO-AB 123", make="VW")
    add_rows(services, tenant, car)
    jobs = tuple(
        JobInput(title, lines=(OrderLineInput(title, Decimal(100)),)) for title in ("Bremsen", "Wischer")
    )
    wanted = EstimateInput(request_key="x" * 20, vehicle=VehicleFacts(plate="DO-AB 123"), jobs=jobs)
    return services.orders.create_estimate(actor, wanted)


@pytest.fixture
def address(services: Services, tenant: Tenant, order: OrderView) -> str:
    view = services.approvals.ask(tenant.owner.actor, order.id)
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return f"/api/approvals/{session.get_one(OrderApproval, view.id).token}"


def body_of(page: dict[str, Any], *agreed: bool, **changes: object) -> dict[str, Any]:
    decisions = {job["id"]: yes for job, yes in zip(page["jobs"], agreed, strict=True)}
    body = {"edition": page["edition"], "decisions": decisions, "name": "Ayşe Yılmaz"}
    return {**body, "signature": b64encode(signature()).decode(), **changes}


def test_reading_and_answering_by_the_link(client: TestClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert [job["gross_cents"] for job in page.json()["jobs"]] == [10_000, 10_000]
    answer = client.post(address, json=body_of(page.json(), True, False))
    assert (answer.status_code, answer.json()["state"]) == (200, "decided")
    assert answer.json()["approved_cents"] == 10_000
    pdf = client.get(f"{address}/pdf")
    assert pdf.content.startswith(b"%PDF")
    for told in (page, answer, pdf):
        assert told.headers["cache-control"] == "private, no-store"
        assert told.headers["x-robots-tag"] == "noindex, nofollow"


def test_nothing_of_the_team_and_no_secret_is_told(client: TestClient, address: str) -> None:
    told = client.get(address).text
    for secret in ("+49171", "asked_by", "version", "cost_cents", "token"):
        assert secret not in told


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"edition": "old"}, "approval_changed"),
        ({"name": ""}, "missing"),
        ({"signature": "%%%"}, "signature_invalid"),
        ({"signature": "R0lGODlh"}, "signature_invalid"),
        ({"decisions": {}}, "approval_incomplete"),
    ],
)
def test_what_is_not_right_is_said(client: TestClient, address: str, changes: dict, code: str) -> None:
    page = client.get(address).json()
    answer = client.post(address, json=body_of(page, True, True, **changes))
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == code


def test_too_much_and_unknown_fields_are_refused(client: TestClient, address: str) -> None:
    page = client.get(address).json()
    for changes in ({"signature": "A" * 420_001}, {"name": "x" * 501}, {"price": 1}):
        assert client.post(address, json=body_of(page, True, True, **changes)).status_code == 422
    assert client.get(address).json()["state"] == "open"


def test_another_site_cannot_answer(client: TestClient, address: str) -> None:
    page = client.get(address).json()
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = client.post(address, json=body_of(page, True, True), headers=foreign)
    assert answer.json()["code"] == "cross_site"
    assert client.post(address, data={"edition": page["edition"]}).json()["code"] == "not_json"


def test_an_unknown_link_is_not_found(client: TestClient) -> None:
    for path in ("", "/pdf"):
        assert client.get(f"/api/approvals/{'x' * 32}{path}").json()["code"] == "link_unknown"


def test_answers_of_one_address_are_counted(client: TestClient, address: str) -> None:
    page = client.get(address).json()
    wrong = body_of(page, True, True, edition="old")
    codes = [client.post(address, json=wrong).status_code for _ in range(approvals.ANSWERS_PER_MINUTE + 1)]
    assert (codes[0], codes[-1]) == (409, 429)


def test_photos_are_seen_with_the_link_alone(
    services: Services, tenant: Tenant, client: TestClient, order: OrderView, address: str
) -> None:
    owner = Owner(ORDER_JOB, order.jobs[0].id)
    photo = services.photos.add(tenant.owner.actor, owner, jpeg(320, 240))
    for path in ("", "/small"):
        found = client.get(f"{address}/photos/{photo.id}{path}")
        assert found.headers["content-type"] == "image/jpeg"
    assert client.get(f"{address}/photos/{order.id}").status_code == 404
    assert client.get(f"/api/approvals/{'x' * 32}/photos/{photo.id}").status_code == 404


def test_the_protocol_of_a_check_in_is_for_staff_alone(
    services: Services, tenant: Tenant, client: TestClient, order: OrderView
) -> None:
    check_in = services.check_ins.open(tenant.owner.actor, order.id)
    address = f"/api/check-ins/{check_in.id}/pdf"
    assert client.get(address).status_code == 401
    client.cookies.set("carbot_session", tenant.owner.token)
    assert client.get(address).content.startswith(b"%PDF")
