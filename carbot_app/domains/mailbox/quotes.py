"""What a mail says itself: without the mails it answers, and without the signature.

Line by line and linear: a library for it looks for quotes with expressions that take seconds for a line of
20 kB and hours for a hostile mail (docs/adr/0014).
"""

import re

_MAX_LINE = 300
"""No line that introduces a quote is longer."""
_WROTE = re.compile(
    r"\b(schrieb|wrote|yazdı|napisała?|napisał\(a\)|a écrit|ha scritto|schreef|escribió)\b.{0,160}:\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"@|\b\d{1,2}:\d{2}\b|\b20\d\d\b")
_FROM = re.compile(r"^[*\s]*(Von|From|Kimden|Od|De|Da|Van)[*\s]*:", re.IGNORECASE)
_SENT = re.compile(
    r"^[*\s]*(Gesendet|Datum|Sent|Date|Gönderilme Tarihi|Gönderildi|Gönderme|Tarih|Wysłano|Data|"
    r"Envoyé|Inviato|Verzonden)[*\s]*:",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^\s*(-{3,}\s*[^-]{0,40}(Nachricht|Message|Mail|mesaj|iadomość|Messaggio|Bericht)[^-]{0,20}-{3,}|_{20,})\s*$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^\s*(Von meinem .{1,60} gesendet|Gesendet (von|mit|aus) .{1,80}|Sent from .{1,80}"
    r"|Get Outlook for .{1,40}|Diese Nachricht wurde von .{1,80} gesendet"
    r"|.{1,40} (cihazımdan|uygulamasından) gönderildi|Wysłane z .{1,80}"
    r"|Envoyé (de|depuis) .{1,80}|Inviato da .{1,80}|Verzonden vanaf .{1,80})\.?\s*$",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The new part of a mail. All of it where nothing else would be left, as in a bare forward."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.rstrip() == "--" or _opens_older_mail(lines, at):
            break
        if length := _introduction(lines, at):
            if not _is_quoted_after(lines, at + length):
                break
            at += length
            continue
        if not line.lstrip().startswith(">") and not (len(line) <= _MAX_LINE and _DEVICE.match(line)):
            kept.append(line.rstrip())
        at += 1
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return words or text.strip()


def _introduction(lines: list[str], at: int) -> int:
    """How many lines say "on … somebody wrote:", which programs wrap after 76 characters; 0: none."""
    for length in (1, 2, 3):
        said = " ".join(lines[at : at + length])
        if len(said) > _MAX_LINE or not lines[at].strip() or len(lines) < at + length:
            return 0
        if length > 1 and not lines[at + length - 1].strip():
            return 0
        if _WROTE.search(said) and _DATED.search(said):
            return length
    return 0


def _is_quoted_after(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return following.lstrip().startswith(">")


def _opens_older_mail(lines: list[str], at: int) -> bool:
    line = lines[at]
    if len(line) > _MAX_LINE:
        return False
    if _RULE.match(line):
        return True
    following = [one for one in lines[at + 1 : at + 6] if one.strip()][:3]
    return bool(_FROM.match(line)) and any(len(one) <= _MAX_LINE and _SENT.match(one) for one in following)
