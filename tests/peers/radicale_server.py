"""A real CalDAV server: Radicale in a process of its own."""

import http.client
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

import httpx

from tests.peers.http_server import free_port

USER, PASSWORD = "werkstatt", "geheim"
_CALL: dict[str, Any] = {"auth": (USER, PASSWORD), "verify": False}
"""Over plain HTTP; httpx would read all certificate authorities for each call."""


class Radicale:
    """Serves ``folder`` until the block ends; only the one user with the password gets in."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}/"
        self._folder = folder
        self.set_password(PASSWORD)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def set_password(self, password: str) -> None:
        """Whoever has the old one is locked out, once it is started again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "users").write_text(f"{USER}:{password}\n")

    def start(self) -> None:
        """Begin to listen."""
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "storage-filesystem-folder": str(self._folder / "collections"),
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self._folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
            "auth-cache-logins": "False",
        }
        command = [sys.executable, "-m", "radicale", "--config", ""]
        for name, value in options.items():
            command += [f"--{name}", value]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/.web/")
                connection.getresponse()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("Radicale did not start")

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(10)

    def make_calendar(self, name: str, title: str = "Werkstatt") -> str:
        """A new calendar of the user; its address."""
        url = f"{self.origin}{USER}/{name}/"
        body = (
            '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
            f"<d:displayname>{escape(title)}</d:displayname>"
            '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
            "</d:prop></d:set></c:mkcalendar>"
        )
        httpx.request("MKCALENDAR", url, content=body, **_CALL).raise_for_status()
        return url

    def put(self, url: str, text: str) -> None:
        """Write a file as another program of the user would."""
        headers = {"content-type": "text/calendar"}
        httpx.put(url, content=text, **_CALL, headers=headers).raise_for_status()

    def get(self, url: str) -> str:
        """The file at the address; empty when there is none."""
        answer = httpx.get(url, **_CALL)
        return answer.text if answer.status_code == 200 else ""

    def delete(self, url: str) -> None:
        """Delete a file as another program of the user would."""
        httpx.delete(url, **_CALL).raise_for_status()
