"""An ASGI application on a real port of this machine, in a thread of its own."""

import asyncio
import socket
import threading

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp


class HttpServer:
    """Serves until ``stop``; ``port`` is free for the asking."""

    def __init__(self, app: ASGIApp) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._app = app

    def start(self) -> None:
        """Begin to listen."""
        ready = threading.Event()

        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            server = Server(
                self._app,
                "127.0.0.1",
                self.port,
                interface=Interfaces.ASGI,
                log_enabled=False,
                websockets=True,
            )
            self._server = server
            self.loop.call_later(0.2, ready.set)
            await server.serve()

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """End the thread."""
        self.loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(10)


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
