"""One person, two locations: changing between them by thumb and by keyboard, and both side by side."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from carbot_app.demo.second_location import SECOND_NAME
from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    DESKTOP,
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_for_every_panel,
    wait_until_alive,
)

pytestmark = pytest.mark.e2e

FIRST_NAME = "Kfz Müller Dortmund"
_GLANCE_MS = 400


@pytest.fixture
def owner(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """The owner's phone, at the first location."""
    context = sign_in(browser, served.url, OWNER, viewport=PHONE).context
    page = context.pages[0]
    if not _is_at(page, FIRST_NAME):
        _go(page, FIRST_NAME)
    yield context
    context.close()


def _menu(page: Page) -> None:
    wait_until_alive(page)
    opened = page.locator(".cb-tabbar [role=menu]")
    if not opened.count():
        page.get_by_role("button", name="Mehr").click()
    expect(opened.get_by_role("menuitemradio", name=FIRST_NAME)).to_be_visible(timeout=PATIENCE_MS)


def _is_at(page: Page, name: str) -> bool:
    _menu(page)
    found = page.get_by_role("menuitemradio", name=name).get_attribute("aria-checked") == "true"
    page.keyboard.press("Escape")
    return found


def _go(page: Page, name: str) -> None:
    _menu(page)
    with page.expect_navigation(url=re.compile("/heute/")):
        page.get_by_role("menuitemradio", name=name).click()


def _workshop(page: Page, url: str) -> str:
    return page.request.get(f"{url}/api/auth/me").json()["workshop_id"]


def _leads(page: Page, url: str) -> str:
    page.goto(f"{url}/auswertung/")
    wait_until_alive(page)
    figure = page.locator("[data-figure=new_leads] .cb-kpi-figure")
    expect(figure).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    return figure.inner_text()


def test_a_phone_changes_the_location_and_shows_its_name_and_figures(
    browser: Browser, owner: BrowserContext, served: Served, axe: str
) -> None:
    page = owner.pages[0]
    leads = _leads(page, served.url)
    other = owner.new_page()
    assert _leads(other, served.url) == leads
    _menu(page)
    assert barriers(page, axe) == []
    page.keyboard.press("Escape")

    _go(page, SECOND_NAME)

    assert _is_at(page, SECOND_NAME)
    assert _leads(page, served.url) != leads
    # No tab goes on showing the workshop that was left
    other.wait_for_url(re.compile("/heute/"), timeout=PATIENCE_MS)
    assert _is_at(other, SECOND_NAME)

    desk = sign_in(browser, served.url, OWNER, viewport=DESKTOP)
    expect(desk.locator("button.cb-side-top")).to_contain_text("Bochum", timeout=PATIENCE_MS)
    desk.context.close()


