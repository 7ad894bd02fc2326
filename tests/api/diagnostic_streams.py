"""Agents and watching browsers at the web sockets of diagnostics."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient, WebSocketTestSession

from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.schemas import SessionView
from carbot_app.kit.actor import Actor
from tests.api.conftest import Tenant

VIN = "WVWZZZ1KZAW000001"
PIDS = (0x04, 0x05, 0x0C, 0x0D, 0x11)
AGENT = "/api/diagnostics/agent"


@dataclass
class Line:
    """An agent on the wire."""

    socket: WebSocketTestSession
    seq: int = 0

    def send(self, *messages: wire.AgentMessage) -> None:
        for message in messages:
            self.socket.send_text(wire.encode(message))

    def hear(self) -> wire.ServerMessage:
        return wire.decode_from_server(self.socket.receive_text())

    def hear_until(self, kind: type) -> Any:
        while not isinstance(message := self.hear(), kind):
            pass
        return message

    def closed(self) -> int:
        """The code it is closed with; what was said before is passed over."""
        while (message := self.socket.receive())["type"] != "websocket.close":
            pass
        return message["code"]

    def greet(self, clock_ms: int = 1_000) -> None:
        self.send(wire.Hello("agent 1.0", clock_ms, "ELM327 v1.5"))

    def start(self, car: str = "car1", vin: str = VIN) -> wire.Ack:
        self.send(wire.Start(car, vin, PIDS, "CAN 11/500"))
        ack = self.hear_until(wire.Ack)
        self.seq = ack.seq
        return ack

    def read(self, *values: float, car: str = "car1", base_ms: int | None = None) -> wire.Samples:
        """Send a batch with engine speeds 100 ms apart."""
        self.seq += 1
        base = 1_000 + self.seq * 100 if base_ms is None else base_ms
        rows = tuple((100 * place, 0x0C, value) for place, value in enumerate(values or (800.0,)))
        batch = wire.Samples(car, self.seq, base, rows)
        self.send(batch)
        return batch

    def end(self, car: str = "car1") -> wire.Ack | None:
        """Say that the car is gone; what was not stored is stored then."""
        self.send(wire.State(car, "ended", "unplugged"))
        return self.hear_until(wire.Ack) if self.seq else None


@contextmanager
def agent_line(client: TestClient, token: str) -> Iterator[Line]:
    with client.websocket_connect(AGENT, headers={"Authorization": f"Bearer {token}"}) as socket:
        yield Line(socket)


@contextmanager
def browser_on(
    client: TestClient, tenant: Tenant, path: str, **headers: str
) -> Iterator[WebSocketTestSession]:
    cookie = {"Cookie": f"carbot_session={tenant.owner.token}"}
    with client.websocket_connect(path, headers={**cookie, **headers}) as socket:
        yield socket


def token_of(services: Services, tenant: Tenant, name: str = "Hebebühne 1") -> tuple[UUID, str]:
    agent, token = services.diagnostics.agents.create_agent(tenant.owner.actor, name)
    return agent.id, token


def only_session(services: Services, actor: Actor) -> SessionView:
    (line,) = services.diagnostics.sessions.list_sessions(actor)
    return services.diagnostics.sessions.get_session(actor, line.id)


def recorded(services: Services, actor: Actor, session_id: UUID) -> list[float]:
    """The values that are stored, in order."""
    pieces = services.diagnostics.recordings.list_pieces(actor, session_id)
    return [value for piece in pieces for _, _, value in piece.rows]
