"""Sign-up, sign-in and sign-out over HTTP."""

from http.cookies import SimpleCookie
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.domains.team.schemas import LocationView, NewLocation
from carbot_app.kit.ids import new_id
from tests.api.conftest import PUBLIC_URL, Tenant, browser
from tests.factories.team_services import PASSWORD

CREDENTIALS = {"email": "sabine@mueller.de", "password": PASSWORD}
NEW_WORKSHOP = {
    "workshop_name": "Kfz-Meisterbetrieb Müller",
    "city": "Dortmund",
    "person_name": "Sabine Müller",
    **CREDENTIALS,
}


def test_a_new_workshop_signs_up_and_finds_its_catalogue(client: TestClient, services: Services) -> None:
    answer = client.post("/api/auth/sign-up", json=NEW_WORKSHOP)
    assert answer.status_code == 201
    assert answer.json()["role"] == "owner"
    me = client.get("/api/auth/me").json()
    assert me == answer.json()
    found = services.identity.resolve_session(client.cookies["carbot_session"])
    assert found is not None
    assert len(services.catalog.list_services(found[0], language="de")) >= 30


def test_the_cookie_cannot_be_read_by_scripts_or_sent_in_the_clear(
    client: TestClient, tenant: Tenant
) -> None:
    answer = client.post("/api/auth/sign-in", json=CREDENTIALS)
    cookie = SimpleCookie(answer.headers["set-cookie"])["carbot_session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "lax",
        "/",
    )
    assert cookie["max-age"] == str(12 * 3600)
    assert answer.headers["cache-control"] == "no-store"
    assert cookie.value not in answer.text


def test_signing_out_ends_the_session_even_for_a_kept_cookie(client: TestClient, tenant: Tenant) -> None:
    client.post("/api/auth/sign-in", json=CREDENTIALS)
    kept = client.cookies["carbot_session"]
    assert client.post("/api/auth/sign-out", json={}).status_code == 204
    assert "carbot_session" not in client.cookies
    client.cookies.set("carbot_session", kept)
    assert client.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize("cookie", ["", "forged", "x" * 4000, "a;b"])
def test_a_forged_cookie_is_nobody(client: TestClient, tenant: Tenant, cookie: str) -> None:
    answer = client.get("/api/auth/me", headers={"Cookie": f"carbot_session={cookie}"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


def test_wrong_password_and_unknown_address_look_the_same(client: TestClient, tenant: Tenant) -> None:
    def attempt(email: str) -> dict[str, object]:
        answer = client.post("/api/auth/sign-in", json={"email": email, "password": "falsch"})
        return {"status": answer.status_code, **answer.json(), "request_id": ""}

    assert attempt("sabine@mueller.de") == attempt("unbekannt@mueller.de")


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({"Origin": "https://evil.example"}, "cross_site", 403),
        ({"Origin": "null"}, "cross_site", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "cross_site", 403),
        ({"Sec-Fetch-Site": "same-site"}, "cross_site", 403),
        ({"Content-Type": "text/plain"}, "not_json", 422),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "not_json", 422),
    ],
)
def test_other_sites_cannot_sign_a_browser_in(
    client: TestClient, tenant: Tenant, headers: dict[str, str], code: str, status: int
) -> None:
    body = '{"email": "sabine@mueller.de", "password": "vier worte ohne sinn"}'
    sent = {"Content-Type": "application/json", **headers}
    answer = client.post("/api/auth/sign-in", content=body, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "carbot_session" not in client.cookies


def test_a_forgotten_password_is_replaced_through_the_mailed_link(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    known = client.post("/api/auth/reset-request", json={"email": "sabine@mueller.de"})
    unknown = client.post("/api/auth/reset-request", json={"email": "niemand@mueller.de"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"{}")
    mail = services.messaging.list_messages(tenant.owner.actor)[0]
    token = mail.text.split("token=")[1].split()[0]
    reset = {"token": token, "password": "andere worte ohne sinn"}
    assert client.post("/api/auth/reset", json=reset).json()["name"] == "Sabine Müller"
    assert client.get("/api/auth/me").status_code == 200
    assert browser(services).post("/api/auth/reset", json=reset).status_code == 410


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"password": "kurz"}, "password", "password_short"),
        ({"email": "keine"}, "email", "email_invalid"),
        ({"workshop_name": " "}, "workshop_name", "missing"),
        ({"person_name": "x" * 200}, "person_name", "too_long"),
        ({"password": 5}, "password", "field_text"),
        ({"extra": 1}, "extra", "field_unknown"),
    ],
)
def test_a_refused_sign_up_names_field_and_reason(
    client: TestClient, changes: dict[str, object], field: str, code: str
) -> None:
    answer = client.post("/api/auth/sign-up", json={**NEW_WORKSHOP, **changes})
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


