"""``carbot assistant evaluate``."""

import json
from pathlib import Path

from typer.testing import CliRunner

from carbot_app.cli import app

MESSAGE = {
    "id": "m1",
    "lang": "de",
    "channel": "chat",
    "register": "neutral",
    "reference_time": "2026-11-23T09:00:00+01:00",
    "text": "Was kostet ein Ölwechsel beim Golf?",
    "attachments": [],
    "labels": {
        "intent": "price_request",
        "secondary_intents": [],
        "urgency": "normal",
        "lead": "warm",
        "is_new_business": True,
        "must_refuse": False,
        "handoff_human": False,
        "entities": {"services": ["ENG-OIL"], "model": "Golf"},
    },
}


def test_a_labelled_file_is_scored_as_json(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps(MESSAGE) + "\nnot json\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["assistant", "evaluate", str(file)])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["count"] == 1
    assert report["intent_accuracy"] == 1.0
    assert [broken["line"] for broken in report["broken_lines"]] == [2]


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["assistant", "evaluate", str(tmp_path / "none.jsonl")])
    assert done.exit_code == 1
    assert "cannot be read" in done.output
