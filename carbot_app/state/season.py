"""Season campaigns: the plan before it starts, how far it is, and what came of each invitation."""

from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.tyres.season_schemas import CampaignWish
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.season_rows import (
    SHOWN_PEOPLE,
    CampaignCard,
    PersonLine,
    PlanCard,
    WaveLine,
    WishForm,
    describe_campaign,
    describe_invitation,
    describe_plan,
    describe_wish,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

LIVE_TOPICS = {"season", "appointment"}
_FIELDS = ("season", "service", "starts_on", "ends_on", "per_day")


class SeasonState(rx.State):
    """The last campaign, and a form for the next one when none is open."""

    status: str = "loading"
    """loading, ready or failed."""
    campaign: CampaignCard = CampaignCard()
    form: WishForm = WishForm()
    services: list[list[str]] = []
    """Code and name of what can be invited to."""
    plan: PlanCard = PlanCard()
    waves: list[WaveLine] = []
    left_out: list[PersonLine] = []
    invitations: list[PersonLine] = []
    asking: str = ""
    """The question on the screen: nothing, start or stop."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    may_manage: bool = False
    version: int = 0
    """Grows when the form is filled anew."""

    @rx.event
    async def load(self):
        """Show the campaign that runs, or what the coming season could look like."""
        self.asking, self.problems = "", {}
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint; a form that is being filled in stays as it is."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status != "ready" or not self.campaign.is_open:
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def change(self, field: str, value: str):
        """Work out the plan anew for what was chosen or typed; nothing is stored or sent."""
        if field not in _FIELDS:
            return None
        self.form = replace(self.form, **{field: value[:20]})
        async with staff_step(self) as step:
            await self._preview(step, _read(_typed(self.form)))
        return self._after(step)

    @rx.event
    async def review(self, form: dict[str, Any]):
        """Show what would happen and ask whether to start."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            (await step.actor()).require("tyres.manage")
            wish = _read(form)
            await self._preview(step, wish)
            self.form = describe_wish(wish)
            self.asking = "start"
        yield self._after(step)

    @rx.event
    async def ask(self, question: str):
        """Ask before it ends, or take the question back."""
        async with staff_step(self) as step:
            await step.actor()
            self.asking = question if question in {"start", "stop"} else ""
        return step.outcome

    @rx.event
    async def start(self):
        """Begin what the plan shows."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            wish = _read(_typed(self.form))
            await step.call(get_services().campaigns.start, await step.actor(), wish)
            await self._fetch(step)
            step.outcome = toast("ok", step.text("season.toast.started"))
        self.asking = ""
        yield self._after(step)

    @rx.event
    async def pause(self):
        """No invitation leaves until it is resumed."""
        return await self._change(get_services().campaigns.pause, "paused")

    @rx.event
    async def resume(self):
        """Go on."""
        return await self._change(get_services().campaigns.resume, "resumed")

    @rx.event
    async def stop(self):
        """End it."""
        return await self._change(get_services().campaigns.stop, "stopped")

    async def _change(self, change: Any, word: str) -> Any:
        async with staff_step(self) as step:
            await step.call(change, await step.actor(), parse_id(self.campaign.id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text(f"season.toast.{word}"))
        self.asking = ""
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, campaigns = await step.actor(), await reader_for(self), get_services().campaigns
        self.may_manage = actor.can("tyres.manage")
        found = await step.call(campaigns.latest, actor)
        self.campaign, self.invitations = CampaignCard(), []
        if found is not None:
            self.campaign = describe_campaign(found, reader)
            sent = await step.call(campaigns.list_invitations, actor, found.id)
            self.invitations = [describe_invitation(one, reader) for one in sent[:SHOWN_PEOPLE]]
        if found is not None and found.is_open:
            plan = await step.call(campaigns.plan_of, actor, found.id)
            self.plan, self.waves, self.left_out = describe_plan(plan, reader)
            return
        offer = await step.call(campaigns.offer, actor)
        self.services = [list(pair) for pair in offer.services]
        self.form = describe_wish(offer.wish)
        self.version += 1
        if offer.services:
            await self._preview(step, offer.wish)

    async def _preview(self, step: Step, wish: CampaignWish) -> None:
        reader = await reader_for(self)
        plan = await step.call(get_services().campaigns.preview, await step.actor(), wish)
        self.plan, self.waves, self.left_out = describe_plan(plan, reader)

    def _after(self, step: Step) -> Any:
        self.busy, self.problems = False, {}
        if step.error is not None and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome


def _typed(form: WishForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in _FIELDS}


def _read(form: dict[str, Any]) -> CampaignWish:
    number = str(form.get("per_day") or "").strip()
    return CampaignWish(
        season=str(form.get("season") or ""),
        service_code=str(form.get("service") or ""),
        starts_on=_day(form, "starts_on"),
        ends_on=_day(form, "ends_on"),
        per_day=int(number) if number.isdecimal() and len(number) <= 4 else 0,
    )


def _day(form: dict[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(str(form.get(field) or ""))
    except ValueError:
        raise Invalid("date_invalid", field=field) from None
