"""Agents and their tokens, and the adapters of the server itself."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.diagnostics import orders
from carbot_app.domains.diagnostics.models import DiagnosticAdapter, DiagnosticAgent
from carbot_app.domains.diagnostics.schemas import AdapterView, AgentView
from carbot_app.domains.diagnostics.wire import Hello
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import fingerprint, new_id, new_secret
from carbot_app.kit.live import LiveBus
from carbot_app.kit.text import single_line

MANAGE = "settings.manage"
READ = "diagnostics.read"
RUN = "diagnostics.run"
STREAM = "diagnostics.stream"
"""What an agent may do, and nothing else."""
PREFIX = "cba_"
_SHOWN = 11
_NAME_LIMIT = 80
_AGENT_LIMIT = 100
_SOCKET = re.compile(r"socket://(?P<host>[A-Za-z0-9.-]{1,80}|\[[0-9A-Fa-f:]{2,45}\]):(?P<port>\d{1,5})")
_DEVICE = re.compile(
    r"/dev/(tty[A-Za-z]{1,8}\d{1,3}|rfcomm\d{1,3}|cu\.[A-Za-z0-9._-]{1,60}|serial/by-id/[\w.:-]{1,80})"
)
_SEEN_EVERY = timedelta(seconds=30)


class AgentService:
    """Agents bring readings with a token of their own, which opens nothing else.

    ``server_adapters``: whether adapters on the server machine are allowed at all; an address there reaches
    into the server's own network, which only the operator may open.
    """

    def __init__(self, *, db: Database, clock: Clock, live: LiveBus, server_adapters: bool) -> None:
        self._db = db
        self._clock = clock
        self._live = live
        self.server_adapters = server_adapters

    def create_agent(self, actor: Actor, name: str) -> tuple[AgentView, str]:
        """A new agent and its token, which is shown once and stored nowhere.

        Raises:
            Forbidden: without ``settings.manage``. Invalid: name. Conflict: ``agents_full``.
        """
        actor.require(MANAGE)
        token = PREFIX + new_secret()
        row = DiagnosticAgent(
            id=new_id(),
            created_at=self._clock(),
            workshop_id=actor.workshop_id,
            name=single_line(name, field="name", limit=_NAME_LIMIT, required=True),
            prefix=token[:_SHOWN],
            token_fingerprint=fingerprint(token),
            created_by=actor.name,
        )
        with self._db.writing(actor.workshop_id) as session:
            working = session.exec(
                select(DiagnosticAgent.id).where(col(DiagnosticAgent.revoked_at).is_(None))
            ).all()
            if len(working) >= _AGENT_LIMIT:
                raise Conflict("agents_full", limit=_AGENT_LIMIT)
            session.add(row)
            emit(session, actor.workshop_id, "diagnostic.agent_created", agent_id=row.id)
        return _agent_view(row), token

    def list_agents(self, actor: Actor) -> list[AgentView]:
        """All agents, newest first, revoked ones last.

        Raises:
            Forbidden: without ``diagnostics.read`` or ``settings.manage``.
        """
        actor.require_any(READ, MANAGE)
        query = select(DiagnosticAgent).order_by(
            col(DiagnosticAgent.revoked_at).is_not(None), col(DiagnosticAgent.id).desc()
        )
        with self._db.reading(actor.workshop_id) as session:
            return [_agent_view(row) for row in session.exec(query)]

    def revoke_agent(self, actor: Actor, agent_id: UUID) -> AgentView:
        """End an agent at once, also in mid-stream; twice is fine.

        Raises:
            Forbidden: without ``settings.manage``. NotFound: unknown or another workshop's.
        """
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(DiagnosticAgent).where(DiagnosticAgent.id == agent_id)).first()
            if row is None:
                raise NotFound
            row.revoked_at = row.revoked_at or self._clock()
            emit(session, actor.workshop_id, "diagnostic.agent_revoked", agent_id=row.id)
        order = {"do": orders.REVOKED, "agent": str(agent_id)}
        self._live.publish(orders.orders_channel(actor.workshop_id), order)
        return _agent_view(row)

    def resolve_agent(self, token: str) -> Actor | None:
        """Who an agent is by its token; None when that is unknown or revoked."""
        if not token.startswith(PREFIX):
            return None
        query = (
            select(DiagnosticAgent, Workshop.language)
            .join(Workshop, col(Workshop.id) == col(DiagnosticAgent.workshop_id))
            .where(
                DiagnosticAgent.token_fingerprint == fingerprint(token),
                col(DiagnosticAgent.revoked_at).is_(None),
            )
        )
        with self._db.reading(SYSTEM) as session:
            found = session.exec(query).first()
        if found is None:
            return None
        row, language = found
        return Actor(
            kind="agent",
            workshop_id=row.workshop_id,
            subject_id=row.id,
            name=row.name,
            language=language,
            permissions=frozenset({STREAM}),
        )

    def touch_agent(self, actor: Actor, hello: Hello | None = None) -> bool:
        """Note that the agent was heard of, and what it says it is; False when it has been revoked."""
        actor.require(STREAM)
        said = {} if hello is None else {"software": hello.agent, "adapter": hello.adapter}
        with self._db.writing(actor.workshop_id) as session:
            alive = session.exec(
                select(DiagnosticAgent).where(
                    DiagnosticAgent.id == actor.subject_id, col(DiagnosticAgent.revoked_at).is_(None)
                )
            ).first()
            if alive is None:
                return False
            now = self._clock()
            if said or alive.last_seen_at is None or now - alive.last_seen_at >= _SEEN_EVERY:
                session.execute(
                    update(DiagnosticAgent)
                    .where(col(DiagnosticAgent.id) == alive.id)
                    .values(last_seen_at=now, **said)
                )
        return True

    def add_adapter(self, actor: Actor, name: str, address: str) -> AdapterView:
        """An adapter the server is to talk to itself.

        Raises:
            Forbidden: without ``settings.manage``, or ``server_adapters_off``.
            Invalid: name, or ``adapter_address`` that is neither ``socket://host:port`` nor a serial device.
            Conflict: ``adapter_known``.
        """
        actor.require(MANAGE)
        if not self.server_adapters:
            raise Forbidden("server_adapters_off")
        row = DiagnosticAdapter(
            id=new_id(),
            workshop_id=actor.workshop_id,
            name=single_line(name, field="name", limit=_NAME_LIMIT, required=True),
            address=_address(address),
            created_by=actor.name,
        )
        with self._db.writing(actor.workshop_id) as session:
            known = select(DiagnosticAdapter.id).where(DiagnosticAdapter.address == row.address)
            if session.exec(known).first():
                raise Conflict("adapter_known", field="address")
            session.add(row)
        return _adapter_view(row)

    def list_adapters(self, actor: Actor) -> list[AdapterView]:
        """The adapters of the server, by name.

        Raises:
            Forbidden: without ``diagnostics.read`` or ``settings.manage``.
        """
        actor.require_any(READ, MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(DiagnosticAdapter).order_by(col(DiagnosticAdapter.name)))
            return [_adapter_view(row) for row in rows]

    def remove_adapter(self, actor: Actor, adapter_id: UUID) -> None:
        """Forget an adapter.

        Raises:
            Forbidden: without ``settings.manage``. NotFound: unknown or another workshop's.
        """
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            session.delete(_adapter(session, adapter_id))


def _adapter(session: Session, adapter_id: UUID) -> DiagnosticAdapter:
    row = session.exec(select(DiagnosticAdapter).where(DiagnosticAdapter.id == adapter_id)).first()
    if row is None:
        raise NotFound
    return row


def _address(text: str) -> str:
    address = text.strip()
    socket = _SOCKET.fullmatch(address)
    if (socket and 0 < int(socket["port"]) < 65536) or _DEVICE.fullmatch(address):
        return address
    raise Invalid("adapter_address", field="address")


def _agent_view(row: DiagnosticAgent) -> AgentView:
    return AgentView(
        row.id,
        row.name,
        row.prefix,
        row.software,
        row.adapter,
        row.created_at,
        row.last_seen_at,
        row.revoked_at,
    )


def _adapter_view(row: DiagnosticAdapter) -> AdapterView:
    return AdapterView(row.id, row.name, row.address)
