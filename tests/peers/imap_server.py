"""Real IMAP servers with IDLE: pymap, a wheel that is always there, and Dovecot where it is installed."""

import imaplib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.peers.http_server import free_port

USER, PASSWORD = "info@werkstatt.example", "geheim"


class Certificate:
    """Of this machine, believed by whoever takes ``trust``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.file = folder / "key.pem", folder / "cert.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.now(UTC)
        names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    @property
    def trust(self) -> ssl.SSLContext:
        """For clients."""
        return ssl.create_default_context(cafile=str(self.file))

    @property
    def serving(self) -> ssl.SSLContext:
        """For servers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


class ImapServer(ABC):
    """One account, USER with PASSWORD, behind STARTTLS on ``port``."""

    name = ""

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        self.port = free_port()
        self.certificate = certificate
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """As a person types it."""
        return f"localhost:{self.port}"

    def start(self) -> None:
        """Begin to listen."""
        self._process = subprocess.Popen(
            self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start")

    def stop(self) -> None:
        """End the server with its helpers, and every connection."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
            self._process = None

    def deliver(self, *mails: bytes) -> None:
        """New mails in the inbox, as a mail server would put them there."""
        with self._signed_in() as client:
            for mail in mails:
                kind, answer = client.append("INBOX", None, None, mail)  # type: ignore[arg-type]
                assert kind == "OK", answer

    def flags(self) -> list[str]:
        """Flags of every mail, without ``\\Recent``."""
        with self._signed_in() as client:
            client.select("INBOX", readonly=True)
            lines = client.fetch("1:*", "(FLAGS)")[1]
        return [line.decode().partition("FLAGS (")[2].rstrip("()").replace("\\Recent", "") for line in lines]

    def delete_all(self) -> None:
        """The person tidies up with another program."""
        with self._signed_in() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("localhost", self.port)
        client.starttls(self.certificate.trust)
        client.login(USER, PASSWORD)
        yield client
        client.logout()

    @abstractmethod
    def _command(self) -> list[str]:
        """What runs the server in the foreground."""


class Pymap(ImapServer):
    """Keeps mails in memory; each start is a new mailbox with a new UIDVALIDITY."""

    name = "pymap"

    def _command(self) -> list[str]:
        cert = ["--cert", str(self.certificate.file), "--key", str(self.certificate.key)]
        account = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        start = "import sys; from pymap.main import main; sys.exit(main())"
        return [sys.executable, "-c", start, "--host", "127.0.0.1", "--port", str(self.port), *cert, *account]


class Dovecot(ImapServer):
    """Debian's, without its system configuration."""

    name = "dovecot"

    @staticmethod
    def is_here() -> bool:
        """Whether it can be run: it wants to be root for its users."""
        return shutil.which("dovecot") is not None and os.geteuid() == 0

    def _command(self) -> list[str]:
        folder = self._folder
        for name in ("run", "state", "mail"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for parent in (folder, *folder.parents):
            if str(parent).startswith("/tmp/"):
                parent.chmod(0o755)
        shutil.chown(folder / "mail", "mail", "mail")
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        config = folder / "dovecot.conf"
        config.write_text(
            f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{self.certificate.file}
ssl_key = <{self.certificate.key}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
""",
            "utf-8",
        )
        return ["dovecot", "-F", "-c", str(config)]
