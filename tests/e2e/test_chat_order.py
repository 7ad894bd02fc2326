"""What the chat fetches may come late, older than what its stream told: nothing is undone or left out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    FRONT_DESK,
    PATIENCE_MS,
    PHONE,
    Chat,
    chat_address,
    lead_row,
    new_browser,
    sign_in,
)

pytestmark = pytest.mark.e2e

_FETCHES = "**/api/widget/v1/conversations/*?after=*"
_SHORT_MS = 500


@dataclass
class SlowNetwork:
    """Holds what the chat fetches until it is let go."""

    page: Page
    sockets: list[WebSocketRoute] = field(default_factory=list)
    held: list[Route] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """By the live channel."""

    def watch(self) -> None:
        """From the first page on."""

        def pass_on(socket: WebSocketRoute) -> None:
            server = socket.connect_to_server()

            def tell(words: str | bytes) -> None:
                socket.send(words)
                self.told.append(json.loads(words))

            server.on_message(tell)
            self.sockets.append(socket)

        self.page.route_web_socket("**/api/widget/v1/conversations/*/live?*", pass_on)

    def hold_next_fetch(self) -> None:
        """The live channel breaks; what is fetched because of that stays on its way."""
        # A function of Python itself cannot be given: Playwright puts a mark on it
        self.page.route(_FETCHES, lambda route: self.held.append(route), times=1)  # noqa: PLW0108
        self.sockets[-1].close()
        self.wait_until(lambda: bool(self.held))

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Asked twice a second."""
        for _ in range(PATIENCE_MS // _SHORT_MS):
            if happened():
                return
            self.page.wait_for_timeout(_SHORT_MS)
        raise AssertionError("waited in vain")

    def wait_for_quiet(self) -> None:
        """Until the live channel has told what there is to tell."""
        told = -1
        while told < len(self.told):
            told = len(self.told)
            self.page.wait_for_timeout(4 * _SHORT_MS)

    def answer(self, body: Any) -> None:
        """Let the held one go with ``body``."""
        self.held[-1].fulfill(json=body)
        self.page.wait_for_timeout(_SHORT_MS)


@pytest.fixture
def network(browser: Browser, served: Served) -> Iterator[SlowNetwork]:
    """A visitor's chat page behind it."""
    network = SlowNetwork(new_browser(browser, viewport=PHONE))
    network.watch()
    network.page.goto(chat_address(served.url))
    yield network
    network.page.context.close()


def test_an_older_copy_of_an_answer_does_not_take_its_form_away(network: SlowNetwork) -> None:
    chat = Chat(network.page)
    chat.say("Bremsen quietschen, Golf 7 BJ 2015, wann habt ihr Zeit? DO-CO 11")
    network.hold_next_fetch()
    chat.pick(chat.slots.first)
    form = network.page.locator("carbot-chat form.card")
    expect(form).to_be_visible(timeout=PATIENCE_MS)
    network.wait_for_quiet()
    thread = network.held[-1].fetch().json()
    thread["messages"][-1] |= {"state": "streaming", "text": "", "parts": []}
    network.answer(thread)
    expect(form).to_be_visible()
    expect(chat.leave_contact("Cora Ott", tel="0171 5550111")).to_contain_text("Ihr Termin steht")


def test_what_is_announced_while_the_chat_fetches_is_fetched_too(
    network: SlowNetwork, browser: Browser, served: Served
) -> None:
    chat = Chat(network.page)
    chat.say("Was kostet ein Ölwechsel beim Opel Corsa? DO-CO 22")
    network.hold_next_fetch()
    before = network.held[-1].fetch().json()

    desk = sign_in(browser, served.url, FRONT_DESK)
    desk.goto(f"{served.url}/posteingang/")
    lead_row(desk, "DO-CO 22").click(timeout=PATIENCE_MS)
    reply = desk.get_by_role("textbox", name="Antwort")
    reply.fill("Guten Tag, hier ist Jana.", timeout=PATIENCE_MS)
    reply.press("Control+Enter")
    expect(desk.get_by_role("log")).to_contain_text("hier ist Jana", timeout=PATIENCE_MS)
    desk.context.close()

    network.wait_until(lambda: any(event.get("last_seq", 0) > before["last_seq"] for event in network.told))
    network.wait_for_quiet()
    network.answer(before)
    from_staff = network.page.locator("carbot-chat .said.staff")
    expect(from_staff).to_contain_text("hier ist Jana", timeout=AT_ONCE_MS)
