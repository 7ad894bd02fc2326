"""From an order to the customer's yes, its invoice and the money."""

from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.orders.schemas import EstimateInput, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.state.invoices import InvoiceFileState
from carbot_app.state.order import OrderState
from carbot_app.state.order_hand_over import OrderHandOverState
from tests.factories import make_customer, make_service, make_vehicle, staff_of
from tests.factories.saving import save
from tests.state.tabs import Tab, open_tab, words_of

PAGE, ENGINE = "/auftraege/auftrag/?id=", "ENG-INS-002"
ADDRESS = {"name": "Ayşe Yılmaz", "street": "Königswall 1", "postal_code": "44137", "city": "Dortmund"}


@pytest.fixture
def order(services: Services, workshop: Workshop) -> OrderView:
    """An inspection at 329 €, above what needs no address, done."""
    save(services.db, BillingTerms(workshop_id=workshop.id, tax_number="314/5012/0815"))
    car = make_vehicle(services.db, workshop, make_customer(services.db, workshop, email="ayse@example.org"))
    make_service(services.db, workshop, ENGINE, price_min_cents=32_900, price_max_cents=32_900)
    wanted = EstimateInput("key", vehicle_id=car.id, service_codes=(ENGINE,))
    actor = staff_of(workshop)
    made = services.orders.create_estimate(actor, wanted)
    services.orders.move(actor, made.id, "accepted")
    services.orders.move(actor, made.id, "in_work")
    return services.orders.mark_done(actor, made.id, made.jobs[0].id, done=True)


async def opened(tab: Tab, order: OrderView) -> Any:
    await tab.at(f"{PAGE}{order.id}").call(OrderState.load)
    return await tab.state(OrderHandOverState)


async def test_asking_for_approval_says_on_which_way_the_link_left(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    said = words_of(await tab.call(OrderHandOverState.ask_approval))
    assert "Freigabe angefragt" in said
    assert "Der Link ging per E-Mail raus." in said
    assert not state.busy


async def test_an_invoice_names_what_is_missing_and_is_issued_once_it_is_there(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    state = await opened(tab, order)
    await tab.call(OrderHandOverState.open_invoice)
    assert (state.billing, state.buyer.name, state.sum_text) == (True, "Ayşe Yılmaz", "329,00\u00a0€")
    await tab.call(OrderHandOverState.issue, {"name": "Ayşe Yılmaz", "email": "neu@example.org"})
    assert state.problems == {"street": "Name und Anschrift des Kunden fehlen."}
    assert (state.billing, state.buyer.email) == (True, "neu@example.org")
    sent = str(await tab.call(OrderHandOverState.issue, {**ADDRESS, "email": "neu@example.org"}))
    assert not state.billing
    issued = services.invoices.get(staff_of(workshop), UUID(sent.split("rechnung=")[1][:36]))
    assert (issued.gross_cents, issued.order_id, issued.draft.buyer.street) == (
        *(32_900, order.id),
        "Königswall 1",
    )


async def test_what_is_not_done_cannot_be_billed_and_closing_leaves_the_draft(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    state = await opened(tab, order)
    await tab.call(OrderHandOverState.open_invoice)
    await tab.call(OrderHandOverState.close)
    assert not state.billing
    services.orders.mark_done(staff_of(workshop), order.id, order.jobs[0].id, done=False)
    assert "nichts abzurechnen" in words_of(await tab.call(OrderHandOverState.open_invoice))
    assert not state.billing


async def test_a_technician_asks_for_nothing(
    services: Services, workshop: Workshop, order: OrderView
) -> None:
    tab = open_tab(services, workshop, role=TECHNICIAN)
    await opened(tab, order)
    assert "Freigabe angefragt" not in words_of(await tab.call(OrderHandOverState.ask_approval))


async def test_money_at_the_desk_is_booked_on_the_open_document(tab: Tab, order: OrderView) -> None:
    await opened(tab, order)
    await tab.call(OrderHandOverState.open_invoice)
    sent = str(await tab.call(OrderHandOverState.issue, ADDRESS))
    invoice_id = sent.split("rechnung=")[1][:36]
    await tab.at(f"/rechnungen/?rechnung={invoice_id}").call(InvoiceFileState.load)
    file = await tab.state(InvoiceFileState)
    assert (file.sheet.may_pay, file.sheet.open_plain) == (True, "329,00")
    await tab.call(InvoiceFileState.ask, "pay")
    paid = {"method": "cash", "amount": "viel", "received_on": file.today, "reference": ""}
    await tab.call(InvoiceFileState.pay, paid)
    assert file.problem == "Dieser Betrag geht nicht."
    await tab.call(InvoiceFileState.pay, {**paid, "amount": "329,00", "method": "card_terminal"})
    assert (file.sheet.may_pay, file.asked, file.problem) == (False, "", "")
