"""What the bundle weighs, contains and does to a page before anybody touches it."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import ROOT
from tests.widget.contract_server import BUNDLE, EXTRAS, ContractServer

pytestmark = pytest.mark.e2e

GZIP_LIMIT = 15_360
BUNDLES = pytest.mark.parametrize("bundle", [BUNDLE, EXTRAS], ids=lambda path: path.stem)


def test_the_bundle_stays_within_fifteen_kilobytes(bundle_size: int) -> None:
    assert bundle_size <= GZIP_LIMIT


def test_what_is_loaded_after_opening_stays_within_fifteen_kilobytes_too(bundle_size: int) -> None:
    assert len(gzip.compress(EXTRAS.read_bytes(), 9)) <= GZIP_LIMIT


@BUNDLES
def test_the_bundle_can_neither_parse_markup_nor_evaluate_code(bundle: Path, bundle_size: int) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|\.cookie"
    )
    assert re.findall(forbidden, bundle.read_text()) == []


@BUNDLES
def test_the_bundle_names_no_host_of_its_own(bundle: Path, bundle_size: int) -> None:
    assert set(re.findall(r"https?://[\w./-]+", bundle.read_text())) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("file", ["texts.js", "extras/texts.js"])
def test_every_text_exists_in_all_four_languages(file: str) -> None:
    source = (ROOT / "assets/widget" / file).read_text()
    table = source[source.index("const TEXTS") :].partition("export const LANGUAGE_NAMES")[0]
    rows = dict(re.findall(r"^  (\w+): (.*?)(?=^  \w|^};)", table, re.S | re.M))
    assert len(rows) > 25
    for key, row in rows.items():
        texts = re.findall(r'"((?:[^"\\]|\\.)*)"', row)
        assert len(texts) == (12 if key == "starters" else 4), key
        assert all(texts), key
        placeholders = {tuple(re.findall(r"\{\w+\}", text)) for text in texts}
        assert len(placeholders) == 1, key


def test_nothing_is_stored_and_one_request_goes_to_our_host_before_the_chat_is_opened(
    context: BrowserContext, page: Page, server: ContractServer
) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").wait_for()
    page.wait_for_timeout(500)

    ours = [address for address in addresses if not address.startswith(f"{server.host_origin}/")]
    assert ours == [f"{server.api_origin}/widget.js", f"{server.api_origin}/api/widget/v1/mueller-dortmund"]
    assert context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    ((_, _, headers),) = server.requests
    assert "cookie" not in headers
    assert "authorization" not in headers


def test_opening_alone_creates_no_conversation_and_the_notice_comes_before_any_input(
    page: Page, server: ContractServer
) -> None:
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    expect(page.get_by_role("note")).to_contain_text(
        "Sie chatten mit einem KI-Assistenten von Kfz-Meisterbetrieb Müller"
    )
    expect(page.get_by_role("link", name="Datenschutz")).to_have_attribute(
        "href", f"{server.api_origin}/w/mueller-dortmund/datenschutz"
    )
    assert server.conversations == {}
    assert page.evaluate("JSON.parse(sessionStorage.getItem('carbot:mueller-dortmund'))") == {"open": True}


def test_the_session_lives_in_session_storage_only(
    context: BrowserContext, page: Page, server: ContractServer
) -> None:
    page.goto(f"{server.host_origin}/page/host")
    page.locator(".launch").click()
    page.get_by_role("textbox").fill("Hallo")
    page.keyboard.press("Enter")
    expect(page.locator(".assistant .bubble").last).to_have_text("Sie schrieben: Hallo")
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('carbot:mueller-dortmund'))")
    assert (kept["id"], kept["token"]) == (server.only.id, server.only.token)
    assert page.evaluate("localStorage.length") == 0
    assert context.cookies() == []


def test_an_unknown_workshop_leaves_a_foreign_page_as_it_was(page: Page, server: ContractServer) -> None:
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    page.goto(f"{server.host_origin}/page/unknown")
    page.wait_for_timeout(500)
    assert page.locator("carbot-chat").evaluate("chat => chat.shadowRoot.children.length") == 0
    assert any("CarBot chat" in warning for warning in warnings)


def test_an_unknown_workshop_is_explained_on_our_own_page(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.api_origin}/page/hosted-unknown")
    expect(page.get_by_role("alert")).to_have_text("Diesen Chat gibt es nicht.")


def test_it_works_under_a_strict_content_security_policy(page: Page, server: ContractServer) -> None:
    refused: list[str] = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security" in message.text else None,
    )
    page.goto(f"{server.host_origin}/page/strict")
    page.locator(".launch").click()
    page.get_by_role("textbox").fill("Bremsen quietschen")
    page.keyboard.press("Enter")
    expect(page.locator(".slot")).to_have_count(3)
    assert page.locator(".launch").evaluate("element => getComputedStyle(element).width") == "56px"
    assert refused == []


def test_styles_of_the_host_page_do_not_reach_in(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.host_origin}/page/hostile")
    page.locator(".launch").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator(".bubble").first.evaluate("element => getComputedStyle(element).fontSize") == "15px"


def test_language_and_position_come_from_the_script_tag(page: Page, server: ContractServer) -> None:
    page.goto(f"{server.host_origin}/page/turkish")
    page.locator(".launch").click()
    expect(page.get_by_role("note")).to_contain_text("yapay zekâ asistanıyla")
    expect(page.get_by_role("button", name="Gönder")).to_be_visible()
    page.goto(f"{server.host_origin}/page/left")
    assert page.locator(".launch").bounding_box()["x"] == 24
