"""An answer states no price, time or date that no tool returned in its turn."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.facts import Fact, FactSheet
from carbot_app.domains.conversations.guard import split_sentences, unsupported_claims
from carbot_app.domains.conversations.opening import describe_hours

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
HOURS = {
    **{str(day): [["07:30", "12:00"], ["13:00", "17:30"]] for day in range(1, 6)},
    "6": [["08:00", "12:00"]],
}


@pytest.fixture
def sheet() -> FactSheet:
    """Pads for 155 €, brakes for 349 to 429 €, Tuesday 8:00 and Thursday 13:45."""
    sheet = FactSheet()
    sheet.add(Fact("quote", "", money_cents=(15_500, 15_500)))
    sheet.add(Fact("quote", "", money_cents=(34_900, 42_900)))
    slots = (datetime(2026, 11, 24, 8, tzinfo=ZONE), datetime(2026, 11, 26, 13, 45, tzinfo=ZONE))
    sheet.add(Fact("find_slots", "", moments=slots))
    return sheet


COVERED = [
    "Bremsbeläge kosten bei uns 155,00 € inkl. MwSt. Planen Sie etwa 1 Stunde ein.",
    "Das kostet 155 Euro.",
    "Komplett sind es 349 bis 429 €.",
    "Frei ist Di, 24. Nov., 8:00 Uhr oder Do, 26. Nov., 13:45 Uhr.",
    "Morgen um 8 Uhr ist etwas frei.",
    "Am Dienstag um 8 Uhr geht es.",
    "Our price is €155.00 including VAT, free on Tue, Nov 24, 8:00 am.",
    "Thursday at 1:45 pm is free.",
    "Fiyatımız 155,00 €, 24 Kas Sal, 08:00 boş.",
    "Perşembe 13:45 uygun.",
    "Kosztuje 155,00 €, wolny termin: wt., 24 lis, 8:00.",
    "W czwartek o 13:45 jest wolne.",
    "Golf 7, Baujahr 2015, 118.000 km, Kennzeichen DO-AB 123, Telefon 0231 / 555 01 20.",
    "So, Ihr Wunsch ist notiert. Do you need anything else? Guten Morgen.",
    "Randevuyu hangi isme yazayım: telefon mu, e-posta mı?",
]

INVENTED = [
    ("Das kostet 99 €.", "price"),
    ("Das kostet etwa 99.", "price"),
    ("Das macht 1.299,00 EUR.", "price"),
    ("Zwischen 100 und 155 Euro.", "price"),
    ("Nur 89,- bei uns.", "price"),
    ("Ich gebe Ihnen 10 % Rabatt.", "price"),
    ("Die Prüfung ist kostenlos.", "price"),
    ("Das sind hundertfünfzig Euro.", "price"),
    ("That is £120.", "price"),
    ("It will be free of charge.", "price"),
    ("Fiyatı 120 avro.", "price"),
    ("Bu ücretsiz.", "price"),
    ("To kosztuje 120 zł.", "price"),
    ("To jest bezpłatne.", "price"),
    ("Am Mittwoch ist etwas frei.", "weekday"),
    ("We are free on Friday.", "weekday"),
    ("Cuma günü boş.", "weekday"),
    ("Wolne jest w piątek.", "weekday"),
    ("Kommen Sie am 25.11. vorbei.", "date"),
    ("Kommen Sie am 24.12.2026.", "date"),
    ("Come on November 25.", "date"),
    ("25 Kasım uygun.", "date"),
    ("Wolne jest 25 listopada.", "date"),
    ("Frei ist Di, 24. Nov., 9:15 Uhr.", "time"),
    ("Am Dienstag um 13:45 Uhr.", "time"),
    ("Um halb neun geht es.", "time"),
    ("Tuesday at 9 am works.", "time"),
    ("Salı 09:30 uygun.", "time"),
    ("We wtorek o 10 jest wolne.", "time"),
    ("Wir haben heute noch etwas frei.", "date"),
    ("We are open 9:00 to 18:00.", "time"),
]


@pytest.mark.parametrize("text", COVERED)
def test_what_tools_returned_may_be_said(text: str, sheet: FactSheet) -> None:
    assert unsupported_claims(text, sheet, NOW) == ()


@pytest.mark.parametrize(("text", "kind"), INVENTED)
def test_what_no_tool_returned_is_found(text: str, kind: str, sheet: FactSheet) -> None:
    assert kind in unsupported_claims(text, sheet, NOW)


@pytest.mark.parametrize("text", [claim for claim, _ in INVENTED])
def test_without_tool_results_nothing_may_be_claimed(text: str) -> None:
    assert unsupported_claims(text, FactSheet(), NOW)


@pytest.mark.parametrize("language", ["de", "en", "tr", "pl"])
def test_opening_hours_are_covered_by_their_own_fact_only(language: str) -> None:
    hours = describe_hours(HOURS, language, NOW)
    known = FactSheet()
    known.add(Fact("opening_hours", "", hours=hours.by_day))
    assert unsupported_claims(hours.text, known, NOW) == ()
    assert unsupported_claims(hours.text, FactSheet(), NOW)
    assert unsupported_claims(hours.text.replace("17:30", "19:00"), known, NOW)


def test_sentences_are_cut_behind_words_and_never_inside_a_date() -> None:
    text = "Als Nächstes ist frei: Do, 26. Nov., 8:00 Uhr. Welche Zeit passt Ihnen? Danke."
    assert "".join(split_sentences(text)) == text
    assert any("Do, 26. Nov., 8:00 Uhr" in sentence for sentence in split_sentences(text))
