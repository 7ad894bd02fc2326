"""The customer on the phone looks at photos and prices, approves two jobs, declines one and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.photos.rules import ORDER_JOB, Owner
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import OWNER, PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.ids import new_id
from tests.e2e.conftest import Served
from tests.e2e.people import FRONT_DESK, PATIENCE_MS, PHONE, barriers, sign_in, wait_until_alive
from tests.factories.pictures import jpeg
from tests.factories.saving import save

pytestmark = pytest.mark.e2e

PLATE = "DO-FG 118"
JOBS = (
    ("Bremsscheiben und Beläge vorn", "Belag noch 1,8 mm, mindestens 2 mm", "urgent", "389"),
    ("Bremsflüssigkeit wechseln", "Wasseranteil 3,4 %, ab 3 % tauschen", "soon", "74.90"),
    ("Scheibenwischer vorn", "Empfehlung, kein Sicherheitsmangel", "later", "38.50"),
)


@dataclass(frozen=True)
class Bench:
    """The services beside the running server, on the same database."""

    services: Services
    owner: Actor

    def order(self, plate: str = PLATE) -> OrderView:
        """A car with three findings, the first one photographed three times."""
        jobs = tuple(
            JobInput(title, finding, urgency, lines=(OrderLineInput(title, Decimal(price)),))
            for title, finding, urgency, price in JOBS
        )
        of = {"workshop_id": self.owner.workshop_id}
        customer = save(self.services.db, Customer(**of, name="Ayşe Yılmaz", phone="+491715550142"))
        car = Vehicle(**of, customer_id=customer.id, plate=plate, make="VW", model="Golf VII", km=118_000)
        save(self.services.db, car)
        wanted = EstimateInput(
            request_key=new_id().hex, vehicle=VehicleFacts(plate=plate), jobs=jobs, km=118_400
        )
        order = self.services.orders.create_estimate(self.owner, wanted)
        for colour in ("#3a6ea5", "#58606b", "#8a4b3a"):
            photo = jpeg(900, 700, colour=colour)
            self.services.photos.add(self.owner, Owner(ORDER_JOB, order.jobs[0].id), photo)
        return order

    def ask(self, order: OrderView) -> str:
        """Path of the link."""
        link = self.services.approvals.ask(self.owner, order.id).link
        return "/freigabe/" + link.split("/freigabe/")[1]


@pytest.fixture
def bench(served: Served) -> Iterator[Bench]:
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    yield open_bench(served, database)
    database.close()


def open_bench(served: Served, database: Database) -> Bench:
    """Services of the demo workshop's owner."""
    settings = Settings(data_dir=served.data_dir, public_url=served.url)
    services = build_services(settings, db=database)
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
    owner = Actor("person", workshop.id, new_id(), "Sabine Müller", OWNER, permissions=PERMISSIONS[OWNER])
    return Bench(services, owner)


def phone_of(browser: Browser, **options: object) -> Page:
    """A phone that has never been here."""
    wanted = {"viewport": PHONE, "locale": "de-DE", "reduced_motion": "reduce", "has_touch": True, **options}
    return browser.new_context(**wanted).new_page()  # type: ignore[arg-type]


def choose(page: Page) -> None:
    """Yes, yes, no."""
    for number, word in enumerate(("Freigeben", "Freigeben", "Ablehnen")):
        page.locator(".cb-approval-job").nth(number).get_by_role("button", name=word).click()


def draw(page: Page) -> None:
    """A stroke in the field."""
    box = page.locator(".cb-signature canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 110)
    page.mouse.down()
    for x, y in ((80, 40), (120, 120), (170, 50), (240, 90)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()


def test_two_yes_and_one_no_are_signed_on_the_phone(
    browser: Browser, served: Served, bench: Bench, axe: str
) -> None:
    order = bench.order()
    page = phone_of(browser)
    page.goto(served.url + bench.ask(order))
    wait_until_alive(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Was sollen wir machen?")
    expect(page.locator(".cb-approval-job")).to_have_count(3, timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    page.get_by_role("button", name="3 Fotos zu Bremsscheiben").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 von 3")
    page.keyboard.press("Escape")
    choose(page)
    expect(page.locator(".cb-approval-amount")).to_have_text(re.compile("463,90"))
    assert barriers(page, axe) == []

    page.reload()
    wait_until_alive(page)
    expect(page.locator(".cb-approval-amount")).to_have_text(re.compile("463,90"), timeout=PATIENCE_MS)
    page.get_by_role("button", name="Weiter zur Unterschrift").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unterschreiben")
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_text("Bitte tragen Sie Ihren Namen ein.")).to_be_visible()
    page.get_by_label("Ihr Name").fill("Ayşe Yılmaz")
    draw(page)
    assert barriers(page, axe) == []
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Danke, wir haben Ihre Entscheidung", timeout=PATIENCE_MS
    )
    assert barriers(page, axe) == []
    assert page.context.cookies() == []

    found = bench.services.orders.get(bench.owner, order.id)
    assert [job.decision for job in found.jobs] == ["approved", "approved", "declined"]
    [question] = bench.services.approvals.list_of_order(bench.owner, order.id)
    assert (question.approved_cents, question.signed_name) == (46_390, "Ayşe Yılmaz")
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Als PDF speichern").click()
    assert popup.value.request.get(popup.value.url).headers["content-type"] == "application/pdf"


def test_without_a_connection_nothing_is_lost_and_a_second_press_sends_it(
    browser: Browser, served: Served, bench: Bench
) -> None:
    order = bench.order("DO-FG 119")
    page = phone_of(browser)
    page.goto(served.url + bench.ask(order))
    wait_until_alive(page)
    choose(page)
    page.get_by_role("button", name="Weiter zur Unterschrift").click()
    page.get_by_label("Ihr Name").fill("Ayşe Yılmaz")
    page.route("**/api/approvals/*", lambda route: route.abort())
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_role("alert").filter(has_text="Keine Verbindung")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("Ihr Name")).to_have_value("Ayşe Yılmaz")
    page.unroute("**/api/approvals/*")
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Danke, wir haben Ihre Entscheidung", timeout=PATIENCE_MS
    )


