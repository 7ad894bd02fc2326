"""The page of direct debits: choosing, the file, what came back, permissions; and the banner of the bank."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import ACCOUNTANT, TECHNICIAN
from carbot_app.state.bank_waiting import BankWaitingState
from carbot_app.state.debits import DebitsState, MandatesState
from carbot_app.state.session import SessionState
from tests.factories import make_customer, staff_of
from tests.factories.owed import make_billing_terms, make_invoice
from tests.factories.statements import a_statement, an_entry
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/rechnungen/lastschriften/"
IBAN = "DE89 3704 0044 0532 0130 00"


async def permit(services: Services, tab: Tab, payer: Customer, **fields: str) -> None:
    """Fill in the form of a mandate."""
    await tab.call(MandatesState.start)
    await tab.call(MandatesState.pick_payer, str(payer.id))
    day = services.clock().date().isoformat()
    form = {"holder": payer.name, "iban": IBAN, "signed_on": day, "scheme": "CORE", "use": "recurring"}
    await tab.call(MandatesState.save, {**form, **fields})


async def test_from_a_signed_sheet_to_a_file_for_the_bank(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_billing_terms(services.db, workshop)
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    for at, cents in enumerate((10_000, 5_050), 1):
        make_invoice(services.db, workshop, f"RE-2026-0000{at}", cents, customer=payer)
    await tab.at(PAGE).call(DebitsState.load)
    await tab.call(MandatesState.load)
    state, mandates = await tab.state(DebitsState), await tab.state(MandatesState)
    assert (state.status, state.rows, state.missing, mandates.rows) == ("ready", [], "", [])
    await permit(services, tab, payer)
    (mandate,) = mandates.rows
    assert (mandate.name, mandate.sign, mandates.open) == ("Jürgen Groß", "usable", False)
    assert "DE89 … 3000" in mandate.detail
    assert len(state.rows) == 2
    await tab.call(DebitsState.choose_all, True)
    assert (len(state.chosen), state.total) == (2, "150,50\xa0€")
    await tab.call(DebitsState.choose, state.rows[1].id, False)
    await tab.call(DebitsState.choose, "nobody", True)
    assert (len(state.chosen), state.total) == (1, "100,00\xa0€")
    assert "1 Lastschrift vorbereitet" in words_of(await tab.call(DebitsState.create))
    (run,) = state.runs
    assert (run.total, run.detail, len(state.rows), state.busy) == (
        "100,00\xa0€",
        "1 Lastschrift · CORE",
        1,
        False,
    )
    assert b"RE-2026-00001" in services.debits.file(staff_of(workshop), sheet_id(services, workshop))


def sheet_id(services: Services, workshop: Workshop):
    return services.debit_book.list_runs(staff_of(workshop))[0].run.id


async def test_what_came_back_is_said_in_words(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_billing_terms(services.db, workshop)
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000, customer=payer)
    await tab.at(PAGE).call(DebitsState.load)
    await permit(services, tab, payer)
    await tab.call(DebitsState.choose_all, True)
    await tab.call(DebitsState.create)
    owner = staff_of(workshop)
    services.bank.import_file(owner, "a.xml", a_statement(an_entry("100.00", e2e="RE-2026-00001", ref="A")))
    back = an_entry("103.00", credit=False, e2e="RE-2026-00001", returned="AM04", charges="3.00", ref="B")
    services.bank.import_file(owner, "b.xml", a_statement(back))
    await tab.call(DebitsState.on_live, "bank", "", "bank.entry")
    state = await tab.state(DebitsState)
    (debit,) = state.runs[0].debits
    assert (state.runs[0].returned, debit.state, debit.reason) == (1, "returned", "Konto nicht gedeckt")
    # It may be tried again, but nobody has chosen that yet
    assert (len(state.rows), state.chosen) == (1, [])


async def test_a_day_banks_do_not_work_is_refused_beside_the_button(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_billing_terms(services.db, workshop)
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000, customer=payer)
    await tab.at(PAGE).call(DebitsState.load)
    await permit(services, tab, payer)
    await tab.call(DebitsState.choose_all, True)
    state = await tab.state(DebitsState)
    day = services.clock().date()
    for wrong in (day.isoformat(), "bald"):
        await tab.call(DebitsState.set_day, wrong)
        await tab.call(DebitsState.create)
        assert (bool(state.problem), state.runs, state.busy) == (True, [], False)
    sunday = day + timedelta(days=6 - day.weekday())
    await tab.call(DebitsState.set_day, sunday.isoformat())
    await tab.call(DebitsState.create)
    assert "Bankarbeitstag" in state.problem


async def test_a_form_says_which_field_is_wrong(services: Services, workshop: Workshop, tab: Tab) -> None:
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    await tab.at(PAGE).call(MandatesState.load)
    state = await tab.state(MandatesState)
    tomorrow = (services.clock().date() + timedelta(days=1)).isoformat()
    for fields, field in (
        ({"iban": "DE00"}, "iban"),
        ({"holder": " "}, "holder"),
        ({"signed_on": tomorrow}, "signed_on"),
        ({"signed_on": ""}, "signed_on"),
        ({"reference": "mit Leer zeichen"}, "reference"),
    ):
        await permit(services, tab, payer, **fields)
        assert (state.open, state.field, bool(state.problem)) == (True, field, True), fields
    await permit(services, tab, payer, reference="KD-1", use="once")
    await permit(services, tab, payer, reference="KD-1")
    assert "gibt es schon" in state.problem
    await tab.call(MandatesState.pick_payer, "")
    await tab.call(MandatesState.save, {})
    assert (state.open, len(state.rows)) == (True, 1)


async def test_a_permission_ends_after_a_question(services: Services, workshop: Workshop, tab: Tab) -> None:
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    firm = make_customer(services.db, workshop, name="Spedition")
    await tab.at(PAGE).call(MandatesState.load)
    await permit(services, tab, payer)
    await permit(services, tab, firm, holder="Kai Kran")
    state = await tab.state(MandatesState)
    assert [(row.name, row.holder) for row in state.rows] == [("Spedition", "Kai Kran"), ("Jürgen Groß", "")]
    await tab.call(MandatesState.find, "groß")
    (row,) = state.rows
    await tab.call(MandatesState.ask_revoke, row.id)
    assert state.revoking.name == "Jürgen Groß"
    await tab.call(MandatesState.keep)
    assert state.revoking.id == ""
    await tab.call(MandatesState.ask_revoke, row.id)
    assert "widerrufen" in words_of(await tab.call(MandatesState.revoke))
    assert (state.rows[0].sign, state.rows[0].can_revoke) == ("revoked", False)
    await tab.call(MandatesState.start)
    await tab.call(MandatesState.find_payer, "sped")
    assert [found.name for found in state.payers] == ["Spedition"]
    await tab.call(MandatesState.close)
    assert not state.open


async def test_what_the_settings_lack_is_said_and_the_mechanic_sees_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.at(PAGE).call(DebitsState.load)
    assert (await tab.state(DebitsState)).missing == "billing_iban_invalid"
    mechanic = open_tab(services, workshop, TECHNICIAN)
    await mechanic.call(SessionState.load)
    await mechanic.at(PAGE).call(DebitsState.load)
    assert (await mechanic.state(DebitsState)).status == "failed"
    assert "err" in words_of(await mechanic.call(MandatesState.start))


async def test_the_banner_counts_only_for_who_may_assign(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    services.bank.import_file(
        staff_of(workshop),
        "a.xml",
        a_statement(an_entry("45.00", "Danke"), an_entry("5.00", "Bitte", ref="B")),
    )
    await tab.call(BankWaitingState.load)
    state = await tab.state(BankWaitingState)
    assert (state.count, state.amount) == (2, "50,00\xa0€")
    for role, count in ((ACCOUNTANT, 2), (TECHNICIAN, 0)):
        other = open_tab(services, workshop, role)
        await other.call(SessionState.load)
        await other.call(BankWaitingState.load)
        assert (await other.state(BankWaitingState)).count == count, role
