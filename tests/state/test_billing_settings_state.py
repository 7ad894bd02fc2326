"""The settings of invoices as an owner fills them in."""

from typing import Any

from carbot_app.bootstrap import Services
from carbot_app.domains.billing.terms_schemas import BillingTermsInput
from carbot_app.domains.team.models import Workshop
from carbot_app.state.settings_billing import BillingTermsState
from carbot_app.state.settings_seller import SellerState
from tests.factories import staff_of
from tests.factories.pictures import draw, encode
from tests.state.tabs import Tab, open_tab, words_of

SELLER = {
    **{"street": "Hansastr. 9", "postal_code": "44137", "city": "Dortmund"},
    **{"tax_number": "314/5812/0736", "vat_id": "de 136 695 976", "turnover_before_cents": "420.000,00"},
}
TERMS = {
    **{
        "iban": "DE02 1203 0000 0000 2020 51",
        "bic": "",
        "account_holder": "",
        "bank_name": "",
        "creditor_id": "",
    },
    **{"contact_name": "Büro", "einvoice_form": "zugferd", "prefix_invoice": "kfz-", "prefix_order": "AU-"},
    **{"payment_days": "10", "discount_percent": "2,5", "discount_days": "7", "text_de": "Danke!"},
    **{f"{name}_after": "5" for name in ("reminder", "first", "last", "handover")},
    **{f"{name}_deadline": "7" for name in ("reminder", "first", "last", "handover")},
}


def filled(**changes: str) -> dict[str, Any]:
    """A complete form."""
    return {**TERMS, **changes}


async def test_an_owner_fills_in_who_bills_and_the_number_is_looked_up(tab: Tab) -> None:
    await tab.call(SellerState.load)
    state = await tab.state(SellerState)
    assert (state.status, "tax_number" in state.missing) == ("ready", True)
    asked = await tab.call(SellerState.save, SELLER)
    assert "Gespeichert" in words_of(asked)
    assert (state.missing, state.problems) == ([], {})
    assert (state.texts["vat_id"], state.texts["turnover_before_cents"]) == ("DE136695976", "420.000,00")
    assert any("check" in str(event) for event in asked)
    await tab.call(SellerState.check)
    assert (state.vat_state, state.checking) == ("unverified", False)


async def test_a_small_business_is_a_tick(tab: Tab, services: Services, workshop: Workshop) -> None:
    await tab.call(SellerState.load)
    await tab.call(SellerState.save, {**SELLER, "small_business": "on", "cash_accounting": "on"})
    state = await tab.state(SellerState)
    assert (state.small_business, state.cash_accounting) == (True, True)
    assert services.catalog.read(staff_of(workshop)).terms.regime == "small_business"
    await tab.call(SellerState.save, SELLER)
    assert (state.small_business, state.cash_accounting) == (False, False)


async def test_what_is_wrong_with_a_tax_number_stands_at_its_field(tab: Tab) -> None:
    await tab.call(SellerState.load)
    await tab.call(SellerState.save, {**SELLER, "vat_id": "DE136695977"})
    state = await tab.state(SellerState)
    assert "Tippfehler" in state.problems["vat_id"]
    await tab.call(SellerState.save, {**SELLER, "turnover_before_cents": "viel"})
    assert list(state.problems) == ["turnover_before_cents"]
    assert state.busy is False


async def test_terms_are_read_and_stored_as_people_write_them(
    tab: Tab, services: Services, workshop: Workshop
) -> None:
    await tab.call(BillingTermsState.load)
    state = await tab.state(BillingTermsState)
    assert (state.status, state.texts["prefix_invoice"], state.texts["payment_days"]) == (
        "ready",
        "RE-",
        "14",
    )
    assert state.examples == {"invoice": "RE-2026-00042", "order": "AU-2026-00042"}
    assert "Gespeichert" in words_of(await tab.call(BillingTermsState.save, filled()))
    assert state.examples["invoice"] == "KFZ-2026-00042"
    assert (state.texts["iban"], state.texts["discount_percent"]) == ("DE02120300000000202051", "2,5")
    assert {line.after_days for line in state.levels} == {"5"}
    kept = services.billing_terms.get(staff_of(workshop)).terms
    assert (kept.payment_days, kept.discount_days, kept.texts) == (10, 7, {"de": "Danke!"})


async def test_what_others_keep_in_the_terms_is_passed_through(
    tab: Tab, services: Services, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    adviser = {"consultant": 29098, "accounts": {"revenue": 8400}}
    patterns = {"invoice": "R/{year}/{number:03}", "expense": "EK{year}-{number}"}
    before = BillingTermsInput(
        tax_number="314/5812/0736",
        cash_accounting=True,
        turnover_before_cents=1_000,
        datev=adviser,
        number_formats=patterns,
    )
    services.billing_terms.save(owner, before)
    await tab.call(BillingTermsState.load)
    await tab.call(BillingTermsState.save, filled(prefix_invoice="X/"))
    kept = services.billing_terms.get(owner).terms
    assert (kept.datev, kept.tax_number, kept.cash_accounting) == (adviser, "314/5812/0736", True)
    assert kept.turnover_before_cents == 1_000
    assert kept.number_formats["expense"] == "EK{year}-{number}"
    # Only the prefix is asked for; the rest of the pattern stays
    assert kept.number_formats["invoice"] == "X/{year}/{number:03}"


async def test_what_is_wrong_with_the_terms_stands_at_its_field(tab: Tab) -> None:
    await tab.call(BillingTermsState.load)
    state = await tab.state(BillingTermsState)
    wrong = {
        "iban": ("DE02120300000000202052", "iban"),
        "prefix_invoice": ("RE#", "number_format"),
        "discount_percent": ("zwei", "discount_percent"),
        "payment_days": ("bald", "payment_days"),
        "first_deadline": ("500", "dunning"),
    }
    for name, (text, field) in wrong.items():
        await tab.call(BillingTermsState.save, filled(**{name: text}))
        assert list(state.problems) == [field], name
    assert "{year}" not in "".join(state.problems.values())


async def test_a_logo_is_shown_once_it_is_there(tab: Tab, services: Services, workshop: Workshop) -> None:
    await tab.call(BillingTermsState.load)
    state = await tab.state(BillingTermsState)
    assert not state.has_logo
    await tab.call(BillingTermsState.refuse_logo, "Zu groß")
    assert state.upload_problem == "Zu groß"
    services.billing_terms.set_logo(staff_of(workshop), encode(draw(40, 20), "PNG"))
    await tab.call(BillingTermsState.take_logo, "x")
    assert (state.has_logo, state.upload_problem) == (True, "")
    await tab.call(BillingTermsState.remove_logo)
    assert not state.has_logo


async def test_the_front_desk_neither_sees_nor_changes_them(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk")
    for kind, form in ((SellerState, SELLER), (BillingTermsState, filled())):
        await desk.call(kind.load)
        assert (await desk.state(kind)).status == "failed"
        assert "Berechtigung" in words_of(await desk.call(kind.save, form))
    assert services.billing_terms.get(staff_of(workshop)).terms.iban == ""
