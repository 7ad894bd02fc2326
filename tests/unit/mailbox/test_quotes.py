"""The words of a mail without those it answers."""

import pytest

from carbot_app.domains.mailbox.quotes import own_words

NEW = "Ja, Donnerstag passt.\n\nDanke!"


@pytest.mark.parametrize(
    "tail",
    [
        "Am 23.11.2026 um 09:00 schrieb Werkstatt <info@werkstatt.example>:\n> Passt Donnerstag?\n> Gruß",
        "Am Mo., 23. Nov. 2026 um 09:00 Uhr schrieb Yılmaz und Söhne <\ninfo@werkstatt.example>:\n\n> Passt?",
        "Werkstatt <info@werkstatt.example> schrieb am Mo., 23. Nov. 2026, 09:00:\n\nPasst Donnerstag?",
        "On Mon, Nov 23, 2026 at 9:00 AM Werkstatt <info@werkstatt.example> wrote:\n> Passt?",
        "W dniu pon., 23 lis 2026 o 09:00 Werkstatt <info@werkstatt.example> napisał(a):\n> Passt?",
        "Werkstatt <info@werkstatt.example>, 23 Kas 2026 Pzt, 09:00 tarihinde şunu yazdı:\n> Passt?",
        "Le lun. 23 nov. 2026 à 09:00, Werkstatt <info@werkstatt.example> a écrit :\n> Passt?",
        "Il giorno lun 23 nov 2026 alle ore 09:00 Werkstatt <i@w.example> ha scritto:\n> Passt?",
        "Op ma 23 nov 2026 om 09:00 schreef Werkstatt <info@werkstatt.example>:\n> Passt?",
        "-----Ursprüngliche Nachricht-----\nVon: Werkstatt\nPasst Donnerstag?",
        "________________________________\nVon: Werkstatt <i@w.example>\nGesendet: Montag\nAn: Ayşe",
        "Von: Werkstatt <i@w.example>\nGesendet: Montag, 23. November\nAn: Ayşe\nBetreff: Termin\n\nPasst?",
        "*From:* Werkstatt\n*Sent:* Monday\n*To:* Ayşe",
        "Kimden: Werkstatt\nGönderildi: 23 Kasım 2026\nKime: Ayşe",
        "Od: Werkstatt\nWysłano: poniedziałek\nDo: Ayşe",
        "-- \nAyşe Yılmaz\nMusterstraße 1",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android",
        "Sent from my Galaxy",
        "Wysłane z iPhone'a",
    ],
)
def test_older_mails_and_signatures_are_left_out(tail: str) -> None:
    words = own_words(f"{NEW}\n\n{tail}")
    assert words.startswith(NEW)
    assert "Passt" not in words.removeprefix(NEW)
    assert "Musterstraße" not in words


def test_answers_between_and_below_quotes_are_kept() -> None:
    text = (
        "On Mon, Nov 23, 2026 at 9:00 AM W <i@w.example> wrote:\n> Donnerstag?\nJa.\n> Mit Leihwagen?\nNein."
    )
    assert own_words(text) == "Ja.\nNein."


@pytest.mark.parametrize(
    "text",
    [
        "Mein Bruder schrieb mir zwei Dinge:\n1. Öl\n2. Filter",
        "Von: Köln bis Bonn klappert es.",
        "- Ölwechsel\n- Bremsen",
        "Datum: Donnerstag",
        "😀",
    ],
)
def test_what_only_looks_like_a_quote_is_kept(text: str) -> None:
    assert own_words(text) == text


def test_a_bare_forward_is_kept_whole() -> None:
    text = "-----Ursprüngliche Nachricht-----\nVon: Ayşe\nBremsen quietschen"
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On a " * 40_000,
        "On a\n" * 40_000,
        "> " * 100_000,
        "Von:\n" * 40_000,
        "schrieb 20:00 " * 20_000,
        "-" * 200_000,
    ],
)
@pytest.mark.timeout(60)
def test_hostile_lines_take_no_time(text: str) -> None:
    own_words(text)
