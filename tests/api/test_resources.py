"""Resources and absences for partners."""

from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from tests.api.conftest import Partner, Tenant


def test_programs_read_resources_and_enter_absences_once(partner: Partner, stranger: Partner) -> None:
    resources = partner.get("/resources")
    assert {one["kind"] for one in resources} == {"technician", "bay"}
    someone = next(one for one in resources if one["kind"] == "technician")
    path = f"/resources/{someone['id']}/absences"
    body = {"starts_on": "2026-12-28", "ends_on": "2027-01-01", "reason": "vacation", "note": "Ski 🎿"}
    first, again = (partner.call("POST", path, json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["absence"]["id"] == again.json()["absence"]["id"]
    span = {"start": "2026-12-01T00:00:00Z", "end": "2027-02-01T00:00:00Z"}
    listed = partner.get("/absences", **span)
    assert [(one["first_on"], one["last_on"]) for one in listed] == [("2026-12-28", "2027-01-01")]
    assert listed[0]["starts_at"] == "2026-12-27T23:00:00Z"
    assert stranger.get("/absences", **span) == []
    assert stranger.call("POST", path, json=body).status_code == 404
    backwards = partner.call("POST", path, json={**body, "ends_on": "2026-12-27"})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "span_invalid")


def test_absences_need_the_scope_to_manage_bookings(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    _, key = services.api_keys.create_api_key(tenant.owner.actor, name="Anzeige", scopes=["bookings.read"])
    reader = Partner(client, key)
    someone = reader.get("/resources")[0]["id"]
    body = {"starts_on": "2026-12-28", "ends_on": "2026-12-28"}
    assert reader.call("POST", f"/resources/{someone}/absences", json=body).status_code == 403
