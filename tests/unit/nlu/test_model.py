"""The trained model: cached by content, the same every time, rebuilt when damaged."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.conversations.nlu import INTENTS, LEADS, URGENCIES, model
from carbot_app.domains.conversations.nlu.features import observe
from carbot_app.domains.conversations.nlu.language import SUPPORTED

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))


RECORDS = model.read_examples()[::12]


@pytest.fixture(scope="module")
def small():
    return model.Classifiers.fit(model.prepare(RECORDS))


def _scores(classifiers, text):
    return classifiers.predict(observe(text, MONDAY)).probabilities


def test_training_data_use_the_labels_of_the_domain():
    for record in model.read_examples():
        labels = record["labels"]
        assert labels["intent"] in INTENTS, record["id"]
        assert labels["urgency"] in URGENCIES, record["id"]
        assert labels["lead"] in LEADS, record["id"]
        assert record["lang"] in SUPPORTED, record["id"]


def test_training_is_deterministic(small):
    again = model.Classifiers.fit(model.prepare(RECORDS))
    assert _scores(again, "Termin für Ölwechsel") == _scores(small, "Termin für Ölwechsel")


def test_a_saved_model_answers_as_before(small, tmp_path):
    path = tmp_path / "model.npz"
    small.save(path)
    assert _scores(model.Classifiers.read(path), "fren balatası ne kadar") == _scores(
        small, "fren balatası ne kadar"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["model.npz"]


def test_probabilities_add_up(small):
    for target, scores in _scores(small, "hallo").items():
        assert sum(scores.values()) == pytest.approx(1.0), target


@pytest.fixture
def quick_training(monkeypatch):
    monkeypatch.setattr(model, "read_examples", lambda: RECORDS)


@pytest.mark.usefixtures("quick_training")
def test_a_damaged_cache_is_trained_anew(tmp_path):
    model.load_classifiers(tmp_path)
    (cached,) = tmp_path.iterdir()
    cached.write_bytes(b"not a model")
    assert _scores(model.load_classifiers(tmp_path), "hallo")["intent"]
    assert model.Classifiers.read(cached)


@pytest.mark.usefixtures("quick_training")
def test_an_outdated_model_is_removed(tmp_path):
    (tmp_path / "model-old.npz").write_bytes(b"old")
    model.load_classifiers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"model-{model.model_key()}.npz"]


@pytest.mark.usefixtures("quick_training")
def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert model.load_classifiers(blocked).predict(observe("hallo", MONDAY))


def test_the_archive_holds_no_code(small, tmp_path):
    path = tmp_path / "model.npz"
    small.save(path)
    import numpy as np

    with np.load(path, allow_pickle=False) as archive:
        assert set(json.loads(str(archive["head"]))) == {"labels", "blocks"}
