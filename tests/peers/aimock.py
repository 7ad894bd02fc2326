"""The npm package @copilotkit/aimock, an OpenAI-compatible server written by others, as a test peer."""

from tests.peers.npm_packages import SOURCE, PeerUnavailable, free_port, start_server, stop_server

__all__ = ["AiMock", "PeerUnavailable"]


class AiMock:
    """The server on a free port, answering from ``aimock.json``."""

    def __init__(self) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Serve until ``stop``; raises PeerUnavailable when it does not come up."""
        cli = "node_modules/@copilotkit/aimock/dist/cli.js"
        self._process = start_server(
            [cli, "--port", str(self.port), "-f", str(SOURCE / "aimock.json")], self.port
        )

    def stop(self) -> None:
        """End the server."""
        stop_server(self._process)
