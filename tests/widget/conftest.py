"""A real Chromium, the built bundle and the stand-in API."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from carbot_app.build.widget import build_widget
from tests.widget.contract_scripts import SLUG
from tests.widget.contract_server import BUNDLE, ContractServer

ROOT = Path(__file__).resolve().parents[2]

EXTRAS = {"host": "", "turkish": 'data-language="tr"', "left": 'data-position="left"'}
EMBED = '<script src="{api}/widget.js" data-workshop="{slug}" {extra} async></script>'
HOST_PAGE = """<!doctype html><html lang="de"><head><title>Werkstatt Müller</title>{head}</head>
<body><h1>Läuft wieder. Versprochen.</h1><p><a href="#kontakt">Kontakt</a></p>{body}</body></html>"""
HOSTED_PAGE = """<!doctype html><html lang="de"><head><title>Chat</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>body{{margin:0}}main{{height:100dvh}}h1{{position:absolute;clip-path:inset(50%)}}</style></head>
<body><main><h1>Chat</h1><carbot-chat workshop="{slug}"></carbot-chat></main>
<script src="/widget.js" async></script></body></html>"""


@pytest.fixture(scope="session")
def bundle_size() -> int:
    """Builds the bundle; returns its gzip size in bytes."""
    build_widget(ROOT, Path(".build"))
    return len(gzip.compress(BUNDLE.read_bytes(), 9))


@pytest.fixture(scope="session")
def server(bundle_size: int) -> Iterator[ContractServer]:
    running = ContractServer()
    embed = {
        name: EMBED.format(api=running.api_origin, slug=SLUG, extra=extra) for name, extra in EXTRAS.items()
    }
    live = running.api_origin.replace("http", "ws")
    strict = (
        f"default-src 'none'; script-src {running.api_origin}; connect-src {running.api_origin} "
        f"{live}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    hostile = "<style>div,button,dialog{display:none!important}*{font-size:40px!important}</style>"
    for name, tag in embed.items():
        running.pages[name] = (HOST_PAGE.format(head="", body=tag), {})
    running.pages["strict"] = (
        HOST_PAGE.format(head="", body=embed["host"]),
        {"Content-Security-Policy": strict},
    )
    running.pages["hostile"] = (HOST_PAGE.format(head=hostile, body=embed["host"]), {})
    unknown = EMBED.format(api=running.api_origin, slug="gibt-es-nicht", extra="")
    running.pages["unknown"] = (HOST_PAGE.format(head="", body=unknown), {})
    viewport = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    running.pages["phone"] = (HOST_PAGE.format(head=viewport, body=embed["host"]), {})
    running.pages["hosted"] = (HOSTED_PAGE.format(slug=SLUG), {})
    running.pages["hosted-unknown"] = (HOSTED_PAGE.format(slug="gibt-es-nicht"), {})
    running.start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def forget(server: ContractServer) -> None:
    server.reset()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(
        viewport={"width": 1280, "height": 860}, locale="de-DE", timezone_id="Europe/Berlin"
    )
    fresh.set_default_timeout(6_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Fails the test on any script error of the page."""
    fresh = context.new_page()
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    yield fresh
    assert errors == []