def test_a_price_changed_meanwhile_is_shown_before_anything_is_signed(
    browser: Browser, served: Served, bench: Bench
) -> None:
    order = bench.order("DO-FG 120")
    page = phone_of(browser)
    page.goto(served.url + bench.ask(order))
    wait_until_alive(page)
    choose(page)
    page.get_by_role("button", name="Weiter zur Unterschrift").click()
    page.get_by_label("Ihr Name").fill("Ayşe Yılmaz")
    line = OrderLineInput("Schrauben", Decimal(11))
    bench.services.orders.put_line(bench.owner, order.id, order.jobs[0].id, line)
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_role("alert").filter(has_text="inzwischen geändert")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(page.locator(".cb-approval-amount")).to_have_text(re.compile("474,90"))


def test_the_page_is_in_the_customers_language_and_a_link_that_is_over_says_so(
    browser: Browser, served: Served, bench: Bench, axe: str
) -> None:
    order = bench.order("DO-FG 121")
    older = bench.ask(order)
    newer = bench.ask(order)
    page = phone_of(browser, color_scheme="dark")
    assert page.goto(served.url + older.replace("lang=de", "lang=tr")).status == 410  # type: ignore[union-attr]
    wait_until_alive(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bu talep artık geçerli değil")
    assert barriers(page, axe) == []
    page.goto(served.url + newer.replace("lang=de", "lang=pl"))
    wait_until_alive(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Co mamy zrobić?")
    assert page.goto(f"{served.url}/freigabe/{'x' * 32}/").status == 404  # type: ignore[union-attr]


def test_a_car_comes_in_on_a_tablet_and_its_owner_signs(
    browser: Browser, served: Served, bench: Bench, axe: str
) -> None:
    order = bench.order("DO-FG 122")
    page = sign_in(browser, served.url, FRONT_DESK, viewport={"width": 820, "height": 1180})
    page.goto(f"{served.url}/auftraege/annahme/?id={order.id}")
    expect(page.locator("#part-figures")).to_be_visible(timeout=PATIENCE_MS)
    wait_until_alive(page)
    assert barriers(page, axe) == []
    page.get_by_label("Kilometerstand").fill("117.000")
    page.get_by_label("Tank").fill("45")
    page.get_by_role("button", name="Delle").click()
    page.locator("[data-view=left] > button").click(position={"x": 90, "y": 60})
    view = page.get_by_role("button", name="Hinten: Stelle wählen und markieren")
    view.focus()
    view.press("ArrowDown")
    view.press("Enter")
    expect(page.locator(".cb-checkin-marks > li")).to_have_count(2, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Markierung 1 entfernen").click()
    expect(page.locator(".cb-checkin-marks > li")).to_have_count(1, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Zwischenstand speichern").click()
    expect(page.get_by_label("Der Stand ist wirklich niedriger")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label("Der Stand ist wirklich niedriger").check()
    draw(page)
    page.get_by_role("button", name="Unterschreiben und annehmen").click()
    expect(page.get_by_text("Das Protokoll kann nicht mehr geändert werden").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert barriers(page, axe) == []
    found = bench.services.check_ins.find(bench.owner, order.id)
    assert found is not None
    assert (found.facts.km, found.facts.fuel_percent, found.signed_name) == (117_000, 45, "Ayşe Yılmaz")
    assert [(mark.view, mark.kind, mark.y) for mark in found.facts.marks] == [("rear", "dent", 540)]
    assert bench.services.orders.get(bench.owner, order.id).state == "accepted"
