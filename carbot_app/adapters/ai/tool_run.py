"""Calling the shared tools for a language model: checks of arguments, JSON results."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carbot_app.domains.conversations.ports import Turn


class BadArguments(ValueError):
    """The model called a tool in a way it does not understand; told back to the model."""


@dataclass(frozen=True, slots=True)
class ModelTool:
    """One callable function: JSON schema of its arguments and what it does with them."""

    description: str
    properties: dict[str, Any]
    required: tuple[str, ...]
    run: Callable[["ToolRun", dict[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class ToolRun:
    """Tools of one turn and what the model decided besides them."""

    turn: Turn
    tools: Mapping[str, ModelTool]
    handover: str = ""
    offered: bool = False
    asked_before: str = ""
    """What was pending when the turn began: a question of this turn is not answered yet."""

    def __post_init__(self) -> None:
        self.asked_before = self.turn.state.pending

    def call(self, name: str, arguments: str) -> str:
        """Result of a call as JSON; an error is a result too, the model may do better."""
        tool = self.tools.get(name)
        if tool is None:
            return json.dumps({"error": "unknown tool"})
        try:
            given = json.loads(arguments or "{}")
            if not isinstance(given, dict):
                raise BadArguments("arguments must be an object")
            return json.dumps(tool.run(self, given), ensure_ascii=False)
        except (BadArguments, json.JSONDecodeError) as wrong:
            return json.dumps({"error": str(wrong)})


def require_said(turn: Turn, field: str, value: str) -> None:
    """A contact is only what the customer wrote; a model must not make one up."""
    said = " ".join([*(line.text for line in turn.history if line.role == "customer"), turn.text]).casefold()
    if field == "phone":
        wanted, found = re.sub(r"\D", "", value)[-7:], re.sub(r"\D", "", said)
        known = bool(wanted) and wanted in found
    else:
        known = all(word in said for word in value.casefold().split())
    if not known:
        raise BadArguments(f"the customer did not give this {field}; ask for it")


def text_of(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadArguments(f"{name} missing")
    return value[:400]
