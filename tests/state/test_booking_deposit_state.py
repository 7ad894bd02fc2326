"""A visit that asks for money in advance: on the booking page, and behind its link; over the stand-in."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.domains.payments.deposit_rules import DepositRule
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.ports import PaymentProvider
from carbot_app.domains.team.models import Workshop
from carbot_app.state.booking import BookingState
from carbot_app.state.booking_hold import BookingTimes
from carbot_app.state.manage import ManageState
from tests.factories import make_resource, staff_of
from tests.factories.catalog import stock
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin
from tests.state.tabs import Tab, open_tab

BRAKES = "SAF-BRK-001"


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def provider(stripe: StripeStandin) -> PaymentProvider:
    return StripePayments(secret_key=KEY, webhook_secret=SECRET, api_base=stripe.origin, connects=False)


@pytest.fixture
def page(services: Services, workshop: Workshop) -> Tab:
    """The booking page of a workshop that asks 50.00 in advance for every visit."""
    stock(services.db, workshop)
    make_resource(services.db, workshop, "technician")
    make_resource(services.db, workshop, "bay")
    rule = DepositRule("price", from_cents=0, kind="fixed", fixed_cents=5_000)
    services.payments.accounts.save_rule(staff_of(workshop), rule)
    return open_tab(services, workshop).at(f"/w/{workshop.slug}/termin/")


async def booked(page: Tab) -> BookingState:
    await page.call(BookingState.open)
    await page.call(BookingState.to_times, {"plate": "", f"s-{BRAKES}": "on"})
    times = await page.state(BookingTimes)
    await page.call(BookingState.to_contact, {"slot": times.slot})
    await page.call(BookingState.book, {"name": "Ayşe", "phone": "0171 5550142", "email": "", "note": ""})
    return await page.state(BookingState)


async def test_the_confirmation_leads_to_the_page_where_the_deposit_is_paid(
    page: Tab, services: Services
) -> None:
    done = (await booked(page)).done
    assert done.deposit == "50,00\u00a0€"
    assert done.deposit_until.split(",")[0] == done.when.split(",")[0][:2]
    found = services.payments.requests.get_by_token(done.deposit_path.rpartition("/")[2])
    assert (found.amount_cents, found.state) == (5_000, "open")
    assert found.back_url.endswith(done.link.rstrip("/"))
    await page.call(BookingState.read_language, "en", "de")
    assert (await page.state(BookingState)).done.deposit == "€50.00"


async def test_without_a_rule_nothing_is_asked(page: Tab, services: Services, workshop: Workshop) -> None:
    services.payments.accounts.save_rule(staff_of(workshop), DepositRule())
    done = (await booked(page)).done
    assert (done.deposit, done.deposit_path) == ("", "")


async def test_behind_the_link_the_deposit_follows_the_visit_and_its_payment(
    page: Tab, services: Services, workshop: Workshop, stripe: StripeStandin
) -> None:
    done = (await booked(page)).done
    page.at(done.link)
    await page.call(ManageState.start_moving)
    manage = await page.state(ManageState)
    first = manage.deposit
    assert (first.looked, first.state, first.amount) == (True, "open", "50,00\u00a0€")
    stripe.pay(services.payments.requests.start_checkout(first.path.rpartition("/")[2]).rpartition("/")[2])
    for event in stripe.events:
        headers, body = stripe.signed(event)
        services.payments.events.receive("stripe", headers=headers, body=body)
    worker = OutboxWorker(
        services.db, services.clock, quick={"payments": services.payments.events.on_event}, slow={}
    )
    worker.drain()
    await page.call(ManageState.start_moving)
    assert manage.deposit.state == "paid"
    with services.db.reading(workshop.id) as session:
        assert len(session.exec(select(PaymentRequest)).all()) == 1


async def test_a_visit_that_is_cancelled_asks_for_nothing_any_more(page: Tab) -> None:
    done = (await booked(page)).done
    page.at(done.link)
    await page.call(ManageState.cancel)
    assert (await page.state(ManageState)).deposit.state == ""
