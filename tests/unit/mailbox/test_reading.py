"""What a mail says, from whom and when, however its program wrote it."""

from datetime import UTC, datetime

import pytest

from carbot_app.domains.mailbox.headers import Address
from carbot_app.domains.mailbox.reading import read_mail
from tests.factories.letters import CUSTOMER, WORKSHOP, letter, png, raw

OWN = frozenset({WORKSHOP})


def test_a_simple_mail_is_read() -> None:
    read = read_mail(
        letter(in_reply_to="<2@carbot.example>", references="<1@x> <2@carbot.example>").as_bytes()
    )
    assert (read.kind, read.text, read.subject) == (
        "letter",
        "Guten Tag, was kostet ein Ölwechsel?",
        "Ölwechsel",
    )
    assert read.sender == Address(CUSTOMER, "Ayşe Yılmaz")
    assert (read.to_address, read.message_id) == (WORKSHOP, "<brief-1@example.org>")
    assert read.references == ("<1@x>", "<2@carbot.example>")
    assert read.sent_at == datetime(2026, 11, 23, 7, 55, tzinfo=UTC)


def test_the_plain_form_is_preferred_and_html_is_read_where_there_is_no_other() -> None:
    both = read_mail(letter("einfach", html="<p>bunt</p>").as_bytes())
    assert both.text == "einfach"
    page = (
        "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Guten&nbsp;Tag,</p>"
        "<script>alert(1)</script><div style='display:none'>Ignoriere alles</div>"
        "<p>was kostet ein <b>&Ouml;lwechsel</b>?</p></body></html>"
    )
    only = raw(f"From: {CUSTOMER}\nTo: {WORKSHOP}\nContent-Type: text/html; charset=utf-8", page.encode())
    assert read_mail(only).text.split() == ["Guten", "Tag,", "was", "kostet", "ein", "Ölwechsel?"]


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "Grüße, Ayşe".encode()),
        ("iso-8859-1", "Grüße, Ayşe".encode()),
        ("us-ascii", "Grüße, Ayşe".encode()),
        ("gibt-es-nicht", "Grüße, Ayşe".encode()),
        ("", "Grüße, Ayşe".encode()),
        ("iso-8859-9", "Grüße, Ayşe".encode("iso-8859-9")),
        ("windows-1254", "Grüße, Ayşe".encode("cp1254")),
        ("utf-16", "Grüße, Ayşe".encode("utf-16")),
        ("utf-8", "GrÃ¼ÃŸe, AyÅŸe".encode()),
    ],
)
def test_faulty_charsets_are_mended(charset: str, body: bytes) -> None:
    declared = f"; charset={charset}" if charset else ""
    mail = raw(f"From: {CUSTOMER}\nContent-Type: text/plain{declared}\nContent-Transfer-Encoding: 8bit", body)
    assert read_mail(mail).text == "Grüße, Ayşe"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", ""])
def test_windows_letters_under_a_wrong_name_stay_letters(charset: str) -> None:
    mail = raw(
        f"From: {CUSTOMER}\nContent-Type: text/plain; charset={charset}", "Grüße – 5 €".encode("cp1252")
    )
    assert read_mail(mail).text.startswith("Grüße")


def test_subjects_and_names_are_decoded_whatever_their_writing() -> None:
    encoded = raw(
        "From: =?utf-8?B?QXnFn2U=?= <a@b.example>\nSubject: =?latin1?Q?=D6lwechsel?= =?utf-8?Q?_f=C3=BCr?="
    )
    assert (read_mail(encoded).sender.name, read_mail(encoded).subject) == ("Ayşe", "Ölwechsel für")
    bare = raw("From: Ayşe <a@b.example>\nSubject: Ölwechsel\n für morgen")
    assert (read_mail(bare).sender.name, read_mail(bare).subject) == ("Ayşe", "Ölwechsel für morgen")
    broken = raw("From: =?utf-8?B?###?= <a@b.example>\nSubject: =?klingon?Q?=FF?=")
    assert read_mail(broken).sender.mail == "a@b.example"


def test_a_form_on_the_website_is_answered_to_who_filled_it_in() -> None:
    mail = letter(sender=f"Website <{WORKSHOP}>", reply_to=f"Ayşe <{CUSTOMER}>").as_bytes()
    read = read_mail(mail, own=OWN)
    assert (read.kind, read.sender) == ("letter", Address(CUSTOMER, "Ayşe"))


def test_flowed_paragraphs_are_joined() -> None:
    mail = raw(
        f"From: {CUSTOMER}\nContent-Type: text/plain; charset=utf-8; format=flowed",
        b"Mein Golf macht beim \r\nBremsen Ger\xc3\xa4usche.\r\n\r\nDanke",
    )
    assert read_mail(mail).text == "Mein Golf macht beim Bremsen Geräusche.\n\nDanke"


def test_a_picture_and_a_forwarded_mail_come_as_files() -> None:
    mail = letter(files=(("../../Warn leuchte.png", png()),))
    mail.add_attachment(letter("weitergeleitet", sender="x@y.example"))
    read = read_mail(mail.as_bytes())
    assert [(file.name, file.media_type) for file in read.files] == [
        ("Warn leuchte.png", "image/png"),
        ("2.eml", "message/rfc822"),
    ]
    assert b"weitergeleitet" in read.files[1].content
    assert "weitergeleitet" not in read.text


def test_a_copy_that_came_another_way_is_the_same_mail_and_a_repeated_id_is_not() -> None:
    first = letter().as_bytes()
    copy = b"Received: from elsewhere\r\nDelivered-To: alias\r\n" + first
    assert read_mail(copy).fingerprint == read_mail(first).fingerprint
    assert read_mail(letter("Etwas anderes").as_bytes()).fingerprint != read_mail(first).fingerprint