def test_html_in_names_is_kept_as_text(client: TestClient) -> None:
    name = "<script>alert(1)</script>"
    answer = client.post("/api/auth/sign-up", json={**NEW_WORKSHOP, "person_name": name})
    assert answer.json()["name"] == name
    assert answer.headers["content-type"] == "application/json"


def test_attempts_are_limited_per_address(client: TestClient, tenant: Tenant) -> None:
    wrong = {"email": "x@y.de", "password": "falsch"}
    answers = [client.post("/api/auth/sign-in", json=wrong) for _ in range(21)]
    assert [a.status_code for a in answers] == [401] * 20 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 120
    forwarded = {"X-Forwarded-For": "198.51.100.7"}
    assert client.post("/api/auth/sign-in", json=wrong, headers=forwarded).status_code == 401


def test_a_session_of_one_host_name_is_accepted_behind_a_proxy(client: TestClient, tenant: Tenant) -> None:
    answer = client.post(
        "/api/auth/sign-in",
        json=CREDENTIALS,
        headers={
            "Origin": "http://127.0.0.1:3000",
            "Host": "127.0.0.1:3000",
            "Sec-Fetch-Site": "same-origin",
        },
    )
    assert answer.status_code == 200
    assert PUBLIC_URL not in answer.text


def second_workshop(services: Services, tenant: Tenant) -> LocationView:
    return services.locations.open_location(tenant.owner.actor, NewLocation("Müller Bochum", "Bochum", "DE"))


def test_a_member_of_two_workshops_goes_on_in_the_other_one(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    bochum = second_workshop(services, tenant)
    client.post("/api/auth/sign-in", json=CREDENTIALS)
    kept = client.cookies["carbot_session"]
    answer = client.post("/api/auth/workshop", json={"workshop_id": str(bochum.workshop_id)})
    assert (answer.status_code, answer.json()["workshop_id"]) == (200, str(bochum.workshop_id))
    cookie = SimpleCookie(answer.headers["set-cookie"])["carbot_session"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "lax")
    assert client.get("/api/auth/me").json() == answer.json()
    old = browser(services).get("/api/auth/me", headers={"Cookie": f"carbot_session={kept}"})
    assert old.status_code == 401, "a page of the old workshop acts in none"


def test_a_foreign_workshop_and_none_get_the_same_answer(
    client: TestClient, tenant: Tenant, neighbour: Tenant
) -> None:
    client.post("/api/auth/sign-in", json=CREDENTIALS)

    def attempt(workshop_id: UUID) -> dict[str, object]:
        answer = client.post("/api/auth/workshop", json={"workshop_id": str(workshop_id)})
        assert "set-cookie" not in answer.headers
        return {"status": answer.status_code, **answer.json(), "request_id": ""}

    foreign = attempt(neighbour.owner.actor.workshop_id)
    assert (foreign["status"], foreign["code"]) == (404, "workshop_unknown")
    assert foreign == attempt(new_id())
    assert client.get("/api/auth/me").json()["workshop_id"] == str(tenant.owner.actor.workshop_id)


def test_nobody_changes_the_workshop_without_a_session_or_from_another_site(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    wish = {"workshop_id": str(second_workshop(services, tenant).workshop_id)}
    assert client.post("/api/auth/workshop", json=wish).status_code == 401
    client.post("/api/auth/sign-in", json=CREDENTIALS)
    foreign = client.post("/api/auth/workshop", json=wish, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
    assert client.get("/api/auth/me").json()["workshop_id"] == str(tenant.owner.actor.workshop_id)
