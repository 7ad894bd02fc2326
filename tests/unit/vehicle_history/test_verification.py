"""A file that holds holds; whatever was done to it is found and said in one sentence."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.vehicle_history.entries import key_fingerprint
from carbot_app.domains.vehicle_history.verification import MOST_BYTES, MOST_ENTRIES, Verdict, verify_file
from tests.unit.vehicle_history.histories import (
    KEY,
    SIGNER,
    Change,
    File,
    make_history,
    put,
    sign_entry,
    sign_head,
)

OTHER_PRIVATE, OTHER_PUBLIC = SIGNER.generate()


def judge(history: File | bytes, **options: Any) -> Verdict:
    content = history if isinstance(history, bytes) else json.dumps(history).encode()
    return verify_file(content, SIGNER.holds, **options)


def sentence(history: File | bytes, **options: Any) -> str:
    broken = judge(history, **options).broken
    return broken.sentence if broken else ""


def test_an_untouched_file_holds_entry_by_entry() -> None:
    verdict = judge(make_history())
    assert (verdict.broken, verdict.keys) == (None, (KEY,))
    assert [(entry.seq, entry.broken, entry.withheld) for entry in verdict.entries] == [
        (seq, None, ()) for seq in (1, 2, 3, 4)
    ]
    assert verdict.workshop == "Kfz-Meisterbetrieb Müller"


def test_spaces_and_the_order_of_names_do_not_matter() -> None:
    history = make_history()
    assert judge(json.dumps(history, indent=4, sort_keys=True, ensure_ascii=False).encode()).broken is None


def test_words_that_are_withheld_leave_everything_whole() -> None:
    history = make_history()
    for entry in history["entries"][:2]:
        entry["disclosed"] = {}
    del history["entries"][2]["disclosed"]
    verdict = judge(history)
    assert verdict.broken is None
    assert [entry.withheld for entry in verdict.entries] == [("works",), ("works",), ("works",), ()]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            put("entries", 1, "content", "facts", "km", value=9_100),
            "Entry 2 was changed after it was signed.",
        ),
        (put("entries", 2, "content", "on", value="2026-03-02"), "Entry 3 was changed after it was signed."),
        (put("entries", 3, "id", value="entry-9"), "Entry 4 was changed after it was signed."),
        (put("entries", 0, "content", "facts", "km", value=0.5), "Entry 1 was changed after it was signed."),
        (
            put("entries", 0, "content", "facts", "x", value="\ud800"),
            "Entry 1 was changed after it was signed.",
        ),
        (put("entries", 0, "content", "commitments", value={}), "Entry 1 was changed after it was signed."),
        (put("entries", 1, "signature", value="AAAA"), "The signature of entry 2 is not genuine."),
        (put("entries", 1, "signature", value="kein base64!"), "The signature of entry 2 is not genuine."),
        (
            put("entries", 1, "disclosed", "works", "value", value=["Motor neu"]),
            "A text of entry 2 is not the one that was signed.",
        ),
        (
            put("entries", 1, "disclosed", "works", value={}),
            "A text of entry 2 is not the one that was signed.",
        ),
        (
            put("entries", 1, "disclosed", "note", value={"salt": "s", "value": "v"}),
            "A text of entry 2 is not the one that was signed.",
        ),
        (put("keys", value=[]), "Entry 1 names a key that is not in the file."),
        (put("keys", 0, "public_key", value="AAAA"), "Entry 1 names a key that is not in the file."),
        (lambda history: history["entries"].pop(1), "Entry 2 is missing."),
        (lambda history: history["entries"].pop(0), "Entry 1 is missing."),
        (
            lambda history: history["entries"].pop(),
            "The last entries are missing: the file was signed with 4 entries and has 3.",
        ),
        (
            put("entries", value=[]),
            "The last entries are missing: the file was signed with 4 entries and has 0.",
        ),
        (
            lambda history: history["entries"].insert(1, history["entries"].pop(2)),
            "The entries are out of order: entry 3 stands where entry 2 belongs.",
        ),
        (
            lambda history: history["entries"].insert(2, history["entries"][1]),
            "Entry 2 is there twice.",
        ),
        (put("head", "seq", value=3), "The signature over the whole history is not genuine."),
        (
            put("head", "workshop", "name", value="Auto Huber"),
            "The signature over the whole history is not genuine.",
        ),
        (put("head", "exported_at", value=1.5), "The signature over the whole history is not genuine."),
        (put("head", "key", value="0" * 64), "The signature over the whole history is not genuine."),
        (put("head", "chain", value="polo"), "Entry 1 belongs to the history of another car."),
        (put("head", "workshop", "id", value="huber"), "Entry 1 belongs to the history of another car."),
    ],
)
def test_what_was_done_to_a_file_is_said(change: Change, said: str) -> None:
    history = make_history()
    change(history)
    assert sentence(history) == said


def test_an_entry_that_was_signed_anew_betrays_itself_in_the_next() -> None:
    history = make_history()
    history["entries"][1]["content"]["facts"]["km"] = 9_100
    sign_entry(history["entries"][1])
    assert sentence(history) == (
        "Entry 3 does not follow from the entry before it: one of them was replaced."
    )


def test_a_history_cut_short_and_closed_again_by_somebody_else_is_not_genuine() -> None:
    history = make_history()
    history["entries"].pop()
    history["head"] |= {"seq": 3, "hash": history["entries"][-1]["hash"]}
    sign_head(history, OTHER_PRIVATE)
    assert sentence(history) == "The signature over the whole history is not genuine."


def test_entries_beyond_what_the_head_says_are_not_genuine() -> None:
    history = make_history()
    history["head"] |= {"seq": 3, "hash": history["entries"][2]["hash"]}
    sign_head(history)
    assert sentence(history) == "The signature over the whole history is not genuine."


def test_only_the_first_break_is_said_and_every_entry_is_judged() -> None:
    history = make_history()
    history["entries"][1]["content"]["facts"]["km"] = 1
    history["entries"][3]["signature"] = "AAAA"
    verdict = judge(history)
    assert [entry.broken is None for entry in verdict.entries] == [True, False, True, False]
    assert verdict.broken == verdict.entries[1].broken


def test_a_forger_with_a_key_of_his_own_is_found_by_whoever_knows_the_workshops() -> None:
    history = make_history(key=key_fingerprint(OTHER_PUBLIC))
    for entry in history["entries"]:
        sign_entry(entry, OTHER_PRIVATE)
    history["keys"] = [{"public_key": b64encode(OTHER_PUBLIC).decode()}]
    history["head"] |= {"key": key_fingerprint(OTHER_PUBLIC)}
    sign_head(history, OTHER_PRIVATE)
    assert judge(history).keys == (key_fingerprint(OTHER_PUBLIC),)
    assert sentence(history) == ""
    said = sentence(history, trusted={KEY})
    assert said.startswith("The history was not signed with the key you expect, but with ")
    assert sentence(make_history(), trusted={KEY}) == ""


def test_a_name_of_a_key_is_worked_out_and_not_believed() -> None:
    history = make_history()
    history["keys"] = [{"fingerprint": KEY, "public_key": b64encode(OTHER_PUBLIC).decode()}]
    assert sentence(history) == "Entry 1 names a key that is not in the file."


@pytest.mark.parametrize("version", [2, 999])
def test_a_format_of_the_future_asks_for_a_newer_carbot(version: int) -> None:
    history = {**make_history(), "version": version, "entries": "quite different"}
    assert sentence(history) == (
        f"The file has format version {version}; this CarBot reads version 1. Check it with a newer one."
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is not a vehicle history: it cannot be read as JSON."),
        (b"%PDF-1.7", "The file is not a vehicle history: it cannot be read as JSON."),
        (b"\xff\xfe{}", "The file is not a vehicle history: it cannot be read as JSON."),
        (b"[" * 200_000, "The file is not a vehicle history: it cannot be read as JSON."),
        (b'{"version": NaN}', "The file is not a vehicle history: it cannot be read as JSON."),
        (b'{"a": 1, "a": 2}', "The file is not a vehicle history: it cannot be read as JSON."),
        (b"9" * 10_000, "The file is not a vehicle history: it cannot be read as JSON."),
        (b"[]", "The file is not a vehicle history of CarBot."),
        (b'{"format": "other"}', "The file is not a vehicle history of CarBot."),
        (b" " * (MOST_BYTES + 1), "The file is too large for a vehicle history."),
    ],
)
def test_what_is_no_history_is_called_so(content: bytes, said: str) -> None:
    assert sentence(content) == said


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (put("version", value=True), "version"),
        (put("version", value="1"), "version"),
        (put("version", value=0), "version"),
        (put("head", value=None), "head"),
        (put("head", "seq", value="4"), "seq of the head"),
        (put("head", "workshop", value={"id": "müller"}), "name of the head"),
        (put("entries", value={}), "entries"),
        (put("entries", 1, value=[]), "entry 2"),
        (put("entries", 1, "content", "seq", value=2.0), "seq of entry 2"),
        (put("entries", 1, "content", "seq", value=True), "seq of entry 2"),
        (put("entries", 1, "content", "facts", value=[]), "facts of entry 2"),
        (put("entries", 1, "disclosed", value=["works"]), "entry 2"),
        (put("entries", 1, "disclosed", value={"works": "Öl"}), "entry 2"),
        (put("keys", value=["key"]), "keys"),
        (put("keys", 0, value={}), "public_key of keys"),
    ],
)
def test_a_damaged_file_names_the_part(change: Change, part: str) -> None:
    history = make_history()
    change(history)
    assert sentence(history) == f"The file is damaged: {part} is missing or not what it should be."


def test_too_many_entries_are_not_looked_at() -> None:
    history = {**make_history(), "entries": [{}] * (MOST_ENTRIES + 1)}
    assert sentence(history) == "The file is too large for a vehicle history."


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_one_value_goes_unseen_and_none_brings_it_down(data: st.DataObject) -> None:
    history = make_history()
    places = list(_places({name: history[name] for name in ("head", "entries")}))
    path = data.draw(st.sampled_from(places))
    holder: Any = history
    for step in path[:-1]:
        holder = holder[step]
    before = holder[path[-1]]
    holder[path[-1]] = after = data.draw(anything)
    broken = judge(history).broken
    # True is 1 for Python, so comparing needs the written form
    assert (broken is None) == (json.dumps(after) == json.dumps(before))
    assert broken is None or broken.sentence.endswith(".")


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if path and path not in {("entries",), ("head",)} and path[-1] != "disclosed":
        yield path
    for name, part in inner:
        yield from _places(part, (*path, name))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_no_file_whatever_brings_the_check_down(content: bytes) -> None:
    assert judge(content).broken is not None
