"""What a person is told about their data: JSON that leaves nothing out, and a document to read (pure)."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from carbot_app.domains.compliance.holdings import HOLDINGS, SECRET_WORDS
from carbot_app.domains.compliance.person import Person, Row
from carbot_app.domains.compliance.ports import Disclosure, Part
from carbot_app.domains.compliance.schemas import PeriodView
from carbot_app.domains.diagnostics import recording
from carbot_app.kit.i18n import translate

PURPOSES = ("enquiry", "order", "law", "advertising", "security")
_CHANNELS = ("chat", "booking", "mail", "sms", "whatsapp", "call")
FORMAT = "carbot-disclosure/1"


@dataclass(frozen=True, slots=True)
class About:
    """Who tells, to whom, in which language, and whom else the data reached."""

    workshop: Mapping[str, str]
    """name, street, city, email and phone."""
    language: str
    zone: ZoneInfo
    at: datetime
    recipients: tuple[str, ...]
    """Keys below ``privacy.recipient``."""
    periods: tuple[PeriodView, ...]

    def text(self, key: str, **values: Any) -> str:
        """A text of the document."""
        return translate(self.language, f"privacy.{key}", **values)

    def day(self, day: date | None) -> str:
        """``23.11.2026``; empty when unknown."""
        return format_date(day, "medium", locale=self.language) if day else ""

    def instant(self, at: datetime | None) -> str:
        """``23.11.2026, 09:00`` on the workshop's clock; empty when unknown."""
        return format_datetime(at, "short", tzinfo=self.zone, locale=self.language) if at else ""

    def channel(self, name: str) -> str:
        """``WhatsApp``."""
        return translate(self.language, f"inbox.channel.{name}") if name in _CHANNELS else name

    def period(self, view: PeriodView) -> str:
        """``6 Jahre``."""
        return self.text(f"period.{view.unit}", count=view.period)


def tell_all(person: Person, about: About, files: Mapping[UUID, str]) -> dict[str, Any]:
    """Every row of every table with words about the person; ``files``: id → name in the archive."""
    sections: dict[str, list[Row]] = {}
    for holding in HOLDINGS:
        if holding.section:
            sections[holding.section] = [_plain(row, files) for row in person.of(holding.table)]
    return {
        "format": FORMAT,
        "created_at": about.at.isoformat(),
        "controller": dict(about.workshop),
        "data": sections,
        "purposes": [_both(about, "purpose", name) for name in PURPOSES],
        "recipients": [_both(about, "recipient", name) for name in about.recipients],
        "retention": [
            {
                "kind": view.kind,
                "what": about.text(f"kind.{view.kind}"),
                "period": about.period(view),
                "ground": about.text(f"ground.{view.kind}"),
            }
            for view in about.periods
        ],
        "rights": about.text("export.rights"),
    }


def tell_in_words(person: Person, about: About, files: Mapping[UUID, str]) -> Disclosure:
    """The same to read; figures of machines are left to the JSON."""
    main = person.main
    parts = [
        Part(about.text("export.part.profile"), tuple(_profile(person, about)), about.text("export.intro")),
        Part(about.text("export.part.vehicles"), tuple(_vehicles(person, about))),
        Part(about.text("export.part.visits"), tuple(_visits(person, about))),
        Part(about.text("export.part.enquiries"), tuple(_enquiries(person, about))),
        Part(about.text("export.part.messages"), tuple(_messages(person, about, files))),
        Part(about.text("export.part.sent"), tuple(_sent(person, about))),
        Part(about.text("export.part.other"), tuple(_other(person, about))),
        Part(about.text("export.part.consents"), tuple(_consents(person, about))),
    ]
    parts = [part for part in parts if part.rows]
    parts += _same_for_all(about)
    workshop = about.workshop
    return Disclosure(
        title=about.text("export.title"),
        language=about.language,
        facts=(
            (about.text("export.controller"), ", ".join(filter(None, workshop.values()))),
            (about.text("export.person"), main["name"] or main["phone"] or main["email"]),
            (about.text("export.day"), about.instant(about.at)),
        ),
        parts=tuple(parts),
        page=about.text("export.page"),
    )


