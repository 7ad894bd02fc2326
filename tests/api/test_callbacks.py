"""Callbacks for partners."""

from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from tests.api.conftest import Partner, Tenant

WANTED = {"name": "Ayşe Yılmaz", "phone": "0171 5550142", "note": "Bremsen 🛞", "plate": "do ab 123"}


def test_programs_ask_for_calls_and_work_them_off(partner: Partner, stranger: Partner) -> None:
    added = partner.call("POST", "/callbacks", json=WANTED)
    assert added.status_code == 201
    task = added.json()
    assert (task["phone"], task["plate"], task["source"], task["soon"]) == (
        "+491715550142",
        "DO-AB 123",
        "api",
        True,
    )
    again = partner.call("POST", "/callbacks", json={**WANTED, "name": "A. Yılmaz"})
    assert again.json()["id"] == task["id"]
    assert [one["name"] for one in partner.get("/callbacks")] == ["A. Yılmaz"]
    path = f"/callbacks/{task['id']}"
    tried = partner.call("POST", f"{path}/not-reached").json()
    assert (tried["attempts"], tried["state"]) == (1, "open")
    assert stranger.call("POST", f"{path}/done").status_code == 404
    assert stranger.get("/callbacks") == []
    assert [partner.call("POST", f"{path}/done").json()["state"] for _ in range(2)] == ["done", "done"]
    assert partner.get("/callbacks") == []
    late = partner.call("POST", f"{path}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "callback_over")


def test_a_wrong_number_and_a_passed_time_are_named(partner: Partner) -> None:
    for wrong, code, field in (
        ({"phone": "12"}, "phone_invalid", "phone"),
        ({"starts_at": "2020-01-01T08:00:00Z"}, "call_window_invalid", "starts_at"),
    ):
        refused = partner.call("POST", "/callbacks", json={**WANTED, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["errors"][0]["field"] == field


def test_reading_is_not_enough_to_work_them_off(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    _, key = services.api_keys.create_api_key(tenant.owner.actor, name="Anzeige", scopes=["inbox.read"])
    reader = Partner(client, key)
    assert reader.get("/callbacks") == []
    assert reader.call("POST", "/callbacks", json=WANTED).status_code == 403
