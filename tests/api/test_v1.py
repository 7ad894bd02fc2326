"""REST v1: pages, filters, scopes, limits, and the wall to the next workshop."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import Database
from carbot_app.domains.analytics.kpis import CODES
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, Partner, Tenant, bearer, book, settings_for, workshop_row
from tests.factories import make_conversation, make_customer, make_lead, make_message
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.redis_server import open_redis

UNKNOWN = "0198a3f0-0000-7000-8000-000000000000"


def add_thread(
    services: Services, tenant: Tenant, text: str = "Bremsen quietschen", **lead: Any
) -> tuple[Conversation, Lead]:
    """A conversation with one message and its lead."""
    workshop = workshop_row(services, tenant)
    customer = make_customer(services.db, workshop, name="Ayşe Yılmaz 🚗")
    conversation = make_conversation(
        services.db, workshop, customer_id=customer.id, last_seq=1, last_text=text, last_author="customer"
    )
    make_message(services.db, conversation, seq=1, text=text)
    return conversation, make_lead(services.db, conversation, **lead)


def test_leads_come_in_pages_newest_first(partner: Partner, services: Services, tenant: Tenant) -> None:
    made = [str(add_thread(services, tenant)[1].id) for _ in range(5)]
    seen: list[str] = []
    before: str | None = None
    sizes = []
    while True:
        page = partner.get("/leads", limit=2, **({"before": before} if before else {}))
        sizes.append(len(page["items"]))
        seen += [lead["id"] for lead in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert (seen, sizes) == (made[::-1], [2, 2, 1])


def test_leads_are_filtered_and_closed(partner: Partner, services: Services, tenant: Tenant) -> None:
    _, hot = add_thread(services, tenant, temperature="hot", score=90)
    add_thread(services, tenant, temperature="cold", score=5)
    assert [lead["id"] for lead in partner.get("/leads", temperature="hot")["items"]] == [str(hot.id)]
    changed = partner.call("PATCH", f"/leads/{hot.id}", json={"state": "won"})
    assert (changed.status_code, changed.json()["state"]) == (200, "won")
    assert partner.get(f"/leads/{hot.id}")["state"] == "won"
    assert [lead["id"] for lead in partner.get("/leads", state="won")["items"]] == [str(hot.id)]


def test_a_conversation_is_found_read_and_answered(
    partner: Partner, services: Services, tenant: Tenant
) -> None:
    conversation, lead = add_thread(services, tenant)
    listed = partner.get("/conversations", search="Yılmaz")["items"]
    assert [row["customer_name"] for row in listed] == ["Ayşe Yılmaz 🚗"]
    thread = partner.get(f"/conversations/{conversation.id}")
    assert (thread["lead"]["id"], thread["messages"][0]["text"]) == (str(lead.id), "Bremsen quietschen")
    answer = partner.call("POST", f"/conversations/{conversation.id}/messages", json={"text": " Guten Tag! "})
    assert answer.status_code == 201
    assert (answer.json()["author"], answer.json()["author_name"]) == ("staff", "DMS")
    thread = partner.get(f"/conversations/{conversation.id}")
    assert thread["mode"] == "human"
    assert thread["messages"][-1]["text"] == "Guten Tag!"


def test_conversations_come_in_pages(partner: Partner, services: Services, tenant: Tenant) -> None:
    made = {str(add_thread(services, tenant)[0].id) for _ in range(3)}
    first = partner.get("/conversations", limit=2)
    rest = partner.get("/conversations", limit=2, before=first["next"])
    assert {row["conversation_id"] for row in first["items"] + rest["items"]} == made
    assert rest["next"] is None


def test_services_speak_the_readers_language(partner: Partner) -> None:
    code = partner.get("/services")[0]["code"]
    names = {
        language: partner.call("GET", f"/services/{code}", headers={"Accept-Language": language}).json()[
            "name"
        ]
        for language in ("de", "en", "tr", "pl")
    }
    assert len(set(names.values())) == 4
    found = partner.get("/services/search", q="Oelwechsl")
    assert any(service["code"].startswith("ENG-OIL") for service in found)


def test_workshop_and_figures_are_the_keys_own(partner: Partner, stranger: Partner) -> None:
    assert partner.get("/workshop")["name"] == "Kfz-Meisterbetrieb Müller"
    assert stranger.get("/workshop")["name"] == "Garage Nebenan"
    assert [kpi["code"] for kpi in partner.get("/kpis", days="7")] == list(CODES)


def test_figures_of_any_days_can_be_narrowed_and_compared(
    partner: Partner, services: Services, tenant: Tenant, clock: ManualClock
) -> None:
    add_thread(services, tenant, created_at=clock())
    services.event_collector.collect(tenant.owner.actor.workshop_id)
    today = clock().date().isoformat()

    def ask(**asked: str) -> dict[str, Any]:
        found = partner.get("/analytics/kpis", first=today, last=today, **asked)
        return {kpi["code"]: kpi for kpi in found}

    assert (ask()["new_leads"]["value"], ask()["new_leads"]["previous"]) == (1, 0)
    assert ask(compare="off")["new_leads"]["previous"] is None
    assert ask(channel="mail")["new_leads"]["value"] == 0
    narrowed = ask(service="SAF-BRK-001")["new_leads"]
    assert (narrowed["value"], narrowed["reason"]) == (None, "service_code")


def test_ids_of_another_workshop_do_not_exist(
    partner: Partner, stranger: Partner, services: Services, tenant: Tenant
) -> None:
    conversation, lead = add_thread(services, tenant)
    appointment = book(partner).json()["appointment_id"]
    attempts: list[tuple[str, str, Any]] = [
        ("GET", f"/leads/{lead.id}", None),
        ("PATCH", f"/leads/{lead.id}", {"state": "won"}),
        ("GET", f"/conversations/{conversation.id}", None),
        ("POST", f"/conversations/{conversation.id}/messages", {"text": "Hallo"}),
        ("GET", f"/appointments/{appointment}", None),
        ("PATCH", f"/appointments/{appointment}", {"state": "done"}),
        ("POST", f"/appointments/{appointment}/cancel", None),
    ]
    for method, path, body in attempts:
        foreign = stranger.call(method, path, json=body)
        own_id = path.split("/")[2]
        unknown = stranger.call(method, path.replace(own_id, UNKNOWN), json=body)
        assert foreign.status_code == unknown.status_code == 404, (method, path, foreign.text)
        assert foreign.json()["code"] == unknown.json()["code"]
    assert stranger.get("/leads")["items"] == []
    assert stranger.get("/conversations", view="all")["items"] == []
    window = {"start": "2026-11-23T00:00:00Z", "end": "2027-01-31T00:00:00Z"}
    assert stranger.get("/appointments", **window) == []
    assert partner.get(f"/leads/{lead.id}")["state"] == "open"


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("inbox.read", {"/leads", "/conversations"}),
        ("catalog.read", {"/services"}),
        ("bookings.read", {"/appointments?start=2026-11-23T00:00:00Z&end=2026-11-24T00:00:00Z"}),
        ("analytics.read", {"/kpis"}),
        ("inbox.reply", set()),
    ],
)
def test_a_key_reaches_what_its_scopes_say(
    client: TestClient, services: Services, tenant: Tenant, scope: str, allowed: set[str]
) -> None:
    _, key = services.api_keys.create_api_key(tenant.owner.actor, name="Eng", scopes=[scope])
    narrow = Partner(client, key)
    paths = {
        "/leads",
        "/conversations",
        "/services",
        "/kpis",
        "/appointments?start=2026-11-23T00:00:00Z&end=2026-11-24T00:00:00Z",
    }
    statuses = {path: narrow.call("GET", path).status_code for path in paths}
    assert statuses == {path: 200 if path in allowed else 403 for path in paths}
    assert narrow.call("GET", "/workshop").status_code == 200


@pytest.mark.parametrize("key", ["", "cb_forged", "Bearer", "cb_" + "x" * 5000, "ü"])
def test_forged_keys_are_refused(client: TestClient, tenant: Tenant, key: str) -> None:
    answer = client.get("/api/v1/leads", headers={"Authorization": f"Bearer {key}".encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_invalid")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_and_a_session_cookie_open_nothing(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    key = services.api_keys.list_api_keys(tenant.owner.actor)[0]
    services.api_keys.revoke_api_key(tenant.owner.actor, key.id)
    assert client.get("/api/v1/leads", headers=bearer(tenant.key)).status_code == 401
    cookie = {"Cookie": f"carbot_session={tenant.owner.token}"}
    assert client.get("/api/v1/leads", headers=cookie).status_code == 401


@pytest.mark.parametrize(
    ("path", "field", "code"),
    [
        ("/leads?limit=0", "limit", "field_range"),
        ("/leads?limit=x", "limit", "field_number"),
        ("/leads?before=x", "before", "field_id"),
        ("/leads?state=nix", "state", "field_choice"),
        ("/leads/x", "lead_id", "field_id"),
        ("/conversations?before=x", "before", "cursor_invalid"),
        ("/conversations?search=%00", "search", "field_text"),
        ("/conversations?search=" + "x" * 201, "search", "too_long"),
        ("/appointments?start=2026-11-23&end=2026-11-24", "start", "field_date"),
        ("/appointments?start=2026-11-23T00:00:00Z", "end", "missing"),
        ("/appointments?start=2026-11-23T00:00:00Z&end=2026-01-01T00:00:00Z", "to", "range_invalid"),
        ("/appointments?start=0001-01-01T00:00:00%2B14:00&end=2026-01-01T00:00:00Z", "start", "field_range"),
        ("/slots", "service", "missing"),
        ("/kpis?days=8", "days", "field_choice"),
        ("/analytics/kpis?first=2026-11-01&last=x", "last", "field_date"),
        ("/analytics/kpis?first=2026-11-01&last=2026-11-02&hour=24", "hour", "field_range"),
    ],
)
def test_wrong_parameters_are_named(partner: Partner, path: str, field: str, code: str) -> None:
    answer = partner.call("GET", path)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (field, code)
    assert answer.json()["errors"][0]["message"]


def test_every_answer_tells_the_budget(partner: Partner) -> None:
    headers = [partner.call("GET", "/workshop").headers for _ in range(2)]
    assert [h["ratelimit-limit"] for h in headers] == ["600", "600"]
    assert int(headers[1]["ratelimit-remaining"]) == int(headers[0]["ratelimit-remaining"]) - 1
    assert 1 <= int(headers[0]["ratelimit-reset"]) <= 120


@pytest.fixture
def redis_url() -> Iterator[str]:
    with open_redis() as url:
        yield url


@pytest.mark.parametrize("storage", ["memory", "redis"])
def test_above_the_limit_the_answer_is_429_and_other_keys_go_on(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, storage: str, request: pytest.FixtureRequest
) -> None:
    from tests.api.conftest import make_tenant

    url = request.getfixturevalue("redis_url") if storage == "redis" else ""
    settings = settings_for(tmp_path, api_rate_per_minute=3, redis_url=url)
    db = Database(sqlite_url)
    services = build_services(settings, db=db, clock=clock, passwords=CHEAP_HASHER)
    ours = make_tenant(services, "Müller", "sabine@mueller.de")
    theirs = make_tenant(services, "Nebenan", "nora@nebenan.de")
    clients = [TestClient(create_api(services), base_url=PUBLIC_URL) for _ in range(2)]
    shared = clients if storage == "redis" else clients[:1] * 2
    with shared[0], shared[-1]:
        answers = [shared[n % 2].get("/api/v1/workshop", headers=bearer(ours.key)) for n in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert answers[-1].json()["code"] == "too_many_requests"
        assert answers[-1].headers["retry-after"] == answers[-1].headers["ratelimit-reset"]
        assert answers[-1].headers["ratelimit-remaining"] == "0"
        assert shared[0].get("/api/v1/workshop", headers=bearer(theirs.key)).status_code == 200
    close: Callable[[], None] = getattr(services.live, "close", lambda: None)
    close()
    db.close()


def test_texts_of_any_kind_pass_unchanged(partner: Partner, services: Services, tenant: Tenant) -> None:
    text = "<script>alert('x')</script> '; DROP TABLE lead;-- مرحبا \u202e 🚗"
    conversation, _ = add_thread(services, tenant, text=text)
    thread = partner.get(f"/conversations/{conversation.id}")
    assert thread["messages"][0]["text"] == text
    too_long = partner.call(
        "POST", f"/conversations/{conversation.id}/messages", json={"text": "x" * 100_000}
    )
    assert too_long.status_code in (413, 422)
    blank = partner.call("POST", f"/conversations/{conversation.id}/messages", json={"text": " \n "})
    assert (blank.status_code, blank.json()["code"]) == (422, "message_empty")


def test_old_keys_note_their_last_use(
    partner: Partner, services: Services, tenant: Tenant, clock: ManualClock
) -> None:
    partner.get("/workshop")
    first = services.api_keys.list_api_keys(tenant.owner.actor)[0].last_used_at
    clock.advance(timedelta(minutes=2))
    partner.get("/workshop")
    assert services.api_keys.list_api_keys(tenant.owner.actor)[0].last_used_at == clock.now != first
    assert isinstance(tenant.owner.actor.workshop_id, UUID)


def test_a_cursor_of_another_workshop_is_no_cursor(
    partner: Partner, stranger: Partner, services: Services, tenant: Tenant
) -> None:
    _, lead = add_thread(services, tenant)
    answer = stranger.call("GET", "/leads", params={"before": str(lead.id)})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


def test_leads_of_one_moment_are_neither_lost_nor_repeated(
    partner: Partner, services: Services, tenant: Tenant, clock: ManualClock
) -> None:
    made = {str(add_thread(services, tenant, created_at=clock.now)[1].id) for _ in range(3)}
    add_thread(services, tenant, created_at=clock.now - timedelta(days=1))
    first = partner.get("/leads", limit=2)
    second = partner.get("/leads", limit=2, before=first["next"])
    ids = [lead["id"] for lead in first["items"] + second["items"]]
    assert set(ids[:3]) == made
    assert (len(set(ids)), second["next"]) == (4, None)
