"""localstripe, a stateful Stripe server others wrote (GPL-3.0), in a process of its own.

It has cards and direct debits that succeed, fail and take their time, refunds and signed webhooks.
"""

import socket
import subprocess
import sys
import time

import httpx

from tests.peers.npm_packages import free_port, stop_server

KEY, SECRET = "sk_test_12345", "whsec_local"


class LocalStripe:
    """The server on a free port; ``hook`` is called a second after every event."""

    def __init__(self, hook: str) -> None:
        self._port = free_port()
        self._hook = hook
        self.origin = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve until ``stop``."""
        command = [sys.executable, "-m", "localstripe", "--port", str(self._port), "--from-scratch"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    break
            time.sleep(0.1)
        webhook = {"url": self._hook, "secret": SECRET}
        httpx.post(f"{self.origin}/_config/webhooks/carbot", json=webhook).raise_for_status()

    def stop(self) -> None:
        """End it."""
        stop_server(self._process)
