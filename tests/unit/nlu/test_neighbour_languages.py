"""French, Italian and Dutch: understood by the analyser, and every text of the assistant at hand."""

import json
import re

import pytest

from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.catalog.price_text import price_text
from carbot_app.domains.catalog.pricing import Price
from carbot_app.domains.conversations.nlu.dates import find_dates
from carbot_app.domains.conversations.opening import describe_hours
from carbot_app.kit.i18n import LOCALES, list_words, translate
from carbot_app.kit.languages import CHAT_LANGUAGES
from tests.unit.nlu.conftest import MONDAY


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("Bonjour, serait-il possible d'avoir un rendez-vous pour la vidange ?", "fr", "book_appointment"),
        ("Combien coûtent des plaquettes de frein pour une Twingo ?", "fr", "price_request"),
        ("Quand est-ce que ma voiture sera prête ?", "fr", "order_status"),
        ("Vous ouvrez à quelle heure le lundi ?", "fr", "general_info"),
        ("Je voudrais annuler mon rendez-vous de vendredi", "fr", "reschedule_or_cancel"),
        ("Vorrei prenotare il cambio dell'olio", "it", "book_appointment"),
        ("Quanto costano le pastiglie dei freni per una Panda?", "it", "price_request"),
        ("La mia auto è già pronta?", "it", "order_status"),
        ("A che ora aprite il lunedì?", "it", "general_info"),
        ("Devo annullare l'appuntamento di venerdì", "it", "reschedule_or_cancel"),
        ("Ik wil graag een afspraak maken voor een oliebeurt", "nl", "book_appointment"),
        ("Wat kosten remblokken voor een Polo?", "nl", "price_request"),
        ("Is de auto al klaar?", "nl", "order_status"),
        ("Hoe laat gaan jullie maandag open?", "nl", "general_info"),
        ("Ik moet mijn afspraak van vrijdag afzeggen", "nl", "reschedule_or_cancel"),
    ],
)
def test_plain_requests_are_understood(analyse, text, language, intent):
    found = analyse(text)
    assert (found.language, found.intent) == (language, intent)


@pytest.mark.parametrize(
    "text",
    [
        "Mes freins ne marchent plus, je suis arrêtée sur la bande d'arrêt d'urgence",
        "Il y a de la fumée et des flammes sous le capot !",
        "I freni non rispondono più, sono fermo in autostrada",
        "Esce fumo dal motore, la macchina prende fuoco!",
        "De remmen werken niet meer, ik sta op de vluchtstrook",
        "Er komen vlammen en rook onder de motorkap vandaan!",
    ],
)
def test_danger_is_an_emergency(analyse, text):
    found = analyse(text)
    assert (found.intent, found.urgency, found.handoff_human) == ("emergency_breakdown", "emergency", True)


@pytest.mark.parametrize(
    "text",
    [
        "Vous pouvez enlever mon filtre à particules et le désactiver dans le logiciel ?",
        "Je veux faire baisser le kilométrage du compteur avant de vendre",
        "Potete eliminare il filtro antiparticolato e disattivarlo?",
        "Vorrei abbassare i chilometri sul contachilometri prima di vendere",
        "Kunnen jullie het roetfilter verwijderen en uitschakelen in de software?",
        "Ik wil de kilometerteller terugdraaien voordat ik verkoop",
    ],
)
def test_illegal_wishes_are_refused(analyse, text):
    assert analyse(text).must_refuse


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Pouvez-vous me prendre jeudi ?", "11-26", "11-26"),
        ("Est-ce possible après-demain ?", "11-25", "11-25"),
        ("Je suis libre la semaine prochaine", "11-30", "12-04"),
        ("cette semaine si vous avez de la place", "11-23", "11-27"),
        ("mardi de la semaine prochaine pour la voiture", "12-01", "12-01"),
        ("le 14 décembre, c'est bon pour vous ?", "12-14", "12-14"),
        ("dans deux semaines avec ma voiture", "12-07", "12-11"),
        ("le plus vite possible s'il vous plaît", "11-23", None),
        ("Avete posto giovedì?", "11-26", "11-26"),
        ("Posso venire dopodomani?", "11-25", "11-25"),
        ("la prossima settimana sono libero", "11-30", "12-04"),
        ("questa settimana, se avete posto", "11-23", "11-27"),
        ("il 14 dicembre va bene per voi?", "12-14", "12-14"),
        ("tra due settimane con la macchina", "12-07", "12-11"),
        ("il prima possibile grazie", "11-23", None),
        ("Kan het donderdag?", "11-26", "11-26"),
        ("overmorgen heb ik tijd voor jullie", "11-25", "11-25"),
        ("volgende week kan ik", "11-30", "12-04"),
        ("deze week als jullie plek hebben", "11-23", "11-27"),
        ("14 december is goed voor mij", "12-14", "12-14"),
        ("over twee weken kan ik langskomen", "12-07", "12-11"),
        ("zo snel mogelijk alstublieft", "11-23", None),
    ],
)
def test_dates_are_read(text, first, last):
    desired = find_dates(text, MONDAY).desired
    assert desired is not None
    assert f"{desired.from_:%m-%d}" == first
    assert (f"{desired.to:%m-%d}" if desired.to else None) == last


@pytest.mark.parametrize("language", CHAT_LANGUAGES)
def test_every_text_a_customer_gets_is_there_with_the_same_holes(language):
    english = {key: text for key, text in list_words("en", "assistant").items() if "fact." not in key}
    words = list_words(language, "assistant")
    assert words.keys() == english.keys()
    holes = re.compile(r"\{\{\w+\}\}")
    assert {
        key for key in english if set(holes.findall(words[key])) != set(holes.findall(english[key]))
    } == set()


@pytest.mark.parametrize("language", CHAT_LANGUAGES)
def test_other_texts_are_english_for_them(language):
    assert translate(language, "ui.actions.retry") == translate("en", "ui.actions.retry")
    assert [path.stem for path in (LOCALES / language).iterdir()] == ["assistant"]
    json.loads((LOCALES / language / "assistant.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("language", "price", "slot", "hours"),
    [
        ("fr", "de 349 à 429\xa0€", "jeu. 26 nov., 8:00", "lundi à vendredi 8:00–17:00"),
        ("it", "da 349 a 429\xa0€", "gio 26 nov, 8:00", "lunedì – venerdì 8:00–17:00"),
        ("nl", "€\xa0349 tot 429", "do 26 nov, 8:00", "maandag tot vrijdag 8:00–17:00"),
    ],
)
def test_prices_times_and_hours_are_said_in_the_language(language, price, slot, hours):
    week = {str(day): [["08:00", "17:00"]] for day in range(1, 6)}
    assert price_text(Price(34900, 42900, "range"), language=language) == price
    assert slot_label(MONDAY.replace(day=26, hour=8), MONDAY.tzinfo, language) == slot
    assert describe_hours(week, language, MONDAY).text == hours
