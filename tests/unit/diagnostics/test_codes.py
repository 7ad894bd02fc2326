"""What codes mean: complete, agreeing with the published examples and with an independent list."""

import csv
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest
from obd.codes import DTC

from carbot_app.domains.catalog.library import library_rows
from carbot_app.domains.diagnostics.codes import CodeEntry, Part, code_entries, expand, find_code, read_rows
from carbot_app.domains.diagnostics.codes.knowledge import SAFE, SEVERITIES, causes, each_code, frequent_codes
from carbot_app.domains.diagnostics.dtc import encode, structure
from carbot_app.domains.diagnostics.explain import explain_code
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES

FOLDER = Path(inspect.getfile(CodeEntry)).parent
with (Path(__file__).parents[2] / "vectors" / "dtc_examples.csv").open(encoding="utf-8", newline="") as file:
    EXAMPLES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["code"] for row in EXAMPLES])
def test_the_published_examples_agree(row):
    german, english = explain_code(row["code"], "de"), explain_code(row["code"], "en")
    assert (german.title, english.title) == (row["title_de"], row["title_en"])
    assert (german.severity, german.safe_to_drive) == (row["severity"], row["safe_to_drive"])
    assert (german.system, german.service) == (row["system"], row["recommended_service_code"])
    assert encode(row["code"]) == bytes.fromhex(row["bytes_hex"])


def test_all_examples_are_tested():
    assert len(EXAMPLES) == 40


def test_at_least_two_thousand_generic_codes_are_explained_in_german_and_english():
    entries = code_entries()
    assert len(entries) >= 2000
    for code, entry in entries.items():
        assert structure(code).origin == "generic", code
        assert len({entry.title("de"), entry.title("en")}) == 2, code
        assert "{" not in entry.title("de") + entry.title("en") + entry.title("tr") + entry.title("pl"), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_have_the_same_title(language):
    titles = Counter(entry.title(language) for entry in code_entries().values())
    allowed = {code_entries()["P0540"].title(language)}  # P2605 too: the standard lists this circuit twice
    assert {title for title, count in titles.items() if count > 1} <= allowed


def test_no_code_is_written_twice():
    lines = (FOLDER / "families.txt").read_text("utf-8").splitlines()
    families = [code for line in lines if " : " in line and line[0] != "#" for code, *_ in expand(line)]
    frequent = [code for row in read_rows("frequent") for code in each_code(row["codes"])]
    assert [code for code, count in Counter(families).items() if count > 1] == []
    assert [code for code, count in Counter(frequent).items() if count > 1] == []
    assert (len(families), len(frequent)) == (len(code_entries()), len(frequent_codes()))


@pytest.mark.parametrize("name", ["parts", "faults", "causes", "reasons"])
def test_no_word_is_missing_or_written_twice(name):
    rows = list(read_rows(name))
    assert all(all(row.values()) for row in rows)
    assert len({next(iter(row.values())) for row in rows}) == len(rows)


def test_every_part_and_fault_is_used():
    entries = code_entries().values()
    assert {row["part"] for row in read_rows("parts")} == {entry.part.key for entry in entries}
    assert {row["fault"] for row in read_rows("faults")} == {entry.fault for entry in entries} - {"."}


def test_the_three_hundred_most_frequent_codes_have_advice_causes_and_words_in_every_language():
    known = frequent_codes()
    assert len(known) >= 300
    assert known.keys() <= code_entries().keys()
    for code, row in known.items():
        part = code_entries()[code].part
        assert row.severity in SEVERITIES
        assert row.safe in SAFE
        assert len(row.causes) >= 2
        assert len(set(row.causes)) == len(row.causes)
        assert set(row.causes) <= causes().keys()
        for language in LANGUAGES:
            assert part.names[language], (code, language)
            assert f"advice.{row.advice}" in list_words(language, "diagnostic_codes")
        titles = {code_entries()[code].title(language) for language in LANGUAGES}
        assert len(titles) == 4, (code, titles)


def test_urgency_and_driving_on_do_not_contradict_each_other():
    rows = [
        (part.severity, part.safe) for part in {e.part.key: e.part for e in code_entries().values()}.values()
    ]
    rows += [(row.severity, row.safe) for row in frequent_codes().values()]
    for severity, safe in rows:
        assert (severity == "critical") <= (safe == "no")
        assert (severity == "low") <= (safe == "yes")
        assert (severity == "high") <= (safe != "yes")


def test_advice_to_stop_belongs_to_codes_with_which_nobody_drives_on():
    for code, row in frequent_codes().items():
        assert row.advice.startswith("stop_") == (row.safe == "no"), code


def test_every_service_exists_in_the_catalogue():
    known = {row["code"] for row in library_rows()}
    used = {entry.part.service for entry in code_entries().values()}
    used |= {row.service for row in frequent_codes().values() if row.service}
    assert used <= known


