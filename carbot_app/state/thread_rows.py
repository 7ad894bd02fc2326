"""A thread's views → what the inbox shows of it (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from carbot_app.domains.conversations.desk_schemas import NoteView
from carbot_app.domains.conversations.schemas import MessageFileView, MessageView, ThreadView
from carbot_app.domains.conversations.warning_lamps import CHOICE as LAMP
from carbot_app.domains.conversations.warning_lamps import LAMPS
from carbot_app.kit.i18n import translate
from carbot_app.state.desk_rows import note_foot
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, heat, initials, plate_text, tint

LINE_ICONS = {
    "handover": "user-round",
    "taken_over": "user-check",
    "handed_back": "undo-2",
    "danger": "triangle-alert",
    "booking": "calendar-check",
    "asked_to_write": "send",
}


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """Name, standing and mode above the messages."""

    name: str = ""
    initials: str = "?"
    tint: int = 0
    plate: PlateText = NO_PLATE
    heat: str = "cool"
    score: int = 0
    subtitle: str = ""
    channel: str = "chat"
    channel_name: str = ""
    alarm: str = ""
    """complaint, emergency or empty."""
    phone: str = ""
    phone_href: str = ""
    done: bool = False
    mode: str = "assistant"
    """assistant, waiting (handed over, nobody there), mine or colleague."""
    pause_text: str = ""
    language: str = ""
    """Name of the customer's language where it is not the reader's."""
    can_write: bool = True
    """False where nobody would read an answer: a booking without a channel to answer on."""


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A time the assistant offered."""

    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a message; ``kind`` is photo, voice, file or refused."""

    id: str
    kind: str
    name: str
    note: str
    """Size, or why it was not kept."""
    gone: bool = False
    finding: str = ""
    """What a photo probably shows."""


@dataclass(frozen=True, slots=True)
class LampMark:
    """A warning lamp the customer chose."""

    symbol: str = ""
    """Name of its icon; empty: none."""
    name: str = ""
    stop: bool = False


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """A bubble, a line or a note; ``kind`` is day, line, customer, assistant, staff or note."""

    id: str
    kind: str
    runs: list[str]
    """Text, alternately plain and bold."""
    foot: str = ""
    author: str = ""
    initials: str = ""
    tint: int = 0
    icon: str = ""
    rest: str = ""
    writing: bool = False
    failed: bool = False
    danger: str = ""
    slots: tuple[OfferedSlot, ...] = ()
    options: tuple[str, ...] = ()
    booking: tuple[str, ...] = ()
    """Title, time, price of a booking card."""
    sources: tuple[str, ...] = ()
    files: tuple[FileLine, ...] = ()
    lamp: LampMark = LampMark()
    fresh: bool = False


def describe_head(thread: ThreadView, reader: Reader, me: str) -> ThreadHead:
    """The head; ``me`` is the reader's person id."""
    customer, lead = thread.customer, thread.lead
    name = customer.name if customer else ""
    vehicle = lead.vehicle if lead else None
    emergency = lead is not None and lead.urgency == "emergency"
    mode = thread.mode
    if mode == "human":
        mode = "waiting" if thread.taken_by is None else "mine" if str(thread.taken_by) == me else "colleague"
    return ThreadHead(
        name=name,
        initials=initials(name),
        tint=tint(name),
        plate=plate_text(vehicle.plate, vehicle.plate_country) if vehicle else NO_PLATE,
        heat=heat(lead.temperature) if lead else "cool",
        score=lead.score if lead else 0,
        subtitle=_subtitle(thread, reader),
        channel=thread.channel,
        channel_name=translate(reader.language, f"inbox.channel.{thread.channel}"),
        alarm="emergency" if emergency else "complaint" if thread.handover_reason == "complaint" else "",
        phone=customer.phone_text if customer else "",
        phone_href=f"tel:{customer.phone}" if customer and customer.phone else "",
        done=thread.state == "done",
        mode=mode,
        pause_text=_pause_text(thread, reader, mode),
        language=_language(thread, reader) if thread.language != reader.language else "",
        can_write=thread.channel != "booking" or any(way.channel != "chat" for way in thread.reply_channels),
    )


