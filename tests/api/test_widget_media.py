"""Photos and voice messages as the widget sends them, and as staff gets them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from carbot_app.api.app import create_api
from carbot_app.api.widget import WidgetCors
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import Database
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, Tenant, browser, make_tenant, settings_for
from tests.api.test_widget import ELSEWHERE, ROOT, Visitor, answer_of, card, events_of
from tests.factories.pictures import decode, jpeg
from tests.factories.team_services import CHEAP_HASHER, PASSWORD
from tests.peers.openai_server import OpenAIStandIn

BYTES = {"Content-Type": "application/octet-stream"}
PHOTO = jpeg(640, 480)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)


@pytest.fixture
def website(services: Services) -> Iterator[TestClient]:
    """A script on somebody's website."""
    app = WidgetCors(create_api(services))
    with TestClient(app, base_url=PUBLIC_URL, headers={"Origin": ELSEWHERE}) as client:
        yield client


@pytest.fixture
def slug(services: Services, tenant: Tenant) -> str:
    return services.team.get_workshop(tenant.owner.actor).slug


@pytest.fixture
def staff(services: Services, tenant: Tenant) -> TestClient:
    """The owner, signed in."""
    client = browser(services)
    signed = client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    assert signed.is_success, signed.text
    return client


def open_basket(client: TestClient, slug: str) -> dict[str, str]:
    opened = client.post(f"{ROOT}/{slug}/photo-baskets", json={})
    assert opened.status_code == 201
    return {"Authorization": f"Bearer {opened.json()['token']}"}


def add(client: TestClient, basket: dict[str, str], content: bytes = PHOTO) -> Any:
    return client.post(f"{ROOT}/photos", content=content, headers={**basket, **BYTES})


def send(visitor: Visitor, basket: dict[str, str], text: str = "", client_id: str = "c1") -> Any:
    body = {"client_id": client_id, "text": text, "basket": basket["Authorization"].removeprefix("Bearer ")}
    return visitor.client.post(f"{visitor.root}/messages", json=body, headers=visitor.headers)


def speak(visitor: Visitor, content: bytes, client_id: str = "v1") -> Any:
    address = f"{visitor.root}/voice?client_id={client_id}"
    return visitor.client.post(address, content=content, headers={**visitor.headers, **BYTES})


def test_photos_go_from_any_website_into_the_message_and_back_to_who_sent_them(
    website: TestClient, slug: str
) -> None:
    basket = open_basket(website, slug)
    first, second = add(website, basket), add(website, basket, jpeg(200, 100))
    assert (first.status_code, first.headers["access-control-allow-origin"]) == (201, "*")
    small = website.get(f"{ROOT}/photos/{first.json()['id']}", headers=basket)
    assert max(decode(small.content).size) == 400
    assert small.headers["cross-origin-resource-policy"] == "cross-origin"
    assert website.delete(f"{ROOT}/photos/{second.json()['id']}", headers=basket).status_code == 204
    visitor = Visitor(website, slug)
    events = events_of(send(visitor, basket).text)
    assert events[0][1]["files"] == [{"id": first.json()["id"], "kind": "photo"}]
    assert answer_of(events)["text"].startswith("Danke, das Foto ist angekommen.")
    (photo,) = visitor.thread()["messages"][0]["files"]
    found = website.get(f"{visitor.root}/files/{photo['id']}", headers=visitor.headers)
    assert (found.status_code, found.headers["content-type"]) == (200, "image/jpeg")
    assert found.headers["access-control-allow-origin"] == "*"
    stranger = Visitor(website, slug)
    assert website.get(f"{stranger.root}/files/{photo['id']}", headers=stranger.headers).status_code == 404
    assert website.get(f"{visitor.root}/files/{photo['id']}").status_code == 401


def test_every_website_may_ask_to_take_a_photo_out(website: TestClient) -> None:
    asked = website.options(
        f"{ROOT}/photos/x",
        headers={
            "Access-Control-Request-Method": "DELETE",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert asked.status_code == 200


def test_a_repeated_message_with_photos_is_stored_once_and_a_used_basket_keeps_the_session(
    website: TestClient, slug: str
) -> None:
    visitor, basket = Visitor(website, slug), open_basket(website, slug)
    add(website, basket)
    assert send(visitor, basket).status_code == 200
    assert send(visitor, basket).status_code == 200
    again = send(visitor, basket, client_id="c2")
    assert (again.status_code, again.json()["code"]) == (409, "photo_basket_over")
    assert [m["author"] for m in visitor.thread()["messages"]].count("customer") == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"", 422, "photo_empty"), (b"<svg/>", 422, "photo_type"), (PHOTO[:-400], 422, "photo_broken")],
)
def test_a_bad_photo_is_refused_in_words(
    website: TestClient, slug: str, content: bytes, status: int, code: str
) -> None:
    refused = add(website, open_basket(website, slug), content)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.json()["detail"]


