"""What everything that asks a model once has in common: one client, and the workshop's budget."""

from functools import cached_property
from typing import ClassVar
from uuid import UUID

from openai import OpenAI

from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.media.ports import MediaUnavailable


class Endpoint:
    """An OpenAI-compatible endpoint and a model on it; ``unavailable`` is raised when it fails."""

    unavailable: ClassVar[type[Exception]] = MediaUnavailable
    """Takes the reason, a word for the log."""

    def __init__(
        self, *, base_url: str, api_key: str, model: str, timeout_seconds: float, ledger: UsageLedger
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key or "none"
        self._model = model
        self._timeout = timeout_seconds
        self._ledger = ledger

    @cached_property
    def _client(self) -> OpenAI:
        # Whoever waits for the answer waits once
        return OpenAI(base_url=self._base_url, api_key=self._api_key, timeout=self._timeout, max_retries=0)

    def require_budget(self, workshop_id: UUID) -> None:
        """Raises ``unavailable("monthly_limit")`` when the month's money is spent."""
        if not self._ledger.has_budget(workshop_id):
            raise self.unavailable("monthly_limit")
