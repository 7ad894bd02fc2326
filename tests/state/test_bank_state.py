"""The page of the bank: what was read, what is suggested, and what a press does."""

from sqlmodel import select

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.demo.bank import load_bank
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id
from carbot_app.state.bank import BankState
from carbot_app.state.bank_assign import BankAssignState
from carbot_app.state.session import SessionState
from tests.factories import staff_of
from tests.factories.owed import make_invoice
from tests.factories.statements import a_statement, an_entry
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/rechnungen/bank/"


def read(services: Services, workshop: Workshop, *entries: str) -> None:
    services.bank.import_file(staff_of(workshop), "auszug.xml", a_statement(*entries))


def state_of(services: Services, number: str) -> str:
    with services.db.reading(SYSTEM) as session:
        return session.exec(select(Receivable.state).where(Receivable.number == number)).one()


async def test_before_the_first_file_the_page_says_how_to_begin(tab: Tab) -> None:
    await tab.at(PAGE).call(BankState.load)
    state = await tab.state(BankState)
    assert (state.status, state.rows, state.facts.last, state.may_change) == ("ready", [], "", True)


async def test_a_suggestion_says_why_and_one_press_books_it(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    read(services, workshop, an_entry("120.00", "RE-2026-00001"))
    await tab.at(PAGE).call(BankState.load)
    state = await tab.state(BankState)
    (row,) = state.rows
    assert (row.sign, row.can_confirm, row.amount) == ("maybe", True, "120,00\xa0€")
    assert row.reason == "Rechnungsnummer im Text · 20,00\xa0€ zu viel"
    assert row.parts == ("RE-2026-00001 · Spedition Beispiel GmbH · 100,00\xa0€",)
    assert "Zugeordnet: RE-2026-00001" in words_of(await tab.call(BankState.confirm, row.id))
    assert (state.rows, state.facts.booked) == ([], 1)
    assert state_of(services, "RE-2026-00001") == "paid"
    await tab.call(BankState.choose_view, "booked")
    (booked,) = state.rows
    assert (booked.sign, booked.reason) == ("booked", "Zugeordnet von Jana Krüger")
    await tab.call(BankState.undo, booked.id)
    assert state_of(services, "RE-2026-00001") == "open"


async def test_all_certain_ones_are_booked_in_one_go(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    read(services, workshop, an_entry("100.00", "RE-2026-00001"), an_entry("5.00", "Danke"))
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    await tab.at(PAGE).call(BankState.load)
    state = await tab.state(BankState)
    assert state.facts.safe == 1
    assert "1 Umsatz zugeordnet" in words_of(await tab.call(BankState.book_safe))
    assert (state.facts.safe, state.facts.open, state.busy) == (0, 1, False)
    await tab.call(BankState.ignore, state.rows[0].id)
    assert (state.facts.ignored, state.rows) == (1, [])


async def test_an_invoice_is_chosen_by_hand_with_its_difference(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    one = make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    make_invoice(services.db, workshop, "RE-2026-00002", 7_000)
    read(services, workshop, an_entry("98.00", "Danke"))
    await tab.at(PAGE).call(BankState.load)
    (row,) = (await tab.state(BankState)).rows
    assert (row.sign, row.can_confirm, row.can_assign) == ("none", False, True)
    await tab.call(BankAssignState.start, row.id)
    pane = await tab.state(BankAssignState)
    assert (pane.open, len(pane.offers), pane.picked) == (True, 2, [])
    await tab.call(BankAssignState.apply)
    assert pane.problem == "Bitte wählen Sie eine Rechnung."
    await tab.call(BankAssignState.find, "00001")
    assert [offer.number for offer in pane.offers] == ["RE-2026-00001"]
    await tab.call(BankAssignState.pick, str(one.invoice_id), True)
    await tab.call(BankAssignState.set_difference, "discount")
    assert "Zugeordnet" in words_of(await tab.call(BankAssignState.apply))
    assert (pane.open, state_of(services, "RE-2026-00001")) == (False, "paid")
    assert (await tab.state(BankState)).rows == []


async def test_what_was_decided_meanwhile_is_said_in_the_pane(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    one = make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    read(services, workshop, an_entry("98.00", "Danke"))
    await tab.at(PAGE).call(BankState.load)
    (row,) = (await tab.state(BankState)).rows
    await tab.call(BankAssignState.start, row.id)
    await tab.call(BankAssignState.pick, str(one.invoice_id), True)
    await tab.call(BankState.ignore, row.id)
    await tab.call(BankAssignState.apply)
    pane = await tab.state(BankAssignState)
    assert "schon entschieden" in pane.problem
    await tab.call(BankAssignState.pick, str(one.invoice_id), False)
    await tab.call(BankAssignState.close)
    assert (pane.open, pane.picked) == (False, [])


async def test_searching_paging_and_hints_fetch_again(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    read(services, workshop, *(an_entry(f"{n}.00", f"Text {n}", ref=f"R{n}") for n in range(1, 61)))
    await tab.at(PAGE).call(BankState.load)
    state = await tab.state(BankState)
    assert (len(state.rows), state.has_more) == (50, True)
    await tab.call(BankState.more)
    assert (len(state.rows), state.has_more) == (60, False)
    await tab.call(BankState.find, "text 44")
    assert len(state.rows) == 1
    await tab.call(BankState.on_live, "bank", "", "bank.entry")
    assert await tab.call(BankState.on_live, "lead", "", "") == []
    await tab.call(BankState.choose_view, "nonsense")
    assert state.view == "open"


async def test_what_a_file_brought_is_told(tab: Tab) -> None:
    await tab.at(PAGE).call(BankState.load)
    told = words_of(await tab.call(BankState.uploaded, 3, 1, 2))
    assert "3 Umsätze gelesen: 1 zugeordnet, 2 Vorschläge" in told
    assert "schon da" in words_of(await tab.call(BankState.uploaded, 0, 0, 0))
    await tab.call(BankState.refuse, "Kaputt")
    assert (await tab.state(BankState)).problem == "Kaputt"


async def test_unknown_ids_and_people_without_rights_get_nowhere(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for handler in (BankState.confirm, BankState.ignore, BankState.undo, BankAssignState.start):
        assert "err" in words_of(await tab.call(handler, str(new_id())))
        assert "err" in words_of(await tab.call(handler, "x"))
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.at(PAGE).call(BankState.load)
    assert (await technician.state(BankState)).status == "failed"


async def test_the_demo_has_something_sure_something_to_judge_and_something_else(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    assert load_bank(services, staff_of(workshop)) == 0
    for at in range(1, 7):
        make_invoice(services.db, workshop, f"RE-2026-0000{at}", at * 10_000)
    assert load_bank(services, staff_of(workshop)) == 8
    await tab.at(PAGE).call(BankState.load)
    state = await tab.state(BankState)
    assert (state.facts.booked, {row.sign for row in state.rows}) == (2, {"maybe", "none"})