def test_photos_need_a_basket_and_no_more_than_six_fit(website: TestClient, slug: str) -> None:
    nobody = {"Authorization": "Bearer nobody"}
    assert add(website, nobody).json()["code"] == "photo_basket_over"
    basket = open_basket(website, slug)
    for place in range(6):
        assert add(website, basket, jpeg(60 + place, 50)).status_code == 201
    assert add(website, basket, jpeg(90, 90)).json()["code"] == "photos_full"


def test_a_chosen_lamp_warns_in_the_language_of_the_chat(website: TestClient, slug: str) -> None:
    visitor = Visitor(website, slug, "en")
    events = visitor.say("Warning lamp: Oil pressure", choice={"kind": "lamp", "value": "oil"})
    assert events[0][1]["parts"] == [{"type": "lamp", "lamp": "oil"}]
    assert "do not drive on" in card(answer_of(events), "danger")["text"]
    assert visitor.thread()["mode"] == "human"


def test_without_a_listener_staff_hears_a_voice_message_in_parts(
    website: TestClient, slug: str, staff: TestClient
) -> None:
    visitor = Visitor(website, slug)
    events = events_of(speak(visitor, b"OggS0123456789").text)
    (voice,) = events[0][1]["files"]
    assert voice["kind"] == "voice"
    assert "hört sie sich an" in answer_of(events)["text"]
    address = f"/api/message-files/{voice['id']}"
    whole = staff.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/ogg")
    assert whole.headers["content-disposition"].startswith("inline")
    part = staff.get(address, headers={"Range": "bytes=4-6"})
    assert (part.status_code, part.content) == (206, b"012")
    assert part.headers["content-range"] == "bytes 4-6/14"
    assert staff.get(address, headers={"Range": "bytes=-3"}).content == b"789"
    assert staff.get(address, headers={"Range": "bytes=nonsense"}).status_code == 200
    assert website.get(address).status_code == 401
    assert speak(visitor, b"OggS0123456789").status_code == 200
    assert [m["author"] for m in visitor.thread()["messages"]].count("customer") == 1


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "voice_empty"), (b"<html>", "voice_type"), (b"MZ\x90", "voice_type")]
)
def test_a_bad_sound_is_refused_in_words(website: TestClient, slug: str, content: bytes, code: str) -> None:
    refused = speak(Visitor(website, slug), content)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["detail"]


def test_too_much_sound_is_refused_before_it_is_read(website: TestClient, slug: str) -> None:
    refused = speak(Visitor(website, slug), b"OggS" + b"\0" * (10 * 1024 * 1024))
    assert (refused.status_code, refused.json()["code"]) == (413, "voice_too_large")


def test_what_is_spoken_is_answered_where_an_endpoint_listens(
    sqlite_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    model = OpenAIStandIn()
    model.start()
    settings = settings_for(tmp_path, ai_base_url=model.base_url, ai_transcription_model="whisper-1")
    database = Database(sqlite_url)
    services = build_services(settings, db=database, clock=clock, passwords=CHEAP_HASHER)
    tenant = make_tenant(services, "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")
    slug = services.team.get_workshop(tenant.owner.actor).slug
    with TestClient(WidgetCors(create_api(services)), base_url=PUBLIC_URL) as client:
        events = events_of(
            speak(Visitor(client, slug), "OggSIch möchte mit einem Menschen sprechen".encode()).text
        )
    assert events[0][1]["text"] == "Ich möchte mit einem Menschen sprechen"
    assert model.requests[0]["model"] == "whisper-1"
    model.stop()
    database.close()


def test_staff_learns_whether_anybody_writes_down_what_is_said(
    staff: TestClient, website: TestClient
) -> None:
    assert staff.get("/api/dictation").json() == {"ready": False}
    refused = staff.post("/api/dictation", content=b"OggSHallo", headers=BYTES)
    assert (refused.status_code, refused.json()["code"]) == (503, "voice_unavailable")
    assert website.get("/api/dictation").status_code == 401
    assert website.post("/api/dictation", content=b"OggSHallo", headers=BYTES).status_code in {401, 403}
