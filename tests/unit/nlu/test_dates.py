"""Dates wished for, read from Monday 2026-11-23 09:00, in four languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.nlu.dates import find_dates

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


DAYS = [
    # German
    ("heute", "11-23", "11-23"),
    ("morgen früh", "11-24", "11-24"),
    ("übermorgen", "11-25", "11-25"),
    ("uebermorgen nachmittag", "11-25", "11-25"),
    ("am Mittwoch", "11-25", "11-25"),
    ("am Middwoch geht's", "11-25", "11-25"),
    ("Donnerstach", "11-26", "11-26"),
    ("Fr 4.12. passt", "12-04", "12-04"),
    ("Montag früh", "11-30", "11-30"),
    ("nächste Woche Dienstag", "12-01", "12-01"),
    ("diese Woche", "11-23", "11-27"),
    ("noch diese Woche irgendwann", "11-23", "11-27"),
    ("nächste Woche", "11-30", "12-04"),
    ("naechste woche", "11-30", "12-04"),
    ("nöchscht Wuche", "11-30", "12-04"),
    ("übernächste Woche", "12-07", "12-11"),
    ("in zwei Wochen", "12-07", "12-11"),
    ("in der KW 49", "11-30", "12-04"),
    ("in der 49. Kalenderwoche", "11-30", "12-04"),
    ("am 3.12.", "12-03", "12-03"),
    ("am 03.12.2026", "12-03", "12-03"),
    ("am 3. Dezember", "12-03", "12-03"),
    ("am 30. hätte ich Zeit", "11-30", "11-30"),
    ("zwischen dem 7. und 11. Dezember", "12-07", "12-11"),
    ("Anfang Dezember", "12-01", "12-10"),
    ("Mitte Dezember", "12-11", "12-20"),
    ("im Januar", "01-01", "01-31"),
    ("bis 11.12.", "11-23", "12-11"),
    ("vorm 10.12.", "11-23", "12-09"),
    ("ab Mittwoch", "11-25", None),
    ("in der Woche ab dem 14.12.", "12-14", "12-18"),
    ("vor Weihnachten", "11-23", "12-23"),
    ("3.12. bis 5.12.", "12-03", "12-05"),
    ("vom 7. bis 11.12.", "12-07", "12-11"),
    ("Montag bis Mittwoch", "11-30", "12-02"),
    ("diese oder nächste Woche", "11-23", "12-04"),
    ("so schnell wie möglich", "11-23", None),
    ("baldmöglichst", "11-23", None),
    ("heute oder morgen", "11-23", "11-24"),
    ("am Wochenende", "11-28", "11-29"),
    # English
    ("tomorrow morning", "11-24", "11-24"),
    ("the day after tomorrow", "11-25", "11-25"),
    ("this week", "11-23", "11-27"),
    ("next week", "11-30", "12-04"),
    ("on Friday", "11-27", "11-27"),
    ("could I drop by Wednesday", "11-25", "11-25"),
    ("Dec 2nd", "12-02", "12-02"),
    ("December 2", "12-02", "12-02"),
    ("in the week of 7 December", "12-07", "12-11"),
    ("asap", "11-23", None),
    ("before Friday", "11-23", "11-26"),
    # Turkish
    ("yarın sabah", "11-24", "11-24"),
    ("yarin ogleden sonra", "11-24", "11-24"),
    ("bugün", "11-23", "11-23"),
    ("öbür gün", "11-25", "11-25"),
    ("bu hafta", "11-23", "11-27"),
    ("önümüzdeki hafta", "11-30", "12-04"),
    ("haftaya pazartesi", "11-30", "11-30"),
    ("persembe", "11-26", "11-26"),
    ("cumartesi günü", "11-28", "11-28"),
    ("3 aralık", "12-03", "12-03"),
    ("Aralık ayında", "12-01", "12-31"),
    ("en kısa sürede", "11-23", None),
    # Polish
    ("jutro rano", "11-24", "11-24"),
    ("pojutrze", "11-25", "11-25"),
    ("w tym tygodniu", "11-23", "11-27"),
    ("w przyszłym tygodniu", "11-30", "12-04"),
    ("w przyszlym tygodniu", "11-30", "12-04"),
    ("w piątek", "11-27", "11-27"),
    ("na piatek", "11-27", "11-27"),
    ("od 1 do 3 grudnia", "12-01", "12-03"),
    ("3 grudnia", "12-03", "12-03"),
    ("po 7 grudnia", "12-08", None),
    ("jak najszybciej", "11-23", None),
    ("za dwa tygodnie", "12-07", "12-11"),
]


def _short(moment: datetime | None) -> str | None:
    return moment.strftime("%m-%d") if moment else None


@pytest.mark.parametrize(("text", "first", "last"), DAYS, ids=[row[0] for row in DAYS])
def test_days_are_read_from_the_moment_of_writing(text, first, last):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert (_short(desired.from_), _short(desired.to)) == (first, last)
    assert desired.from_.tzinfo == MONDAY.tzinfo


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Freitag 14 Uhr", "2026-11-27T14:00"),
        ("am 2.12. um 7:30", "2026-12-02T07:30"),
        ("um 8:00 am Donnerstag", "2026-11-26T08:00"),
        ("tomorrow at 4 pm", "2026-11-24T16:00"),
        ("persembe 14:30", "2026-11-26T14:30"),
        ("2 aralık saat 9:00", "2026-12-02T09:00"),
        ("jutro o 16", "2026-11-24T16:00"),
    ],
)
def test_a_clock_time_makes_the_wish_exact(text, moment):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert desired.from_.isoformat()[:16] == moment
    assert desired.to == desired.from_


@pytest.mark.parametrize(
    "text",
    [
        "Bremsen quietschen",
        "seit Montag macht er Geräusche",
        "letzte Woche war ich da",
        "1.5 dci, 205/55 R16, 2.0 TDI",
        "Rechnung RE-2026-00041",
        "Nissan mit Montage",
        "geçen hafta geldim",
        "w zeszłym tygodniu",
        "czerwona kontrolka",
    ],
)
def test_the_past_and_other_numbers_are_no_wish(text):
    assert find_dates(text, MONDAY).desired is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Termin am 26.11. verschieben, wäre stattdessen der 3.12. möglich?", "12-03"),
        ("Freitag schaffe ich nicht, geht auch Montag?", "11-30"),
        ("zamiast 15 grudnia 17 grudnia", "12-17"),
        ("15 Aralık'taki randevumu 17 Aralık'a alalım", "12-17"),
        ("move my appointment from Thursday to Friday", "11-27"),
    ],
)
def test_of_a_move_the_new_day_counts(text, day):
    moved = find_dates(text, MONDAY).moved_to
    assert moved is not None
    assert _short(moved.from_) == day


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("morgen Vormittag", "morning"),
        ("heute Nachmittag", "afternoon"),
        ("abends", "evening"),
        ("in the evening", "evening"),
        ("öğleden sonra", "afternoon"),
        ("po południu", "afternoon"),
        ("rano", "morning"),
        ("Bremsen", None),
    ],
)
def test_part_of_day(text, part):
    assert find_dates(text, MONDAY).part_of_day == part


def test_impossible_dates_are_no_dates():
    assert find_dates("am 31.2. oder 45.12.", MONDAY).desired is None
