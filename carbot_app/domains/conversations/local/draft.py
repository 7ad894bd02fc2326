"""Puts an answer together from the texts of the locale namespace ``assistant``."""

from babel.units import format_unit

from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.answers import Part, Reply
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.i18n import list_words, translate

_HANDOVER_REACH = "handover.reach"


class Draft:
    """Sentences and cards of one answer, in order."""

    def __init__(self, language: str, workshop: WorkshopView) -> None:
        self.language = language
        self.understood = True
        self._workshop = workshop
        self._sentences: list[str] = []
        self._parts: list[Part] = []
        self._handover = ""

    @property
    def empty(self) -> bool:
        """Whether nothing has been said yet."""
        return not self._sentences

    def say(self, key: str, **values: str) -> None:
        """Add the text ``assistant.<key>``."""
        known = {"workshop": self._workshop.name, "phone": self._workshop.phone}
        self._sentences.append(translate(self.language, f"assistant.{key}", **{**known, **values}))

    def quote(self, text: str) -> None:
        """Add what the workshop wrote itself, word for word."""
        self._sentences.append(text if text.endswith((".", "!", "?")) else f"{text}.")

    def say_cause(self, code: str) -> None:
        """Add what is probably behind a symptom, by the group of the service that mends it."""
        group = "-".join(code.split("-")[:2])
        known = f"cause.{group}" in list_words(self.language, "assistant")
        self.say(f"cause.{group}" if known else "cause.other")

    def say_duration(self, minutes: int) -> None:
        """Add how long the work takes."""
        hours, rest = divmod(minutes, 60)
        spans = [
            format_unit(amount, unit, locale=self.language)
            for amount, unit in ((hours, "duration-hour"), (rest, "duration-minute"))
            if amount
        ]
        self.say("price.duration", duration=" ".join(spans))

    def show(self, part: Part) -> None:
        """Add a card."""
        self._parts.append(part)

    def hand_over(self, key: str, *, reachable: bool, reason: str = "asked") -> None:
        """Say ``key``, hand over, and ask for a contact when there is none."""
        self.say(key)
        self._handover = reason
        if not reachable:
            self.say(_HANDOVER_REACH)
            self.show(cards.contact_card())

    def reply(self) -> Reply:
        """The finished answer."""
        return Reply(" ".join(self._sentences), tuple(self._parts), self._handover)
