"""A customer asks what is stored and then to be forgotten: the owner does both from the file."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from tests.e2e.conftest import Served
from tests.e2e.people import (
    AT_ONCE_MS,
    DESKTOP,
    OWNER,
    PATIENCE_MS,
    PHONE,
    barriers,
    scrolls_sideways,
    sign_in,
    wait_until_alive,
)
from tests.factories import make_appointment, make_conversation, make_customer, make_message, make_resource
from tests.services.privacy_desk import PAST

pytestmark = pytest.mark.e2e

NAME = "Zoltán Szabó"


def _customer(served: Served) -> Customer:
    """Somebody with a finished order and a talk."""
    database = Database(f"sqlite:///{served.data_dir}/carbot.db")
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    customer = make_customer(database, workshop, name=NAME, phone="+491701234567", created_at=PAST)
    thread = make_conversation(database, workshop, customer_id=customer.id, last_message_at=PAST)
    make_message(database, thread, text=f"Hier ist {NAME}.")
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    make_appointment(database, workshop, customer, technician, bay, starts_at=PAST, state="done")
    database.close()
    return customer


def _no_barriers(page: Page, axe: str) -> None:
    assert barriers(page, axe) == []
    assert not scrolls_sideways(page)


def test_a_person_is_told_everything_and_then_forgotten(browser: Browser, served: Served, axe: str) -> None:
    customer = _customer(served)
    desk = sign_in(browser, served.url, OWNER)
    desk.goto(f"{served.url}/kunden/akte/?kunde={customer.id}")
    wait_until_alive(desk)
    expect(desk.get_by_role("heading", name=NAME)).to_be_visible(timeout=PATIENCE_MS)

    desk.get_by_role("button", name="Auskunft erstellen").click()
    pane = desk.locator("#customer-privacy[open]")
    pane.get_by_role("button", name="Auskunft erstellen").click()
    expect(pane.get_by_role("alert")).to_contain_text("geprüft", timeout=AT_ONCE_MS)
    pane.get_by_text("Ausweis gesehen").click()
    pane.get_by_role("button", name="Auskunft erstellen").click()
    expect(pane.get_by_text(re.compile("^Bereit bis"))).to_be_visible(timeout=PATIENCE_MS)
    with desk.expect_download() as started:
        pane.get_by_role("link", name="Herunterladen").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(started.value.path()).read_bytes()))
    told = json.loads(archive.read("data.json"))
    assert told["data"]["profile"][0]["name"] == NAME
    assert told["data"]["messages"][0]["text"] == f"Hier ist {NAME}."
    pane.get_by_role("button", name="Link erzeugen").click()
    expect(pane.locator("code")).to_contain_text("/api/privacy/disclosures/", timeout=AT_ONCE_MS)
    for size in (PHONE, DESKTOP):
        desk.set_viewport_size(size)  # type: ignore[arg-type]
        _no_barriers(desk, axe)
    pane.get_by_role("button", name="Schließen").click()

    desk.get_by_role("button", name="Person löschen").click()
    expect(pane).to_contain_text("1 Termin (bis 1. Jan. 2033)", timeout=AT_ONCE_MS)
    _no_barriers(desk, axe)
    pane.get_by_text("Persönlich bekannt").click()
    pane.get_by_label(re.compile("Zur Bestätigung")).fill("zoltan szabo")
    pane.get_by_role("button", name="Endgültig löschen").click()
    desk.wait_for_url(re.compile("/kunden/$"), timeout=PATIENCE_MS)
    desk.get_by_role("searchbox", name="Kunden suchen").fill("Szabó")
    expect(desk.locator("main .cb-row")).to_have_count(0, timeout=AT_ONCE_MS)

    desk.goto(f"{served.url}/einstellungen/?bereich=datenschutz")
    wait_until_alive(desk)
    expect(desk.locator("main")).to_contain_text("Anonym", timeout=PATIENCE_MS)
    desk.get_by_role("button", name="Frist ändern: Chats ohne Kontakt").click()
    question = desk.locator("#privacy-period[open]")
    question.get_by_label("Frist in Tagen").fill("400")
    question.get_by_role("button", name="Frist speichern").click()
    expect(question.get_by_label("Frist in Tagen")).to_have_attribute(
        "aria-invalid", "true", timeout=AT_ONCE_MS
    )
    question.get_by_label("Frist in Tagen").fill("14")
    question.get_by_role("button", name="Frist speichern").click()
    expect(desk.locator("main")).to_contain_text("üblich: 30 Tage", timeout=AT_ONCE_MS)
    desk.context.close()
