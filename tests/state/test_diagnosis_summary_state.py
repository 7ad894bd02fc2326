"""Summaries beside the codes: asked for, shown as the assistant's, and in the report only when accepted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics.ports import SummaryUnavailable
from carbot_app.state.diagnosis_report import DiagnosisReportState
from carbot_app.state.diagnosis_summary import DiagnosisSummaryState
from tests.state.tabs import Tab, words_of
from tests.state.test_diagnosis_report_state import read_car


class Author:
    """Is a SummaryWriter; ``adds`` is what it makes up for the customer."""

    adds = ""
    is_away = False

    def write(self, workshop_id: UUID, told: Mapping[str, Any], audience: str, language: str) -> str:
        if self.is_away:
            raise SummaryUnavailable("away")
        return f"{told['codes'][0]['title']}." + (self.adds if audience == "customer" else "")


@pytest.fixture
def author(services: Services) -> Author:
    author = Author()
    services.diagnostics.summaries._writer = author
    return author


async def opened(tab: Tab, session_id: UUID) -> DiagnosisSummaryState:
    tab.at(f"/diagnose/auto/?id={session_id}")
    await tab.call(DiagnosisSummaryState.load)
    return await tab.state(DiagnosisSummaryState)


async def preview(tab: Tab) -> str:
    await tab.call(DiagnosisReportState.ask)
    return (await tab.state(DiagnosisReportState)).preview.summary


async def test_without_a_model_nothing_is_shown(tab: Tab, services: Services) -> None:
    assert (await opened(tab, read_car(services, tab))).status == "off"


async def test_the_customers_text_is_in_the_report_once_it_was_accepted(
    tab: Tab, services: Services, author: Author
) -> None:
    state = await opened(tab, read_car(services, tab))
    assert (state.status, state.mechanic.id, state.customer.id, state.may_write) == ("ready", "", "", True)
    await tab.call(DiagnosisSummaryState.write)
    assert (state.busy, state.mechanic.text) == (False, "Zündaussetzer Zylinder 1.")
    assert state.customer.detail.endswith("Deutsch")
    assert await preview(tab) == ""
    await tab.call(DiagnosisSummaryState.accept, {})
    assert state.customer.accepted
    assert await preview(tab) == "Zündaussetzer Zylinder 1."


async def test_edited_words_are_checked_and_taken(tab: Tab, services: Services, author: Author) -> None:
    state = await opened(tab, read_car(services, tab))
    await tab.call(DiagnosisSummaryState.write)
    await tab.call(DiagnosisSummaryState.edit)
    await tab.call(DiagnosisSummaryState.accept, {"text": "Sie können bedenkenlos weiterfahren."})
    assert (state.editing, "Sicherheit" in state.problem) == (True, True)
    await tab.call(DiagnosisSummaryState.accept, {"text": "Wir tauschen die Zündspule."})
    assert (state.editing, state.problem, state.customer.text) == (False, "", "Wir tauschen die Zündspule.")
    assert await preview(tab) == "Wir tauschen die Zündspule."


async def test_what_was_made_up_is_thrown_away_and_said_so(
    tab: Tab, services: Services, author: Author
) -> None:
    author.adds = " Das kostet 19,00 €."
    state = await opened(tab, read_car(services, tab))
    assert "verworfen" in words_of(await tab.call(DiagnosisSummaryState.write))
    assert (bool(state.mechanic.id), state.customer.id) == (True, "")


async def test_a_model_that_is_away_is_said_so_and_changes_nothing(
    tab: Tab, services: Services, author: Author
) -> None:
    state = await opened(tab, read_car(services, tab))
    await tab.call(DiagnosisSummaryState.write)
    author.is_away = True
    assert "später" in words_of(await tab.call(DiagnosisSummaryState.write))
    assert (state.busy, state.mechanic.text) == (False, "Zündaussetzer Zylinder 1.")


async def test_a_text_is_thrown_away_by_hand(tab: Tab, services: Services, author: Author) -> None:
    state = await opened(tab, read_car(services, tab))
    await tab.call(DiagnosisSummaryState.write)
    await tab.call(DiagnosisSummaryState.discard, state.customer.id)
    assert (bool(state.mechanic.id), state.customer.id) == (True, "")


async def test_another_workshops_session_shows_and_writes_nothing(
    tab: Tab, services: Services, author: Author
) -> None:
    state = await opened(tab, read_car(services, tab, foreign=True))
    assert (state.status, state.mechanic.id) == ("failed", "")
    await tab.call(DiagnosisSummaryState.write)
    assert state.mechanic.id == ""
