"""The history of a car: unfolded in the customer's file, handed out, and checked without the workshop."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from carbot_app.cli import app
from tests.e2e.conftest import Served
from tests.e2e.people import AT_ONCE_MS, OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e


def open_history(page: Page, url: str) -> None:
    """The history of Sabine Krause's Golf."""
    page.goto(f"{url}/kunden/?suche=Krause")
    wait_until_alive(page)
    page.locator("main .cb-row").first.click()
    page.wait_for_url(re.compile("/kunden/akte/"))
    box = page.locator("[data-vehicle-history]").first
    box.get_by_role("button", name="Fahrzeughistorie öffnen").click(timeout=PATIENCE_MS)
    expect(box.get_by_text("Geprüft")).to_be_visible(timeout=PATIENCE_MS)


def test_a_history_is_read_handed_out_and_holds(browser: Browser, served: Served, tmp_path: Path) -> None:
    desk = sign_in(browser, served.url, OWNER)
    open_history(desk, served.url)
    box = desk.locator("[data-vehicle-history]").first
    expect(box.get_by_role("img", name=re.compile("Kilometerstände über die Zeit"))).to_be_visible()
    expect(box.locator(".cb-timeline > li")).to_have_count(6)
    box.get_by_role("button", name=re.compile("ältere Einträge zeigen")).click()
    expect(box.locator(".cb-timeline > li").nth(10)).to_be_visible(timeout=AT_ONCE_MS)
    expect(box.get_by_text(re.compile("Nicht plausibel"))).to_be_visible()

    with desk.expect_download() as started:
        box.get_by_role("link", name="Bescheinigung").click()
    paper = tmp_path / "certificate.pdf"
    started.value.save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF-")

    with desk.expect_download() as started:
        box.get_by_role("link", name="Prüfdatei").click()
    proof = tmp_path / "history.json"
    started.value.save_as(proof)
    history = json.loads(proof.read_text("utf-8"))
    published = desk.request.get(f"{served.url}{re.sub('^https?://[^/]+', '', history['head']['keys_url'])}")
    key = published.json()["keys"][-1]["fingerprint"]
    done = CliRunner().invoke(app, ["history", "verify", str(proof), "--key", key])
    whole = f"{len(history['entries'])} entries, nothing was changed"
    assert (done.exit_code, whole in done.stdout) == (0, True)
    history["entries"][4]["content"]["facts"]["km"] = 4_475
    proof.write_text(json.dumps(history))
    done = CliRunner().invoke(app, ["history", "verify", str(proof), "--key", key])
    assert (done.exit_code, done.stderr) == (1, "CarBot: Entry 5 was changed after it was signed.\n")

    box.get_by_role("button", name="Schließen").click()
    expect(box.get_by_role("button", name="Fahrzeughistorie öffnen")).to_be_visible(timeout=AT_ONCE_MS)
    desk.context.close()


def test_it_fits_a_phone(browser: Browser, served: Served) -> None:
    phone = sign_in(browser, served.url, OWNER, viewport=PHONE, has_touch=True)
    open_history(phone, served.url)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Bescheinigung", "Prüfdatei"):
        box = phone.get_by_role("link", name=name).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    phone.context.close()
