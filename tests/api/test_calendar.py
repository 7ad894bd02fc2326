"""The staff calendar for partners."""

from tests.api.conftest import Partner, book


def booked(partner: Partner) -> dict:
    answer = book(partner)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_visit_is_placed_lengthened_and_unplanned(partner: Partner) -> None:
    visit = booked(partner)
    day = visit["starts_at"][:10]
    board = partner.get("/calendar", on=day)
    technicians = [lane for lane in board["lanes"] if lane["kind"] == "technician"]
    (planned,) = board["visits"]
    assert planned["appointment"]["id"] == visit["appointment_id"]
    assert planned["conflicts"] == []
    assert technicians[0]["open_minutes"][day] > 0
    path = f"/appointments/{visit['appointment_id']}"
    later = partner.get("/slots", service="SAF-BRK-001", limit=5)[-1]["starts_at"]
    answer = partner.call("POST", f"{path}/place", json={"starts_at": later, "minutes": 90})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["starts_at"], answer.json()["minutes"]) == (later, 90)
    assert partner.call("POST", f"{path}/unplan").json()["state"] == "unplanned"
    assert [one["id"] for one in partner.get("/calendar", on=day)["unplanned"]] == [visit["appointment_id"]]


def test_a_wrong_place_is_refused_with_a_reason(partner: Partner, stranger: Partner) -> None:
    visit = booked(partner)
    path = f"/appointments/{visit['appointment_id']}/place"
    night = {"starts_at": visit["starts_at"][:10] + "T02:00:00Z"}
    refused = partner.call("POST", path, json=night)
    assert (refused.status_code, refused.json()["code"]) == (409, "outside_hours")
    assert stranger.call("POST", path, json={"starts_at": visit["starts_at"]}).status_code == 404
    assert stranger.get("/calendar", on=visit["starts_at"][:10])["visits"] == []
    for body in ({"starts_at": "soon"}, {"starts_at": visit["starts_at"], "minutes": -1}, {}):
        assert partner.call("POST", path, json=body).status_code == 422
