"""`make test` runs every subject: what it leaves out is named and is there (docs/adr/0032)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.landing import STORIES, runs_at_landing

TESTS = Path(__file__).parents[1]


def _item(node: str, engine: str = "", *marks: str) -> Any:
    return SimpleNamespace(
        path=TESTS / node.split("::")[0],
        nodeid=f"tests/{node}[{engine}]" if engine else f"tests/{node}",
        callspec=SimpleNamespace(params={"database_url": engine} if engine else {}, indices={"other": 1}),
        get_closest_marker=lambda name: name if name in marks else None,
    )


def _engines(node: str, *marks: str) -> list[str]:
    return [engine for engine in ("sqlite", "postgres") if runs_at_landing(_item(node, engine, *marks))]


def test_a_test_of_both_databases_runs_on_one_of_them_and_on_each_about_as_often() -> None:
    chosen = [_engines(f"services/test_desk.py::test_on_postgres_{number}") for number in range(400)]
    assert all(len(engines) == 1 for engines in chosen)
    assert 150 < chosen.count(["postgres"]) < 250


def test_a_test_about_the_databases_runs_on_both_and_others_run_anyway() -> None:
    assert _engines("services/test_database.py::test_x", "engines") == ["sqlite", "postgres"]
    assert runs_at_landing(_item("unit/test_hints.py::test_x"))


def test_repetition_and_further_stories_are_left_to_the_complete_run() -> None:
    assert not runs_at_landing(_item("services/test_booking_races.py::test_x", "", "thorough"))
    assert not runs_at_landing(_item("e2e/test_kit.py::test_x"))
    assert runs_at_landing(_item("e2e/test_story.py::test_x"))
    assert runs_at_landing(_item("widget/test_bundle.py::test_x"))


def test_every_story_is_there() -> None:
    assert [name for name in STORIES if not (TESTS / "e2e" / f"{name}.py").exists()] == []
