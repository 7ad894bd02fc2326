"""Price terms and rules, as the pane shows and stores them."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.catalog.editing_schemas import RuleDraft
from carbot_app.domains.catalog.models import ServiceCategory
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Invalid
from carbot_app.state.catalog import CatalogState
from carbot_app.state.catalog_rules import RulesState
from carbot_app.state.catalog_terms import TermsState
from carbot_app.state.rule_words import read_day, rule_sentence, show_day
from carbot_app.state.session import SessionState
from tests.factories.saving import save
from tests.state.tabs import Tab, id_in, open_tab, words_of


async def terms_form(tab: Tab, **changes: str) -> dict[str, str]:
    """What the browser sends for the form as it was drawn, with changes (``_`` for ``-``)."""
    state: Any = await tab.state(TermsState)
    form = {f"rate-{line.key}": line.value for line in state.rates}
    form |= {f"factor-{line.key}": line.value for line in state.factors}
    for band in state.bands:
        form |= {f"up-{band.key}": band.up_to, f"percent-{band.key}": band.percent}
    form |= {f"small-{name}": value for name, value in state.small.items()}
    return form | {name.replace("_", "-", 1): value for name, value in changes.items()}


async def stored(services: Services, tab: Tab) -> Any:
    session = await tab.state(SessionState)
    return services.catalog_editing.get_terms(await session._require_actor())


async def test_a_rate_shows_gross_and_unit_price_while_it_is_typed(tab: Tab) -> None:
    await tab.call(TermsState.start, "base")
    state = await tab.state(TermsState)
    first = state.rates[0]
    assert (first.value, first.gross, first.unit) == ("112,00", "133,28\u00a0€", "11,20\u00a0€")
    await tab.call(TermsState.set_units, "12")
    await tab.call(TermsState.rate_typed, "mechanics", "120")
    assert (state.rates[0].gross, state.rates[0].unit) == ("142,80\u00a0€", "10,00\u00a0€")
    await tab.call(TermsState.set_regime, "small_business")
    assert (state.rates[0].gross, state.rates[0].unit) == ("", "10,00\u00a0€")
    await tab.call(TermsState.rate_typed, "mechanics", "viel")
    assert (state.rates[0].gross, state.rates[0].unit) == ("", "")


async def test_terms_are_stored_as_a_whole_and_can_be_undone(services: Services, tab: Tab) -> None:
    await tab.call(TermsState.start, "base")
    before = await stored(services, tab)
    await tab.call(TermsState.set_units, "100")
    form = await terms_form(tab, rate_body="1.018,50", small_percent="2", small_min="1,5", small_max="25")
    assert form["rate-body"] == "1.018,50"
    refused = words_of(await tab.call(TermsState.save, form))
    state = await tab.state(TermsState)
    assert ("Stundensatz" in state.problems["form"], refused, state.open) == (True, "", True)
    told = words_of(await tab.call(TermsState.save, {**form, "rate-body": "118,50"}))
    after = await stored(services, tab)
    assert (after.rates["body"], after.units_per_hour) == (11_850, 100)
    assert (after.small_parts_percent, after.small_parts_min_cents, after.small_parts_max_cents) == (
        2,
        150,
        2_500,
    )
    assert (after.markups[:-1], state.open) == (before.markups[:-1], False)
    await tab.call(CatalogState.undo, id_in(told))
    assert await stored(services, tab) == before


async def test_bands_are_added_above_and_removed(services: Services, tab: Tab) -> None:
    await tab.call(TermsState.start, "base")
    state = await tab.state(TermsState)
    count = len(state.bands)
    await tab.call(TermsState.add_band)
    new = state.bands[-2]
    assert (len(state.bands), new.up_to) == (count + 1, "")
    await tab.call(TermsState.remove_band, state.bands[0].key)
    form = await terms_form(tab, **{f"up_{new.key}": "900", f"percent_{new.key}": "25"})
    await tab.call(TermsState.save, form)
    assert (90_000, 25) in (await stored(services, tab)).markups
    assert len((await stored(services, tab)).markups) == count


async def test_a_figure_that_is_none_is_named_by_its_field(tab: Tab) -> None:
    await tab.call(TermsState.start, "base")
    await tab.call(TermsState.save, await terms_form(tab, factor_suv="eins"))
    state = await tab.state(TermsState)
    assert set(state.problems) == {"factor-suv", "form"}
    assert (state.open, state.busy) == (True, False)


async def test_a_rule_says_what_it_does_and_is_stored(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    save(
        services.db,
        ServiceCategory(workshop_id=workshop.id, key="tyres", names={"de": "Reifen und Räder"}),
    )
    await tab.call(RulesState.load)
    await tab.call(RulesState.edit, "")
    await tab.call(RulesState.typed, "value", "10")
    await tab.call(RulesState.choose, "weekdays", "6")
    await tab.call(RulesState.choose, "categories", "tyres")
    state = await tab.state(RulesState)
    assert state.said == "Samstag: 10 % Aufschlag auf Reifen und Räder"
    await tab.call(RulesState.save, {"name-de": "", "value": "10"})
    assert (set(state.problems), state.editing) == ({"names"}, True)
    await tab.call(RulesState.save, {"name-de": "Samstagszuschlag", "value": "10"})
    (line,) = state.rules
    assert (line.name, line.figure, line.said, state.editing) == (
        "Samstagszuschlag",
        "+\u00a010\u00a0%",
        "Samstag: 10 % Aufschlag auf Reifen und Räder",
        False,
    )


async def test_a_rule_is_switched_removed_and_brought_back(services: Services, tab: Tab) -> None:
    await tab.call(RulesState.load)
    await tab.call(RulesState.edit, "")
    await tab.call(RulesState.choose, "direction", "discount")
    await tab.call(RulesState.choose, "measure", "amount")
    await tab.call(RulesState.choose, "fleet", "")
    await tab.call(RulesState.save, {"name-de": "Flotte", "value": "5,50"})
    state = await tab.state(RulesState)
    rule = state.rules[0]
    assert (rule.figure, rule.rises, rule.said) == (
        "\u2212\u00a05,50\u00a0€",
        False,
        "Nur Flottenkunden: 5,50\u00a0€ Nachlass auf alle Leistungen",
    )
    await tab.call(RulesState.set_active, rule.id, False)
    assert state.rules[0].active is False
    await tab.call(RulesState.edit, rule.id)
    assert (state.form.direction, state.form.measure, state.texts["value"]) == ("discount", "amount", "5,50")
    await tab.call(RulesState.remove, rule.id)
    assert (state.rules, state.removed.name, state.editing) == ([], "Flotte", False)
    await tab.call(RulesState.bring_back)
    assert ([line.id for line in state.rules], state.removed.change) == ([rule.id], "")


async def test_only_who_manages_the_catalogue_changes_terms(services: Services, workshop: Workshop) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    await technician.call(TermsState.start, "base")
    before = await stored(services, technician)
    await technician.call(TermsState.save, await terms_form(technician, rate_body="99"))
    await technician.call(RulesState.load)
    await technician.call(RulesState.edit, "")
    await technician.call(RulesState.save, {"name-de": "Frech", "value": "10"})
    assert (await stored(services, technician), (await technician.state(RulesState)).rules) == (before, [])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RuleDraft(), ""),
        (RuleDraft(percent=-5), "5 % Nachlass auf alle Leistungen"),
        (
            RuleDraft(percent=8, season=("11-01", "03-31"), classes=("suv", "van"), min_age=10),
            "1. November bis 31. März, SUV und Van oder Transporter, ab 10 Jahren: "
            "8 % Aufschlag auf alle Leistungen",
        ),
    ],
)
def test_rules_in_words(rule: RuleDraft, said: str) -> None:
    assert rule_sentence(rule, "de", {}) == said


@pytest.mark.parametrize(("typed", "day"), [("1.11.", "11-01"), ("31.3", "03-31"), (" 29.02. ", "02-29")])
def test_days_are_read_as_people_type_them(typed: str, day: str) -> None:
    assert read_day(typed) == day
    assert read_day(show_day(day)) == day


@pytest.mark.parametrize("typed", ["31.2.", "1. November", "13", "1.13."])
def test_days_that_do_not_exist_are_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="catalog_rule_condition"):
        read_day(typed)
