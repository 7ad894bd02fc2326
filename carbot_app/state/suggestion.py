"""The suggestion above the composer of the open thread."""

import json

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step

_PUT = """(() => {
  const box = document.querySelector("[data-inbox-reply]");
  if (!box) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, %s);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
})()"""
"""As if it had been typed, so that the draft is kept."""


class SuggestionState(rx.State):
    """What the assistant would answer; ``id`` is empty while there is nothing."""

    id: str = ""
    text: str = ""
    sources: list[str] = []
    taken: bool = False
    busy: bool = False

    _conversation: str = ""

    @rx.event
    async def take(self):
        """Put it into the composer, to be changed."""
        async with staff_step(self) as step:
            found = await step.call(get_services().suggestions.take, await step.actor(), parse_id(self.id))
            self.taken = True
            step.outcome = rx.call_script(_PUT % json.dumps(found.text))
        return step.outcome

    @rx.event
    async def send(self):
        """Answer with it as it stands."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor, conversation_id = await step.actor(), parse_id(self._conversation)
            try:
                await step.call(get_services().inbox.reply, actor, conversation_id, self.text)
            except (Conflict, Invalid) as error:
                step.outcome = toast("err", step.text(error.message_key, **error.params))
            else:
                await step.call(get_services().suggestions.settle_reply, actor, conversation_id, self.text)
                self._clear()
        self.busy = False
        yield step.outcome

    @rx.event
    async def discard(self):
        """It is of no use."""
        async with staff_step(self) as step:
            await step.call(get_services().suggestions.discard, await step.actor(), parse_id(self.id))
            self._clear()
        return step.outcome

    async def _fill(self, step: Step, actor: Actor, conversation_id: str) -> None:
        """With the thread that was fetched."""
        found = await step.call(get_services().suggestions.find, actor, parse_id(conversation_id))
        self._conversation = conversation_id
        if found is None:
            self._clear()
            return
        self.id, self.text, self.taken = str(found.id), found.text, found.taken
        self.sources = list(found.sources)

    def _clear(self) -> None:
        self.id, self.text, self.sources, self.taken = "", "", [], False
