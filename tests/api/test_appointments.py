"""Appointments for partners: booked once, held, lost with alternatives, refused with a reason."""

from typing import Any

import pytest
from httpx import Response

from carbot_app.bootstrap import Services
from tests.api.conftest import Partner, Tenant, book, workshop_row
from tests.factories import make_resource


def test_an_appointment_is_booked_once_listed_and_cancelled(partner: Partner) -> None:
    booked = book(partner)
    assert booked.status_code == 201, booked.text
    again = book(partner, slot_id=booked.json()["slot_id"]) if "slot_id" in booked.json() else booked
    assert again.json()["appointment_id"] == booked.json()["appointment_id"]
    appointment = partner.get(f"/appointments/{booked.json()['appointment_id']}")
    assert (appointment["source"], appointment["note"]) == ("api", "<b>bitte</b> anrufen 📞")
    window = {"start": "2026-11-23T00:00:00Z", "end": "2027-01-31T00:00:00+01:00"}
    assert [a["id"] for a in partner.get("/appointments", **window)] == [appointment["id"]]
    changed = partner.call("PATCH", f"/appointments/{appointment['id']}", json={"state": "confirmed"})
    assert changed.json()["state"] == "confirmed"
    for _ in range(2):
        cancelled = partner.call("POST", f"/appointments/{appointment['id']}/cancel")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")


def test_the_same_idempotency_key_books_once(partner: Partner) -> None:
    service = partner.get("/services", only_bookable=True)[0]
    slot = partner.get("/slots", service=service["code"])[0]
    wish = {"slot_id": slot["id"], "service_codes": [service["code"]], "contact": {"phone": "0171 5550142"}}

    def send(key: str) -> Response:
        return partner.call("POST", "/appointments", headers={"Idempotency-Key": key}, json=wish)

    first, repeated = send("a"), send("a")
    assert (first.status_code, repeated.status_code) == (201, 201)
    assert first.json()["appointment_id"] == repeated.json()["appointment_id"]


def test_whoever_loses_a_slot_is_told_the_next_best_ones(partner: Partner) -> None:
    code = partner.get("/services", only_bookable=True)[0]["code"]
    wish = {
        "slot_id": partner.get("/slots", service=code)[0]["id"],
        "service_codes": [code],
        "contact": {"phone": "0171 5550142"},
    }
    answers = [partner.call("POST", "/appointments", json=wish) for _ in range(3)]
    assert answers[0].status_code == 201
    lost = answers[-1]
    assert (lost.status_code, lost.json()["code"]) == (409, "slot_taken")
    others = lost.json()["alternatives"]
    assert [other["starts_at"] > answers[0].json()["starts_at"] for other in others] == [True] * 3
    booked = partner.call("POST", "/appointments", json={**wish, "slot_id": others[0]["id"]})
    assert booked.status_code == 201
    unknown = partner.call("POST", "/appointments", json={**wish, "slot_id": "unbekannt"})
    assert (unknown.status_code, "alternatives" in unknown.json()) == (422, False)


def test_a_slot_is_held_for_a_partner_who_fills_in_a_form(partner: Partner) -> None:
    code = partner.get("/services", only_bookable=True)[0]["code"]
    wish = {"slot_id": partner.get("/slots", service=code)[0]["id"], "service_codes": [code]}
    held = [partner.call("POST", "/holds", json=wish) for _ in range(3)]
    tokens = [answer.json()["token"] for answer in held if answer.status_code == 201]
    assert (held[-1].status_code, held[-1].json()["code"]) == (409, "slot_taken")
    assert len(held[-1].json()["alternatives"]) == 3
    assert partner.call("POST", "/holds", json={**wish, "token": tokens[0]}).json()["token"] == tokens[0]
    for token in tokens[1:] * 2:
        assert partner.call("DELETE", f"/holds/{token}").status_code == 204
    contact = {"contact": {"phone": "0171 5550142"}, "waiting": True}
    booked = partner.call("POST", "/appointments", json={**wish, **contact, "hold": tokens[0]})
    assert (booked.status_code, booked.json()["waiting"]) == (201, True)


def test_a_loaner_is_only_lent_where_there_is_one(
    partner: Partner, services: Services, tenant: Tenant
) -> None:
    assert book(partner, loaner=True).json()["code"] == "loaner_unknown"
    make_resource(services.db, workshop_row(services, tenant), "loaner")
    booked = book(partner, loaner=True)
    assert (booked.status_code, booked.json()["loaner"]) == (201, True)
    assert "Ersatzwagen" in booked.json()["stay"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"slot_id": "unbekannt"}, 422),
        ({"slot_id": "\x00"}, 422),
        ({"service_codes": ["GIBT-ES-001"]}, (404, 422)),
        ({"service_codes": []}, 422),
        ({"contact": {"name": "Ohne alles"}}, 422),
        ({"contact": {"phone": "12"}}, 422),
        ({"vehicle": {"plate": "!!!"}}, 422),
        ({"unknown": 1}, 422),
    ],
)
def test_a_wrong_booking_is_refused_with_a_reason(
    partner: Partner, changes: dict[str, Any], status: Any
) -> None:
    answer = book(partner, **changes)
    assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.text
    assert answer.json()["title"]
    assert "Traceback" not in answer.text
