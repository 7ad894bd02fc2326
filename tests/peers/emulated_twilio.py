"""Twilio as the npm package ``emulate`` plays it: a server written by others that signs its calls."""

import json
from pathlib import Path

from tests.peers.npm_packages import free_port, start_server, stop_server

ACCOUNT, TOKEN = "AC00000000000000000000000000000000", "twilio_test_auth_token"
NUMBER = "+15551234567"


class EmulatedTwilio:
    """The server on a free port; ``hook`` is called for SMS that come in."""

    def __init__(self, folder: Path, hook: str) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self._seed = folder / "emulate.json"
        number = {"phone_number": NUMBER, "sms_url": hook}
        account = {"sid": ACCOUNT, "auth_token": TOKEN}
        self._seed.write_text(json.dumps({"twilio": {"account": account, "phone_numbers": [number]}}))

    def start(self) -> None:
        """Serve until ``stop``; raises PeerUnavailable when it does not come up."""
        command = ["node_modules/emulate/dist/index.js", "start", "--service", "twilio"]
        self._process = start_server(
            [*command, "--port", str(self.port), "--seed", str(self._seed)], self.port
        )

    def stop(self) -> None:
        """End the server."""
        stop_server(self._process)