def describe_entries(
    thread: ThreadView, reader: Reader, *, seen: int | None = None, notes: Sequence[NoteView] = ()
) -> list[ThreadEntry]:
    """Bubbles, lines and notes, oldest first; entries after ``seen`` are fresh."""
    entries: list[ThreadEntry] = []
    day = ""
    said = {message.text.strip() for message in thread.messages if message.author == "customer"}
    read_to = thread.customer_seen_seq
    last_own = max((m.seq for m in thread.messages if m.author in {"staff", "assistant"}), default=0)
    # Python's sort keeps messages of one instant in their order
    said_or_noted = sorted((*thread.messages, *notes), key=lambda one: one.created_at)
    for message in said_or_noted:
        if (label := reader.day(message.created_at)) != day:
            day = label
            entries.append(ThreadEntry(id=f"day-{message.id}", kind="day", runs=[day]))
        if isinstance(message, NoteView):
            entries.append(_note(message, reader))
            continue
        fresh = seen is not None and message.seq > seen
        if message.author == "system":
            entries.extend(_lines(message, reader, fresh))
        else:
            read = message.seq == last_own and read_to >= message.seq
            entries.append(_bubble(message, thread, reader, said, read=read, fresh=fresh))
    return entries


def _note(note: NoteView, reader: Reader) -> ThreadEntry:
    return ThreadEntry(
        id=str(note.id),
        kind="note",
        runs=[note.text],
        foot=note_foot(note, reader),
        author=note.author_name,
        initials=initials(note.author_name),
        tint=tint(note.author_name),
    )


def _bubble(
    message: MessageView, thread: ThreadView, reader: Reader, said: set[str], *, read: bool, fresh: bool
) -> ThreadEntry:
    name = thread.customer.name if thread.customer else ""
    author = {"customer": name, "assistant": "CarBot"}.get(message.author, message.author_name)
    foot = [reader.clock(message.created_at)]
    if message.author != "customer":
        foot.insert(0, author)
    if message.state == "failed":
        foot.append(translate(reader.language, "inbox.message.cut_off"))
    if read and message.channel == "chat":
        foot.append(translate(reader.language, "inbox.message.read"))
    if message.channel != "chat":
        foot.append(translate(reader.language, f"inbox.channel.{message.channel}"))
    if message.delivery:
        foot.append(translate(reader.language, f"inbox.delivery.{message.delivery}"))
    text = _said(message, reader)
    return ThreadEntry(
        id=str(message.id),
        kind=message.author,
        runs=text.split("**") if message.author == "assistant" else [text],
        foot=" · ".join(foot),
        author=author,
        initials=initials(author),
        tint=tint(author),
        writing=message.state == "streaming" and not text,
        failed=message.state == "failed" or message.delivery == "failed",
        fresh=fresh,
        files=tuple(_file(file, reader) for file in message.files),
        sources=tuple(dict.fromkeys(str(fact["label"]) for fact in message.facts if fact.get("label"))),
        lamp=_lamp(message.parts, reader),
        **_cards(message.parts, said),
    )


def _said(message: MessageView, reader: Reader) -> str:
    """The words of a message; a call has none, a mail begins with its subject."""
    if message.channel == "call":
        return translate(reader.language, "inbox.message.missed_call")
    return "\n\n".join(filter(None, (message.subject, message.text.strip())))


def _file(file: MessageFileView, reader: Reader) -> FileLine:
    note = (
        translate(reader.language, f"inbox.file.{file.reason}") if file.reason else _size(file.size, reader)
    )
    name = translate(reader.language, "inbox.file.voice") if file.kind == "voice" else file.name
    return FileLine(str(file.id), file.kind, name, note, gone=file.gone, finding=finding_text(file, reader))


