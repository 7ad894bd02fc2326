"""Which car is on the adapter."""

import pytest

from carbot_app.domains.diagnostics.identifying import Answer, Candidate, identify
from carbot_app.kit.ids import new_id

GOLF, POLO = new_id(), new_id()
VIN, OTHER = "WVWZZZ1KZAW000001", "WVWZZZ6RZBY000002"


@pytest.mark.parametrize(
    ("vin", "expected", "with_vin", "answer"),
    [
        ("", None, [], Answer(question="unknown_car")),
        (VIN, None, [], Answer(question="unknown_car")),
        (VIN, None, [Candidate(GOLF, VIN)], Answer(GOLF)),
        (VIN, None, [Candidate(GOLF, VIN), Candidate(POLO, VIN)], Answer(question="vin_twice")),
        ("", Candidate(GOLF), [], Answer(GOLF)),
        ("", Candidate(GOLF, VIN), [], Answer(GOLF)),
        (VIN, Candidate(GOLF), [], Answer(GOLF, learns_vin=True)),
        (VIN, Candidate(GOLF, VIN), [Candidate(GOLF, VIN)], Answer(GOLF)),
        (VIN, Candidate(GOLF, VIN), [Candidate(POLO, VIN), Candidate(GOLF, VIN)], Answer(GOLF)),
        (VIN, Candidate(GOLF), [Candidate(POLO, VIN)], Answer(question="vin_of_another")),
        (VIN, Candidate(GOLF, OTHER), [Candidate(POLO, VIN)], Answer(question="vin_of_another")),
        (VIN, Candidate(GOLF, OTHER), [], Answer(question="vin_differs")),
    ],
)
def test_a_car_is_certain_or_a_question(
    vin: str, expected: Candidate | None, with_vin: list[Candidate], answer: Answer
) -> None:
    assert identify(vin, expected, with_vin) == answer
