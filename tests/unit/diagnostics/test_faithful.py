"""A written summary counts only when it says nothing but what was found, and nobody drives who must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.codes import code_entries
from carbot_app.domains.diagnostics.explain import explain_code
from carbot_app.domains.diagnostics.faithful import SummaryFacts, faults_in, unsafe_in
from carbot_app.kit.languages import LANGUAGES

TOLD = {
    "codes": [
        {"code": "P0301", "title": "Zündaussetzer Zylinder 1", "advice": "Bitte bald prüfen lassen."},
        {"code": "P0171", "title": "Gemisch zu mager (Bank 1, B1S1)", "price": "349,00 bis 1.429,50 €"},
    ],
    "measured": ["Batterie: 12,4 V", "Gemisch: +14,1 %", "Drehzahl: 1.780 U/min", "Kühlmittel: 92 °C"],
    "service": "Zündspule ersetzen, 45 min",
}
FACTS = SummaryFacts("de", TOLD)


@pytest.mark.parametrize(
    "text",
    [
        "P0301 heißt: Zündaussetzer Zylinder 1, wahrscheinlich die Zündspule.",
        "Möglich ist ein Luftleck, weil das Gemisch um 14,1 Prozent korrigiert wird (P0171, B1S1).",
        "Die Batterie hat 12,4 Volt, das Kühlmittel 92 Grad.",
        "Bei 1780 U/min und bei 1.780 Umdrehungen.",
        "Das kostet 349,00 € bis 1.429,50 Euro und dauert 45 Minuten.",
        "p0301 zuerst: Stecker der Zündspule ansehen.",
        "Es wurde ein Fehler gefunden.",
    ],
)
def test_what_repeats_the_facts_passes(text: str) -> None:
    assert faults_in(text, FACTS) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("P0302 ist ebenfalls gespeichert.", "code"),
        ("Die Batterie hat 12,6 V.", "number"),
        ("Das Kühlmittel hat 12,4 °C.", "unit"),
        ("Der Zylinder läuft mit 92 V.", "unit"),
        ("Das dauert 45 Stunden.", "unit"),
        ("Das kostet 45 €.", "price"),
        ("Das kostet nur 19,00 €.", "number"),
        ("Das kostet € 12,4.", "price"),
        ("Das kostet ein paar Euro.", "price"),
        ("Das kostet hundert Euro.", "price"),
        ("Die Prüfung ist kostenlos.", "price"),
        ("Drei Zylinder sind betroffen.", "number"),
        ("Etwa zweihundert Kilometer noch.", "number"),
        ("Sensor B2S1 ist träge.", "word"),
        ("Rufen Sie 0231 5550142 an.", "number"),
        ("Mehr unter https://hilfe.example.", "link"),
        ("Schreiben Sie an hilfe@werkstatt.de.", "link"),
        ("Danach den Fehlerspeicher löschen.", "clearing"),
        ("Der Code kann zurückgesetzt werden.", "clearing"),
        ("You may clear the codes afterwards.", "clearing"),
        ("Kod silinebilir.", "clearing"),
        ("Można skasować błąd.", "clearing"),
        ("", "empty"),
        ("a" * 1201, "too_long"),
    ],
)
def test_what_says_more_is_thrown_away(text: str, kind: str) -> None:
    assert kind in faults_in(text, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "Zündaussetzer Zylinder 1. Sie können weiterfahren.",
        "Nicht schlimm, Sie können weiterfahren.",
        "Fahren Sie vorsichtig in die Werkstatt.",
        "Der Wagen ist fahrbereit.",
        "Nicht weiterfahren. Kurze Strecken können Sie fahren.",
        "Zündaussetzer Zylinder 1, wahrscheinlich die Zündspule.",
        "Bitte nicht weiterfahren. Es ist harmlos.",
        "You can drive on.",
        "Do not drive on, but a short drive home is fine.",
        "Yola devam edebilirsiniz.",
        "Można jechać dalej.",
    ],
)
def test_where_nobody_may_drive_no_text_lets_anybody(text: str) -> None:
    assert "driving" in unsafe_in(text, "no")


@pytest.mark.parametrize(
    "text",
    [
        "Bitte nicht weiterfahren und das Auto abschleppen lassen.",
        "Bitte sicher anhalten und nicht weiterfahren.",
        "Zündaussetzer. Lassen Sie das Auto abschleppen.",
        "Do not drive on. Have the car towed.",
        "Lütfen devam etmeyin. Aracı çektirin.",
        "Proszę nie jechać dalej.",
    ],
)
def test_a_clear_warning_passes(text: str) -> None:
    assert unsafe_in(text, "no") == ()


@pytest.mark.parametrize(
    "text",
    ["Sie können bedenkenlos weiterfahren.", "It is harmless.", "Bez obaw.", "Sorunsuz kullanabilirsiniz."],
)
def test_nothing_is_played_down_while_driving_is_limited(text: str) -> None:
    assert unsafe_in(text, "limited") == ("driving",)
    assert unsafe_in(text, "yes") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_about_every_code_pass(language: str) -> None:
    """Else the rules would throw away what a good model repeats."""
    faults = {}
    for code in code_entries():
        view = explain_code(code, language)
        causes = [f"{one.name}: {one.check}" for one in view.causes[:3]]
        told = {
            "title": f"{view.title} ({code})",
            "said": [view.urgency, view.safe_text, view.advice, *causes],
        }
        text = ". ".join(one.rstrip(".") for one in (told["title"], *told["said"])) + "."
        if found := faults_in(text, SummaryFacts(language, told, view.safe_to_drive)):
            faults[code] = found
    assert faults == {}


@given(st.integers(1000, 10**6))
def test_a_number_of_its_own_never_passes(number: int) -> None:
    if number != 1780:
        assert "number" in faults_in(f"Die Drehzahl ist {number} U/min.", FACTS)


@given(st.text(max_size=300))
def test_no_text_breaks_the_guard(text: str) -> None:
    faults_in(text, FACTS)
    unsafe_in(text, "no")