def finding_text(file: MessageFileView, reader: Reader) -> str:
    """Said with doubt, and only to staff: a model saw it, nobody else has."""
    if not file.finding:
        return ""
    kind, lamp = file.finding["kind"], file.finding.get("lamp")
    words = [translate(reader.language, f"inbox.finding.{kind}")]
    if lamp in LAMPS:
        words.append(translate(reader.language, f"lamps.name.{lamp}"))
    found = " · ".join(words)
    return translate(reader.language, "inbox.finding.line", kind=found, text=file.finding["text"])


def _lamp(parts: Sequence[dict[str, Any]], reader: Reader) -> LampMark:
    for part in parts:
        if part.get("type") == LAMP and part.get("lamp") in LAMPS:
            lamp = LAMPS[part["lamp"]]
            name = translate(reader.language, f"lamps.name.{lamp.id}")
            return LampMark(f"lamp-{lamp.id}", name, stop=bool(lamp.danger))
    return LampMark()


def _size(size: int, reader: Reader) -> str:
    unit, amount = ("MB", size / 1_000_000) if size >= 1_000_000 else ("kB", max(1, round(size / 1000)))
    return f"{format_decimal(round(amount, 1), locale=reader.language)} {unit}"


def _cards(parts: Sequence[dict[str, Any]], said: set[str]) -> dict[str, Any]:
    cards: dict[str, Any] = {}
    for part in parts:
        match part.get("type"):
            case "slots":
                labels = [str(slot.get("label", "")) for slot in part.get("slots", ())]
                cards["slots"] = tuple(OfferedSlot(label, label in said) for label in labels)
            case "replies":
                cards["options"] = tuple(str(option.get("label", "")) for option in part.get("options", ()))
            case "booking" | "booked":
                shown = (part.get("title"), part.get("when"), part.get("price"))
                cards["booking"] = tuple(str(text) for text in shown if text)
            case "danger":
                cards["danger"] = str(part.get("text", ""))
    return cards


def _lines(message: MessageView, reader: Reader, fresh: bool) -> Iterable[ThreadEntry]:
    for part in message.parts:
        kind = str(part.get("type"))
        if kind not in LINE_ICONS:
            continue
        if kind == "handover":
            text, rest = handover_text(part, reader), ""
        else:
            text = translate(reader.language, f"inbox.line.{kind}", name=part.get("name", ""))
            rest = _reason_text(part, reader) if kind == "taken_over" else ""
        yield ThreadEntry(
            id=str(message.id),
            kind="line",
            runs=[text],
            rest=" · " + ", ".join(filter(None, (rest, reader.clock(message.created_at)))),
            icon=LINE_ICONS[kind],
            fresh=fresh,
        )


def handover_text(part: dict[str, Any], reader: Reader) -> str:
    """Why the assistant asked for a person."""
    return translate(reader.language, f"inbox.handover.{part.get('reason') or 'asked'}")


def _reason_text(part: dict[str, Any], reader: Reader) -> str:
    reason = part.get("reason")
    return translate(reader.language, f"inbox.reason.{reason}") if reason and reason != "staff" else ""


def _subtitle(thread: ThreadView, reader: Reader) -> str:
    channel = translate(reader.language, f"inbox.channel.{thread.channel}")
    site = thread.page_url.split("://")[-1].split("/")[0].removeprefix("www.")
    if site and thread.channel == "chat":
        channel = translate(reader.language, "inbox.channel.chat_on", site=site)
    return f"{channel} · {_language(thread, reader)}"


def _language(thread: ThreadView, reader: Reader) -> str:
    return Locale(thread.language).get_display_name(reader.language) or thread.language


def _pause_text(thread: ThreadView, reader: Reader, mode: str) -> str:
    if mode == "assistant":
        return ""
    if mode == "waiting":
        return handover_text({"reason": thread.handover_reason}, reader)
    since = reader.clock(thread.taken_at) if thread.taken_at else ""
    key = "inbox.paused.mine" if mode == "mine" else "inbox.paused.colleague"
    return translate(reader.language, key, name=thread.taken_by_name, time=since)
