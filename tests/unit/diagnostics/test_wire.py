"""The messages between agent and server: exact there and back, hostile input refused."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.wire import WireError

FROM_AGENT = (
    wire.Hello("carbot-agent 1.0", 1_700_000_000_000, "ELM327 v1.5"),
    wire.Start("abc", "WVWZZZ1KZAW000001", (0x0C, 0x0D, 0x05), "ISO 15765-4 CAN 11/500"),
    wire.Start("abc"),
    wire.Samples("abc", 7, 1000, ((0, 0x0C, 812.5), (20, 0x0114, 0.45), (20, wire.ADAPTER_VOLTAGE, 14))),
    wire.Lost("abc", 12),
    wire.Codes(
        "abc",
        2000,
        True,
        (wire.EcuCodes("7E8", ("P0301", "P0171"), ("P0300",), ()), wire.EcuCodes("7E9")),
        {"catalyst": False, "misfire": True},
        (wire.FreezeFrame("7E8", "P0301", {0x0C: 742.0, 0x05: 83.0}),),
        "c1",
    ),
    wire.Cleared("abc", "c2", False, "engine_running"),
    wire.State("abc", "adapter_lost", "unplugged"),
)
FROM_SERVER = (
    wire.Ack("abc", 0),
    wire.Watch("abc", {0x0C: 10.0, 0x05: 0.5}),
    wire.Watch("abc", {}),
    wire.ReadCodes("abc", "c1"),
    wire.ClearCodes("abc", "c2"),
    wire.Stop("abc"),
    wire.Revoked(),
    wire.Refusal("samples_missing", "abc", 3),
    wire.Refusal("broken"),
)


@pytest.mark.parametrize("message", FROM_AGENT, ids=lambda message: message.t)
def test_a_message_of_an_agent_arrives_as_it_was_sent(message):
    assert wire.decode_from_agent(wire.encode(message)) == message


@pytest.mark.parametrize("message", FROM_SERVER, ids=lambda message: message.t)
def test_a_message_of_the_server_arrives_as_it_was_sent(message):
    assert wire.decode_from_server(wire.encode(message)) == message


@pytest.mark.parametrize("message", FROM_SERVER, ids=lambda message: message.t)
def test_an_agent_cannot_speak_like_the_server(message):
    with pytest.raises(WireError, match="unknown"):
        wire.decode_from_agent(wire.encode(message))


SAMPLES = {"t": "samples", "car": "abc", "seq": 1, "base_ms": 0, "rows": [[0, 12, 800]]}
CODES = {"t": "codes", "car": "abc", "at_ms": 0, "mil": True}


@pytest.mark.parametrize(
    ("frame", "code", "field"),
    [
        (b"", "broken", ""),
        (b'{"t":"samples","car":"abc","se', "broken", ""),
        (b"[]", "broken", ""),
        (b"\xff\xfe\x00", "broken", ""),
        (b'{"t":["samples"]}', "unknown", "t"),
        (b'{"t":"boo"}', "unknown", "t"),
        (b" " * (wire.FRAME_LIMIT + 1), "too_large", ""),
        ({**SAMPLES, "car": "../x"}, "invalid", "car"),
        ({**SAMPLES, "car": "a" * 65}, "invalid", "car"),
        ({**SAMPLES, "seq": 0}, "invalid", "seq"),
        ({**SAMPLES, "seq": True}, "invalid", "seq"),
        ({**SAMPLES, "seq": 1.0}, "invalid", "seq"),
        ({**SAMPLES, "base_ms": -1}, "invalid", "base_ms"),
        ({**SAMPLES, "rows": [[0, 12, 1]] * (wire.ROW_LIMIT + 1)}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[0, 12, "800"]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[0, 12, None]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[0, 12, 1e300]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[0, 65536, 1]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[5, 12, 1], [4, 12, 1]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[wire.SPAN_LIMIT_MS + 1, 12, 1]]}, "invalid", "rows"),
        ({**SAMPLES, "rows": [[0, 12]]}, "invalid", "rows"),
        ({"t": "start", "car": "abc", "vin": "WVWZZZ1KZAW00000I"}, "invalid", "vin"),
        ({"t": "start", "car": "abc", "pids": [256]}, "invalid", "pids"),
        ({"t": "start", "car": "abc", "protocol": "a\nb"}, "invalid", "protocol"),
        ({"t": "hello", "agent": "x", "clock_ms": "now"}, "invalid", "clock_ms"),
        ({"t": "state", "car": "abc", "state": "on_fire"}, "invalid", "state"),
        ({**CODES, "ecus": [{"ecu": "7E8", "stored": ["P9999"]}]}, "invalid", "stored"),
        ({**CODES, "ecus": ["7E8"]}, "invalid", ""),
        ({**CODES, "readiness": {"catalyst": 1}}, "invalid", "readiness"),
        (
            {**CODES, "freeze_frames": [{"ecu": "7E8", "code": "P0301", "values": {"x": 1}}]},
            "invalid",
            "values",
        ),
        ({**CODES, "mil": "yes"}, "invalid", "mil"),
    ],
)
def test_what_is_no_message_is_refused_and_named(frame, code, field):
    with pytest.raises(WireError) as refused:
        wire.decode_from_agent(frame if isinstance(frame, bytes) else orjson.dumps(frame))
    assert (refused.value.code, refused.value.field) == (code, field)


_LEAF = st.none() | st.booleans() | st.integers(-5, 2**40) | st.floats() | st.text(max_size=3)
_JSON = (
    _LEAF
    | st.lists(_LEAF | st.lists(_LEAF, max_size=3), max_size=3)
    | st.dictionaries(st.text(max_size=3), _LEAF)
)
_NAMES = st.sampled_from(
    ["car", "seq", "base_ms", "rows", "vin", "pids", "ecus", "at_ms", "mil", "state", "readiness", "command"]
)


@given(st.sampled_from([m.t for m in FROM_AGENT]), st.dictionaries(_NAMES, _JSON, max_size=8))
def test_any_other_json_is_refused_and_never_fails_otherwise(kind, fields):
    try:
        message = wire.decode_from_agent(orjson.dumps({**fields, "t": kind}))
    except WireError:
        return
    assert wire.decode_from_agent(wire.encode(message)) == message


@given(st.binary(max_size=64))
def test_bytes_that_are_no_message_are_refused(frame):
    with pytest.raises(WireError):
        wire.decode_from_agent(frame)
