"""Outbox consumer that posts webhooks; the outbox tries again, the run log says how it went."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.automations.actions import DONE, FAILED, QUEUED
from carbot_app.domains.automations.models import Automation, AutomationRun
from carbot_app.domains.automations.ports import Vault, WebhookError, WebhookSender
from carbot_app.domains.automations.runner import note_outcome
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.clock import Clock

SECRET_PURPOSE = "automation-webhook"  # noqa: S105 - what a secret is for, not one


class Webhooks:
    """Sends ``automation.webhook`` events."""

    def __init__(self, *, db: Database, clock: Clock, sender: WebhookSender, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._sender = sender
        self._vault = vault

    def on_event(self, delivery: Delivery) -> None:
        """Post one webhook; raises WebhookError for the outbox to try again."""
        if delivery.kind != "automation.webhook":
            return
        run_id, position = UUID(delivery.payload["run_id"]), int(delivery.payload["position"])
        with self._db.reading(delivery.workshop_id) as session:
            run = session.get(AutomationRun, run_id)
            if run is None:
                return
            row = session.get_one(Automation, run.automation_id)
            body = json.dumps(_describe(session, row, run), ensure_ascii=False).encode()
        try:
            self._sender.send(
                delivery.payload["url"],
                body=body,
                secret=self._vault.unseal(row.webhook_secret, purpose=SECRET_PURPOSE),
                delivery=f"{run_id}-{position}",
                at=self._clock(),
            )
        except WebhookError as error:
            self._note(delivery, run_id, position, FAILED if error.permanent else QUEUED, str(error))
            if not error.permanent:
                raise
            return
        self._note(delivery, run_id, position, DONE, "")

    def _note(self, delivery: Delivery, run_id: UUID, position: int, state: str, detail: str) -> None:
        with self._db.writing(delivery.workshop_id) as session:
            note_outcome(session, run_id, position, state=state, detail=detail)


def _describe(session: Session, row: Automation, run: AutomationRun) -> dict[str, Any]:
    """Ids and figures; whoever wants names asks the API with a key of their own."""
    lead = None
    if run.conversation_id:
        lead = session.exec(select(Lead).where(Lead.conversation_id == run.conversation_id)).first()
    return {
        "id": str(run.id),
        "automation": {"id": str(row.id), "name": row.name, "version": run.version},
        "trigger": row.trigger,
        "at": run.created_at.isoformat(),
        "conversation_id": str(run.conversation_id) if run.conversation_id else None,
        "customer_id": str(run.customer_id) if run.customer_id else None,
        "lead": lead and {"score": lead.score, "temperature": lead.temperature, "intent": lead.intent},
    }
