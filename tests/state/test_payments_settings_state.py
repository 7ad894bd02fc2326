"""The settings of payments as an owner works with them, over the stand-in for Stripe."""

from collections.abc import Iterator

import pytest

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.bootstrap import Services
from carbot_app.domains.billing.terms_schemas import BillingTermsInput
from carbot_app.domains.payments.ports import PaymentProvider
from carbot_app.domains.team.models import Workshop
from carbot_app.state.settings_payments import PaymentsPaneState
from tests.factories import staff_of
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin
from tests.state.tabs import Tab, open_tab, words_of


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def provider(stripe: StripeStandin) -> PaymentProvider:
    return StripePayments(secret_key=KEY, webhook_secret=SECRET, api_base=stripe.origin)


async def opened(tab: Tab) -> PaymentsPaneState:
    """The pane, and what its page load asks for afterwards."""
    for event in await tab.call(PaymentsPaneState.load):
        if "refresh" in str(event):
            await tab.call(PaymentsPaneState.refresh)
    return await tab.state(PaymentsPaneState)


async def test_an_owner_connects_reads_what_is_missing_and_is_ready(tab: Tab, stripe: StripeStandin) -> None:
    state = await opened(tab)
    assert (state.status, state.account.stage, state.account.takes_online) == ("ready", "none", False)
    words = words_of(await tab.call(PaymentsPaneState.connect))
    assert stripe.origin in words
    account_id = next(name for name in stripe.things if name.startswith("acct_"))
    assert (await opened(tab)).account.stage == "begun"
    assert state.missing == ["terms", "company", "person", "bank"]
    stripe.onboard(account_id)
    await tab.call(PaymentsPaneState.refresh)
    assert (state.account.stage, state.account.takes_online, state.missing) == ("ready", True, [])
    assert state.account.test
    assert "Getrennt" in words_of(await tab.call(PaymentsPaneState.disconnect))
    assert (state.account.stage, state.account.takes_online) == ("none", False)


async def test_a_provider_that_is_away_is_said_and_the_pane_stays(tab: Tab, stripe: StripeStandin) -> None:
    await tab.call(PaymentsPaneState.connect)
    stripe.down = True
    state = await opened(tab)
    assert (state.status, state.account.stage, state.busy) == ("ready", "begun", False)
    assert "antwortet gerade nicht" in words_of(await tab.call(PaymentsPaneState.connect))


async def test_ways_take_effect_at_once(tab: Tab, services: Services, workshop: Workshop) -> None:
    state = await opened(tab)
    assert not state.account.has_iban
    services.billing_terms.save(staff_of(workshop), BillingTermsInput(iban="DE02120300000000202051"))
    await tab.call(PaymentsPaneState.offer, "transfer", False)
    await tab.call(PaymentsPaneState.offer, "nonsense", False)
    assert (state.account.online, state.account.transfer, state.account.has_iban) == (True, False, True)
    assert not services.payments.accounts.get(staff_of(workshop)).transfer


async def test_a_deposit_rule_is_chosen_filled_in_and_explained(
    tab: Tab, services: Services, workshop: Workshop
) -> None:
    state = await opened(tab)
    assert (state.rule.rule, state.rule.example) == ("off", "")
    await tab.call(PaymentsPaneState.pick, "rule", "price")
    await tab.call(PaymentsPaneState.pick, "kind", "percent")
    await tab.call(PaymentsPaneState.pick, "rule", "always")
    assert services.payments.accounts.get_rule(staff_of(workshop)).rule == "off"
    form = {"rule": "price", "from_price": "200,00", "percent": "25", "refund_hours": "48"}
    assert "Gespeichert" in words_of(await tab.call(PaymentsPaneState.save_rule, form))
    kept = services.payments.accounts.get_rule(staff_of(workshop))
    assert (kept.rule, kept.from_cents, kept.percent, kept.refund_hours) == ("price", 20_000, 25, 48)
    assert (kept.from_score, kept.fixed_cents) == (50, 5_000), "what is not shown stays"
    assert (state.rule.sample, state.rule.example) == ("500,00\u00a0€", "125,00\u00a0€")


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("percent", {"percent": "0"}, "percent"),
        ("percent", {"percent": "x"}, "percent"),
        ("fixed", {"fixed": "4,99"}, "fixed_cents"),
        ("fixed", {"from_price": "-1"}, "from_cents"),
        ("fixed", {"refund_hours": "1000"}, "refund_hours"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_said_at_its_field(
    tab: Tab, kind: str, form: dict[str, str], field: str
) -> None:
    state = await opened(tab)
    await tab.call(PaymentsPaneState.pick, "rule", "price")
    await tab.call(PaymentsPaneState.pick, "kind", kind)
    await tab.call(PaymentsPaneState.save_rule, form)
    assert state.problems[field].startswith("Bitte")
    assert not state.saving


async def test_the_front_desk_neither_sees_nor_changes_them(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk")
    await desk.call(PaymentsPaneState.load)
    assert (await desk.state(PaymentsPaneState)).status == "failed"
    for handler, arguments in (
        (PaymentsPaneState.connect, ()),
        (PaymentsPaneState.disconnect, ()),
        (PaymentsPaneState.refresh, ()),
        (PaymentsPaneState.offer, ("online", False)),
        (PaymentsPaneState.save_rule, ({},)),
    ):
        assert "Berechtigung" in words_of(await desk.call(handler, *arguments)), handler
