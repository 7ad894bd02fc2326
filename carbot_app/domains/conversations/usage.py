"""What the external model costs each workshop, and the limit nobody exceeds unasked."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import AssistantUsage
from carbot_app.kit.clock import Clock

_MICROCENTS = 1_000_000


class UsageLedger:
    """Adds up tokens and cost per workshop and calendar month (UTC)."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        limit_cents: int,
        input_cents_per_million: int,
        output_cents_per_million: int,
    ) -> None:
        self._db = db
        self._clock = clock
        self._limit = limit_cents * _MICROCENTS
        self._input_price = input_cents_per_million
        self._output_price = output_cents_per_million

    def has_budget(self, workshop_id: UUID) -> bool:
        """Whether the month's cost is still below the limit."""
        with self._db.reading(workshop_id) as session:
            query = select(AssistantUsage.cost_microcents).where(AssistantUsage.month == self._month())
            return (session.exec(query).first() or 0) < self._limit

    def record(self, workshop_id: UUID, *, input_tokens: int, output_tokens: int) -> None:
        """Add one model call; a token costs its price per million in millionths of a cent."""
        if not self._add(workshop_id, input_tokens, output_tokens):
            try:
                with self._db.writing(workshop_id) as session:
                    session.add(AssistantUsage(workshop_id=workshop_id, month=self._month()))
            except IntegrityError:
                # Another answer of the same workshop opened the month first.
                pass
            self._add(workshop_id, input_tokens, output_tokens)

    def _add(self, workshop_id: UUID, input_tokens: int, output_tokens: int) -> bool:
        cost = input_tokens * self._input_price + output_tokens * self._output_price
        more = (
            update(AssistantUsage)
            .where(col(AssistantUsage.workshop_id) == workshop_id, col(AssistantUsage.month) == self._month())
            .values(
                input_tokens=col(AssistantUsage.input_tokens) + input_tokens,
                output_tokens=col(AssistantUsage.output_tokens) + output_tokens,
                cost_microcents=col(AssistantUsage.cost_microcents) + cost,
            )
        )
        with self._db.writing(workshop_id) as session:
            return session.connection().execute(more).rowcount > 0

    def _month(self) -> str:
        return f"{self._clock():%Y-%m}"
