"""Whatever a model answers about a photo, staff reads one short plain line, and only lamps change a lead."""

import pytest

from carbot_app.domains.conversations.dialogue import DialogueState
from carbot_app.domains.conversations.warning_lamps import LAMPS
from carbot_app.domains.media.findings import TEXT_LENGTH, lamp_seen, learn, tidy
from carbot_app.domains.media.ports import PhotoFinding


def test_a_sound_answer_is_taken_as_it_is() -> None:
    raw = {"kind": "warning_lamp", "text": "Ölkanne, rot", "lamp": "oil", "confidence": 0.9}
    assert tidy(raw) == PhotoFinding("warning_lamp", "Ölkanne, rot", 0.9, "oil")


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"kind": None, "text": None, "confidence": None, "lamp": None},
        {"kind": "price_list", "text": "", "confidence": "very", "lamp": []},
        {"kind": 7, "confidence": float("nan"), "lamp": "flux_capacitor"},
        {"kind": "other", "confidence": float("inf")},
    ],
)
def test_nonsense_becomes_a_photo_of_something_else(raw: dict[str, object]) -> None:
    found = tidy(raw)
    assert (found.kind, found.lamp, found.confidence) == ("other", "", 0.0)


def test_text_is_one_line_without_control_marks_and_not_too_long() -> None:
    found = tidy({"kind": "damage", "text": "Delle\n\n\u202ehinten\x00 " + "x" * 900, "confidence": 5})
    assert found.text.startswith("Delle hinten x")
    assert len(found.text) == TEXT_LENGTH
    assert found.confidence == 1.0


def test_a_lamp_counts_only_where_a_lamp_is_seen_and_surely() -> None:
    assert tidy({"kind": "tyre", "lamp": "oil", "confidence": 1}).lamp == ""
    assert lamp_seen(PhotoFinding("warning_lamp", "", 0.59, "oil")) is None
    assert lamp_seen(PhotoFinding("warning_lamp", "", 0.6, "oil")) == LAMPS["oil"]


def test_a_red_lamp_makes_a_lead_urgent_and_leaves_the_wish_alone() -> None:
    state = DialogueState(service_codes=["TYR-CHG-001"], urgency="normal", is_lead=True)
    learn(state, LAMPS["oil"], ["ENG-OIL-001"])
    assert (state.urgency, state.lead_class, state.service_codes) == ("emergency", "hot", ["TYR-CHG-001"])
    fresh = DialogueState(urgency="emergency", lead_class="hot")
    learn(fresh, LAMPS["dpf"], ["ENG-EXH-001"])
    assert (fresh.urgency, fresh.lead_class, fresh.is_lead) == ("emergency", "hot", True)
    assert fresh.service_codes == ["ENG-EXH-001"]
