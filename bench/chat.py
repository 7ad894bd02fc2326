"""The chat: how soon the first word of an answer arrives, how soon staff sees the lead."""

import asyncio
import contextlib
import gzip
import json
import random
import time
import uuid
from collections.abc import Iterator

import websockets

from bench.harness import DEMO_SLUG, ROOT, Server, machine, milliseconds, record, redis_url, running
from bench.http_clients import Connection

MESSAGES = (
    "Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-AB 123",
    "How much is an oil change for a Ford Focus?",
    "Kışlık lastik değişimi için randevu almak istiyorum",
    "Ile kosztuje przegląd TÜV?",
)


def first_token(chats: int = 20, turns: int = 8) -> None:
    """Chats going on at once; each visitor writes, reads for one to three seconds and writes again."""
    setting = machine()
    with running(chat_rate_per_minute="100000", public_rate_per_minute="1000000") as server:
        asyncio.run(_ask_all(server, 4))  # the first questions after a start load what the following share
        waits = asyncio.run(_chat(server, chats, turns))
        burst = [wait for _ in range(3) for wait in asyncio.run(_ask_all(server, chats))]
    widget = (ROOT / "assets" / "widget.js").read_bytes()
    record(
        "widget",
        load=f"{chats} chats at once, {turns} messages each, 1 to 3 s between them, four languages, built-in "
        "assistant, SQLite; burst: all in the same moment",
        target="<= 15360 bytes gzip, first answer token p95 <= 150 ms",
        baseline="none",
        result={
            "first_token": milliseconds(waits),
            "first_token_burst": milliseconds(burst),
            "widget_gzip_bytes": len(gzip.compress(widget, 9)),
        },
        setting=setting,
    )


async def _chat(server: Server, chats: int, turns: int) -> list[float]:
    waits: list[float] = []

    async def visitor(number: int) -> None:
        await asyncio.sleep(random.random() * 2)
        conversation, token = await asyncio.to_thread(_start, server)
        for turn in range(turns):
            waits.append(await _ask(server, conversation, token, number + turn))
            await asyncio.sleep(1 + 2 * random.random())

    await asyncio.gather(*(visitor(number) for number in range(chats)))
    return waits


def lead_visible(rounds: int = 30) -> None:
    """From a visitor's message to the lead in the inbox list of a signed-in browser."""
    for workers in (1, 2):
        setting = machine()
        with _redis(workers) as more, running(public_rate_per_minute="1000000", **more) as server:
            waits = asyncio.run(_watch(server, rounds))
        record(
            f"lead_visible_{workers}_workers",
            load=f"{rounds} new visitors one after the other, {workers} web worker(s)"
            + (", Redis" if workers > 1 else ""),
            target="p95 <= 1000 ms",
            baseline="bare live channel, two workers and Redis: median 35 ms",
            result=milliseconds(waits),
            setting=setting,
        )


async def _ask_all(server: Server, chats: int) -> list[float]:
    visitors = [await asyncio.to_thread(_start, server) for _ in range(chats)]
    return list(
        await asyncio.gather(*(_ask(server, *visitor, number) for number, visitor in enumerate(visitors)))
    )


def _start(server: Server) -> tuple[str, str]:
    path = f"/api/widget/v1/{DEMO_SLUG}/conversations"
    status, body, _ = server.request("POST", path, {"language": "de", "page_url": ""})
    assert status == 201, body
    return body["conversation_id"], body["token"]


async def _ask(server: Server, conversation: str, token: str, number: int = 0) -> float:
    """Seconds to the first piece of the answer."""
    connection = Connection(server.host, server.port)
    await connection.open()
    message = {"client_id": str(uuid.uuid4()), "text": MESSAGES[number % len(MESSAGES)]}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began, first = time.perf_counter(), 0.0
    path = f"/api/widget/v1/conversations/{conversation}/messages"
    async for arrived, line in connection.stream(path, headers, json.dumps(message).encode()):
        if line.startswith("event: delta") and not first:
            first = arrived - began
    connection.close()
    assert first, "no answer"
    return first


async def _watch(server: Server, rounds: int) -> list[float]:
    cookie = await asyncio.to_thread(server.sign_in)
    waits = []
    address = f"ws://{server.host}:{server.port}/api/live"
    headers = {"Cookie": cookie, "Origin": server.url}
    async with websockets.connect(address, additional_headers=headers) as live:
        await asyncio.sleep(1)
        for number in range(rounds):
            conversation, token = await asyncio.to_thread(_start, server)
            began = time.perf_counter()
            asking = asyncio.create_task(_ask(server, conversation, token, number))
            while True:
                hint = json.loads(await asyncio.wait_for(live.recv(), 10))
                if hint.get("topic") == "lead" and hint.get("id") == conversation:
                    break
            waits.append(time.perf_counter() - began)
            await asking
    return waits


@contextlib.contextmanager
def _redis(workers: int) -> Iterator[dict[str, str]]:
    if workers == 1:
        yield {}
        return
    with redis_url() as url:
        yield {"workers": str(workers), "redis_url": url}
