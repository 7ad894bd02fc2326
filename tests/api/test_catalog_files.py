"""The catalogue as a file over HTTP: upload, download, export."""

import os
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from carbot_app.adapters.storage.shelf import KEPT_SECONDS, MAX_FILES, FileShelf
from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.sheets import MAX_BYTES
from carbot_app.kit.errors import NotFound
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser
from tests.factories.team_services import PASSWORD

UPLOAD = "/api/catalog/uploads?name=liste.csv"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


def test_an_upload_is_kept_for_its_workshop(services: Services, tenant: Tenant, owner: TestClient) -> None:
    answer = owner.post(UPLOAD, content=b"Name;Preis\n", headers=BYTES)
    assert answer.status_code == 200
    back = owner.get(f"/api/catalog/files/{answer.json()['id']}")
    assert (back.content, back.headers["x-content-type-options"]) == (b"Name;Preis\n", "nosniff")
    assert back.headers["content-disposition"].startswith("attachment;")
    assert owner.get(f"/api/catalog/files/{new_id()}").status_code == 404


def test_who_is_not_signed_in_gets_nothing(client: TestClient, tenant: Tenant) -> None:
    assert client.post(UPLOAD, content=b"x", headers=BYTES).status_code == 401
    assert client.get("/api/catalog/export.xlsx").status_code == 401


def test_another_site_cannot_upload(owner: TestClient) -> None:
    foreign = {**BYTES, "Origin": "https://evil.example"}
    assert owner.post(UPLOAD, content=b"x", headers=foreign).status_code == 403
    assert owner.post(UPLOAD, content=b"x", headers={"Content-Type": "text/plain"}).status_code == 422


def test_a_file_larger_than_other_requests_may_be_arrives_whole(owner: TestClient) -> None:
    answer = owner.post(UPLOAD, content=b"x" * 9_000_000, headers=BYTES)
    assert len(owner.get(f"/api/catalog/files/{answer.json()['id']}").content) == 9_000_000


def test_more_than_ten_megabytes_are_refused_announced_or_not(
    services: Services, tenant: Tenant, owner: TestClient
) -> None:
    announced = owner.post(UPLOAD, content=b"x", headers={**BYTES, "Content-Length": str(MAX_BYTES + 1)})
    streamed = owner.post(UPLOAD, content=(b"x" * 1_000_000 for _ in range(11)), headers=BYTES)
    assert (announced.status_code, streamed.status_code) == (413, 413)
    assert "10 MB" in streamed.json()["detail"]


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_the_catalogue_is_exported(owner: TestClient, form: str, start: bytes) -> None:
    answer = owner.get(f"/api/catalog/export.{form}")
    assert (answer.status_code, answer.content[: len(start)]) == (200, start)
    assert owner.get("/api/catalog/export.pdf").status_code == 422


def test_kept_files_grow_old_and_make_room(tmp_path: Path) -> None:
    shelf, workshop = FileShelf(tmp_path), new_id()
    first = shelf.put(workshop, "../../etc/liste.csv", b"a")
    assert shelf.get(workshop, first) == ("liste.csv", b"a")
    past = time.time() - 60
    os.utime(tmp_path / str(workshop) / str(first), (past, past))
    for _ in range(MAX_FILES):
        last = shelf.put(workshop, "liste.csv", b"b")
    assert len(list((tmp_path / str(workshop)).iterdir())) == MAX_FILES
    with pytest.raises(NotFound):
        shelf.get(workshop, first)
    later = FileShelf(tmp_path, now=lambda: time.time() + KEPT_SECONDS + 1)
    with pytest.raises(NotFound):
        later.get(workshop, last)
    with pytest.raises(NotFound):
        shelf.get(new_id(), last)
