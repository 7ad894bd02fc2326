"""Views of tasks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as lists show it."""

    id: UUID
    title: str
    due_at: datetime
    overdue: bool
    assignee_id: UUID | None
    assignee_name: str
    """Empty: whoever comes first."""
    customer_name: str
    conversation_id: UUID | None
    made_by: str
    done: bool
