"""From a messy price list to a booking: the owner drags, edits, imports; a customer books the new price."""

import time

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from carbot_app.demo.cast import SLUG
from tests.e2e.conftest import Served, TwoWorkers
from tests.e2e.people import OWNER, PATIENCE_MS, PHONE, sign_in, wait_until_alive

pytestmark = pytest.mark.e2e

CHG = "/leistungen/?kategorie=CHG&zeige=all"
WHEELS = "TYR-CHG-001"
BEFORE, EDITED, IMPORTED = "39,00", "44,00", "49,90"
_VISITS = 6
"""So many that both processes answer."""
PRICE_LIST = """\
KFZ-Meisterbetrieb Müller;;;;
Preisliste gültig ab 01.12.2026;;;;
;;;;
Leistungsbezeichnung;Warengruppe;Preis brutto;AW;Bemerkung
RÄDER;;;;
Räderwechsel (4 Räder) inkl. Sichtprüfung;Radwechsel;{wheels};6;=je nach Größe
Ventile erneuern „Größe S“;Reifenreparatur;12,50;2;+ Gewichte
Alle Preise inkl. 19 % MwSt. Irrtum vorbehalten.;;;;
"""


def test_a_price_list_is_imported_and_its_price_is_booked(browser: Browser, served: Served) -> None:
    _tell(browser, served)


@pytest.mark.postgres
def test_the_same_on_postgresql_where_another_process_answers_the_customer(
    browser: Browser, two_workers: TwoWorkers
) -> None:
    _tell(browser, two_workers.served)


def _tell(browser: Browser, served: Served) -> None:
    owner = sign_in(browser, served.url, OWNER)
    owner.goto(f"{served.url}{CHG}")
    wait_until_alive(owner)
    expect(_card(owner, WHEELS)).to_be_visible(timeout=PATIENCE_MS)
    first = _order(owner)
    _drag(owner, first[1], first[2])
    expect(_said(owner)).to_contain_text("verschoben", timeout=PATIENCE_MS)
    assert _order(owner)[:3] == [first[0], first[2], first[1]]

    _card(owner, WHEELS).click()
    price = owner.locator("input[name=price]")
    expect(price).to_have_value(BEFORE, timeout=PATIENCE_MS)
    price.fill(EDITED)
    owner.get_by_role("button", name="Speichern").click()
    expect(_said(owner)).to_contain_text("gespeichert", timeout=PATIENCE_MS)
    _expect_offered(browser, served, EDITED)

    owner.get_by_role("button", name="Importieren").click()
    _upload(owner, PRICE_LIST.format(wheels="-5,00"))
    dialog = owner.locator("#catalog-import")
    expect(dialog).to_contain_text("Der Preis darf nicht unter null liegen", timeout=PATIENCE_MS)
    expect(dialog.get_by_role("button", name="übernehmen")).to_be_disabled()
    with owner.expect_download() as errors:
        dialog.get_by_role("button", name="Fehler").click()
    assert errors.value.suggested_filename.endswith(".xlsx")
    _expect_offered(browser, served, EDITED)

    for _ in range(2):
        dialog.get_by_role("button", name="Zurück").click()
    _upload(owner, PRICE_LIST.format(wheels=f"{IMPORTED} €"))
    expect(dialog).to_contain_text("Ventile erneuern „Größe S“", timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="2 Leistungen übernehmen").click()
    expect(dialog).to_contain_text("2 Leistungen übernommen", timeout=PATIENCE_MS)

    _book(browser, served)

    dialog.get_by_role("button", name="Import rückgängig machen").click()
    expect(dialog).to_contain_text("zurückgenommen", timeout=PATIENCE_MS)
    _expect_offered(browser, served, EDITED)
    owner.context.close()


def _upload(page: Page, text: str) -> None:
    """Choose a file as an old program wrote it, and go on to its preview."""
    content = text.encode("cp1252")
    file: FilePayload = {"name": "Preisliste.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("#catalog-import input[type=file]").set_input_files(file)
    look = page.locator("#catalog-import").get_by_role("button", name="Vorschau zeigen")
    look.click(timeout=PATIENCE_MS)


def _expect_offered(browser: Browser, served: Served, price: str) -> None:
    """The public page, before any script runs, tells the price within a second, whichever process answers."""
    context = browser.new_context(java_script_enabled=False, locale="de")
    deadline, told = time.monotonic() + 1, ""
    while price not in told and time.monotonic() < deadline:
        told = _offered(context.new_page(), served)
    assert price in told
    for _ in range(_VISITS):
        assert price in _offered(context.new_page(), served)
    context.close()


def _offered(page: Page, served: Served) -> str:
    page.goto(f"{served.url}/w/{SLUG}/termin/")
    text = page.locator("label", has=page.locator(f"input[name='s-{WHEELS}']")).inner_text()
    page.close()
    return text


def _book(browser: Browser, served: Served) -> None:
    page = browser.new_context(viewport=PHONE, locale="de", reduced_motion="reduce").new_page()
    page.goto(f"{served.url}/w/{SLUG}/termin/?lang=de")
    wait_until_alive(page)
    page.locator("input[name=plate]").fill("DO-PL 490")
    page.locator(f"input[name='s-{WHEELS}']").check(force=True)
    expect(page.locator("main")).to_contain_text(IMPORTED, timeout=PATIENCE_MS)
    page.locator("button[type=submit]").locator("visible=true").click()
    page.locator("input[name=slot]:visible").first.check(force=True, timeout=PATIENCE_MS)
    page.locator("button[type=submit]").locator("visible=true").click()
    page.locator("input[name=name]").fill("Şükrü Öztürk-Łoś")
    page.locator("input[name=phone]").fill("0171 5550190")
    page.locator("input[name=email]").fill("suekrue@example.org")
    page.locator("button[type=submit]").locator("visible=true").click()
    done = page.locator("main")
    expect(done.get_by_role("heading", level=1)).to_contain_text("angefragt", timeout=PATIENCE_MS)
    expect(done).to_contain_text(IMPORTED)
    page.context.close()


def _card(page: Page, code: str) -> Locator:
    return page.locator(f"[data-card='{code}']").locator("visible=true")


def _said(page: Page) -> Locator:
    return page.locator(".cb-toast").last


def _order(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('[data-card]')].filter(card => card.checkVisibility())"
        ".sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)"
        ".map(card => card.dataset.card)"
    )


def _drag(page: Page, code: str, onto: str) -> None:
    start = page.locator(f"[data-drag-handle='{code}']").bounding_box()
    end = _card(page, onto).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 6, start["y"] + 6)
    page.mouse.down()
    page.mouse.move(start["x"] + 18, start["y"] + 18, steps=4)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2, steps=8)
    expect(page.locator("li[data-drop]")).to_have_count(1)
    page.mouse.up()
