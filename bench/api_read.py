"""Reading leads through the REST API with 10,000 of them in the database."""

import asyncio
import time

from bench.harness import DEMO_SLUG, Server, machine, milliseconds, record, running
from bench.http_clients import Connection

LEADS = 10_000


def api_read(clients: int = 20, seconds: float = 15) -> None:
    """GET /api/v1/leads, twenty at once without pause."""
    setting = machine()
    with running(api_rate_per_minute="10000000") as server:
        key = _fill(server)
        asyncio.run(
            _load(server, key, clients, 3)
        )  # a server that has just started still loads its language model
        durations, statuses = asyncio.run(_load(server, key, clients, seconds))
    record(
        "api_read",
        load=f"{clients} clients without pause, {seconds:.0f} s, pages of 20 of {LEADS} leads, SQLite",
        target="p95 <= 50 ms",
        baseline="FastAPI with SQLModel rows, 20 rows, 32 connections: p95 83 ms, 658 requests/s",
        result={
            **milliseconds(durations),
            "per_second": round(len(durations) / seconds),
            "statuses": statuses,
        },
        setting=setting,
    )


async def _load(server: Server, key: str, clients: int, seconds: float) -> tuple[list[float], dict[int, int]]:
    durations: list[float] = []
    statuses: dict[int, int] = {}
    end = time.perf_counter() + seconds

    async def client() -> None:
        connection = Connection(server.host, server.port)
        await connection.open()
        while time.perf_counter() < end:
            began = time.perf_counter()
            status = await connection.get("/api/v1/leads?limit=20", {"Authorization": f"Bearer {key}"})
            durations.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return durations, statuses


def _fill(server: Server) -> str:
    """Bring the demo workshop to LEADS leads and make an API key."""
    from carbot_app.bootstrap import build_services
    from carbot_app.config import Settings
    from carbot_app.domains.conversations.models import Conversation
    from carbot_app.domains.leads.models import Lead
    from carbot_app.domains.team.roles import OWNER, PERMISSIONS
    from carbot_app.kit.actor import Actor
    from carbot_app.kit.clock import system_clock
    from carbot_app.kit.ids import new_secret

    services = build_services(Settings(data_dir=server.data_dir))
    workshop = services.team.get_public_workshop(DEMO_SLUG)
    with services.db.writing(workshop.id) as session:
        for number in range(LEADS):
            conversation = Conversation(
                workshop_id=workshop.id,
                channel="chat",
                token_fingerprint=new_secret(),
                last_message_at=system_clock(),
            )
            session.add(conversation)
            session.flush()
            session.add(
                Lead(
                    workshop_id=workshop.id,
                    conversation_id=conversation.id,
                    channel="chat",
                    wish=f"Bremsen {number}",
                    score=number % 100,
                    reasons=[{"code": "safety", "points": 14, "params": {}}],
                )
            )
    owner = Actor("person", workshop.id, role=OWNER, permissions=PERMISSIONS[OWNER])
    _, key = services.api_keys.create_api_key(owner, name="bench", scopes=["inbox.read"])
    services.db.close()
    return key
