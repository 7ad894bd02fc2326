"""Use cases of the automations page; everything needs ``automations.manage``."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.automations import vocabulary as words
from carbot_app.domains.automations.actions import ActionHands
from carbot_app.domains.automations.definitions import actions_of, clean_draft, conditions_of, to_json
from carbot_app.domains.automations.dry_run import PERIOD, rehearse
from carbot_app.domains.automations.models import Automation, AutomationDeadline, AutomationRun
from carbot_app.domains.automations.ports import Vault
from carbot_app.domains.automations.schemas import (
    AutomationDraft,
    AutomationView,
    DryRun,
    Outcome,
    PersonChoice,
    RunView,
)
from carbot_app.domains.automations.webhooks import SECRET_PURPOSE
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_secret

MOST_AUTOMATIONS = 50
PERMISSION = "automations.manage"


class AutomationService:
    """Building, trying and watching automations; they act through AutomationRunner."""

    def __init__(
        self, *, db: Database, clock: Clock, hands: ActionHands, vault: Vault, private_hosts: bool = False
    ) -> None:
        """``private_hosts``: webhooks may go to the own network, also without TLS."""
        self._db = db
        self._clock = clock
        self._hands = hands
        self._vault = vault
        self._private_hosts = private_hosts

    def list_automations(self, actor: Actor) -> list[AutomationView]:
        """All, in the order they were made."""
        actor.require(PERMISSION)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(Automation).order_by(col(Automation.id))).all()
            counts = self._counts(session)
            return [self._describe(row, *counts.get(row.id, (0, None))) for row in rows]

    def save(self, actor: Actor, draft: AutomationDraft, automation_id: UUID | None = None) -> AutomationView:
        """Store a new automation, switched off, or a new version of an old one.

        Raises:
            Invalid: naming the part (definitions.clean_draft). Conflict: ``automation_limit``. NotFound.
        """
        actor.require(PERMISSION)
        clean = self._clean(draft)
        with self._db.writing(actor.workshop_id) as session:
            if automation_id is None:
                row = self._new(session, actor)
            else:
                row = _row(session, automation_id)
                row.version += 1
            row.name, row.trigger, row.delay_minutes = clean.name, clean.trigger, clean.delay_minutes
            row.conditions, row.actions = to_json(clean.conditions), to_json(clean.actions)
            if not row.webhook_secret and any(action.kind == words.WEBHOOK for action in clean.actions):
                row.webhook_secret = self._vault.seal(new_secret(), purpose=SECRET_PURPOSE)
            session.add(row)
            emit(session, actor.workshop_id, "automation.changed", automation_id=row.id)
            session.flush()
            return self._describe(row, *self._counts(session).get(row.id, (0, None)))

    def set_enabled(self, actor: Actor, automation_id: UUID, enabled: bool) -> AutomationView:
        """Switch on, for what happens from now on, or off; what waits for its time is dropped then."""
        actor.require(PERMISSION)
        with self._db.writing(actor.workshop_id) as session:
            row = _row(session, automation_id)
            if enabled and not row.enabled:
                row.enabled_since = self._clock()
            row.enabled = enabled
            if not enabled:
                for waiting in session.exec(
                    select(AutomationDeadline).where(AutomationDeadline.automation_id == row.id)
                ):
                    session.delete(waiting)
            emit(session, actor.workshop_id, "automation.changed", automation_id=row.id)
            session.flush()
            return self._describe(row, *self._counts(session).get(row.id, (0, None)))

    def remove(self, actor: Actor, automation_id: UUID) -> None:
        """Delete it with its log. Raises NotFound."""
        actor.require(PERMISSION)
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_row(session, automation_id))
            emit(session, actor.workshop_id, "automation.changed", automation_id=automation_id)

    def dry_run(self, actor: Actor, draft: AutomationDraft) -> DryRun:
        """What the draft would have done in the last 30 days. Raises Invalid as ``save``."""
        actor.require(PERMISSION)
        clean = self._clean(draft)
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            return rehearse(session, workshop, clean, self._hands, self._clock())

    def list_runs(self, actor: Actor, automation_id: UUID | None = None, limit: int = 30) -> list[RunView]:
        """The run log, newest first."""
        actor.require(PERMISSION)
        query = (
            select(AutomationRun, Automation, Customer)
            .join(Automation, col(Automation.id) == AutomationRun.automation_id)
            .outerjoin(Customer, col(Customer.id) == AutomationRun.customer_id)
        )
        if automation_id is not None:
            query = query.where(AutomationRun.automation_id == automation_id)
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query.order_by(col(AutomationRun.id).desc()).limit(min(limit, 200)))
            return [_run_view(run, row, customer) for run, row, customer in found]

    def list_people(self, actor: Actor) -> list[PersonChoice]:
        """Who work can be given to: everybody who reads the inbox."""
        actor.require(PERMISSION)
        query = (
            select(Person, Membership)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(Membership.active)
        )
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query.order_by(Person.name)).all()
        return [
            PersonChoice(person.id, person.name)
            for person, membership in found
            if "inbox.read" in PERMISSIONS[membership.role]
        ]

    def _clean(self, draft: AutomationDraft) -> AutomationDraft:
        clean = clean_draft(draft)
        for position, action in enumerate(clean.actions):
            if action.url and not action.url.startswith("https://") and not self._private_hosts:
                raise Invalid("automation_address_invalid", field=f"action-{position}")
        return clean

    def _new(self, session: Session, actor: Actor) -> Automation:
        if session.exec(select(func.count(col(Automation.id)))).one() >= MOST_AUTOMATIONS:
            raise Conflict("automation_limit", limit=MOST_AUTOMATIONS)
        return Automation(workshop_id=actor.workshop_id, name="", trigger="message", created_at=self._clock())

    def _counts(self, session: Session) -> dict[UUID, tuple[int, datetime | None]]:
        since = self._clock() - timedelta(days=PERIOD.days)
        query = (
            select(
                AutomationRun.automation_id,
                func.count(col(AutomationRun.id)),
                func.max(col(AutomationRun.created_at)),
            )
            .where(AutomationRun.created_at >= since)
            .group_by(col(AutomationRun.automation_id))
        )
        return {automation_id: (count, last) for automation_id, count, last in session.exec(query)}

    def _describe(self, row: Automation, runs: int, last_run_at: datetime | None) -> AutomationView:
        return AutomationView(
            id=row.id,
            enabled=row.enabled,
            draft=AutomationDraft(
                name=row.name,
                trigger=row.trigger,
                delay_minutes=row.delay_minutes,
                conditions=conditions_of(row.conditions),
                actions=actions_of(row.actions),
            ),
            version=row.version,
            webhook_secret=self._secret(row),
            runs=runs,
            last_run_at=last_run_at,
        )

    def _secret(self, row: Automation) -> str:
        sends = any(action["kind"] == words.WEBHOOK for action in row.actions)
        return self._vault.unseal(row.webhook_secret, purpose=SECRET_PURPOSE) if sends else ""


def _row(session: Session, automation_id: UUID) -> Automation:
    row = session.exec(select(Automation).where(Automation.id == automation_id)).first()
    if row is None:
        raise NotFound("automation_unknown")
    return row


def _run_view(run: AutomationRun, row: Automation, customer: Customer | None) -> RunView:
    return RunView(
        id=run.id,
        automation_id=row.id,
        automation_name=row.name,
        at=run.created_at,
        state=run.state,
        error=run.error,
        customer_name=customer.name if customer else "",
        conversation_id=run.conversation_id,
        outcomes=tuple(Outcome(**outcome) for outcome in run.outcomes),
    )
