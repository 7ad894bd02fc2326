"""Photos over HTTP: who may send and see them, and what comes back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from httpx import Response
from PIL import Image
from starlette.testclient import TestClient

from carbot_app.api.photos import UPLOADS_PER_MINUTE
from carbot_app.bootstrap import Services
from carbot_app.domains.photos.rules import MAX_BYTES
from carbot_app.domains.tyres.schemas import WheelSetCreate
from carbot_app.kit.ids import new_id
from tests.api.conftest import Partner, Tenant, book, browser
from tests.factories.pictures import GPS, decode, encode, jpeg
from tests.factories.team_services import PASSWORD

BINARY = {"Content-Type": "application/octet-stream"}
PHOTO = jpeg(640, 480)


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    return signed_in(services, "sabine@mueller.de")


@pytest.fixture
def visit(partner: Partner) -> dict[str, Any]:
    """A booked visit."""
    return book(partner).json()


@pytest.fixture
def address(visit: dict[str, Any]) -> str:
    """Where its photos are."""
    return f"/api/appointments/{visit['appointment_id']}/photos"


@pytest.fixture
def basket(services: Services, tenant: Tenant) -> dict[str, str]:
    """Headers of somebody who is booking."""
    actor = services.team.public_actor(services.team.get_workshop(tenant.owner.actor), language="de")
    return {"Authorization": f"Bearer {services.photo_baskets.open(actor)}", **BINARY}


def signed_in(services: Services, email: str) -> TestClient:
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD})
    return client


def send(client: TestClient, address: str, content: bytes = PHOTO, **headers: str) -> Response:
    return client.post(address, content=content, headers={**BINARY, **headers})


def test_a_photo_of_a_visit_comes_back_as_a_jpeg_without_its_place(owner: TestClient, address: str) -> None:
    sent = send(owner, address)
    assert sent.status_code == 201
    told = owner.get(address).json()
    assert (told["photos"], told["limit"], told["may_change"]) == ([sent.json()], 6, True)
    assert (sent.json()["width"], sent.json()["uploaded_by"]) == (640, "Sabine Müller")
    large, small = (owner.get(f"/api/photos/{sent.json()['id']}{size}") for size in ("", "/small"))
    assert (decode(large.content).size, decode(small.content).size) == ((640, 480), (400, 300))
    assert GPS not in large.content
    for answer in (large, small):
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "private, max-age=3600"


def test_a_deleted_photo_is_gone_and_can_be_had_back(owner: TestClient, address: str) -> None:
    photo = send(owner, address).json()
    assert owner.delete(f"/api/photos/{photo['id']}").status_code == 204
    assert owner.get(f"/api/photos/{photo['id']}").status_code == 404
    assert owner.get(address).json()["photos"] == []
    assert owner.post(f"/api/photos/{photo['id']}/restored").json() == photo
    assert owner.get(f"/api/photos/{photo['id']}").status_code == 200


def test_wheel_sets_have_photos_too(services: Services, tenant: Tenant, owner: TestClient) -> None:
    wanted = WheelSetCreate(plate="DO-AB 123", season="winter", location="R1-1", phone="0171 5550142")
    address = f"/api/wheel-sets/{services.tyres.store(tenant.owner.actor, wanted).id}/photos"
    assert send(owner, address).status_code == 201
    told = owner.get(address).json()
    assert (len(told["photos"]), told["limit"]) == (1, 8)


def test_photos_are_for_the_own_people_only(
    services: Services, neighbour: Tenant, owner: TestClient, client: TestClient, address: str
) -> None:
    photo = f"/api/photos/{send(owner, address).json()['id']}"
    stranger = signed_in(services, "nora@nebenan.de")
    for who, status in ((client, 401), (stranger, 404)):
        assert who.get(address).status_code == status
        assert send(who, address).status_code == status
        assert who.get(photo).status_code == status
        assert who.get(f"{photo}/small").status_code == status
        assert who.delete(photo).status_code == status
        assert who.post(f"{photo}/restored").status_code == status
    assert owner.get(photo).status_code == 200
    assert owner.get(f"/api/photos/{new_id()}").status_code == 404
    assert owner.get("/api/photos/nonsense").status_code == 422
    assert owner.get(f"/api/invoices/{new_id()}/photos").status_code == 404


def test_what_another_site_makes_a_browser_send_is_refused(
    owner: TestClient, address: str, basket: dict[str, str]
) -> None:
    photo = f"/api/photos/{send(owner, address).json()['id']}"
    foreign = {"Origin": "https://evil.example"}
    assert send(owner, address, **foreign).status_code == 403
    assert owner.delete(photo, headers=foreign).status_code == 403
    assert owner.post(f"{photo}/restored", headers=foreign).status_code == 403
    assert send(owner, "/api/booking-photos", **{**basket, **foreign}).status_code == 403
    form = owner.post(address, files={"photo": ("a.jpg", PHOTO, "image/jpeg")})
    assert (form.status_code, form.json()["code"]) == (422, "photo_type")
    assert len(owner.get(address).json()["photos"]) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "photo_empty"),
        (b"<svg onload='alert(1)'/>", 422, "photo_type"),
        (PHOTO[:-1500], 422, "photo_broken"),
        (b"\xff" * (MAX_BYTES + 1), 413, "photo_too_large"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(
    owner: TestClient, address: str, content: bytes, status: int, code: str
) -> None:
    refused = send(owner, address, content)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert len(refused.json()["detail"]) > 20
    assert owner.get(address).json()["photos"] == []


def test_too_much_is_refused_without_an_announcement_too(owner: TestClient, address: str) -> None:
    chunks = (b"\xff" * 1_000_000 for _ in range(14))
    refused = owner.post(address, content=chunks, headers=BINARY)
    assert (refused.status_code, refused.json()["code"]) == (413, "photo_too_large")


def test_a_photo_of_several_megabytes_is_taken(owner: TestClient, address: str) -> None:
    noise = encode(Image.effect_noise((3000, 2000), 90).convert("RGB"), "JPEG", quality=92)
    assert 2_000_000 < len(noise) < MAX_BYTES
    sent = send(owner, address, noise)
    assert (sent.status_code, sent.json()["width"]) == (201, 2000)


def test_a_seventh_photo_is_one_too_many(owner: TestClient, address: str) -> None:
    told = [send(owner, address, jpeg(100 + number, 100)).status_code for number in range(7)]
    assert told == [201] * 6 + [409]


def test_a_customer_sends_sees_and_removes_photos_while_booking(
    client: TestClient, owner: TestClient, basket: dict[str, str]
) -> None:
    kept = client.post("/api/booking-photos", content=PHOTO, headers=basket)
    gone = client.post("/api/booking-photos", content=jpeg(200, 100), headers=basket).json()
    assert kept.status_code == 201
    assert client.delete(f"/api/booking-photos/{gone['id']}", headers=basket).status_code == 204
    assert client.get("/api/booking-photos", headers=basket).json() == {"photos": [kept.json()]}
    seen = client.get(f"/api/booking-photos/{kept.json()['id']}", headers=basket)
    assert (decode(seen.content).size, seen.headers["cache-control"]) == ((400, 300), "no-store")
    assert owner.get(f"/api/photos/{kept.json()['id']}").status_code == 404


def test_photos_of_a_booking_need_its_secret(client: TestClient, basket: dict[str, str]) -> None:
    kept = client.post("/api/booking-photos", content=PHOTO, headers=basket).json()["id"]
    for headers in (BINARY, {**BINARY, "Authorization": "Bearer guessed"}):
        assert client.get("/api/booking-photos", headers=headers).status_code == 404
        assert client.get(f"/api/booking-photos/{kept}", headers=headers).status_code == 404
        assert client.delete(f"/api/booking-photos/{kept}", headers=headers).status_code == 404
        refused = client.post("/api/booking-photos", content=PHOTO, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "photo_basket_over")


def test_uploads_are_counted_against_their_address(client: TestClient, basket: dict[str, str]) -> None:
    told = [
        client.post("/api/booking-photos", content=b"", headers=basket).status_code
        for _ in range(UPLOADS_PER_MINUTE + 1)
    ]
    assert told == [422] * UPLOADS_PER_MINUTE + [429]


def test_the_link_of_a_visit_shows_what_the_customer_sent(
    services: Services,
    tenant: Tenant,
    client: TestClient,
    owner: TestClient,
    basket: dict[str, str],
    address: str,
    visit: dict[str, Any],
) -> None:
    token, secret = visit["manage_token"], basket["Authorization"].removeprefix("Bearer ")
    photo = client.post("/api/booking-photos", content=PHOTO, headers=basket).json()
    actor = services.team.public_actor(services.team.get_workshop(tenant.owner.actor), language="de")
    services.photo_baskets.claim(actor, secret, token)
    internal = send(owner, address, jpeg(90, 60)).json()["id"]
    assert client.get(f"/api/visits/{token}/photos/{internal}").status_code == 404
    told = client.get(f"/api/visits/{token}/photos")
    assert told.json() == {"photos": [photo], "may_change": False}
    for size in ("", "/small"):
        seen = client.get(f"/api/visits/{token}/photos/{photo['id']}{size}")
        assert (seen.status_code, seen.headers["cache-control"]) == (200, "no-store")
        assert seen.headers["referrer-policy"] == "no-referrer"
        assert client.get(f"/api/visits/guessed-token-guessed/photos/{photo['id']}{size}").status_code == 404
        assert client.get(f"/api/visits/{token}/photos/{new_id()}{size}").status_code == 404
    assert client.get("/api/visits/guessed-token-guessed/photos").status_code == 404


def test_a_photo_being_made_keeps_nobody_else_waiting(
    services: Services, owner: TestClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()
    made = services.photos._keeper._maker.make

    def slow(content: bytes) -> Any:
        begun.set()
        assert go_on.wait(20)
        return made(content)

    monkeypatch.setattr(services.photos._keeper._maker, "make", slow)
    with owner, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send, owner, address)
        assert begun.wait(20)
        try:
            assert owner.get(address).json()["photos"] == []
        finally:
            go_on.set()
        assert sending.result().status_code == 201
