"""The dashboard's HTML: figures for whoever is signed in, none for anybody else."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from carbot_app.api.first_figures import FirstFigures
from carbot_app.kit.page_facts import Row, row_token

_FIGURE = row_token("figures", "figure")
_PAGE = (
    f'<html><head></head><body><ul><li class="x" data-each="figures"><b>{_FIGURE}</b></li></ul></body></html>'
)
_NASTY = "</script><b>1"


def _find(token: str, asked: Mapping[str, str]) -> Sequence[Row]:
    return [{"figure": _NASTY}, {"figure": asked.get("zeitraum", "30")}] if token == "good" else []


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    tmp_path.joinpath("auswertung").mkdir()
    tmp_path.joinpath("auswertung", "index.html").write_text(_PAGE, "utf-8")
    return TestClient(FirstFigures(PlainTextResponse("the rest"), tmp_path, _find))


def test_the_figures_of_the_address_are_there_before_any_script(client: TestClient) -> None:
    answer = client.get("/auswertung/?zeitraum=7", headers={"cookie": "carbot_session=good"})
    assert "<b>7</b>" in answer.text
    assert _NASTY not in answer.text
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("cookie", ["", "carbot_session=forged"])
def test_nobody_else_gets_a_figure_nor_an_open_row(client: TestClient, cookie: str) -> None:
    answer = client.get("/auswertung/", headers={"cookie": cookie})
    assert "<ul></ul>" in answer.text
    assert '"figures":[]' in answer.text
    assert "⟦" not in answer.text


def test_every_other_address_goes_on(client: TestClient) -> None:
    assert client.get("/heute/").text == "the rest"
    assert client.post("/auswertung/").text == "the rest"