def test_a_notification_of_the_other_location_goes_on_there(owner: BrowserContext, served: Served) -> None:
    page = owner.pages[0]
    owner.grant_permissions(["notifications"], origin=served.url)
    page.evaluate("import('/pwa.js').then(pwa => pwa.registerServiceWorker()).then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    first = _workshop(page, served.url)
    _go(page, SECOND_NAME)
    assert _workshop(page, served.url) != first
    page.goto(f"{served.url}/kunden/")
    wait_until_alive(page)

    page.evaluate(
        """async workshop_id => {
          const registration = await navigator.serviceWorker.ready;
          await registration.showNotification("Neue Anfrage", {data: {url: "/heute/", workshop_id}});
        }""",
        first,
    )
    # A made-up tap may not open a window; what is open changes all the same
    owner.service_workers[0].evaluate(
        """async () => {
          const [notification] = await self.registration.getNotifications();
          self.dispatchEvent(new NotificationEvent("notificationclick", {notification}));
        }"""
    )
    # Windows that showed the workshop that was left begin anew
    page.wait_for_url(re.compile("/heute/"), timeout=PATIENCE_MS)
    assert _workshop(page, served.url) == first
    assert _is_at(page, FIRST_NAME)


def test_the_keyboard_changes_the_location_at_a_desk(owner: BrowserContext, axe: str) -> None:
    page = owner.pages[0]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.locator("button.cb-side-top").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name=FIRST_NAME)).to_be_focused()
    assert barriers(page, axe, ".cb-side") == []
    page.keyboard.press("ArrowDown")
    with page.expect_navigation(url=re.compile("/heute/")):
        page.keyboard.press("Enter")
    expect(page.locator("button.cb-side-top")).to_contain_text("Bochum", timeout=PATIENCE_MS)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_card_compares_the_locations_and_leads_to_the_same_days_there(
    owner: BrowserContext, served: Served, axe: str, size: dict[str, int]
) -> None:
    page = owner.pages[0]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    here = _leads(page, served.url)
    page.goto(f"{served.url}/auswertung/?zeitraum=7")
    wait_until_alive(page)
    card = page.locator("[data-card=locations]")
    line = card.locator("tr, li").filter(has_text=SECOND_NAME).locator("visible=true")
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(PATIENCE_MS // _GLANCE_MS):
        # What is above it grows while it is read, and pushes it away again
        card.scroll_into_view_if_needed()
        page.wait_for_timeout(_GLANCE_MS)
        if line.count():
            break
    expect(line).to_be_visible()
    assert barriers(page, axe, "[data-card=locations]") == []
    assert not scrolls_sideways(page)
    if size == DESKTOP:
        leads = card.locator("tr").filter(has_text=FIRST_NAME).locator("td").nth(1)
        this_week = leads.inner_text()
        assert this_week != here
        page.locator(".cb-page-actions").get_by_text("30 Tage", exact=True).click()
        expect(leads).to_have_text(here, timeout=AT_ONCE_MS)
        page.locator(".cb-page-actions").get_by_text("7 Tage", exact=True).click()
        expect(leads).to_have_text(this_week, timeout=AT_ONCE_MS)
    with page.expect_navigation(url=re.compile(r"/auswertung/\?zeitraum=7")):
        line.get_by_role("button", name=SECOND_NAME).click()
    assert _is_at_desk_or_phone(page, SECOND_NAME)


def _is_at_desk_or_phone(page: Page, name: str) -> bool:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return _is_at(page, name)


def test_who_works_in_one_workshop_sees_no_menu(browser: Browser, served: Served) -> None:
    page = sign_in(browser, served.url, FRONT_DESK)
    expect(page.locator(".cb-side-top")).to_contain_text("Kfz Müller", timeout=PATIENCE_MS)
    assert page.locator("button.cb-side-top").count() == 0
    page.goto(f"{served.url}/auswertung/")
    wait_for_every_panel(page)
    assert page.locator("[data-card=locations]").count() == 0
    page.context.close()


def test_an_owner_opens_a_location_and_invites_somebody_who_has_an_account(
    browser: Browser, owner: BrowserContext, served: Served, axe: str
) -> None:
    page = owner.pages[0]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto(f"{served.url}/einstellungen/?bereich=standorte")
    wait_until_alive(page)
    page.get_by_role("button", name="Weiterer Standort").click()
    pane = page.get_by_role("dialog", name="Weiterer Standort")
    pane.get_by_label("Name der Werkstatt").fill("Kfz Müller Witten")
    pane.get_by_role("button", name="Standort anlegen").click()
    expect(pane.get_by_label("Ort")).to_have_attribute("aria-invalid", "true", timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    pane.get_by_label("Ort").fill("Witten")
    pane.get_by_role("button", name="Standort anlegen").click()
    with page.expect_navigation(url=re.compile("bereich=werkstatt")):
        page.get_by_role("button", name="Kfz Müller Witten öffnen").click(timeout=PATIENCE_MS)
    expect(page.locator("input[name=city]")).to_have_value("Witten", timeout=PATIENCE_MS)
    expect(page.locator("input[name=street]")).to_have_value("")

    page.goto(f"{served.url}/einstellungen/?bereich=team")
    wait_until_alive(page)
    page.get_by_role("button", name="Einladen").first.click(timeout=PATIENCE_MS)
    page.get_by_label("Name", exact=True).fill("Jana K.")
    page.get_by_label("E-Mail").fill("leitung@kfz-mueller.example")
    page.locator("dialog[open]").get_by_role("button", name="Einladung senden").click()
    expect(page.get_by_text("Jana K.")).to_be_visible(timeout=PATIENCE_MS)

    guest = sign_in(browser, served.url, "leitung@kfz-mueller.example", viewport=PHONE)
    _menu(guest)
    with guest.expect_navigation(url=re.compile("/heute/")):
        guest.get_by_role("menuitemradio", name="Kfz Müller Witten").click()
    assert _is_at(guest, "Kfz Müller Witten")
    guest.context.close()
