"""Bytes of a control unit become codes, readiness and freeze frames, or are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.dtc import (
    CodeStructure,
    Unreadable,
    decode,
    decode_codes,
    decode_freeze_code,
    decode_status,
    decode_supported,
    encode,
    normalise,
    structure,
)

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parents[2] / "vectors" / "acceptance.json").read_text("utf-8"))
}


def frame(text: str) -> bytes:
    return bytes.fromhex(text)


def test_dtc_01_two_bytes_become_the_published_code():
    vector = VECTORS["DTC-01"]
    assert [decode(*frame(pair)) for pair in vector["input"]] == vector["expected"]


def test_dtc_02_the_count_byte_of_can_is_no_code():
    vector = VECTORS["DTC-02"]
    assert list(decode_codes(frame(vector["input"]))) == vector["expected"]


def test_pid_17_lamp_count_and_kind_of_engine_come_out_as_published():
    status = decode_status(frame(VECTORS["PID-17"]["input"]))
    assert {
        "mil": status.mil,
        "dtc_count": status.dtc_count,
        "ignition": status.ignition,
    } == VECTORS["PID-17"]["expected"]


def test_pid_18_supported_pids_come_out_as_published():
    vector = VECTORS["PID-18"]
    assert [f"{pid:02X}" for pid in decode_supported(frame(vector["input"]))] == vector["expected"]


@given(st.integers(1, 0xFFFF))
def test_every_code_survives_the_way_to_text_and_back(number):
    code = decode(number >> 8, number & 0xFF)
    assert code is not None
    assert encode(code) == number.to_bytes(2, "big")


@pytest.mark.parametrize(
    ("payload", "codes"),
    [
        ("43 02 01 71 04 20", ("P0171", "P0420")),
        ("43 02 01 71 04 20 00 00", ("P0171", "P0420")),
        ("47 01 03 01", ("P0301",)),
        ("4A 00", ()),
        ("43 01 33 00 00 00 00", ("P0133",)),
        ("43 01 33 04 20 C1 00", ("P0133", "P0420", "U0100")),
        ("43 00 00 00 00 00 00", ()),
        ("43", ()),
        ("43 02 01 71 01 71", ("P0171",)),
    ],
)
def test_answers_of_can_and_k_line_are_told_apart_by_their_length(payload, codes):
    assert decode_codes(frame(payload)) == codes


def test_a_k_line_answer_can_be_announced_as_such():
    assert decode_codes(frame("43 01 33 04 20 00 00"), counted=False) == ("P0133", "P0420")


@pytest.mark.parametrize(
    ("payload", "counted"),
    [
        ("", None),
        ("41 02 01 71", None),
        ("7F 03 12", None),
        ("43 03 01 71 04 20", None),
        ("43 01 33 04", False),
        ("43", True),
    ],
)
def test_a_broken_answer_is_refused_rather_than_guessed(payload, counted):
    with pytest.raises(Unreadable):
        decode_codes(frame(payload), counted=counted)


@given(st.binary(max_size=40), st.sampled_from([None, True, False]))
def test_no_bytes_do_anything_but_codes_or_refusal(payload, counted):
    for read in (lambda p: decode_codes(p, counted=counted), decode_status, decode_supported):
        try:
            read(payload)
        except Unreadable:
            continue


def test_numbers_beyond_a_byte_are_refused():
    with pytest.raises(Unreadable):
        decode(256, 0)


@pytest.mark.parametrize(("typed", "code"), [("p0133", "P0133"), (" u 0100 ", "U0100"), ("P-20ee", "P20EE")])
def test_codes_are_read_as_people_type_them(typed, code):
    assert normalise(typed) == code


@pytest.mark.parametrize("typed", ["", "X0123", "P4123", "P012", "P01234", "P01G3"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(Unreadable):
        normalise(typed)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("P0301", CodeStructure("powertrain", "generic", "ignition")),
        ("P0A80", CodeStructure("powertrain", "generic", "hybrid")),
        ("P1234", CodeStructure("powertrain", "manufacturer", "injection")),
        ("P20EE", CodeStructure("powertrain", "generic", "fuel_air_emission")),
        ("P3100", CodeStructure("powertrain", "manufacturer", "fuel_air")),
        ("P3400", CodeStructure("powertrain", "generic", "emission")),
        ("P0F00", CodeStructure("powertrain", "generic", "")),
        ("C0035", CodeStructure("chassis", "generic")),
        ("C1234", CodeStructure("chassis", "manufacturer")),
        ("B2AAA", CodeStructure("body", "manufacturer")),
        ("B3000", CodeStructure("body", "reserved")),
        ("U3003", CodeStructure("network", "generic")),
    ],
)
def test_the_form_of_a_code_says_whose_it_is(code, expected):
    assert structure(code) == expected


def test_monitors_of_a_petrol_engine_say_whether_they_ran():
    status = decode_status(frame("41 01 82 07 65 04"))
    assert dict(status.monitors) == {
        "misfire": True,
        "fuel_system": True,
        "components": True,
        "catalyst": True,
        "evap": False,
        "o2_sensor": True,
        "o2_heater": True,
    }
    assert status.incomplete == ("evap",)


def test_monitors_of_a_diesel_are_others_and_reserved_bits_are_none():
    status = decode_status(frame("41 01 00 7F FF 48"))
    assert (status.mil, status.dtc_count, status.ignition) == (False, 0, "compression")
    assert dict(status.monitors) == {
        "misfire": False,
        "fuel_system": False,
        "components": False,
        "nmhc_catalyst": True,
        "nox_scr": True,
        "boost_pressure": False,
        "exhaust_sensor": True,
        "particulate_filter": False,
        "egr_vvt": True,
    }


@pytest.mark.parametrize("payload", ["41 01 82 07 65", "41 02 82 07 65 04", "42 01 82 07 65 04", ""])
def test_a_status_that_is_none_is_refused(payload):
    with pytest.raises(Unreadable):
        decode_status(frame(payload))


def test_supported_pids_go_on_with_the_next_list():
    assert decode_supported(frame("41 20 80 00 00 01")) == (0x21, 0x40)
    with pytest.raises(Unreadable):
        decode_supported(frame("41 0C 1A F8 00 00"))


def test_a_freeze_frame_names_the_code_it_belongs_to():
    assert decode_freeze_code(frame("42 02 00 01 71")) == (0, "P0171")
    assert decode_freeze_code(frame("42 02 01 00 00")) == (1, None)
    for broken in ("42 02 00 01", "42 0C 00 1A F8", ""):
        with pytest.raises(Unreadable):
            decode_freeze_code(frame(broken))
