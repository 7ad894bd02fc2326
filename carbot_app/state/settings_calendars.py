"""Calendars of technicians: connected ones, secret links, and connecting another."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.calendars.schemas import (
    CalDavLogin,
    CalendarFeedView,
    CalendarLinkView,
    RefusedMove,
)
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import list_words, translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

RESULT = "ergebnis"
"""Query parameter with which a consent page comes back: ok, or the code of an error."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A connected calendar, ready to be shown."""

    id: str = ""
    title: str = ""
    """Technician and name of the calendar."""
    provider: str = ""
    account: str = ""
    state: str = ""
    problem: str = ""
    """In words; empty while all is well."""
    synced: str = ""
    """When it was last up to date; empty if never."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedLine:
    """Whose visits, and the secret link; without an id all of the workshop."""

    id: str = ""
    name: str = ""
    url: str = ""


class CalendarsState(rx.State):
    """The lists and the pane over them. A typed password is in the form and nowhere here."""

    status: str = "loading"
    """loading, ready or failed."""
    lines: list[CalendarLine] = []
    feeds: list[FeedLine] = []
    technicians: list[tuple[str, str]] = []
    providers: dict[str, bool] = {}
    """Provider → whether it is set up on this server."""
    task: str = ""
    """What lies over the lists: nothing, caldav, google, microsoft, disconnect, renew or end."""
    chosen: CalendarLine = CalendarLine()
    feed: FeedLine = FeedLine()
    choices: list[tuple[str, str]] = []
    """Calendars of the account that was tried; empty before that."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it; ``form`` is what concerns no single one."""
    busy: bool = False
    outcome: str = ""
    """Why a consent page came back without a calendar."""

    @rx.event
    async def load(self):
        """Fetch everything; tell how a consent page ended."""
        self.task, self.choices, self.outcome = "", [], ""
        result = self.router.url.query_parameters.get(RESULT, "")
        async with staff_step(self) as step:
            await self._fetch(step)
            if result == "ok":
                step.outcome = toast("ok", step.text("settings.calendars.connected"))
            elif result:
                known = result if result in list_words("de", "errors") else "calendar_unreachable"
                self.outcome = step.text(f"errors.{known}")
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self, task: str, key: str):
        """Open the pane for a provider, or a question about a calendar or link."""
        async with staff_step(self) as step:
            await step.actor()
            self.problems, self.choices = {}, []
            self.chosen = next((line for line in self.lines if line.id == key), CalendarLine())
            self.feed = next((line for line in self.feeds if line.id == key), FeedLine())
            self.task = task
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        self.task, self.choices, self.problems = "", [], {}

    @rx.event
    async def connect_caldav(self, form: dict[str, Any]):
        """Try the account; with a calendar chosen from it, connect that one."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            login = CalDavLogin(*(str(form.get(name, "")) for name in ("address", "user", "password")))
            chosen = str(form.get("calendar", ""))
            if chosen and any(chosen == value for value, _ in self.choices):
                technician = parse_id(str(form.get("technician", "")))
                made = await step.call(
                    calendars.connect_caldav, actor, login, calendar_id=chosen, resource_id=technician
                )
                self.task, self.choices = "", []
                await self._fetch(step)
                step.outcome = toast("ok", step.text("settings.calendars.connected"), detail=made.name)
            else:
                probed = await step.call(calendars.probe_caldav, actor, login)
                self.choices = [(choice.id, choice.name) for choice in probed.calendars]
        self.busy = False
        yield self._told(step)

    @rx.event
    async def begin_consent(self, form: dict[str, Any]):
        """Send the browser to the provider's own page."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            technician = parse_id(str(form.get("technician", "")))
            address = await step.call(calendars.begin_consent, actor, self.task, technician)
            step.outcome = rx.call_script(f"window.location.assign({json.dumps(address)})")
        self.busy = False
        yield self._told(step)

    @rx.event
    async def disconnect(self):
        """Forget the chosen calendar."""
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            await step.call(calendars.disconnect, actor, parse_id(self.chosen.id))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.calendars.disconnected"))
        return step.outcome

    @rx.event
    async def try_again(self, link_id: str):
        """Have it tried within seconds."""
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            await step.call(calendars.sync_now, actor, parse_id(link_id))
            await self._fetch(step)
            step.outcome = toast("info", step.text("settings.calendars.trying"))
        return step.outcome

    @rx.event
    async def dismiss(self, link_id: str):
        """The refused moves have been read."""
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            await step.call(calendars.dismiss_notices, actor, parse_id(link_id))
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def renew_feed(self, key: str):
        """Make a secret link; one that was there stops working."""
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            await step.call(calendars.renew_feed, actor, _whose(key))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.calendars.feed_made"))
        return step.outcome

    @rx.event
    async def end_feed(self):
        """The chosen link stops working."""
        async with staff_step(self) as step:
            calendars, actor = get_services().calendars, await step.actor()
            await step.call(calendars.end_feed, actor, _whose(self.feed.id))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.calendars.feed_ended"))
        return step.outcome

    def _told(self, step: Step) -> Any:
        """What is wrong stands in the form, at its field if it has one."""
        if step.error is None or step.outcome is None or not self.task:
            return step.outcome
        text = step.text(step.error.message_key, **step.error.params)
        if isinstance(step.error, Invalid) or step.error.field:
            self.problems = {step.error.field or "form": text}
            return None
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().calendars.overview, actor)
        self.lines = [_line(link, reader) for link in found.links]
        self.feeds = [_feed(feed, reader.language) for feed in found.feeds]
        self.technicians = [(str(key), name) for key, name in found.technicians]
        self.providers = dict(found.providers)


def _line(link: CalendarLinkView, reader: Reader) -> CalendarLine:
    name = link.name or translate(reader.language, f"settings.calendars.provider.{link.provider}")
    return CalendarLine(
        id=str(link.id),
        title=" · ".join(filter(None, (link.technician, name))),
        provider=link.provider,
        account=link.account,
        state=link.state,
        problem=translate(reader.language, f"settings.calendars.error.{link.error}") if link.error else "",
        synced=reader.day_and_clock(link.last_synced_at) if link.last_synced_at else "",
        notices=tuple(_notice(notice, reader) for notice in link.notices),
    )


def _notice(notice: RefusedMove, reader: Reader) -> str:
    return translate(
        reader.language,
        "settings.calendars.notice",
        title=notice.title,
        wanted=reader.day_and_clock(notice.wanted),
        at=reader.day_and_clock(notice.at),
        reason=translate(reader.language, f"errors.{notice.code}"),
    )


def _feed(feed: CalendarFeedView, language: str) -> FeedLine:
    everybody = translate(language, "settings.calendars.everybody")
    key = str(feed.resource_id) if feed.resource_id else "all"
    return FeedLine(key, feed.technician or everybody, feed.url)


def _whose(key: str) -> UUID | None:
    return None if key == "all" else parse_id(key)