def _same_for_all(about: About) -> list[Part]:
    return [
        Part(
            about.text("export.part.purposes"), tuple(("", about.text(f"purpose.{one}")) for one in PURPOSES)
        ),
        Part(
            about.text("export.part.recipients"),
            tuple(("", about.text(f"recipient.{one}")) for one in about.recipients),
        ),
        Part(
            about.text("export.part.retention"),
            tuple(
                (
                    about.text(f"kind.{view.kind}"),
                    f"{about.period(view)}. {about.text(f'ground.{view.kind}')}",
                )
                for view in about.periods
            ),
        ),
        Part(about.text("export.part.rights"), text=about.text("export.rights")),
    ]


def _plain(row: Row, files: Mapping[UUID, str]) -> Row:
    told = {
        name: _value(value)
        for name, value in row.items()
        if name != "workshop_id" and not any(word in name for word in SECRET_WORDS)
    }
    return {**told, "file": files[row["id"]]} if row["id"] in files else told


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        # A document as it was handed out, or a block of readings, which means nothing until it is unpacked
        return b64encode(value).decode() if value.startswith(b"%PDF") else recording.unpack(value)
    return str(value) if isinstance(value, UUID | Decimal) else value


def _both(about: About, group: str, name: str) -> dict[str, str]:
    return {"kind": name, "what": about.text(f"{group}.{name}")}


Line = tuple[str, str]


def _profile(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("customer"):
        if any((row["name"], row["phone"], row["email"])):
            yield about.text("export.field.name"), row["name"]
            yield about.text("export.field.phone"), row["phone"]
            yield about.text("export.field.email"), row["email"]
            yield about.text("export.field.since"), about.instant(row["created_at"])
    for row in person.of("contact_point"):
        state = "verified" if row["verified_at"] else "unverified"
        yield about.text("export.field.contact"), f"{row['value']} ({about.text(f'export.{state}')})"


def _vehicles(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("vehicle"):
        known = (row["make"], row["model"], row["year"], f"{row['km']} km" if row["km"] else "", row["vin"])
        yield row["plate"] or "–", ", ".join(str(value) for value in known if value)
    for row in person.of("wheel_set"):
        taken = f" – {about.day(row['taken_on'])}" if row["taken_on"] else ""
        yield (
            about.text("export.field.wheels"),
            f"{row['code']}, {row['size']}, {about.day(row['stored_on'])}{taken}",
        )


def _visits(person: Person, about: About) -> Iterable[Line]:
    numbers = {row["appointment_id"]: row["number"] for row in person.of("booking_contract")}
    for row in person.of("appointment"):
        price = format_currency(row["price_max_cents"] / 100, row["currency"], locale=about.language)
        number = numbers.get(row["id"], "")
        state = about.text(f"export.visit.{row['state']}")
        words = (row["title"], state, price if row["price_max_cents"] else "", number, row["note"])
        yield about.instant(row["starts_at"]), " · ".join(word for word in words if word)


def _enquiries(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("lead"):
        score = about.text("export.score", score=row["score"])
        yield about.instant(row["created_at"]), " · ".join(filter(None, (row["wish"], score)))


def _messages(person: Person, about: About, files: Mapping[UUID, str]) -> Iterable[Line]:
    attached: dict[UUID, list[str]] = {}
    for row in person.of("message_file"):
        attached.setdefault(row["message_id"], []).append(files.get(row["id"], row["name"]))
    for row in person.of("message"):
        who = row["author_name"] or about.text(f"export.author.{row['author']}")
        words = [row["subject"], row["text"], *attached.get(row["id"], ())]
        head = (about.instant(row["created_at"]), who, about.channel(row["channel"]))
        yield " · ".join(head), "\n".join(filter(None, words))


def _sent(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("outgoing_message"):
        if row["message_id"] is None:
            head = f"{about.instant(row['created_at'])} · {about.channel(row['channel'])}"
            yield head, row["subject"] or row["text"]


def _other(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("callback"):
        yield (
            f"{about.instant(row['created_at'])} · {about.text('export.field.call')}",
            row["note"] or row["phone"],
        )
    for row in person.of("thread_note"):
        yield f"{about.instant(row['created_at'])} · {about.text('export.field.note')}", row["text"]
    for row in person.of("task"):
        yield f"{about.instant(row['created_at'])} · {about.text('export.field.task')}", row["title"]


def _consents(person: Person, about: About) -> Iterable[Line]:
    for row in person.of("consent"):
        ended = f" – {about.instant(row['withdrawn_at'])}" if row["withdrawn_at"] else ""
        kind = about.text(f"export.consent.{row['kind']}")
        yield kind, f"{about.instant(row['given_at'])}{ended} ({row['text_version']})"
