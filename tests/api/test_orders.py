"""Orders over REST: made once, read whole, walled off from the next workshop."""

from typing import Any

from carbot_app.bootstrap import Services
from carbot_app.domains.team.roles import API_SCOPES
from tests.api.conftest import Partner, Tenant

CAR = {"plate": "DO-AB 123", "make": "VW", "model": "Golf"}


def order(partner: Partner, key: str = "", **fields: Any) -> Any:
    """Ask for an order; the answer."""
    body = {"vehicle": CAR, "service_codes": ["SAF-BRK-001"], **fields}
    return partner.call("POST", "/orders", json=body, headers={"Idempotency-Key": key} if key else None)


def test_an_order_is_made_once_and_read_whole(partner: Partner) -> None:
    made = order(partner, "abc", contact={"name": "Ayşe Yılmaz", "phone": "0171 5550142"})
    assert made.status_code == 201
    found = partner.get(f"/orders/{made.json()['id']}")
    assert found == made.json()
    assert (found["number"], found["state"], found["vehicle"]["plate"]) == (
        "AU-2026-00001",
        "estimate",
        "DO-AB 123",
    )
    assert found["net_cents"] + found["vat_cents"] == found["total_cents"] == found["estimate_cents"]
    line = found["jobs"][0]["lines"][0]
    assert (line["quantity"], line["gross"], line["amount_cents"]) == ("1", True, found["total_cents"])
    assert order(partner, "abc").json()["id"] == found["id"]


def test_orders_come_in_pages_and_are_searched(partner: Partner) -> None:
    made = [order(partner).json()["id"] for _ in range(3)]
    first = partner.get("/orders", limit=2)
    rest = partner.get("/orders", limit=2, before=first["next"])
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    assert [row["id"] for row in partner.get("/orders", q="00001")["items"]] == [made[0]]
    assert partner.get("/orders", state="paid")["items"] == []


def test_bad_input_is_a_problem_with_a_code(partner: Partner) -> None:
    for body, status, code in (
        ({"service_codes": ["NO-PE-001"]}, 422, "service_unknown"),
        ({"vehicle": {}}, 422, "order_car_missing"),
        ({"vehicle": {"plate": "???"}}, 422, "plate_invalid"),
        ({"customer_id": "0198a3f0-0000-7000-8000-000000000000"}, 404, "order_customer_gone"),
    ):
        answer = order(partner, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert partner.call("GET", "/orders/0198a3f0-0000-7000-8000-000000000000").status_code == 404
    assert partner.call("GET", "/orders?state=eaten").status_code == 422


def test_an_order_of_another_workshop_does_not_exist(partner: Partner, stranger: Partner) -> None:
    made = order(partner).json()["id"]
    assert stranger.call("GET", f"/orders/{made}").status_code == 404
    assert stranger.get("/orders")["items"] == []


def test_reading_and_making_need_their_scopes(services: Services, tenant: Tenant, client: Any) -> None:
    _, key = services.api_keys.create_api_key(tenant.owner.actor, name="Anzeige", scopes=["orders.read"])
    limited = Partner(client, key)
    assert limited.get("/orders")["items"] == []
    assert order(limited).status_code == 403
    assert {"orders.read", "orders.manage"} <= API_SCOPES
