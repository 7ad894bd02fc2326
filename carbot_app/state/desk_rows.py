"""What staff keeps beside threads → what the inbox shows of it (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carbot_app.domains.conversations.canned import VARIABLES, fill
from carbot_app.domains.conversations.desk_schemas import CannedReplyView, Colleague, LabelView, NoteView
from carbot_app.domains.conversations.response_clock import LATE, ResponseClock
from carbot_app.kit.i18n import translate
from carbot_app.state.wording import Reader, initials, tint


@dataclass(frozen=True, slots=True)
class LabelChip:
    """A label as it is shown."""

    id: str = ""
    name: str = ""
    tone: str = "neutral"
    category: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A colleague in a menu."""

    id: str = ""
    name: str = ""
    initials: str = ""
    tint: int = 0
    me: bool = False


@dataclass(frozen=True, slots=True)
class SnoozeLine:
    """A time to put a thread away until."""

    choice: str
    when: str


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A canned reply, filled in for the open thread."""

    title: str
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a customer has waited; ``text`` is empty below a minute and when nobody waits."""

    text: str = ""
    late: bool = False


NO_WAIT = Wait()


def label_chip(label: LabelView) -> LabelChip:
    """A label as it is shown."""
    return LabelChip(str(label.id), label.name, label.tone, label.category)


def person_lines(people: Iterable[Colleague], me: UUID | None) -> list[PersonLine]:
    """Colleagues, the reader first."""
    lines = [
        PersonLine(str(person.id), person.name, initials(person.name), tint(person.name), person.id == me)
        for person in people
    ]
    return sorted(lines, key=lambda line: not line.me)


def snooze_lines(choices: Mapping[str, datetime], reader: Reader) -> list[SnoozeLine]:
    """The choices with their time, and the day where the word does not say it."""
    return [
        SnoozeLine(choice, reader.day_and_clock(until) if choice == "next_week" else reader.clock(until))
        for choice, until in choices.items()
    ]


def wait_of(since: datetime | None, clock: ResponseClock | None, reader: Reader) -> Wait:
    """The first-response clock of a thread."""
    if since is None or clock is None:
        return NO_WAIT
    waited = clock.waited(since, reader.now)
    minutes = int(waited.total_seconds()) // 60
    if not minutes:
        return NO_WAIT
    # The shared wording counts seconds up to two minutes, which would flicker in a list
    figure, unit = reader.wait(max(minutes, 2) * 60 if minutes < 120 else waited.total_seconds())
    time = f"{1 if minutes == 1 else figure} {unit}"
    return Wait(translate(reader.language, "desk.wait.since", time=time), waited >= LATE)


def reply_lines(
    replies: Iterable[CannedReplyView], values: Mapping[str, str], language: str
) -> list[ReplyLine]:
    """Canned replies with the thread's values in them."""
    labels = {key: translate(language, f"desk.variable.{key}") for key in VARIABLES}
    return [ReplyLine(reply.title, reply.category, fill(reply.text, values, labels)) for reply in replies]


def note_foot(note: NoteView, reader: Reader) -> str:
    """Who wrote a note and when."""
    by = translate(reader.language, "desk.note.by", name=note.author_name)
    return f"{by} · {reader.clock(note.created_at)}"
