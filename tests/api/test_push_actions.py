"""Buttons of a push over HTTP: they work without a session, and only with a ticket of ours."""

from uuid import UUID

from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.outbox import OutboxEvent
from carbot_app.domains.messaging.notices import Notice
from carbot_app.domains.team.models import Workshop
from tests.api.conftest import Tenant
from tests.api.test_push_subscriptions import signed_in
from tests.factories import make_conversation, make_customer
from tests.services.bookings import rows


def tickets(services: Services, tenant: Tenant, **customer: str) -> dict[str, str]:
    actor = tenant.owner.actor
    workshop = next(row for row in rows(services.db, Workshop) if row.id == actor.workshop_id)
    person = make_customer(services.db, workshop, name="Ayşe <b>Yılmaz", **customer)
    thread = make_conversation(services.db, workshop, customer_id=person.id)
    notice = Notice("lead_hot", thread.id, person.name, "", True, phone=person.phone or "+49")
    assert isinstance(actor.subject_id, UUID)
    buttons = services.push_actions.buttons(notice, actor.subject_id, actor.workshop_id, "de")
    return {one["action"]: one.get("ticket") or one.get("url", "") for one in buttons}


def test_putting_off_needs_no_session(services: Services, tenant: Tenant, client: TestClient) -> None:
    ticket = tickets(services, tenant)["snooze"]
    assert client.post("/api/push/snooze", json={"ticket": ticket}).status_code == 204
    assert "notice.snoozed" in [event.kind for event in rows(services.db, OutboxEvent)]


def test_a_made_up_ticket_or_another_site_gets_nowhere(
    services: Services, tenant: Tenant, client: TestClient
) -> None:
    ticket = tickets(services, tenant)["snooze"]
    assert client.post("/api/push/snooze", json={"ticket": "made up"}).status_code == 404
    assert client.post("/api/push/snooze", json={"ticket": "x" * 601}).status_code == 422
    foreign = {"Origin": "https://evil.example"}
    assert client.post("/api/push/snooze", json={"ticket": ticket}, headers=foreign).status_code == 403
    assert client.get("/api/push/call/made-up").status_code == 404
    assert "notice.snoozed" not in [event.kind for event in rows(services.db, OutboxEvent)]


def test_the_call_button_dials_the_customer(services: Services, tenant: Tenant, client: TestClient) -> None:
    page = client.get(tickets(services, tenant, phone="+491715550142")["call"])
    assert page.status_code == 200
    assert "tel:+491715550142" in page.text
    assert "Ayşe &lt;b&gt;Yılmaz" in page.text
    assert "no-store" in page.headers["cache-control"]
    assert client.get(tickets(services, tenant, phone="")["call"]).status_code == 404


def test_the_open_app_asks_at_what_to_make_a_sound(
    services: Services, tenant: Tenant, client: TestClient
) -> None:
    assert client.get("/api/push/sounds").status_code == 401
    kinds = signed_in(services).get("/api/push/sounds").json()["kinds"]
    assert "handover.requested" in kinds
    assert "appointment.booked" not in kinds