def test_customer_words_promise_no_diagnosis():
    for language, careless in (("de", r"\bdefekt\b|\bkaputt\b"), ("en", r"\bbroken\b|\bfaulty\b")):
        words = list_words(language, "diagnostic_codes")
        texts = [text for key, text in words.items() if key.startswith(("advice.", "danger.", "unknown."))]
        assert [text for text in texts if re.search(careless, text)] == []


@pytest.mark.parametrize(
    ("code", "language", "title"),
    [
        ("P0303", "tr", "3. silindirde ateşleme hatası"),
        ("P0133", "pl", "Sonda lambda bank 1 czujnik 1 – zbyt wolna reakcja"),
        ("P0040", "de", "Lambdasonden vertauscht Bank 1 Sensor 1 / Bank 2 Sensor 1"),
        ("P0017", "en", "Crankshaft/Camshaft Position Correlation (Bank 1 Sensor B)"),
        ("P2047", "de", "AdBlue-Dosierventil Bank 1 Einheit 1 – Stromkreis"),
        ("P0268", "en", "Injector Circuit High – Cylinder 3"),
        ("P0734", "de", "Gang 4 – Übersetzung falsch"),
        ("P0782", "en", "2/3 Shift"),
        ("P2196", "de", "Lambdasonde Bank 1 Sensor 1 – Signal hängt auf fett"),
        ("U0141", "de", "Keine Kommunikation mit Karosserie-Steuergerät 'A'"),
        ("U0401", "en", "Invalid Data Received From ECM/PCM"),
        ("P0565", "tr", "Hız sabitleyici düğmesi – açma sinyali"),
        ("U0169", "pl", "Brak komunikacji: Sterownik szyberdachu"),
        ("P0335", "de", "Kurbelwellensensor 'A' – Stromkreis"),
    ],
)
def test_titles_are_built_from_part_place_and_fault(code, language, title):
    assert code_entries()[code].title(language) == title


def test_unknown_codes_have_no_entry():
    assert find_code("P1234") is None
    assert find_code("P0420") is code_entries()["P0420"]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("P0199 a : low high", ["P0199", "P0200"]),
        ("P0A09 a : low high", ["P0A09", "P0A10"]),
        ("P200A a b1,b2 : low", ["P200A", "P200B"]),
        ("P0100 a,b : low - high", ["P0100", "P0102", "P0103", "P0105"]),
        ("P0351 a A-C : low", ["P0351", "P0352", "P0353"]),
        ("P0201 a cyl1-2 : low high", ["P0201", "P0202", "P0203", "P0204"]),
    ],
)
def test_a_family_counts_on_as_the_standard_does(line, codes):
    assert [code for code, *_ in expand(line)] == codes


def test_a_place_that_is_none_is_refused():
    part = Part("x", "fuel", "low", "yes", "", dict.fromkeys(LANGUAGES, "X"))
    with pytest.raises(ValueError, match="b1x is no place"):
        CodeEntry("P0001", part, ".", ("b1x",)).title("de")


# The list of python-OBD is another reading of the same standard. It comes with the OBD adapter.

_SAME = (
    (r"particulate trap", "dpf"),
    (r"exhaust gas recirculation", "egr"),
    (r"evaporative emissions?( system)?", "evap system"),
    (r"\(.*?\)", ""),
    (r"turbo(/super)? ?charger", "turbocharger"),
    (r"ho2s", "o2 sensor"),
    (r"pcm/ecm/tcm", "ecu"),
    (r"transmission control module", "tcm"),
    (r"anti-lock brake system", "abs"),
    (r"check sum", "checksum"),
    (r"multi-function ", ""),
)
_KINDS = {
    "low": r"\blow\b",
    "high": r"\bhigh\b",
    "erratic": r"intermittent|erratic",
    "stuck": r"stuck",
    "lean": r"lean",
    "rich": r"rich",
}
_FURTHER_WORDS = {"P0503"}
"""Where the other list adds a word of its own."""


def _words(text: str) -> set[str]:
    text = text.lower()
    for other, ours in _SAME:
        text = re.sub(other, ours, text)
    return set(re.findall(r"[a-z0-9]+", text)) - {"the", "with", "of", "malfunction", "input", "internal"}


def _independent() -> dict[str, str]:
    return {code: text for code, text in DTC.items() if "reserved" not in text.lower()}


def test_every_code_of_an_independent_list_is_explained():
    assert _independent().keys() - code_entries().keys() == set()


def test_codes_mean_the_same_part_as_in_an_independent_list():
    far = []
    for code, text in _independent().items():
        title = code_entries()[code].title("en")
        if len(_words(text) & _words(title)) < 0.5 * len(_words(text)):
            far.append(f"{code} {text} ≠ {title}")
    assert far == []


@pytest.mark.parametrize("kind", _KINDS)
def test_codes_mean_the_same_kind_of_fault_as_in_an_independent_list(kind):
    def says(text: str) -> bool:
        return re.search(_KINDS[kind], text.lower()) is not None

    different = [
        code
        for code, text in _independent().items()
        if says(text) != says(code_entries()[code].title("en")) and code not in _FURTHER_WORDS
    ]
    assert different == []
