"""Names and kinds of files of strangers."""

import pytest

from carbot_app.domains.photos.file_rules import (
    NAME_LENGTH,
    is_dangerous,
    plain_media_type,
    safe_name,
    sound_type,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("kva.pdf", "kva.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.pdf", "a.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("rech\u202efdp.exe", "rechfdp.exe"),
        ('a<b>:"c".pdf', "a b c .pdf"),
        ("  .hidden. ", "hidden"),
        ("", "file"),
        ("/", "file"),
        ("Größe – Ölfilter 😀.jpg", "Größe – Ölfilter 😀.jpg"),
    ],
)
def test_a_name_is_safe_to_show_and_to_save_under(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("x" * 400 + ".pdf")
    assert len(name) == NAME_LENGTH
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    "name", ["a.exe", "rechnung.pdf.EXE", "a.js", "a.exe. ", "a.html", "a.svg", "a.l\u200bnk"]
)
def test_what_a_double_click_runs_is_dangerous(name: str) -> None:
    assert is_dangerous(name, b"")


@pytest.mark.parametrize("content", [b"MZ\x90", b"\x7fELF\x02", b"#!/bin/sh"])
def test_a_program_is_one_whatever_it_is_called(content: bytes) -> None:
    assert is_dangerous("foto.jpg", content)


@pytest.mark.parametrize("name", ["foto.von.autoscout24.com.jpg", "kva.pdf", "a", "fotos.zip"])
def test_other_files_are_not(name: str) -> None:
    assert not is_dangerous(name, b"%PDF")


@pytest.mark.parametrize(
    ("claimed", "plain"),
    [
        ("Audio/OGG; codecs=opus", "audio/ogg"),
        ("", "application/octet-stream"),
        ("x\r\ny/z", "application/octet-stream"),
    ],
)
def test_a_media_type_is_the_claim_where_it_is_one(claimed: str, plain: str) -> None:
    assert plain_media_type(claimed) == plain


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x1a\x45\xdf\xa3\x9f", "audio/webm"),
        (b"\x00\x00\x00\x1cftypM4A ", "audio/mp4"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"fLaC", "audio/flac"),
        (b"\xff\xd8\xff\xe0", ""),
        (b"\x00\x00\x00\x1cftypheic", ""),
        (b"RIFF\x24\x08\x00\x00WEBP", ""),
        (b"%PDF-1.7", ""),
        (b"MZ\x90", ""),
        (b"", ""),
    ],
)
def test_a_sound_is_known_by_how_it_begins(begins: bytes, kind: str) -> None:
    assert sound_type(begins + b"\x00" * 20) == (kind if begins else "")
