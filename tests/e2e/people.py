"""The people of the end-to-end tests, each at a browser: a customer in the chat, staff at the desk."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from types import MappingProxyType
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, expect

from carbot_app.demo.cast import PASSWORD, SLUG

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
OWNER, FRONT_DESK = "owner@kfz-mueller.example", "annahme@kfz-mueller.example"
PATIENCE_MS = 40_000
AT_ONCE_MS = 20_000
_HERE = ZoneInfo("Europe/Berlin")
_WEEKS_AHEAD = 5
_ROW_MS = 8_000
"""A week shown before is drawn as it was until it has been read; in a new tab lanes stand before the list."""


@dataclass(frozen=True)
class Chat:
    """The conversation as its visitor sees it: in the bubble of a foreign page, or filling the hosted one."""

    page: Page

    @property
    def answers(self) -> Locator:
        """Complete messages of the assistant, without the greeting."""
        return self.page.locator("carbot-chat .said.assistant.complete")

    def say(self, text: str) -> Locator:
        """Write a message; its answer when that is complete."""
        before = self.answers.count()
        self.write(text)
        return self.answer_after(before)

    def write(self, text: str) -> None:
        """Write a message and wait for nothing."""
        box = self.page.locator("carbot-chat textarea")
        box.fill(text)
        box.press("Enter")

    def pick(self, button: Locator) -> Locator:
        """Press a button of a card; its answer when that is complete."""
        before = self.answers.count()
        button.click()
        return self.answer_after(before)

    def answer_after(self, before: int) -> Locator:
        """The answer that follows ``before`` earlier ones."""
        expect(self.answers).to_have_count(before + 1, timeout=PATIENCE_MS)
        return self.answers.nth(before)

    @property
    def slots(self) -> Locator:
        """Times that can be chosen now."""
        return self.page.locator("carbot-chat .slot:enabled")

    def leave_contact(self, name: str, **reach: str) -> Locator:
        """Fill in the card that asks for name, phone and e-mail; the answer when that is complete."""
        card = self.page.locator("carbot-chat form.card")
        card.locator("input[autocomplete=name]").fill(name)
        for field, value in reach.items():
            card.locator(f"input[type={field}]").fill(value)
        return self.pick(card.locator("button[type=submit]"))


def open_bubble(page: Page) -> Chat:
    """Press the bubble of a foreign page."""
    page.locator("carbot-chat .launch").click()
    expect(page.locator("carbot-chat textarea")).to_be_visible()
    return Chat(page)


def sign_in(browser: Browser, url: str, email: str, **options: object) -> Page:
    """A new browser in which somebody of the demo team is signed in and has opened Heute."""
    page = new_browser(browser, **options)
    # The form costs a page to load for each of a hundred browsers; one story uses it
    answer = page.request.post(
        f"{url}/api/auth/sign-in", data={"email": email, "password": PASSWORD}, headers={"Origin": url}
    )
    assert answer.ok, answer.text()
    page.goto(f"{url}/heute/")
    return page


def sign_in_by_hand(browser: Browser, url: str, email: str, **options: object) -> Page:
    """The same through the form."""
    page = new_browser(browser, **options)
    page.goto(f"{url}/anmelden/")
    wait_until_alive(page)
    page.get_by_label("E-Mail").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(re.compile("/heute/"))
    return page


def new_browser(browser: Browser, **options: object) -> Page:
    """A page in a browser of its own: German, without motion, as large as a desk's unless ``options`` say."""
    settings = {"viewport": DESKTOP, "locale": "de-DE", "reduced_motion": "reduce", **options}
    return browser.new_context(**settings).new_page()  # type: ignore[arg-type]


def wait_until_alive(page: Page) -> None:
    """Until React listens: what is pressed before does nothing."""
    page.wait_for_function(
        "Object.keys(document.querySelector('main') ?? {}).some(key => key.startsWith('__react'))",
        polling=50,
    )


def write_until_seen(box: Locator, sign: Locator) -> None:
    """Write on until the others see it: the sign fades in seconds, on a busy machine before it is drawn."""
    until = monotonic() + PATIENCE_MS / 1000
    while not sign.is_visible():
        assert monotonic() < until, "nobody saw that somebody was writing"
        box.press_sequentially(" und", delay=100)


def wait_for_every_panel(page: Page) -> None:
    """The dashboard reads what lies below when somebody scrolls to it."""
    wait_until_alive(page)
    for place in ("[data-panels]", "[data-card=score]", "[data-card=capacity]"):
        page.locator(place).scroll_into_view_if_needed(timeout=PATIENCE_MS)
    for shown in ("[data-panel=loads]", ".cb-score-ring", "[data-card=capacity] li >> nth=0"):
        expect(page.locator(shown)).to_be_visible(timeout=PATIENCE_MS)
    page.locator("h1").scroll_into_view_if_needed()


def barriers(
    page: Page, axe: str, selector: str = "html", rules: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> list[str]:
    """What axe, given as its source, finds wrong below an element, a line each; ``rules`` are its options."""
    page.evaluate(axe)
    run = "([selector, rules]) => axe.run(selector, rules).then(result => result.violations)"
    found = page.evaluate(run, [selector, dict(rules)])
    return [f"{one['id']} {node['html'][:160]}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether something is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def chat_address(url: str) -> str:
    """The hosted chat of the demo workshop."""
    return f"{url}/w/{SLUG}/chat/"


def lead_row(desk: Page, plate: str, name: str = "") -> Locator:
    """The newest row of the inbox with this plate, and this name where several have it."""
    sign = desk.get_by_role("img", name=f"Kennzeichen {plate}", exact=True)
    return desk.locator("[data-inbox-row]", has=sign).filter(has_text=name).first


def visit_row(page: Page, url: str, name: str) -> Locator:
    """This customer's row in the first week of the calendar that has one."""
    page.goto(f"{url}/kalender/?span=week&ansicht=list")
    wait_until_alive(page)
    row = page.get_by_role("listitem").filter(has_text=name).first
    today = datetime.now(_HERE).date()
    monday = today - timedelta(days=today.weekday())
    for week in range(_WEEKS_AHEAD):
        shown = re.compile(rf"\b{(monday + timedelta(weeks=week)).day}\b")
        expect(page.locator("main h2.cb-heading").first).to_have_text(shown, timeout=PATIENCE_MS)
        with suppress(AssertionError):
            expect(row).to_be_visible(timeout=_ROW_MS)
            return row
        page.get_by_role("button", name="Weiter", exact=True).first.click()
    raise AssertionError(f"no visit of {name} in the next {_WEEKS_AHEAD} weeks")
