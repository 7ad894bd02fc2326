"""Services under /auswertung/leistungen/: asked for, decided on, what they leave, and what follows."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.outlook_schemas import ServiceBoard
from carbot_app.domains.analytics.service_figures import ADD_SERVICE, PriceBand, ServiceFigure, Suggestion
from carbot_app.domains.analytics.service_words import advice_words
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.dashboard_figures import write_whole
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.wording import Reader

_TOPICS = {"analytics", "catalog"}
_WISHES = 12
"""Shown; what was asked for once is mostly one person's words."""
_ICONS = {"price_up": "trending-up", "price_down": "trending-down", "thin_margin": "percent"}


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service; ``asked_share`` is of the most asked one; ``bands``: how answers go with prices."""

    code: str
    name: str
    asked: str
    booked: str
    price: str
    accepted: str
    bands: str
    margin: str
    asked_share: int


@dataclass(frozen=True, slots=True)
class WishRow:
    """Something the catalogue has not."""

    words: str
    count: str


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """A suggestion with its reason; ``worth`` a year, empty where it cannot be told."""

    key: str
    icon: str
    title: str
    why: str
    worth: str
    href: str


class ServiceFiguresState(rx.State):
    """The last year of the workshop's services."""

    status: str = "loading"
    """loading, ready or failed; what was shown stays while failed."""
    rows: list[ServiceRow] = []
    wishes: list[WishRow] = []
    advice: list[AdviceRow] = []
    note: str = ""
    """How far prices can be judged; empty when they can."""
    may_edit: bool = False

    @rx.event
    async def load(self):
        """Read the year."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Read again after a hint."""
        if not is_about(topic, subject, _TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        board = await step.call(get_services().outlook.services, actor)
        self.rows, self.wishes, self.advice, self.note = describe_board(board, reader)
        self.may_edit = actor.can("catalog.manage")


def describe_board(
    board: ServiceBoard, reader: Reader
) -> tuple[list[ServiceRow], list[WishRow], list[AdviceRow], str]:
    """Everything on the page in words."""
    most = max((figure.asked + figure.booked for figure in board.figures), default=0)
    rows = [_row(figure, most, board.currency, reader) for figure in board.figures]
    wishes = [WishRow(wish.words, reader.number(wish.count)) for wish in board.wishes[:_WISHES]]
    advice = [_advice(one, board.currency, reader) for one in board.suggestions]
    note = ""
    if board.figures and board.decided < board.needed:
        note = _word(reader, "few", decided=reader.number(board.decided), needed=reader.number(board.needed))
    return rows, wishes, advice, note


def _row(figure: ServiceFigure, most: int, currency: str, reader: Reader) -> ServiceRow:
    decided = _word(
        reader,
        "of",
        part=reader.number(figure.accepted),
        whole=reader.number(figure.decided),
    )
    return ServiceRow(
        figure.code,
        figure.name,
        reader.number(figure.asked),
        reader.number(figure.booked),
        _money(figure.price_cents, currency, reader),
        decided if figure.decided else "–",
        _bands(figure.bands, currency, reader),
        write_whole(figure.margin_percent, "percent", reader, currency),
        round(100 * (figure.asked + figure.booked) / most) if most else 0,
    )


def _bands(bands: tuple[PriceBand, ...], currency: str, reader: Reader) -> str:
    if not bands:
        return ""
    cheap, dear = bands
    return _word(
        reader,
        "bands",
        limit=_money(cheap.high_cents, currency, reader),
        cheap=reader.number(round(100 * cheap.share)),
        dear=reader.number(round(100 * dear.share)),
    )


def _advice(one: Suggestion, currency: str, reader: Reader) -> AdviceRow:
    title, why = advice_words(one, currency, reader.language)
    worth = write_whole(one.worth_cents, "cents", reader, currency)
    return AdviceRow(
        f"{one.code}:{one.service_code or one.name}",
        "plus" if one.code == ADD_SERVICE else _ICONS[one.code],
        title,
        why,
        _word(reader, "worth", amount=worth) if one.worth_cents else "",
        "/leistungen/",
    )


def _money(cents: int, currency: str, reader: Reader) -> str:
    return format_cents(cents, currency, reader.language)


def _word(reader: Reader, key: str, **params: object) -> str:
    return translate(reader.language, f"outlook.services.{key}", **params)
