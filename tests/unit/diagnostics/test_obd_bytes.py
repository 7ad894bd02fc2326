"""From the bytes of an adapter to values and codes: worked examples, strange adapters, and noise."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.adapters.obd.decoding import decode_pid, decode_vin, size_of, split_batch
from carbot_app.adapters.obd.framing import Family, assemble, crc_j1850, flow_control, guess_family
from carbot_app.adapters.obd.replies import Verdict, parse
from carbot_app.domains.diagnostics import dtc
from carbot_app.domains.diagnostics.signals import BY_PID, is_sane

_FILE = json.loads((Path(__file__).parents[2] / "vectors" / "acceptance.json").read_text(encoding="utf-8"))
EXAMPLES = [row for row in _FILE if row["area"].startswith("obd.")]
UNITS = {"°BTDC": "°"}


def can(payload: bytes, ecu: str = "7E8", pad: int = 0) -> list[str]:
    """The frames of a message as an adapter without spaces shows them."""
    if len(payload) <= 7:
        frames = [bytes((len(payload),)) + payload]
    else:
        parts = [payload[at : at + 7] for at in range(6, len(payload), 7)]
        frames = [bytes((0x10 | len(payload) >> 8, len(payload) & 0xFF)) + payload[:6]]
        frames += [bytes((0x20 | n & 15,)) + part for n, part in enumerate(parts, start=1)]
    return [ecu + frame.ljust(8, bytes((pad,))).hex().upper() for frame in frames]


def read_frames(lines: list[str]) -> list[bytes]:
    """What comes out when an adapter shows these lines."""
    reply = parse("\r".join([*lines, "", ">"]).encode())
    return [message.payload for message in assemble(reply.lines, Family.CAN_11).messages]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: row["id"])
def test_every_worked_example_of_reading_a_car_comes_out(example: dict[str, Any]) -> None:
    given, expected = example["input"], example["expected"]
    match example["area"]:
        case "obd.isotp_vin":
            frames = [f"7E8{frame.replace(' ', '')}" for frame in given["frames_7E8"]]
            for order in (frames, frames[::-1]):
                (payload,) = read_frames(order)
                assert decode_vin(payload) == expected
            address, content = flow_control("7E8")
            sent = given["flow_control"].split()
            assert [address, content] == [sent[0], "".join(sent[1:4])]
        case "obd.dtc_decode":
            assert [dtc.decode(*bytes.fromhex(pair)) for pair in given] == expected
        case "obd.mode03_can":
            (payload,) = read_frames(can(bytes.fromhex(given)))
            assert list(dtc.decode_codes(payload, counted=True)) == expected
        case "obd.status01":
            (payload,) = read_frames(can(bytes.fromhex(given)))
            status = dtc.decode_status(payload)
            assert [status.mil, status.dtc_count, status.ignition] == list(expected.values())
        case "obd.supported":
            (payload,) = read_frames(can(bytes.fromhex(given)))
            assert [f"{pid:02X}" for pid in dtc.decode_supported(payload)] == expected
        case "obd.mode01":
            (payload,) = read_frames(can(bytes.fromhex(given)))
            (pid, body), *_ = split_batch(payload, frozenset({payload[1]})).items()
            assert decode_pid(pid, body)[pid] == pytest.approx(expected["value"], abs=0.05)
            assert BY_PID[pid].unit == UNITS.get(expected["unit"], expected["unit"])
        case area:
            pytest.fail(f"nobody tests {area}")


@pytest.mark.parametrize(
    ("frame", "signal", "value"),
    [
        ("41 0C 1A F8", 0x0C, 1726),
        ("41 5E 00 64", 0x5E, 5.0),
        ("41 A6 00 0C 35 00", 0xA6, 80_000.0),
        ("41 14 5A 90", 0x14, 0.45),
        ("41 14 5A 90", 0x114, 12.5),
        ("41 34 80 00 80 00", 0x34, 1.0),
        ("41 34 80 00 81 00", 0x134, 1.0),
        ("41 24 80 00 20 00", 0x124, 1.0),
        ("41 62 9B", 0x62, 30),
        ("41 63 01 40", 0x63, 320),
    ],
)
def test_values_with_two_parts_and_those_the_library_lacks(frame: str, signal: int, value: float) -> None:
    payload = bytes.fromhex(frame)
    assert decode_pid(payload[1], payload[2:])[signal] == pytest.approx(value, abs=0.01)


def test_a_sensor_that_does_not_trim_has_no_trim() -> None:
    assert decode_pid(0x15, b"\x5a\xff") == {0x15: 0.45}


def test_what_no_car_can_mean_is_no_value() -> None:
    assert decode_pid(0x0C, b"\xff\xff") == {}
    assert decode_pid(0x0C, b"\x1a") == {}
    assert decode_pid(0xEE, b"\x00\x00") == {}


@pytest.mark.parametrize(
    ("raw", "command", "lines", "verdict"),
    [
        (b"7E8 04 41 0C 1A F8 \r\r>", "010C", ("7E804410C1AF8",), Verdict.OK),
        (b"010C\r7E804410C1AF8\r\r>", "010C", ("7E804410C1AF8",), Verdict.OK),
        (b"010C1\r\n7E804410C1AF8\r\n\r\n>", "010C1", ("7E804410C1AF8",), Verdict.OK),
        (b"SEARCHING...\r7E8 06 41 00 BE 3E B8 13 \r\r>", "0100", ("7E8064100BE3EB813",), Verdict.OK),
        (b"SEARCHING...7E8064100BE3EB813\r\r>", "0100", ("7E8064100BE3EB813",), Verdict.OK),
        (b"BUS INIT: ...OK\r86F1104100BE3EB81388\r>", "0100", ("86F1104100BE3EB81388",), Verdict.OK),
        (b"BUS INIT: ERROR\r\r>", "0100", (), Verdict.NO_CAR),
        (b"SEARCHING...\rUNABLE TO CONNECT\r\r>", "0100", (), Verdict.NO_CAR),
        (b"NO DATA\r\r>", "015C", (), Verdict.NO_DATA),
        (b"7E8 10 14 49 02\rCAN ERROR\r\r>", "0902", ("7E810144902",), Verdict.BUS_FAULT),
        (b"7E804410C1AF8 <DATA ERROR\r\r>", "010C", (), Verdict.BUS_FAULT),
        (b"BUFFER FULL\r>", "0902", (), Verdict.BUFFER_FULL),
        (b"STOPPED\r\r>", "010C", (), Verdict.STOPPED),
        (b"?\r\r>", "ATXX", (), Verdict.UNKNOWN),
        (b"\x00\xfe7E804\x00410C1AF8\r\r>", "010C", ("7E804410C1AF8",), Verdict.OK),
        (b"LV RESET\r\rELM327 v1.5\r\r>", "010C", (), Verdict.RESET),
    ],
)
def test_whatever_an_adapter_says_is_read_the_same(
    raw: bytes, command: str, lines: tuple[str, ...], verdict: Verdict
) -> None:
    reply = parse(raw, command)
    assert (reply.lines, reply.verdict) == (lines, verdict)


@pytest.mark.parametrize(
    "lines",
    [
        ["7E8 03 41 0C 1A"],  # a value cut short
        ["7E8 06 41 0C 1A F8"],  # a frame cut short
        ["7E8 10 14 49 02 01 57 56 57", "7E8 22 57 30 30 30 30 30 31"],  # one is missing
        ["7E8 10 14 49 02 01 57 56 57", "7E8 21 5A 5A", "7E8 22 57 30 30 30 30 30 31"],  # one is cut
        ["7E8 21 5A 5A 5A 31 4B 5A 41"],  # no beginning
        ["7DF 02 01 0C"],  # a request, not an answer
    ],
)
def test_what_is_not_whole_is_no_value(lines: list[str]) -> None:
    assembly = assemble([line.replace(" ", "") for line in lines], Family.CAN_11)
    bodies = [split_batch(message.payload, frozenset({0x0C})) for message in assembly.messages]
    assert not any(bodies)
    assert assembly.damaged or assembly.messages


def test_two_control_units_may_speak_at_once() -> None:
    first, second = can(b"\x49\x02\x01WVWZZZ1KZAW000001"), can(b"\x49\x02\x01WVWZZZ1KZAW000002", "7E9")
    mixed = [line for pair in zip(first, second, strict=True) for line in pair]
    messages = assemble(mixed[::-1], Family.CAN_11).messages
    assert [(m.ecu, decode_vin(m.payload)[-1]) for m in messages] == [("7E8", "1"), ("7E9", "2")]


def test_29_bit_kwp_iso_and_j1850_have_headers_of_their_own() -> None:
    kwp = "84F110410C1AF8"
    frames = {
        Family.CAN_29: "18DAF11004410C1AF8000000",
        Family.KWP: kwp + f"{sum(bytes.fromhex(kwp)) & 0xFF:02X}",
        Family.ISO_9141: "486B10410C1AF8" + f"{sum(bytes.fromhex('486B10410C1AF8')) & 0xFF:02X}",
        Family.J1850: "486B10410C1AF8" + f"{crc_j1850(bytes.fromhex('486B10410C1AF8')):02X}",
    }
    for family, line in frames.items():
        (message,) = assemble([line], family).messages
        assert message.payload == b"\x41\x0c\x1a\xf8"
        assert not assemble([line[:-1] + ("0" if line[-1] != "0" else "1")], family).messages or (
            family is Family.CAN_29  # CAN adapters check themselves, K-line and J1850 are checked here
        )


def test_the_vin_of_k_line_comes_in_five_numbered_lines() -> None:
    padded = b"WVWZZZ1KZAW000001".rjust(20, b"\x00")
    lines = []
    for number in range(5):
        frame = b"\x87\xf1\x10\x49\x02" + bytes((number + 1,)) + padded[4 * number : 4 * number + 4]
        lines.append((frame + bytes((sum(frame) & 0xFF,))).hex().upper())
    for order in (lines, lines[::-1]):
        (message,) = assemble(order, Family.KWP).messages
        assert decode_vin(message.payload) == "WVWZZZ1KZAW000001"
    assert not assemble(lines[1:], Family.KWP).messages


def test_adapters_without_headers_are_understood() -> None:
    lines = parse(b"014\r0:490201575657\r1:5A5A5A314B5A41\r2:57303030303031\r\r>").lines
    (message,) = assemble(lines, Family.CAN_11).messages
    assert decode_vin(message.payload) == "WVWZZZ1KZAW000001"
    (message,) = assemble(["410C1AF8"], Family.CAN_11).messages
    assert message.payload == b"\x41\x0c\x1a\xf8"


@pytest.mark.parametrize(
    ("line", "family"),
    [
        ("7E8064100BE3EB813", Family.CAN_11),
        ("18DAF110064100BE3EB813", Family.CAN_29),
        ("86F1104100BE3EB81390", Family.KWP),
        ("486B104100BE3EB813CC", Family.ISO_9141),
        ("4100BE3EB813", Family.CAN_11),
        ("FFFF", None),
    ],
)
def test_the_protocol_shows_in_the_answer_when_the_adapter_hides_it(line: str, family: Family | None) -> None:
    if family in {Family.KWP, Family.ISO_9141}:
        line = line[:-2] + f"{sum(bytes.fromhex(line[:-2])) & 0xFF:02X}"
    assert guess_family([line]) is family


@pytest.mark.parametrize("vin", ["WVWZZZ1KZAW000001", "1M8GDM9AXKP042788", "2T1BURHE0JC000000"])
def test_a_vin_may_begin_and_end_with_ones_and_noughts(vin: str) -> None:
    assert decode_vin(b"\x49\x02\x01" + vin.encode()) == vin
    assert decode_vin(b"\x49\x02" + vin.encode()) == vin


@pytest.mark.parametrize(
    "body", [b"", b"\x01WVWZZZ1KZAW00000", b"\x01WVWZZZ1KZAW00000O", b"\x01" + b"\xff" * 17]
)
def test_what_is_no_vin_is_none(body: bytes) -> None:
    assert decode_vin(b"\x49\x02" + body) == ""


def test_a_batch_ends_where_the_car_answers_what_nobody_asked() -> None:
    payload = bytes.fromhex("41 0C 1A F8 7E 3C 0D 3C")
    assert split_batch(payload, frozenset({0x0C, 0x0D})) == {0x0C: b"\x1a\xf8"}


@given(st.binary(max_size=300), st.sampled_from(list(Family)))
def test_no_bytes_whatever_break_the_reader(raw: bytes, family: Family) -> None:
    for message in assemble(parse(raw, "010C0D").lines, family).messages:
        for pid, body in split_batch(message.payload, frozenset(range(256))).items():
            assert all(is_sane(signal, value) for signal, value in decode_pid(pid, body).items())
        assert decode_vin(message.payload) == "" or len(decode_vin(message.payload)) == 17


@given(st.text("0123456789ABCDEF:>? \r.SEARCHINGODTUBLWF<", max_size=200), st.sampled_from(list(Family)))
def test_no_text_of_an_adapter_breaks_the_reader(text: str, family: Family) -> None:
    assemble(parse(text.encode(), "0100").lines, family)


@given(
    st.binary(min_size=1, max_size=200).filter(lambda b: not 0x40 < b[0] < 0x50 or len(b) > 1),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_a_message_comes_out_as_it_went_in_or_not_at_all(
    payload: bytes, rng: random.Random, spaces: bool
) -> None:
    frames = can(payload)
    if len(frames) <= 8:
        rng.shuffle(frames)
    shown = [
        f"{f[:3]} " + " ".join(f[3:][n : n + 2] for n in range(0, 16, 2)) if spaces else f for f in frames
    ]
    lines = ["0902", *shown]
    assert read_frames(lines[1:]) == [payload]
    lost = frames.copy()
    lost.pop(rng.randrange(len(lost)))
    assert read_frames(lost) == []


@given(
    st.lists(
        st.sampled_from([p for p in BY_PID if size_of(p) > 0 and p < 256]),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    st.data(),
)
def test_a_batch_is_taken_apart_as_it_was_put_together(pids: list[int], data: st.DataObject) -> None:
    bodies = {pid: data.draw(st.binary(min_size=size_of(pid), max_size=size_of(pid))) for pid in pids}
    payload = b"\x41" + b"".join(bytes((pid,)) + body for pid, body in bodies.items())
    (message,) = read_frames(can(payload, pad=0xAA))
    assert split_batch(message, frozenset(pids)) == bodies
