"""One step of a page: calls services in threads and turns expected errors into what the person sees.

async with staff_step(self) as step:
    actor = await step.actor()
    page = await step.call(services.inbox.list_inbox, actor, view="open")
    self.rows = …
return step.outcome
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError, NotFound, Unauthenticated
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.session import SIGN_IN_PAGE, SessionState

P = ParamSpec("P")
R = TypeVar("R")


class Step:
    """A handler's work as one actor; ``outcome`` is what the handler returns: None, a toast or a redirect."""

    def __init__(self, resolve_actor: Callable[[], Awaitable[Actor]], language: str = "de") -> None:
        self._resolve_actor = resolve_actor
        self.language = language
        self.error: AppError | None = None
        self.outcome: Any = None

    async def actor(self) -> Actor:
        """Who acts, checked again for this step.

        Raises:
            Unauthenticated: nobody is signed in any more.
        """
        actor = await self._resolve_actor()
        self.language = actor.language
        return actor

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a blocking service method in a thread."""
        return await asyncio.to_thread(function, *args, **kwargs)

    def text(self, key: str, **params: Any) -> str:
        """A translated text in the person's language."""
        return translate(self.language, key, **params)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, AppError):
            return False
        self.error = error
        if isinstance(error, Unauthenticated):
            self.outcome = rx.redirect(SIGN_IN_PAGE)
        else:
            self.outcome = toast("err", translate(self.language, error.message_key, **error.params))
        return True


def staff_step(state: rx.State) -> Step:
    """A step of the person signed in in this browser."""

    async def resolve() -> Actor:
        session = await state.get_state(SessionState)
        return await session._require_actor()

    return Step(resolve)


async def public_workshop(slug: str) -> WorkshopView:
    """The workshop at a public address.

    Raises:
        NotFound: ``workshop_unknown``.
    """
    team = get_services().team
    # A thread costs more than the look-up, and customers of one workshop ask again and again
    return team.find_recent(slug) or await asyncio.to_thread(team.get_public_workshop, slug)


def public_step(slug: str, language: str) -> Step:
    """A step of a customer on a page of the workshop ``slug``, who reads in ``language``."""

    async def resolve() -> Actor:
        return get_services().team.public_actor(await public_workshop(slug), language=language)

    return Step(resolve, language)


def parse_id(text: str) -> UUID:
    """An id a browser sent.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
