"""Whole scripted conversations, customer's side given, with a real database and real free times."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from carbot_app.kit.languages import LANGUAGES
from carbot_app.rehearsal import PERSON, rehearse

SCRIPTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "evaluation" / "dialogues.yaml").read_text(encoding="utf-8")
)
ALONE, SOLVED_SHARE = 60, 0.85


def test_only_what_shall_end_with_a_person_is_left_out_of_the_share() -> None:
    for script in SCRIPTS:
        assert (script.get("expects") == PERSON) == script["expect"]["handed_over"], script["id"]
    assert {script["lang"] for script in SCRIPTS} == set(LANGUAGES)


@pytest.mark.timeout(900)
def test_scripted_conversations_are_solved_without_a_wrong_price_or_an_invented_slot() -> None:
    report = rehearse(SCRIPTS)
    print(json.dumps(report, indent=2))
    assert report["wrong_prices"] == 0
    assert report["invented_slots"] == 0
    assert report["answers_with_several_questions"] == 0
    assert report["alone"]["of"] >= ALONE
    assert report["alone"]["share"] >= SOLVED_SHARE, report["unsolved"]
    assert all(found["share"] >= SOLVED_SHARE for found in report["alone_by_language"].values())
    assert report["for_a_person"]["share"] >= SOLVED_SHARE, report["unsolved"]
