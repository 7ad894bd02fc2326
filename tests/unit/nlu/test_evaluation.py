"""Scoring labelled files: tolerant to spelling of entities, clear about broken lines."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.nlu.evaluation import evaluate, macro_f1
from carbot_app.domains.conversations.nlu.gold_entities import entity_items

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def _line(text, **labels):
    defaults = {"intent": "book_appointment", "urgency": "normal", "lead": "hot", "entities": {}}
    return json.dumps(
        {
            "id": text,
            "lang": "de",
            "reference_time": "2026-11-23 09:00",
            "text": text,
            "labels": defaults | labels,
        }
    )


def test_broken_lines_are_named_and_scoring_goes_on(analyser):
    report = evaluate(
        [_line("Termin für Ölwechsel bitte"), "{broken", '{"id": 1}', "", _line("x", intent="dance"), "[1]"],
        analyser,
    )
    assert report["count"] == 1
    assert [item["line"] for item in report["broken_lines"]] == [2, 3, 5, 6]
    assert "dance" in report["broken_lines"][2]["reason"]
    json.dumps(report)


def test_a_secondary_intent_counts_half(analyser):
    text = "Ich möchte einen Termin für den Ölwechsel am Freitag"
    found = evaluate([_line(text)], analyser)
    assert found["intent_accuracy"] == 1.0
    half = evaluate([_line(text, intent="complaint", secondary_intents=["book_appointment"])], analyser)
    assert half["intent_accuracy"] == 0.5
    assert half["intent_accuracy_exact"] == 0.0
    assert half["errors"]["intent"] == [{"id": text, "expected": "complaint", "found": "book_appointment"}]


@pytest.mark.parametrize(
    "entities",
    [
        {"plate": "DO-AB 123", "km": 120000, "services": ["ENG-OIL"], "model": "Golf 7"},
        {"plates": ["do ab123"], "mileage_km": "120.000", "services": "ENG-OIL-001", "model": "golf vii"},
        {"vehicle": {"plate": "DOAB123", "model": "VW Golf 7", "mileage": 120000}, "service": ["eng-oil"]},
    ],
)
def test_spellings_of_entities_are_equal(analyser, entities):
    report = evaluate(
        [_line("Ölwechsel Golf 7, 120.000 km, DO-AB 123, Termin bitte", entities=entities)], analyser
    )
    assert report["entity_micro_f1"] == 1.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": "morgen", "from": "2026-11-24", "to": "2026-11-24"}, ("2026-11-24", "2026-11-24")),
        (
            {"from": "2026-11-24T10:00:00+01:00", "to": "2026-11-24T10:00:00+01:00"},
            ("2026-11-24", "2026-11-24"),
        ),
        ({"from": "2026-11-24"}, ("2026-11-24", "2026-11-24")),
        ({"from": "2026-11-23", "to": None}, ("2026-11-23", None)),
        ("2026-11-24", ("2026-11-24", "2026-11-24")),
    ],
)
def test_dates_compare_by_day(value, expected):
    assert entity_items({"desired_date": value}, MONDAY) == {("date", expected)}


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_empty_entities_mean_none(value):
    assert entity_items({"plate": value, "desired_date": value, "vehicle": {"model": value}}, MONDAY) == set()


def test_unlabelled_findings_lower_precision(analyser):
    report = evaluate([_line("Termin für DO-AB 123 bitte")], analyser)
    assert report["entities"]["plate"]["extra"] == 1


def test_macro_f1_is_the_mean_over_labels():
    assert macro_f1([("a", "a"), ("b", "a")]) == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)
    assert macro_f1([]) is None


def test_a_missing_file_raises(analyser, tmp_path):
    with pytest.raises(FileNotFoundError):
        evaluate(tmp_path / "none.jsonl", analyser)


def test_reports_by_language(analyser, tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text(_line("Termin bitte") + "\n" + _line("Ölwechsel am Freitag") + "\n", encoding="utf-8")
    report = evaluate(path, analyser)
    assert report["by_language"]["de"]["count"] == 2
