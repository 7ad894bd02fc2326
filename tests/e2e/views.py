"""Every page of CarBot and how to get it in front of a camera or a checker."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, expect
from sqlmodel import col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.ratings.models import VisitRating
from tests.e2e.people import PATIENCE_MS, Chat, open_bubble, wait_for_every_panel, wait_until_alive

_QUESTION = "Bremsen quietschen seit gestern, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-CB 45"
_SECTIONS = (
    "werkstatt",
    "zeiten",
    "plaetze",
    "standorte",
    "team",
    "vorlagen",
    "geraete",
    "hinweise",
    "kalender",
    "postfach",
    "wissen",
    "chat",
    "anfragen",
    "diagnose",
    "rechnungen",
    "zahlungen",
    "api",
    "ausgang",
    "datenschutz",
)
_DAYS_AHEAD = 5
TELEVISION = {"width": 1920, "height": 1080}
SITE = "site"
"""Path of a view on a foreign website."""


@dataclass(frozen=True, slots=True)
class View:
    """One thing to look at. Without a path it follows from the view before it, in the same tab."""

    name: str
    path: str = ""
    prepare: Callable[[Page], None] = wait_until_alive


def wait_for(*selectors: str) -> Callable[[Page], None]:
    """Alive, and these are to be seen."""

    def ready(page: Page) -> None:
        wait_until_alive(page)
        for selector in selectors:
            expect(page.locator(selector).locator("visible=true").first).to_be_visible(timeout=PATIENCE_MS)

    return ready


def _wish_a_call(page: Page) -> None:
    page.locator("#callback button").click()
    expect(page.locator("#callback option").nth(1)).to_be_attached(timeout=PATIENCE_MS)


def _car_and_services(page: Page) -> None:
    wait_until_alive(page)
    page.locator("input[name=plate]").fill("DO-AB 123")
    for code in page.locator("input[name^='s-']").all()[:2]:
        code.check(force=True)
    summary = page.locator(".cb-summary, .cb-summary-bar").locator("visible=true")
    expect(summary).to_contain_text("€", timeout=PATIENCE_MS)


def _continue_to(page: Page, step: int) -> None:
    form = page.locator(f"[data-step='{step - 1}'] form").get_attribute("id")
    page.locator(f"button[form={form}]").locator("visible=true").click()
    expect(page.locator(f"[data-step='{step}']")).to_be_visible(timeout=PATIENCE_MS)


def _times(page: Page) -> None:
    _continue_to(page, 2)
    page.locator(".cb-pick").click()


def _contact(page: Page) -> None:
    _continue_to(page, 3)
    page.locator("input[name=name]").fill("Pflegedienst Sonnenschein GmbH")
    page.locator("input[name=email]").fill("fuhrpark@pflegedienst-sonnenschein.example")


def _book(page: Page) -> None:
    page.locator("button[form=contact-form]").locator("visible=true").click()
    expect(page.locator("a[href^='/t/'][href$='/']")).to_be_visible(timeout=PATIENCE_MS)


def _manage(page: Page) -> None:
    page.goto(
        re.sub(r"/w/.*", page.locator("a[href^='/t/'][href$='/']").get_attribute("href") or "", page.url)
    )
    wait_until_alive(page)


def _move(page: Page) -> None:
    page.get_by_role("button", name="Verschieben", exact=True).click()
    expect(page.locator(".cb-times").locator("visible=true")).to_be_visible(timeout=PATIENCE_MS)


def _ask(page: Page) -> None:
    Chat(page).say(_QUESTION)
    expect(Chat(page).slots.first).to_be_visible(timeout=PATIENCE_MS)


def _hosted_chat(page: Page) -> None:
    expect(page.locator("carbot-chat textarea")).to_be_visible(timeout=PATIENCE_MS)
    _ask(page)


def _widget(page: Page) -> None:
    open_bubble(page)
    _ask(page)


def _busy_day(page: Page) -> None:
    """The first day with appointments: a demo started on a Sunday has none today."""
    wait_until_alive(page)
    expect(page.locator("main h2").locator("visible=true").first).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(_DAYS_AHEAD):
        try:
            expect(page.locator("main .cb-row").first).to_be_visible(timeout=500)
        except AssertionError:
            page.get_by_role("button", name="Weiter", exact=True).locator("visible=true").click()
    expect(page.locator("main .cb-row").first).to_be_visible(timeout=PATIENCE_MS)


def _busy_plan(page: Page) -> None:
    """The grid of the first day with visits; phones see the list of it."""
    wait_until_alive(page)
    visit = page.locator("[data-visit], main .cb-row").locator("visible=true").first
    for _ in range(_DAYS_AHEAD):
        try:
            expect(visit).to_be_visible(timeout=2_000)
        except AssertionError:
            page.get_by_role("button", name="Weiter", exact=True).locator("visible=true").click()
    expect(visit).to_be_visible(timeout=PATIENCE_MS)


def _new_visit(page: Page) -> None:
    page.get_by_role("button", name="Termin", exact=True).locator("visible=true").first.click()
    expect(page.locator("#desk-booking[open]")).to_be_visible(timeout=PATIENCE_MS)


def _open_first(selector: str, then: str, page: Page) -> None:
    page.locator(selector).first.click()
    expect(page.locator(then).locator("visible=true").first).to_be_visible(timeout=PATIENCE_MS)


def _open_alive(selector: str, then: str, page: Page) -> None:
    wait_for(selector)(page)
    _open_first(selector, then, page)


def _write_note(page: Page) -> None:
    page.locator("[data-compose=note]").click()
    expect(page.locator(".cb-composer-inside")).to_be_visible(timeout=PATIENCE_MS)


def _select_rows(page: Page) -> None:
    wait_for("[data-inbox-row]")(page)
    page.locator("[data-inbox-row]").first.focus()
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-done]")).to_be_visible(timeout=PATIENCE_MS)


def _open_row(then: str, page: Page) -> None:
    wait_until_alive(page)
    _open_first("[data-invoice-row]:visible", then, page)


def _reach_for_the_story(page: Page) -> None:
    page.locator(".cb-story").scroll_into_view_if_needed()
    page.locator(".cb-story").hover()
    expect(page.locator(".cb-story[data-live=true]")).to_be_visible(timeout=PATIENCE_MS)


def _dashboard_as_tables(page: Page) -> None:
    for panel in ("heat", "services", "loads"):
        page.locator(f"[data-panel={panel}] button[aria-pressed]").first.click()
        expect(page.locator(f"[data-panel={panel}] table.cb-table")).to_be_visible(timeout=PATIENCE_MS)


def _wall(page: Page) -> None:
    wait_until_alive(page)
    opened = page.locator("a[href*='/werkstatt-tv/']")
    made = page.get_by_role("button", name="Link erstellen")
    expect(opened.or_(made).first).to_be_visible(timeout=PATIENCE_MS)
    if made.is_visible():
        made.click()
    page.goto(urljoin(page.url, opened.get_attribute("href", timeout=PATIENCE_MS)))
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)


def _wide_wall(page: Page) -> None:
    """As a television shows it, or a phone held sideways."""
    size = page.viewport_size or TELEVISION
    is_phone = size["width"] < size["height"]
    page.set_viewport_size(
        {"width": size["height"], "height": size["width"]} if is_phone else TELEVISION  # type: ignore[arg-type]
    )


def _stars(page: Page) -> None:
    wait_until_alive(page)
    expect(page.get_by_role("heading", name="Wie war Ihr Besuch?")).to_be_visible(timeout=PATIENCE_MS)


def _rate(page: Page) -> None:
    page.get_by_role("radio", name="2 Sterne").check(force=True)
    page.get_by_role("button", name="Bewertung senden").click()
    expect(page.get_by_role("button", name="Bitte rufen Sie mich an")).to_be_visible(timeout=PATIENCE_MS)


def rating_views(data_dir: Path) -> tuple[View, ...]:
    """Of the newest visit that is done and has no stars; its link is known to its customer alone."""
    database = Database(f"sqlite:///{data_dir / 'carbot.db'}")
    rated = select(VisitRating.appointment_id)
    done = select(Appointment).where(Appointment.state == "done", col(Appointment.id).not_in(rated))
    with database.reading(SYSTEM) as session:
        visit = session.exec(done.order_by(col(Appointment.starts_at).desc())).first()
    database.close()
    assert visit is not None, "the demo has visits without stars"
    return View("bewertung", f"/t/{visit.manage_token}/", _stars), View("bewertung-gesendet", "", _rate)


STAFF = (
    View("heute", "/heute/", wait_for(".cb-kpi")),
    View("posteingang", "/posteingang/", wait_for("[data-inbox-row]")),
    View("gespraech", "", partial(_open_first, "[data-inbox-row]", "[role=log]")),
    View("gespraech-notiz", "", _write_note),
    View("posteingang-auswahl", "/posteingang/", _select_rows),
    View(
        "gespraech-pausiert",
        "/posteingang/",
        partial(_open_first, "[data-inbox-row]:has-text('Jana Krüger')", "[role=log]"),
    ),
    View("kalender-tag", "/kalender/?ansicht=list", _busy_day),
    View("termin", "", partial(_open_first, "main .cb-row", "dialog[open]")),
    View("kalender-plan", "/kalender/", _busy_plan),
    View("termin-neu", "", _new_visit),
    View("kalender-woche", "/kalender/?span=week&ansicht=list", wait_for("main .cb-row")),
    View("auftraege", "/auftraege/", wait_for("main a[href*='auftrag/?id']:visible")),
    View("auftrag", "", partial(_open_first, "main a[href*='auftrag/?id']:visible", "main .cb-timeline")),
    View("annahme", "", partial(_open_first, "main a[href*='annahme/?id']:visible", "#part-walk")),
    View("rechnungen", "/rechnungen/", wait_for("tr [data-invoice-row], li [data-invoice-row]")),
    View("rechnungen-diagramme", "", partial(_open_first, "[data-charts]", "figure .plot-container")),
    View("rechnung", "/rechnungen/?view=open", partial(_open_row, "dialog[open]")),
    View("rechnung-entwurf", "/rechnungen/?view=drafts", partial(_open_row, "#draft-name")),
    View("rechnung-position", "", partial(_open_first, "[data-new-line=part]", "dialog[open]")),
    View("diagnosen", "/diagnose/", wait_for("main .cb-row, main .cb-card")),
    View(
        "diagnose",
        "",
        partial(
            _open_first, "main a[href*='/diagnose/auto']:visible", ".cb-gauge, .cb-strip-card, main article"
        ),
    ),
    View("bank", "/rechnungen/bank/", wait_for("main .cb-row, main .cb-card")),
    View("mahnen", "/rechnungen/mahnen/", wait_for("main .cb-row, main .cb-card")),
    View("kunden", "/kunden/", wait_for("main .cb-row")),
    View("kundenakte", "/kunden/?suche=Krause", partial(_open_first, "main .cb-row", ".cb-timeline")),
    View(
        "fahrzeughistorie",
        "",
        partial(_open_first, "[data-vehicle-history] button", "[data-vehicle-history] .cb-timeline"),
    ),
    View("kunde-bearbeiten", "", partial(_open_first, "main .cb-card button", "dialog[open]")),
    View("leistungen", "/leistungen/?kategorie=BRK&zeige=all", wait_for("[data-card]")),
    View("leistung", "", partial(_open_first, "[data-card]", ".cb-price-card")),
    View("leistung-verlauf", "", partial(_open_first, "[data-editor] [data-history]", "dialog[open]")),
    View("zahlungen", "/rechnungen/zahlungen/", wait_for("[data-payment]:visible")),
    View("zahlung", "", partial(_open_first, "[data-payment]:visible", "dialog[open]")),
    View("lastschriften", "/rechnungen/lastschriften/", wait_for("main .cb-card")),
    View("buchhaltung", "/buchhaltung/", wait_for("main .cb-card")),
    View("reifenhotel", "/reifenhotel/", wait_for("main .cb-row")),
    View("radsatz", "", partial(_open_first, "main .cb-row", "dialog[open]")),
    View("reifenhotel-saison", "/reifenhotel/saison/", wait_for("main .cb-card")),
    View("automationen", "/automationen/", wait_for("main .cb-card")),
    View("automation", "", partial(_open_first, "main .cb-row button", "[data-editor]")),
    View("auswertung", "/auswertung/", wait_for_every_panel),
    View("auswertung-diagramm", "", _reach_for_the_story),
    View("auswertung-zeitraum", "", partial(_open_first, "[data-range]:visible", "dialog[open]")),
    View("auswertung-zeilen", "/auswertung/?zeilen=new_leads", wait_for("dialog[open] .cb-row")),
    View("auswertung-filter", "/auswertung/?kanal=chat&tag=1&kennzahl=rating", wait_for("[data-filter=tag]")),
    View("auswertung-tabellen", "", _dashboard_as_tables),
    View("auswertung-gewichte", "", partial(_open_first, "[data-weigh]", "dialog[open]")),
    View("auswertung-leistungen", "/auswertung/leistungen/", wait_for("[data-section=services] .cb-card")),
    View("berichte", "/auswertung/berichte/", wait_for("[data-report-template]")),
    View("bericht-neu", "", partial(_open_first, "[data-report-template] button:last-child", "dialog[open]")),
    View(
        "bericht-plan",
        "/auswertung/berichte/",
        partial(_open_alive, "[data-report-template] button:first-child", "#report-plan[open]"),
    ),
    View("einstellungen", "/einstellungen/", wait_for("main a, main input")),
    *(
        View(f"einstellungen-{name}", f"/einstellungen/?bereich={name}", wait_for("main .cb-card"))
        for name in _SECTIONS
    ),
    View("werkstatt-tv", "/einstellungen/?bereich=kalender", _wall),
    # Last: it leaves the window as wide as a television
    View("werkstatt-tv-breit", "", _wide_wall),
)
PUBLIC = (
    View("werkstatt", f"/w/{SLUG}/"),
    View("werkstatt-rueckruf", "", _wish_a_call),
    View("buchung-1-leistungen", f"/w/{SLUG}/termin/", _car_and_services),
    View("buchung-2-zeit", "", _times),
    View("buchung-3-kontakt", "", _contact),
    View("buchung-4-bestaetigt", "", _book),
    View("terminlink", "", _manage),
    View("terminlink-verschieben", "", _move),
    View("chat", f"/w/{SLUG}/chat/", _hosted_chat),
    View("chat-fremde-seite", SITE, _widget),
    View("impressum", f"/w/{SLUG}/impressum/"),
    View("datenschutz", f"/w/{SLUG}/datenschutz/"),
    View("widerruf", f"/w/{SLUG}/widerruf/"),
    View("widerrufsbelehrung", f"/w/{SLUG}/widerrufsbelehrung/"),
    View("barrierefreiheit", "/barrierefreiheit/"),
    View("nicht-gefunden", "/gibt-es-nicht/"),
    View("anmelden", "/anmelden/"),
    View("registrieren", "/registrieren/"),
    View("passwort", "/passwort/"),
    View("bausteine", "/bausteine/"),
)
