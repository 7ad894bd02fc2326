"""The same story on other ground: another assistant, another database, several web processes."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served, TwoWorkers, foreign_site, serve
from tests.e2e.people import AT_ONCE_MS, FRONT_DESK, PATIENCE_MS, PHONE, lead_row, open_bubble, sign_in
from tests.peers.openai_server import OpenAIStandIn

pytestmark = pytest.mark.e2e

_BROWSERS = 6


@pytest.fixture
def model() -> Iterator[OpenAIStandIn]:
    """An OpenAI-compatible endpoint on this machine."""
    model = OpenAIStandIn()
    model.start()
    yield model
    model.stop()


@pytest.mark.postgres
def test_on_postgresql_with_two_workers_every_browser_sees_the_lead(
    browser: Browser, two_workers: TwoWorkers
) -> None:
    running = two_workers.served
    with foreign_site(running.url) as site:
        first = _desk(browser, running)
        others = [_inbox_beside(first, running) for _ in range(_BROWSERS)]
        assert _workers_with_browsers(running) == 2
        _book(browser, site, first, *others)


@pytest.mark.thorough
def test_a_model_behind_the_openai_client_books_with_the_same_prices_and_times(
    browser: Browser, built_frontend: Path, tmp_path: Path, model: OpenAIStandIn
) -> None:
    settings = {"CARBOT_AI_BASE_URL": model.base_url, "CARBOT_AI_API_KEY": "local"}
    with serve(tmp_path, **settings) as running, foreign_site(running.url) as site:
        desk = _desk(browser, running)
        _book(browser, site, desk)
    assert {"quote", "find_slots", "book"} <= _tools_called(model)


def _desk(browser: Browser, running: Served) -> Page:
    desk = sign_in(browser, running.url, FRONT_DESK)
    desk.goto(f"{running.url}/posteingang/")
    expect(desk.locator("[data-inbox-row]").first).to_be_visible(timeout=PATIENCE_MS)
    return desk


def _inbox_beside(desk: Page, running: Served) -> Page:
    page = desk.context.new_page()
    page.goto(f"{running.url}/posteingang/")
    expect(page.locator("[data-inbox-row]").first).to_be_visible(timeout=PATIENCE_MS)
    return page


def _workers_with_browsers(running: Served) -> int:
    """How many processes of the server hold an open connection."""
    workers = psutil.Process(running.process.pid).children(recursive=True)
    return sum(
        any(
            connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == _port(running)
            for connection in worker.net_connections("tcp")
        )
        for worker in workers
    )


def _port(running: Served) -> int:
    return int(running.url.rsplit(":", 1)[1])


def _tools_called(model: OpenAIStandIn) -> set[str]:
    messages = [message for request in model.requests for message in request["messages"]]
    calls = [call for message in messages for call in message.get("tool_calls") or ()]
    return {call["function"]["name"] for call in calls}


def _book(browser: Browser, site: str, *desks: Page) -> None:
    """Question, price, times, contact, confirmation; every desk sees the lead appear and get its name."""
    context = browser.new_context(viewport=PHONE, locale="de-DE")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site)
    chat = open_bubble(page)
    chat.write("Was kostet ein Ölwechsel beim Opel Corsa und wann habt ihr Zeit? DO-XY 42")
    for desk in desks:
        expect(lead_row(desk, "DO-XY 42")).to_be_visible(timeout=AT_ONCE_MS)
    expect(chat.answers).to_have_count(1, timeout=PATIENCE_MS)
    expect(chat.answers.last).to_contain_text("€")
    expect(chat.slots).to_have_count(3)
    chat.pick(chat.slots.first)
    confirmation = chat.leave_contact("Bernd Stark", tel="0171 4445566")
    expect(confirmation.locator(".booking")).to_contain_text("Hörder Bahnhofstraße 12")
    for desk in desks:
        expect(lead_row(desk, "DO-XY 42", "Bernd Stark")).to_be_visible(timeout=AT_ONCE_MS)
    context.close()
