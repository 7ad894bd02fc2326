"""A code in the reader's words, and safety above all of it."""

import pytest

from carbot_app.domains.catalog.library import library_rows
from carbot_app.domains.conversations.warning_lamps import LAMPS
from carbot_app.domains.diagnostics.codes.knowledge import frequent_codes
from carbot_app.domains.diagnostics.dtc import Unreadable
from carbot_app.domains.diagnostics.evidence import COOLANT, LTFT1, Evidence, LiveSummary
from carbot_app.domains.diagnostics.explain import STOP_LAMPS, danger, explain_code, explain_codes
from carbot_app.kit.languages import LANGUAGES


def test_a_frequent_code_is_explained_completely():
    view = explain_code("p 0171", "de", Evidence(live=LiveSummary(idle={LTFT1: 18}, load={LTFT1: 2})))
    assert (view.code, view.title, view.severity) == ("P0171", "Gemisch zu mager (Bank 1)", "medium")
    assert view.safe_text == "Nur eingeschränkt weiterfahren"
    assert view.urgency == "In den nächsten Wochen prüfen lassen"
    assert view.advice.startswith("Bitte vorsichtig fahren")
    assert (view.known, view.tow, view.service) == (True, False, "ENG-DIA-001")
    first = view.causes[0]
    assert (first.name, first.likelihood_text) == ("Nebenluft im Ansaugtrakt", "sehr wahrscheinlich")
    assert first.reasons == ("Gemischkorrektur nur im Leerlauf hoch: +18 % im Leerlauf, +2 % unter Last.",)
    assert view.first_check == first.check == "Ansaugtrakt mit Nebelgerät abdrücken"
    assert first.service == "ENG-DIA-006"


@pytest.mark.parametrize(
    ("language", "title", "safe", "cause"),
    [
        ("en", "Cylinder 1 Misfire Detected", "Drive on with care only", "Ignition coil faulty"),
        ("tr", "1. silindirde ateşleme hatası", "Yalnızca dikkatle devam edin", "Ignition coil faulty"),
        (
            "pl",
            "Wypadanie zapłonu, cylinder 1",
            "Dalsza jazda tylko z ograniczeniami",
            "Ignition coil faulty",
        ),
        (
            "pl-PL",
            "Wypadanie zapłonu, cylinder 1",
            "Dalsza jazda tylko z ograniczeniami",
            "Ignition coil faulty",
        ),
        ("fr", "Cylinder 1 Misfire Detected", "Drive on with care only", "Ignition coil faulty"),
        ("xx", "Zündaussetzer Zylinder 1", "Nur eingeschränkt weiterfahren", "Zündspule defekt"),
    ],
)
def test_customers_read_their_language_and_causes_are_german_or_english(language, title, safe, cause):
    view = explain_code("P0301", language)
    assert (view.title, view.safe_text, view.causes[0].name) == (title, safe, cause)


def test_a_rare_code_of_the_standard_has_a_title_and_careful_advice_but_no_causes():
    view = explain_code("P0953", "de")
    assert view.title == "Steuerung automatisiertes Getriebe – Signal zu hoch"
    assert (view.known, view.causes, view.first_check) == (True, (), "")
    assert view.advice == "Bitte fahren Sie vorsichtig und lassen Sie das bald prüfen."


@pytest.mark.parametrize(
    ("code", "title", "severity", "service"),
    [
        ("P1351", "Herstellercode: Zündung", "medium", "ENG-DIA-001"),
        ("P0F12", "Code der Norm: Antrieb", "medium", "ENG-DIA-001"),
        ("C1201", "Herstellercode: Fahrwerk und Bremsen", "high", "ELE-ECU-001"),
        ("B3100", "Nicht vergebener Code: Karosserie und Komfort", "medium", "ELE-ECU-001"),
        ("U1113", "Herstellercode: Datennetz", "medium", "ELE-ECU-008"),
    ],
)
def test_a_code_nobody_has_described_is_explained_by_its_form_alone(code, title, severity, service):
    view = explain_code(code, "de")
    assert (view.title, view.severity, view.service) == (title, severity, service)
    assert (view.known, view.safe_to_drive, view.causes) == (False, "limited", ())
    assert service in {row["code"] for row in library_rows()}


@pytest.mark.parametrize("lamp", sorted(STOP_LAMPS))
@pytest.mark.parametrize("code", ["P0457", "P0171", "P1234"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_with_a_blinking_or_red_lamp_nobody_drives_on_whatever_the_code(lamp, code, language):
    harmless, view = explain_code(code, language), explain_code(code, language, lamps=["esp", lamp])
    assert not harmless.tow
    assert (view.safe_to_drive, view.severity, view.tow) == ("no", "critical", True)
    assert view.advice != harmless.advice
    assert (view.title, view.service) == (harmless.title, harmless.service)


def test_the_lamps_that_stop_are_those_of_the_chooser():
    assert {lamp.id for lamp in LAMPS.values() if lamp.danger} == STOP_LAMPS


def test_amber_lamps_change_nothing():
    assert explain_code("P0171", lamps=["engine", "esp", "dpf"]) == explain_code("P0171")


def test_measured_overheating_stops_the_car_even_before_its_lamp():
    hot = Evidence(live=LiveSummary(highest={COOLANT: 121}))
    assert danger((), hot) == "overheating"
    assert danger((), Evidence(live=LiveSummary(highest={COOLANT: 104}))) is None
    assert danger(()) is None
    view = explain_code("P0128", "de", hot)
    assert (view.safe_to_drive, view.tow) == ("no", True)
    assert "Kühlsystem nicht öffnen" in view.advice


def test_all_codes_of_a_car_come_once_most_urgent_first_with_their_own_freeze_frame():
    views = explain_codes(["P0457", "P0301", "P0524", "p0301"], "de", freeze_frames={"P0301": {COOLANT: 15}})
    assert [view.code for view in views] == ["P0524", "P0301", "P0457"]
    causes = {cause.cause: cause.reasons for cause in views[1].causes}
    assert causes["carbon_deposits"] == ("Die Aussetzer traten bei kaltem Motor auf (15 °C).",)


def test_codes_of_a_car_sharpen_each_other():
    alone, together = explain_code("P0301"), explain_codes(["P0301", "P0351"])[0]
    assert alone.causes[0].likelihood == "likely"
    assert together.causes[0].likelihood == "very_likely"


def test_what_is_no_code_is_refused():
    with pytest.raises(Unreadable):
        explain_codes(["P0301", "hello"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_frequent_code_reads_well_in_every_language(language):
    for code in frequent_codes():
        view = explain_code(code, language)
        assert view.title[0].isupper() or view.title[0] in "'0123456789", view.title
        assert view.advice.endswith(".")
        assert view.causes
        assert all(cause.name and cause.check for cause in view.causes)
