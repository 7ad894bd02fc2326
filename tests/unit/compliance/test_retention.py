"""How long what is kept: the law's bounds, the owner's choice, and the instant after which it goes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.compliance.retention import (
    CHAT,
    CONSENT,
    DIAGNOSTICS,
    ENQUIRY,
    EXPORT,
    INVOICE,
    LOG,
    ORDER,
    PROOF,
    REPORT,
    VOICE,
    cutoff,
    kinds_for,
    period_of,
    require_period,
)
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_the_usual_periods_are_those_of_the_trade() -> None:
    usual = {key: (kind.usual, kind.unit) for key, kind in kinds_for("DE").items()}
    assert usual == {
        CHAT: (30, "days"),
        ENQUIRY: (6, "months"),
        ORDER: (6, "years"),
        INVOICE: (8, "years"),
        DIAGNOSTICS: (24, "months"),
        CONSENT: (3, "years"),
        VOICE: (30, "days"),
        LOG: (90, "days"),
        EXPORT: (7, "days"),
        REPORT: (400, "days"),
        PROOF: (3, "years"),
    }


@pytest.mark.parametrize(("country", "years"), [("DE", 6), ("AT", 7), ("CH", 10), ("FR", 10)])
def test_letters_are_kept_as_long_as_the_country_demands(country: str, years: int) -> None:
    kind = kinds_for(country)[ORDER]
    assert (kind.usual, kind.shortest) == (years, years)
    assert period_of(kind, {ORDER: 6}) == years


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2032, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=BERLIN)),
        (datetime(2032, 12, 31, 23, 0, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=BERLIN)),
    ],
)
def test_a_letter_of_2026_goes_with_the_first_minute_of_2033_in_berlin(
    now: datetime, expected: datetime
) -> None:
    assert cutoff(kinds_for("DE")[ORDER], 6, now, BERLIN) == expected


@pytest.mark.parametrize(
    ("kind", "period", "expected"),
    [
        (CHAT, 30, datetime(2026, 10, 24, 8, tzinfo=UTC)),
        (VOICE, 0, NOW),
        (ENQUIRY, 6, datetime(2026, 5, 23, 9, tzinfo=BERLIN)),
        (CONSENT, 3, datetime(2023, 11, 23, 9, tzinfo=BERLIN)),
    ],
)
def test_other_kinds_count_from_the_last_touch(kind: str, period: int, expected: datetime) -> None:
    assert cutoff(kinds_for("DE")[kind], period, NOW, BERLIN) == expected


def test_six_months_before_the_end_of_august_is_the_end_of_february() -> None:
    at = datetime(2026, 8, 31, 12, tzinfo=BERLIN)
    assert cutoff(kinds_for("DE")[ENQUIRY], 6, at, BERLIN) == datetime(2026, 2, 28, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(("kind", "period"), [(CHAT, 0), (CHAT, 91), (ORDER, 5), (ORDER, 11), (EXPORT, 8)])
def test_the_owner_cannot_leave_the_bounds(kind: str, period: int) -> None:
    with pytest.raises(Invalid, match="retention_out_of_bounds"):
        require_period(kinds_for("DE")[kind], period)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_says_what_it_is_and_why_in_every_language(language: str) -> None:
    words = list_words(language, "privacy")
    assert [
        key for key in kinds_for("DE") if not words.get(f"ground.{key}") or not words.get(f"kind.{key}")
    ] == []
