"""The staff app can be installed, says what still works without a network, and shows pushes."""

import json

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from carbot_app.kit.i18n import translate
from tests.e2e.conftest import Served

pytestmark = pytest.mark.e2e
_REGISTER = (
    "import('/pwa.js').then(pwa => pwa.registerServiceWorker()).then(() => navigator.serviceWorker.ready)"
)


def _installed(browser: Browser, served: Served, **options) -> tuple[BrowserContext, Page]:
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(f"{served.url}/bausteine/")
    page.evaluate(f"{_REGISTER}.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return context, page


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("tr-TR", "tr"), ("fr-FR", "de")])
def test_without_a_network_the_page_says_what_still_works(
    browser: Browser, served: Served, locale: str, language: str
) -> None:
    context, page = _installed(browser, served, locale=locale)
    context.set_offline(True)
    page.goto(f"{served.url}/heute/")
    assert page.locator("h1:visible").inner_text() == translate(language, "platform.offline.title")
    assert page.locator("li:visible").count() == 3
    assert page.evaluate("document.documentElement.lang") == language
    context.set_offline(False)
    page.wait_for_selector("main[data-title]", state="detached")
    context.close()


def test_the_shell_is_stored_and_answers_of_the_server_are_not(browser: Browser, served: Served) -> None:
    context, page = _installed(browser, served)
    page.evaluate("fetch('/api/push/key').catch(() => null)")
    stored = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async name =>
           (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname)))).flat()"""
    )
    assert "/offline.html" in stored
    assert any(path.startswith("/assets/") and path.endswith(".js") for path in stored)
    assert not [path for path in stored if path.startswith(("/api", "/_event", "/w/"))]
    context.close()


def test_a_push_becomes_a_notification_that_leads_to_its_lead(browser: Browser, served: Served) -> None:
    context, page = _installed(browser, served)
    context.grant_permissions(["notifications"], origin=served.url)
    devtools = context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(entry["registrationId"] for entry in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    buttons = [
        {"action": "answer", "title": "Antworten"},
        {"action": "call", "title": "Anrufen", "url": "/api/push/call/x"},
        {"action": "snooze", "title": "In 30 Min.", "ticket": "x"},
    ]
    payload = {
        "actions": buttons,
        "title": "Heiße Anfrage",
        "body": "DO-AB 123",
        "url": "/anfragen/7/",
        "workshop_id": "8",
        "tag": "lead-7",
        "lead_id": "7",
    }
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": served.url, "registrationId": registrations[0], "data": json.dumps(payload)},
    )
    shown = page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          for (;;) {
            const [n] = await registration.getNotifications();
            if (n) return {title: n.title, body: n.body, tag: n.tag, data: n.data,
                           actions: n.actions.map(({action}) => action)};
            await new Promise(resolve => setTimeout(resolve, 50));
          }
        }"""
    )
    assert shown == {
        "title": "Heiße Anfrage",
        "body": "DO-AB 123",
        "tag": "lead-7",
        "data": {
            "url": f"{served.url}/anfragen/7/",
            "workshop_id": "8",
            "lead_id": "7",
            "actions": buttons,
        },
        "actions": ["call", "snooze"],
    }
    context.close()


def test_the_manifest_its_icons_and_the_colours_of_the_bar_are_there(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page()
    page.goto(f"{served.url}/bausteine/")
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(r => r.json())")
    for icon in manifest["icons"]:
        answer = page.request.get(served.url + icon["src"])
        assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    bars = page.eval_on_selector_all("meta[name=theme-color]", "all => all.map((one) => one.media)")
    assert bars == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]
    errors = page.context.new_cdp_session(page).send("Page.getAppManifest")["errors"]
    assert errors == []
    page.close()
