"""The label conventions: classifiers read together, and the rules where classifiers err."""

import pytest

from carbot_app.domains.conversations.nlu import INTENTS, LEADS, URGENCIES
from carbot_app.domains.conversations.nlu.conventions import CONVENTIONS, settle_intents


def _even(names):
    return {name: 1 / len(names) for name in names}


def test_every_intent_has_a_convention_of_known_labels():
    assert set(CONVENTIONS) == set(INTENTS)
    for convention in CONVENTIONS.values():
        assert set() < convention.urgencies <= set(URGENCIES)
        assert set() < convention.leads <= set(LEADS)


def test_the_other_classifiers_decide_between_equally_likely_intents():
    probabilities = {
        "intent": {"book_appointment": 0.5, "reschedule_or_cancel": 0.5},
        "urgency": _even(URGENCIES),
        "lead": {"hot": 0.1, "warm": 0.1, "cold": 0.8},
        "handoff_human": {"True": 0.5, "False": 0.5},
    }
    settled = settle_intents(probabilities, names_service=False)
    assert settled["reschedule_or_cancel"] > settled["book_appointment"]
    assert sum(settled.values()) == pytest.approx(1.0)


def test_who_names_work_for_the_workshop_makes_no_small_talk():
    probabilities = {
        "intent": {"other": 0.5, "price_request": 0.5},
        "urgency": _even(URGENCIES),
        "lead": _even(LEADS),
        "handoff_human": {"True": 0.5, "False": 0.5},
    }
    plain = settle_intents(probabilities, names_service=False)
    with_service = settle_intents(probabilities, names_service=True)
    assert with_service["other"] < plain["other"]


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Könnt ihr heute noch die Bremsen machen? Bitte Termin um 15 Uhr", "high"),
        ("Bitte Termin für die HU, der TÜV ist abgelaufen", "high"),
        ("Ölwechsel beim Golf, Termin gern im Januar, eilt nicht", "low"),
        ("yarın saat 10 randevumu perşembeye erteleyelim lütfen", "high"),
        ("Poproszę termin na wymianę oleju w styczniu, bez pośpiechu", "low"),
        ("Inspektion am 10. Dezember bitte, Passat", "normal"),
    ],
)
def test_urgency_follows_the_date_and_the_hurry(analyse, text, urgency):
    assert analyse(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "needs_human"),
    [
        ("Ist mein Golf schon fertig?", True),
        ("Was kostet ein Ölwechsel beim Golf?", False),
        ("Könnt ihr mir 10 Prozent Rabatt auf das Angebot geben?", True),
        ("wann habt ihr samstags geöffnet", False),
    ],
)
def test_who_needs_a_person_follows_the_intent(analyse, text, needs_human):
    assert analyse(text).handoff_human is needs_human


def test_a_cold_lead_is_no_new_business(analyse):
    found = analyse("Ich muss meinen Termin am Donnerstag leider absagen")
    assert (found.lead, found.is_new_business) == ("cold", False)
