"""The screen on the wall follows the day by itself, and customers rate their visit with the keyboard."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import col, select

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from tests.e2e.conftest import Served
from tests.e2e.people import PATIENCE_MS, PHONE, barriers, wait_until_alive

pytestmark = pytest.mark.e2e
TV = {"width": 1920, "height": 1080}


@pytest.fixture
def services(served: Served) -> Iterator[Services]:
    """Beside the running server, on the same database."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    yield build_services(Settings(data_dir=served.data_dir, public_url=served.url), db=database)
    database.close()


@pytest.fixture
def owner(services: Services) -> Actor:
    with services.db.reading(SYSTEM) as session:
        workshop_id = session.exec(select(Workshop.id).where(Workshop.slug == SLUG)).one()
    return services.team.system_actor(workshop_id)


@pytest.fixture(params=["light", "dark"])
def screen(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport=TV,  # type: ignore[arg-type]
        locale="de-DE",
        base_url=served.url,
        color_scheme=request.param,
    )
    yield context
    context.close()


def arrive(services: Services, owner: Actor) -> str:
    """A car with a plate comes in now and its driver waits; the plate as the wall shows it."""
    now = services.clock()
    with services.db.writing(owner.workshop_id) as session:
        visit, car = session.exec(
            select(Appointment, Vehicle)
            .join(Vehicle, col(Vehicle.id) == Appointment.vehicle_id)
            .where(Appointment.state == "confirmed", Vehicle.plate != "")
            .order_by(col(Appointment.starts_at).desc())
        ).first() or pytest.fail("the demo has no visit to come")
        visit.state, visit.waiting = "arrived", True
        visit.starts_at, visit.ends_at = now, now + timedelta(hours=1)
        return car.plate.replace("-", " ")


def test_the_wall_follows_the_day_and_says_when_nobody_answers(
    screen: BrowserContext, services: Services, owner: Actor, axe: str
) -> None:
    token = services.wall.make_link(owner).token
    page = screen.new_page()
    page.clock.install()
    page.goto(f"/werkstatt-tv/{token}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    plate = arrive(services, owner)
    waiting = page.locator(".waiting")
    expect(waiting).not_to_contain_text(plate)
    page.clock.run_for(6_000)
    expect(waiting).to_contain_text(plate, timeout=PATIENCE_MS)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "a wall is not scrolled"
    assert barriers(page, axe) == []
    _lose_and_find_the_server(screen, page)
    services.wall.revoke_link(owner)
    page.clock.run_for(6_000)
    expect(page.locator("#wall")).to_have_count(0, timeout=PATIENCE_MS)


def _lose_and_find_the_server(screen: BrowserContext, page: Page) -> None:
    line = page.locator("#offline")
    expect(line).to_be_hidden()
    screen.set_offline(True)
    page.clock.run_for(45_000)
    expect(line).to_contain_text("Keine Verbindung seit", timeout=PATIENCE_MS)
    screen.set_offline(False)
    for _ in range(4):
        page.clock.run_for(6_000)
        page.wait_for_timeout(300)
    expect(line).to_be_hidden(timeout=PATIENCE_MS)


def _unrated(services: Services, owner: Actor, count: int) -> list[Appointment]:
    rated = select(VisitRating.appointment_id)
    with services.db.reading(owner.workshop_id) as session:
        done = select(Appointment).where(Appointment.state == "done", col(Appointment.id).not_in(rated))
        return list(session.exec(done.order_by(col(Appointment.starts_at).desc()).limit(count)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_visit_is_rated_with_the_keyboard_and_whoever_was_not_glad_is_called(
    browser: Browser, served: Served, services: Services, owner: Actor, axe: str, scheme: str
) -> None:
    (visit,) = _unrated(services, owner, 1)
    wanted = {"viewport": PHONE, "locale": "de-DE", "base_url": served.url, "color_scheme": scheme}
    context = browser.new_context(**wanted)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/t/{visit.manage_token}/")
    wait_until_alive(page)
    expect(page.get_by_role("heading", name="Wie war Ihr Besuch?")).to_be_visible()
    assert barriers(page, axe) == []
    page.get_by_role("button", name="Bewertung senden").click()
    expect(page.get_by_text("Bitte wählen Sie 1 bis 5 Sterne.")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("radio", name="1 Stern").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="2 Sterne")).to_be_checked()
    page.get_by_label("Was sollen wir wissen?").fill("Zwei Stunden gewartet.")
    page.get_by_role("button", name="Bewertung senden").click()
    page.get_by_role("button", name="Bitte rufen Sie mich an").click(timeout=PATIENCE_MS)
    expect(page.get_by_text("Wir rufen Sie an.")).to_be_visible(timeout=PATIENCE_MS)
    assert barriers(page, axe) == []
    page.reload()
    expect(page.get_by_role("paragraph").filter(has_text="Zwei Stunden gewartet.")).to_be_visible()
    expect(page.get_by_text("Öffentlich bewerten")).to_be_hidden()
    seen = services.ratings.get_by_link(visit.manage_token)
    assert (seen.stars, seen.callback) == (2, "asked")
    context.close()


def test_a_visit_to_come_is_not_asked_about(
    browser: Browser, served: Served, services: Services, owner: Actor
) -> None:
    with services.db.reading(owner.workshop_id) as session:
        coming = session.exec(select(Appointment).where(Appointment.state == "confirmed")).first()
    assert coming is not None
    page = browser.new_page(base_url=served.url, locale="de-DE")
    page.goto(f"/t/{coming.manage_token}/")
    wait_until_alive(page)
    expect(page.get_by_text("Wie war Ihr Besuch?")).to_be_hidden()
    page.close()
