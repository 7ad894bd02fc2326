"""`make test` runs every subject: what it leaves out is named and is there (docs/adr/0032)."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.landing import STORIES, runs_at_landing

TESTS = Path(__file__).parents[1]
ENGINES = ("sqlite", "postgres")


def _item(node: str, engine: str = "", *marks: str, case: int = 0) -> Any:
    chosen = {"database_url": engine} if engine else {}
    return SimpleNamespace(
        path=TESTS / node.split("::")[0],
        nodeid=f"tests/{node}[{engine}-{case}]",
        callspec=SimpleNamespace(params=chosen, indices={"other": case, **dict.fromkeys(chosen, 1)}),
        get_closest_marker=lambda name: name if name in marks else None,
    )


def _engines(node: str, *marks: str) -> list[str]:
    return [engine for engine in ENGINES if runs_at_landing(_item(node, engine, *marks), 1)]


def _cases(node: str, count: int) -> list[int]:
    return [case for case in range(count) if runs_at_landing(_item(node, case=case), count)]


def test_a_test_of_both_databases_runs_on_one_of_them_and_a_third_on_postgresql() -> None:
    chosen = [_engines(f"services/test_desk.py::test_on_postgres_{number}") for number in range(400)]
    assert all(len(engines) == 1 for engines in chosen)
    assert 100 < chosen.count(["postgres"]) < 170


def test_every_third_of_many_cases_runs_and_on_one_database() -> None:
    many = "services/test_tyres.py::test_x"
    assert _cases(many, 8) == [0, 3, 6]
    assert _cases(many, 3) == [0, 1, 2]
    assert _cases("unit/billing/test_vat.py::test_x", 8) == list(range(8))
    on_databases = [
        engine
        for engine in ENGINES
        for case in range(8)
        if runs_at_landing(_item(many, engine, case=case), 8)
    ]
    assert len(on_databases) == 3


def test_a_test_about_the_databases_runs_on_both_and_others_run_anyway() -> None:
    assert _engines("services/test_database.py::test_x", "engines") == ["sqlite", "postgres"]
    assert runs_at_landing(_item("services/test_database.py::test_x", "sqlite", "engines", case=4), 8)
    assert runs_at_landing(_item("unit/test_hints.py::test_x"), 1)


def test_repetition_and_further_stories_are_left_to_the_complete_run() -> None:
    assert not runs_at_landing(_item("services/test_booking_races.py::test_x", "", "thorough"), 1)
    assert not runs_at_landing(_item("e2e/test_kit.py::test_x"), 1)
    assert not runs_at_landing(_item("architecture/test_settings.py::test_x"), 1)
    assert runs_at_landing(_item("e2e/test_story.py::test_x"), 1)
    assert runs_at_landing(_item("widget/test_bundle.py::test_x"), 1)


def test_every_story_is_there() -> None:
    assert [name for name in STORIES if not (TESTS / "e2e" / f"{name}.py").exists()] == []
