"""What an event that came back means."""

from datetime import UTC, datetime, timedelta

import pytest

from carbot_app.domains.calendars.matching import (
    Known,
    Meaning,
    Visit,
    absence_key,
    absence_prefix,
    event_words,
    fingerprint_of,
    meaning_of,
)
from carbot_app.domains.calendars.ports import OwnEvent, RemoteEvent, Span
from carbot_app.kit.ids import new_id

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN = Known("e", "1", NINE, NINE + HOUR)
HERE = Visit(NINE, here=True)


def event(etag: str = "2", start: datetime = NINE, hours: int = 1, event_id: str = "e") -> RemoteEvent:
    return RemoteEvent(event_id, etag, (Span(start, start + hours * HOUR),), new_id())


@pytest.mark.parametrize(
    ("came", "known", "visit", "meaning"),
    [
        (event("1"), KNOWN, HERE, Meaning.NOTHING),
        (event("1"), KNOWN, Visit(NINE + HOUR, here=True), Meaning.NOTHING),
        (event(), None, HERE, Meaning.ADOPT),
        (event(), None, Visit(NINE, here=False), Meaning.ADOPT),
        (event(), KNOWN, HERE, Meaning.NOTE),
        (event(hours=2), KNOWN, HERE, Meaning.RESTORE),
        (event(start=NINE + HOUR), KNOWN, HERE, Meaning.MOVE),
        (event(start=NINE + HOUR), KNOWN, Visit(NINE, here=False), Meaning.RESTORE),
        (event(start=NINE + HOUR), KNOWN, Visit(NINE + 2 * HOUR, here=True), Meaning.RESTORE),
        (event(start=NINE + HOUR), KNOWN, Visit(NINE + HOUR, here=True), Meaning.RESTORE),
        (event(), Known("e", "", NINE, NINE + HOUR), HERE, Meaning.RESTORE),
        (event(event_id="copy"), KNOWN, HERE, Meaning.FOREIGN),
        (event(), None, None, Meaning.FOREIGN),
        (RemoteEvent("e", "2", (), new_id()), KNOWN, HERE, Meaning.FOREIGN),
    ],
    ids=[
        *("as-we-left-it", "moved-here-only", "we-forgot-to-note-it", "of-somebody-else-now"),
        *("only-its-title", "only-its-end", "moved-there", "moved-there-but-not-ours-any-more"),
        *("moved-on-both-sides", "moved-to-the-same-time", "deleted-and-back"),
        *("a-copy", "no-visit-of-ours", "without-a-time"),
    ],
)
def test_each_change_has_one_meaning(
    came: RemoteEvent, known: Known | None, visit: Visit | None, meaning: Meaning
) -> None:
    assert meaning_of(came, known, visit) is meaning


def test_a_fingerprint_changes_with_everything_the_calendar_shows() -> None:
    own = OwnEvent(new_id(), "a", "b", NINE, NINE + HOUR)
    others = [
        OwnEvent(own.appointment_id, *parts)
        for parts in (
            ("ab", "", NINE, NINE + HOUR),
            ("a", "c", NINE, NINE + HOUR),
            ("a", "b", NINE - HOUR, NINE + HOUR),
            ("a", "b", NINE, NINE + 2 * HOUR),
        )
    ]
    assert len({fingerprint_of(one) for one in (own, *others)}) == 5
    again = OwnEvent(own.appointment_id, "a", "b", NINE, NINE + HOUR, revision=3)
    assert fingerprint_of(again) == fingerprint_of(own)


def test_keys_of_absences_fit_their_column_and_never_meet_those_of_another_calendar() -> None:
    one, other = new_id(), new_id()
    long = "x" * 5_000
    assert len(absence_key(one, long)) < 100
    assert absence_key(one, long).startswith(absence_prefix(one))
    assert absence_key(one, "e") != absence_key(other, "e") != absence_key(other, "f")


def test_an_event_names_plate_work_and_customer() -> None:
    assert event_words("Ölwechsel", "DO-AB 123", "Ayşe") == ("DO-AB 123 · Ölwechsel", "Ayşe")
    assert event_words("Ölwechsel", "", "") == ("Ölwechsel", "")
    assert len(event_words("x" * 500, "DO-AB 123", "")[0]) == 250
