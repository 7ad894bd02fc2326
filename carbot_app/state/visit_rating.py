"""/t/<token>: what the customer thought of a visit that is done."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.ratings.schemas import RatingView
from carbot_app.state.manage import ManageState, OneLinkMixin
from carbot_app.state.steps import Step

_PROBLEMS = {"stars_missing": "missing", "too_long": "too_long", "rating_over": "over"}
"""Have words of their own beside the form."""


class VisitRatingState(OneLinkMixin, rx.State):
    """What changed since the page was served; empty as long as its HTML is right."""

    view: str = ""
    """open, given, final or closed, or edit: what was given is being changed."""
    stars: int = 0
    comment: str = ""
    review: str = ""
    callback: str = ""
    """offer or asked; empty: no call is spoken of."""
    problem: str = ""
    """Key of what is wrong with the form."""
    busy: bool = False

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Give or change the rating."""
        self.busy, self.problem = True, ""
        yield
        manage = await self.get_state(ManageState)
        stars = str(form.get("stars", ""))
        async with manage._step() as step:
            seen = await step.call(
                get_services().ratings.rate_by_link,
                manage._token(),
                int(stars) if stars.isdecimal() and len(stars) == 1 else 0,
                str(form.get("comment", ""))[:4_000],
                language=manage._language,
            )
            self._show(seen)
        self.busy = False
        yield self._outcome(step)

    @rx.event
    async def edit(self):
        """Change what was given."""
        manage = await self.get_state(ManageState)
        async with manage._step() as step:
            seen = await step.call(get_services().ratings.get_by_link, manage._token())
            self._show(seen)
            self.view = "edit" if seen.state == "given" else seen.state
        return step.outcome

    @rx.event
    async def wish_call(self):
        """Somebody of the workshop shall call."""
        manage = await self.get_state(ManageState)
        async with manage._step() as step:
            self._show(await step.call(get_services().ratings.wish_call_by_link, manage._token()))
        return step.outcome

    def _show(self, seen: RatingView) -> None:
        self.view, self.stars, self.comment = seen.state, seen.stars, seen.comment
        self.review, self.callback = seen.review_link, seen.callback

    def _outcome(self, step: Step) -> Any:
        code = step.error.code if step.error else ""
        if code not in _PROBLEMS:
            return step.outcome
        self.problem = _PROBLEMS[code]
        return None
