"""What names a person leaves texts, however it was written; the rest of the text stays."""

import pytest

from carbot_app.domains.compliance.redaction import Identifiers, Redactor

REDACTOR = Redactor(
    Identifiers(
        names=("Ayşe Yılmaz", "Auto Krause GmbH"),
        numbers=("+491715550142",),
        addresses=("ayse@example.org",),
        plates=("DO-AB 123",),
        vins=("WVWZZZ1KZAW000001",),
    )
)


@pytest.mark.parametrize(
    "written",
    [
        "Ayşe Yılmaz",
        "AYŞE",
        "Frau Yılmaz",
        "0171 5550142",
        "+49 171 555 01 42",
        "0049171/5550142",
        "Ayse@Example.org",
        "do ab123",
        "DO-AB-123",
        "wvwzzz1kzaw000001",
        "Krause",
    ],
)
def test_what_names_the_person_goes(written: str) -> None:
    cleaned = REDACTOR.text(f"Hallo, {written}, bis Dienstag.")
    assert "[…]" in cleaned
    for part in (
        "yılmaz",
        "ayşe",
        "5550142",
        "555 01 42",
        "example.org",
        "krause",
        "ab123",
        "ab-123",
        "000001",
    ):
        assert part not in cleaned.lower()
    assert cleaned.startswith("Hallo, ")
    assert cleaned.endswith(", bis Dienstag.")


@pytest.mark.parametrize(
    "text",
    [
        "Das Auto hat 12345 km.",
        "Die GmbH zahlt 1.234,50 €",
        "Golf 7, BJ 2015",
        "DOAB1234 ist ein anderes",
        "",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_json_is_cleaned_to_its_depth_and_keeps_its_shape() -> None:
    stored = {"Ayşe": [{"text": "Ayşe kommt", "minutes": 30, "on": True, "at": None}]}
    assert REDACTOR.value(stored) == {"Ayşe": [{"text": "[…] kommt", "minutes": 30, "on": True, "at": None}]}


def test_nobody_known_changes_nothing() -> None:
    assert Redactor(Identifiers()).text("Ayşe Yılmaz") == "Ayşe Yılmaz"
    assert Redactor(Identifiers(names=("",), numbers=("12",))).text("Zimmer 12") == "Zimmer 12"
