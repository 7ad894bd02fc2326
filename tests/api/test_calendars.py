"""Calendar feeds over HTTP, and the way back from a consent page."""

import secrets
from datetime import timedelta

import icalendar
import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import Tenant
from tests.factories import make_appointment, make_customer, make_resource, make_vehicle


@pytest.fixture
def emre(services: Services, tenant: Tenant) -> Resource:
    return make_resource(services.db, workshop_of(services, tenant), name="Emre")


@pytest.fixture
def visit(services: Services, tenant: Tenant, emre: Resource) -> Appointment:
    return make_visit(services, tenant, emre)


def workshop_of(services: Services, tenant: Tenant) -> Workshop:
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return session.get_one(Workshop, tenant.owner.actor.workshop_id)


def make_visit(services: Services, tenant: Tenant, technician: Resource, **fields: object) -> Appointment:
    workshop = workshop_of(services, tenant)
    customer = make_customer(services.db, workshop, email="ayse@example.com")
    vehicle = make_vehicle(services.db, workshop, customer, plate="DO-AB 123")
    bay = make_resource(services.db, workshop, "bay", name=f"B{secrets.token_hex(3)}")
    more = {"state": "confirmed", "vehicle_id": vehicle.id, "note": "Hund im Auto", **fields}
    return make_appointment(services.db, workshop, customer, technician, bay, **more)


def feed_of(services: Services, tenant: Tenant, technician: Resource | None = None) -> str:
    """Path of a new secret link."""
    key = technician.id if technician else None
    url = services.calendars.renew_feed(tenant.owner.actor, key)
    return url.removeprefix("https://carbot.example")


def test_a_feed_shows_time_plate_work_and_name_and_nothing_else(
    services: Services, client: TestClient, tenant: Tenant, emre: Resource, visit: Appointment
) -> None:
    answer = client.get(feed_of(services, tenant, emre))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    assert (event["UID"], event["DTSTART"].dt) == (f"{visit.id}@carbot", visit.starts_at)
    assert event["SUMMARY"] == f"DO-AB 123 · {visit.title}"
    assert event["DESCRIPTION"] == "Ayşe Yılmaz"
    for private in ("5550142", "ayse@example.com", "Hund", "129,00", "EUR", visit.manage_token):
        assert private not in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "noindex" in answer.headers["x-robots-tag"]


def test_a_technicians_feed_has_only_own_visits_and_the_workshops_all(
    services: Services, client: TestClient, tenant: Tenant, emre: Resource, visit: Appointment
) -> None:
    other = make_resource(services.db, workshop_of(services, tenant), name="Zoe")
    make_visit(services, tenant, other)
    make_visit(services, tenant, emre, state="cancelled")
    make_visit(services, tenant, emre, state="unplanned")
    make_visit(services, tenant, emre, starts_at=visit.starts_at + timedelta(days=400))
    counts = [
        client.get(feed_of(services, tenant, whose)).text.count("BEGIN:VEVENT")
        for whose in (emre, other, None)
    ]
    assert counts == [1, 1, 2]


def test_an_unchanged_feed_is_not_sent_twice(
    services: Services,
    client: TestClient,
    tenant: Tenant,
    emre: Resource,
    visit: Appointment,
    clock: ManualClock,
) -> None:
    path = feed_of(services, tenant, emre)
    etag = client.get(path).headers["etag"]
    clock.advance(timedelta(minutes=20))
    for known in (etag, f'"other", W/{etag}'):
        answer = client.get(path, headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    with services.db.writing(visit.workshop_id) as session:
        session.get_one(Appointment, visit.id).title = "Inspektion"
    answer = client.get(path, headers={"if-none-match": etag})
    assert (answer.status_code, "Inspektion" in answer.text) == (200, True)


def test_a_link_that_was_renewed_ended_or_guessed_shows_nothing(
    services: Services, client: TestClient, tenant: Tenant, visit: Appointment
) -> None:
    first, second = feed_of(services, tenant), feed_of(services, tenant)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    services.calendars.end_feed(tenant.owner.actor, None)
    for path in (
        second,
        f"/kalender/{secrets.token_urlsafe(32)}.ics",
        "/kalender/%00.ics",
        "/kalender/x.ics",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (404, "404")


def test_nobody_tries_links_for_long(services: Services, client: TestClient, tenant: Tenant) -> None:
    limit = services.settings.public_rate_per_minute
    codes = [client.get(f"/kalender/{number:032}.ics").status_code for number in range(limit + 1)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_a_consent_page_comes_back_to_the_settings_with_its_result(
    client: TestClient, tenant: Tenant
) -> None:
    section = "/einstellungen/?bereich=kalender&ergebnis="
    for query, result in (
        ("error=access_denied", "calendar_consent_denied"),
        ("state=x&code=y", "unauthenticated"),
    ):
        answer = client.get(f"/api/calendars/callback?{query}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, section + result)
    client.cookies.set("carbot_session", tenant.owner.token)
    answer = client.get("/api/calendars/callback?state=x&code=y", follow_redirects=False)
    assert answer.headers["location"] == section + "calendar_consent_invalid"
    assert answer.headers["referrer-policy"] == "no-referrer"
