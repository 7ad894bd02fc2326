"""Whoever changes, removes or moves a row of the audit log is found out by the row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.audit_chain import START, ChainedRow, append, canonical, verify

EVENTS = [{"what": f"step {at}", "cents": at, "at": datetime(2026, 11, at, tzinfo=UTC)} for at in range(1, 6)]


def chain(contents: Sequence[dict[str, Any]]) -> list[ChainedRow]:
    rows, previous = [], START
    for at, content in enumerate(contents):
        rows.append(append(previous, f"row-{at}", content))
        previous = rows[-1].hash
    return rows


def test_an_untouched_chain_is_whole() -> None:
    rows = chain(EVENTS)
    assert verify(rows) is None
    assert verify(rows, end=rows[-1].hash) is None
    assert verify([]) is None


@given(st.integers(0, 4), st.integers())
def test_a_changed_row_is_named(at: int, cents: int) -> None:
    rows = chain(EVENTS)
    changed = {**rows[at].content, "cents": cents}
    rows[at] = replace(rows[at], content=changed)
    assert verify(rows) == (None if changed == EVENTS[at] else f"row-{at}")


def test_a_row_whose_hash_was_made_anew_betrays_itself_in_the_next() -> None:
    rows = chain(EVENTS)
    rows[1] = append(rows[0].hash, "row-1", {"what": "forged"})
    assert verify(rows) == "row-2"


def test_removed_moved_and_renamed_rows_are_found() -> None:
    rows = chain(EVENTS)
    assert verify([*rows[:2], *rows[3:]]) == "row-3"
    assert verify([rows[1], rows[0], *rows[2:]]) == "row-1"
    assert verify([replace(rows[0], id="other"), *rows[1:]]) == "other"


def test_rows_cut_off_at_the_end_are_seen_by_the_noted_hash() -> None:
    rows = chain(EVENTS)
    assert verify(rows[:-1]) is None
    assert verify(rows[:-1], end=rows[-1].hash) == rows[-1].hash


def test_a_chain_goes_on_from_where_it_was() -> None:
    rows = chain(EVENTS)
    assert verify(rows[2:], start=rows[1].hash) is None


def test_a_content_is_written_one_way_whatever_a_database_returns() -> None:
    berlin = timezone(timedelta(hours=1))
    one = {"b": Decimal("1.50"), "a": datetime(2026, 11, 1, 13, tzinfo=berlin), "n": None, "l": (1, True)}
    two = {"l": [1, True], "n": None, "a": datetime(2026, 11, 1, 12, tzinfo=UTC), "b": Decimal("1.5")}
    assert canonical(one) == canonical(two)
    assert canonical({"d": date(2026, 11, 1), "z": Decimal("-0.00"), "u": UUID(int=0), "ü": {"k": 1}}) == (
        '{"d":"2026-11-01","u":"00000000-0000-0000-0000-000000000000","z":"0","ü":{"k":1}}'
    )


def test_floats_have_no_place_in_a_chain() -> None:
    with pytest.raises(TypeError):
        append(START, "row", {"amount": 1.5})
