"""Days named for another reason than a wish give way to the day wished for."""

import pytest

from carbot_app.domains.conversations.nlu.dates import find_dates
from tests.unit.nlu.conftest import MONDAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Montag geht bei mir nicht, sagen wir Donnerstag?", "11-26"),
        ("Ich bin morgen verhindert. Geht Mittwoch?", "11-25"),
        ("Mein TÜV läuft im Dezember ab, geht nächsten Montag?", "11-30"),
        ("środa mi się sypie, znajdzie się miejsce w piątek?", "11-27"),
        ("wtorek odpada, może czwartek?", "11-26"),
        ("yarın gelemem, cuma olur mu?", "11-27"),
        ("TÜV'üm aralıkta bitiyor, cuma gelsem?", "11-27"),
        ("Wednesday doesn't work, how about Friday?", "11-27"),
        ("My MOT expires in January, could you do it on Friday?", "11-27"),
        ("jeudi je ne peux pas, vendredi serait possible pour vous ?", "11-27"),
        ("giovedì non posso, va bene venerdì?", "11-27"),
        ("donderdag lukt niet, kan het vrijdag?", "11-27"),
    ],
)
def test_a_day_that_is_ruled_out_or_belongs_to_something_else_is_no_wish(text, day):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert f"{desired.from_:%m-%d}" == day


def test_the_only_day_stays_a_wish_whatever_is_said_about_it():
    desired = find_dates("Mein TÜV läuft am Freitag ab", MONDAY).desired
    assert desired is not None
    assert f"{desired.from_:%m-%d}" == "11-27"


@pytest.mark.parametrize(
    "text",
    ["jutro na rano nie zdążę, dajcie mnie na 15:00", "morgen um 8 schaffe ich nicht, geht auch 15 Uhr?"],
)
def test_a_new_time_alone_is_meant_on_the_old_day(text):
    moved = find_dates(text, MONDAY).moved_to
    assert moved is not None
    assert f"{moved.from_:%m-%d %H:%M}" == "11-24 15:00"
