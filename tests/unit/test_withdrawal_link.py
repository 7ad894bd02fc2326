"""Where the way to withdraw from a contract is shown, and where the law knows none."""

from dataclasses import replace

import pytest

from carbot_app.api.workshop_page import workshop_page
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.workshop_rules import workshop_view
from carbot_app.kit.clock import system_clock
from carbot_app.kit.languages import LANGUAGES


def facts_of(page: str, language: str = "de", **fields: object) -> dict[str, str]:
    row = Workshop(slug="mueller", name="Müller", **fields)  # type: ignore[arg-type]
    return workshop_page(workshop_view(row), page, language).list_facts()


@pytest.mark.parametrize("page", ["", "termin", "chat", "impressum", "datenschutz", "widerruf"])
def test_the_footer_leads_to_the_form_once_there_may_be_contracts(page: str) -> None:
    assert facts_of(page)["withdraw_href"] == ""
    assert facts_of(page, binding_since=system_clock())["withdraw_href"] == "/w/mueller/widerruf/"


def test_a_swiss_workshop_shows_no_such_link() -> None:
    assert facts_of("termin", country="CH", binding_since=system_clock())["withdraw_href"] == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_new_pages_have_titles_of_their_own(language: str) -> None:
    titles = {
        page: facts_of(page, language)["title"] for page in ("termin", "widerruf", "widerrufsbelehrung")
    }
    assert len(set(titles.values())) == len(titles)


def test_the_booking_page_knows_how_it_ends() -> None:
    view = workshop_view(Workshop(slug="mueller", name="Müller"))
    for mode in ("request", "binding"):
        facts = workshop_page(replace(view, online_booking=mode), "termin", "de").list_facts()
        assert facts["online_booking"] == mode
