"""What happened with a customer, as lines of a timeline (pure)."""

from dataclasses import dataclass

from carbot_app.domains.customer_file.schemas import TimelineItem
from carbot_app.kit.i18n import translate
from carbot_app.state.thread_side import APPOINTMENT_SIGNS
from carbot_app.state.wording import Reader

FILTERS: dict[str, tuple[str, ...]] = {
    "all": (),
    "talk": ("message", "mail"),
    "calls": ("call",),
    "work": ("booking", "visit", "rating"),
    "other": ("consent", "tyres"),
}
"""Filter of the page → kinds of the timeline."""
_SIGNS = {
    "message": ("message-square", "neutral"),
    "call": ("phone", "neutral"),
    "booking": ("calendar-check", "accent"),
    "visit": ("wrench", "neutral"),
    "mail": ("send", "neutral"),
    "consent": ("signature", "neutral"),
    "tyres": ("circle-dot", "neutral"),
    "rating": ("star", "neutral"),
}
_NOT_GLAD = {"1", "2", "3"}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened; ``href`` leads to it, empty: nowhere."""

    key: str
    icon: str
    tone: str
    title: str
    meta: str
    href: str
    said: bool = False
    """The words of somebody, not those of a title."""


def describe_item(item: TimelineItem, reader: Reader) -> HistoryLine:
    """An item in the reader's words."""
    icon, tone = _SIGNS[item.kind]
    if item.kind == "visit" and item.state in {"no_show", "cancelled"}:
        icon, tone = "calendar-x", "warn"
    if item.kind == "rating" and item.state in _NOT_GLAD:
        tone = "warn"
    if item.kind == "message" and item.state == "customer":
        tone = "accent"
    told = (reader.day_and_clock(item.at), _who(item, reader))
    return HistoryLine(
        key=f"{item.kind}{item.state}{item.id}",
        icon=icon,
        tone=tone,
        title=_title(item, reader),
        meta=" · ".join(filter(None, told)),
        href=_href(item, reader),
        said=item.kind == "message",
    )


def _title(item: TimelineItem, reader: Reader) -> str:
    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"customers.{key}", **params)

    if item.kind == "call":
        return item.title or word("happened.call")
    if item.kind == "booking":
        return word("happened.booking", title=item.title)
    if item.kind == "consent":
        return word(f"happened.consent_{item.state}", kind=word(f"agreed.{item.title}"))
    if item.kind == "tyres":
        return word("happened.tyres", code=item.title)
    if item.kind == "rating":
        given = translate(reader.language, "ratings.happened", stars=item.state)
        return f"{given}. {item.title}" if item.title else given
    # Answers set prices in bold as chats do
    return item.title.replace("**", "") if item.kind == "message" else item.title


def _who(item: TimelineItem, reader: Reader) -> str:
    language = reader.language
    if item.kind == "message" and item.state == "customer":
        return translate(language, "customers.who.customer")
    if item.kind == "visit":
        return translate(language, f"staff.state.{APPOINTMENT_SIGNS.get(item.state, 'open')}")
    if item.kind == "booking":
        return translate(language, f"customers.source.{item.state}")
    if item.kind == "mail":
        return translate(language, f"customers.sent.{item.state}")
    return item.actor


def _href(item: TimelineItem, reader: Reader) -> str:
    if item.conversation_id is not None:
        return f"/posteingang/?c={item.conversation_id}"
    if item.kind == "visit" and item.appointment_id is not None:
        day = item.at.astimezone(reader.zone).date().isoformat()
        return f"/kalender/?on={day}&termin={item.appointment_id}"
    return f"/reifenhotel/?satz={item.title}" if item.kind == "tyres" else ""
