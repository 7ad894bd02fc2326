"""The assistant's suggestion above the composer: send it, put it into the composer, or discard it."""

from typing import Any

import reflex as rx

from carbot_app.components.ui import draft_card, source
from carbot_app.state.suggestion import SuggestionState

_SUGGESTION: Any = SuggestionState


def suggestion_card() -> rx.Component:
    """Nothing while there is no suggestion, or once it stands in the composer."""
    return rx.el.div(
        rx.cond(
            (_SUGGESTION.id != "") & ~_SUGGESTION.taken,
            rx.el.div(
                draft_card(
                    _SUGGESTION.text,
                    sources=rx.foreach(_SUGGESTION.sources, lambda label: source("file-text", label)),
                    on_send=SuggestionState.send,
                    on_edit=SuggestionState.take,
                    on_discard=SuggestionState.discard,
                    busy=_SUGGESTION.busy,
                ),
                class_name="pb-2.5 [&_.cb-draft-text]:max-h-[30vh] [&_.cb-draft-text]:overflow-y-auto",
            ),
        ),
        aria_live="polite",
        custom_attrs={"data-suggestion": "true"},
    )
