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
    ("am 21. oder 22. Januar", "01-21", "01-22"),
    ("am 7. oder 8. würde es gehen", "12-07", "12-08"),
    ("Samstag in zwei Wochen", "12-12", "12-12"),
    ("von mo bis mi bräuchte ich ihn", "11-30", "12-02"),
    ("mo oder di?", "11-24", "11-30"),
    ("am fünfzehnten dezember", "12-15", "12-15"),
    ("im neuen Jahr reicht", "01-01", None),
    ("vor Heiligabend", "11-23", "12-23"),
    ("heuer noch", "11-23", "12-31"),
    ("diesen Monat", "11-23", "11-30"),
    ("Samschdich passt", "11-28", "11-28"),
    ("ibermorga", "11-25", "11-25"),
    ("nägschde Woch", "11-30", "12-04"),
    ("die erste Januarwoche", "01-04", "01-08"),
    ("am ersten Dezemberwochenende", "12-05", "12-06"),
    ("am ersten Montag im Januar", "01-04", "01-04"),
    ("am 12. Dezember, einem Samstag", "12-12", "12-12"),
    ("Samstagvormittag", "11-28", "11-28"),
    ("binnen drei Tagen", "11-23", "11-26"),
    ("je früher desto besser", "11-23", None),
    ("Passt Ihnen Donnerstag nächster Woche?", "12-03", "12-03"),
    ("im Januar einen Termin", "01-01", "01-31"),
    ("Mittwoch – nein, Moment, Donnerstag", "11-26", "11-26"),
    ("Wir fahren morgen weg, könnt ihr heute noch?", "11-23", "11-23"),
    ("TÜV bis Ende Januar, geht nächsten Montag?", "11-30", "11-30"),
    # English
    ("Tuesday week", "12-01", "12-01"),
    ("Wednesday fortnight", "12-09", "12-09"),
    ("Friday the fourth", "12-04", "12-04"),
    ("the thirtieth at two", "11-30", "11-30"),
    ("can you do it on the 27th", "11-27", "11-27"),
    ("December second", "12-02", "12-02"),
    ("sat 28/11 would suit", "11-28", "11-28"),
    ("in mid-December", "12-11", "12-20"),
    ("sometime in Feb", "02-01", "02-28"),
    ("within the next ten days", "11-23", "12-03"),
    ("second week of January", "01-11", "01-15"),
    ("any day after the 9th", "12-10", None),
    ("from 8 to 10 December", "12-08", "12-10"),
    ("as soon as humanly possible", "11-23", None),
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
    ("4 Aralık'a kadar", "11-23", "12-04"),
    ("1 Aralık'tan itibaren", "12-01", None),
    ("haftaya cuma", "12-04", "12-04"),
    ("haftaya salı veya çarşamba", "12-01", "12-02"),
    ("haftaya bugün", "11-30", "11-30"),
    ("bu haftasonu", "11-28", "11-29"),
    ("14 Aralık haftasında", "12-14", "12-18"),
    ("Ocak'ın ikinci haftası", "01-11", "01-15"),
    ("gelecek hafta içinde", "11-30", "12-04"),
    ("pazartesi değil salı", "11-24", "11-24"),
    ("yirmi beş kasım", "11-25", "11-25"),
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
    ("za tydzień w czwartek", "12-03", "12-03"),
    ("piętnastego grudnia", "12-15", "12-15"),
    ("może być 27-go?", "11-27", "11-27"),
    ("między 8 a 10 grudnia", "12-08", "12-10"),
    ("w drugim tygodniu stycznia", "01-11", "01-15"),
    ("pod koniec listopada", "11-23", "11-30"),
    ("do końca tygodnia", "11-23", "11-27"),
    ("w najbliższym możliwym terminie", "11-23", None),
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
        ("morgen um viertel vor acht", "2026-11-24T07:45"),
        ("am Mittwoch gegen halb drei", "2026-11-25T14:30"),
        ("Freitag Punkt zwölf", "2026-11-27T12:00"),
        ("Freitag 9.15", "2026-11-27T09:15"),
        ("Donnerstag 9.10", "2026-11-26T09:10"),
        ("nicht mi um 8 sondern fr um 8", "2026-11-27T08:00"),
        ("am Mittwoch um vierzehn Uhr dreißig", "2026-11-25T14:30"),
        ("heute Abend um sieben", "2026-11-23T19:00"),
        ("December second at ten to nine", "2026-12-02T08:50"),
        ("Friday at half past seven", "2026-11-27T07:30"),
        ("Friday the fourth at thirteen hundred", "2026-12-04T13:00"),
        ("yarın saat dokuz buçukta", "2026-11-24T09:30"),
        ("cuma 10:30'da", "2026-11-27T10:30"),
        ("w piątek o ósmej", "2026-11-27T08:00"),
        ("jutro o wpół do ósmej", "2026-11-24T07:30"),
    ],
)
def test_a_clock_time_makes_the_wish_exact(text, moment):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert desired.from_.isoformat()[:16] == moment
    assert desired.to == desired.from_


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Freitag zwischen 10 und 12", "10:00", "12:00"),
        ("Freitag ab 13 Uhr", "13:00", "23:59"),
        ("fr ab vier", "16:00", "23:59"),
        ("between 9 and 11 on Friday", "09:00", "11:00"),
        ("cuma 10-12 arası", "10:00", "12:00"),
        ("w piątek po 16", "16:00", "23:59"),
    ],
)
def test_a_span_of_hours_has_both_ends(text, first, last):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert desired.to is not None
    assert desired.from_.strftime("%m-%d %H:%M") == f"11-27 {first}"
    assert desired.to.strftime("%m-%d %H:%M") == f"11-27 {last}"


@pytest.mark.parametrize(
    "text",
    [
        "Mein Jaguar XJ6 springt nicht an",
        "I am restoring a Saab 9-3",
        "Bremsen oder so",
        "habt ihr runflats 255/40 r18 da",
        "Guten Morgen, was kostet ein Ölwechsel?",
        "Morgen, was kostet ein Ölwechsel?",
        "Anzeige: sofort rechts ran",
        "dauert das 3 std",
        "spark plugs on a 1.4 turbo",
        "To whom it may concern",
        "czy mają Państwo opony",
        "au dahil mi?",
        "What did you do?",
        "my Friday slot",
        "two hundred euros",
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
        ("çarşamba getiremiyorum, haftaya cuma olur mu?", "12-04"),
        ("Ich hab Donnerstag den Termin, geht einen Tag später?", "11-27"),
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
