"""Words on the server: plural forms, placeholders and the way back to German."""

import pytest

from carbot_app.kit import i18n
from carbot_app.kit.i18n import plural_category, supported, translate


@pytest.mark.parametrize(
    ("language", "count", "category"),
    [
        ("de", 0, "other"), ("de", 1, "one"), ("en", 2, "other"), ("tr", 1, "one"),
        ("pl", 1, "one"), ("pl", 2, "few"), ("pl", 5, "many"), ("pl", 22, "few"), ("pl", 12, "many"),
    ],
)  # fmt: skip
def test_plural_category_follows_the_language(language: str, count: int, category: str) -> None:
    assert plural_category(language, count) == category


def test_placeholders_are_filled_and_unknown_ones_stay_visible() -> None:
    assert translate("de", "ui.steps.of", now=2, total=3) == "Schritt 2 von 3"
    assert translate("de", "ui.steps.of", now=2) == "Schritt 2 von {{total}}"


def test_braces_inside_a_value_are_not_filled_again() -> None:
    assert translate("de", "ui.steps.of", now="{{total}}", total=3) == "Schritt {{total}} von 3"


def test_count_picks_the_plural_form() -> None:
    assert translate("en", "ui.slots.free", count=1) == "1 free"
    assert translate("pl", "ui.slots.free", count=3) == "3 wolne"
    assert translate("pl", "ui.slots.free", count=5) == "5 wolnych"


def test_an_unknown_language_reads_german() -> None:
    assert translate("xx", "ui.actions.retry") == "Noch einmal"


def test_a_language_without_the_text_falls_back_to_german(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {("de", "staff"): {"nav.today": "Heute"}}
    monkeypatch.setattr(i18n, "list_words", lambda language, namespace: words.get((language, namespace), {}))
    assert translate("tr", "staff.nav.today") == "Heute"


def test_an_unknown_key_is_an_error_not_a_blank() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        translate("de", "ui.nowhere")


@pytest.mark.parametrize(
    ("given", "code"),
    [("tr-TR", "tr"), ("PL", "pl"), ("en_GB", "en"), (None, "de"), ("", "de"), ("fr", "de")],
)
def test_language_tags_become_the_language_we_speak(given: str | None, code: str) -> None:
    assert supported(given) == code
