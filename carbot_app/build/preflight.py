"""What can be known to go wrong before the start, each as one sentence that says what to do."""

import errno
import os
import shutil
import socket
from pathlib import Path

from carbot_app.config import Settings

_NEEDED_BYTES = 300_000_000
_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


class StartProblem(Exception):
    """The start cannot go on; the text is one sentence for the person at the keyboard."""


def check_start(settings: Settings, root: Path) -> None:
    """Port free, folders writable, room on the disk.

    Raises:
        StartProblem: naming the first thing in the way.
    """
    check_port(settings.host, settings.port)
    for folder in (root, settings.data_dir):
        check_folder(folder)


def check_port(host: str, port: int) -> None:
    """Raises:
    StartProblem: something already listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise StartProblem(
                    f"Port {port} is already in use; stop the other program or choose another port with "
                    f"`CARBOT_PORT={port + 1} make run`."
                ) from None
            if problem.errno == errno.EACCES:
                raise StartProblem(
                    f"Port {port} is reserved for root; choose another as in `CARBOT_PORT=3000 make run`."
                ) from None
            raise StartProblem(
                f"CARBOT_HOST={host} is not an address of this machine; 127.0.0.1 or 0.0.0.0 always work."
            ) from None


def check_folder(folder: Path) -> None:
    """Make the folder if needed.

    Raises:
        StartProblem: it cannot be made or written, or its disk is nearly full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "not writable", str(folder))
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        raise explain_os_error(problem, folder) from None
    if free < _NEEDED_BYTES:
        raise StartProblem(
            f"The disk of {folder} has only {free // 1_000_000} MB free and CarBot needs "
            f"{_NEEDED_BYTES // 1_000_000} MB; make room and start again."
        )


def explain_os_error(problem: OSError, folder: Path) -> Exception:
    """The sentence for a full or read-only disk; any other error comes back as it is."""
    place = problem.filename or folder
    if problem.errno in _FULL:
        return StartProblem(f"The disk of {place} is full; make room and start again.")
    if problem.errno in _READ_ONLY or isinstance(problem, FileExistsError | NotADirectoryError):
        return StartProblem(f"{place} cannot be written; correct its permissions or set CARBOT_DATA_DIR.")
    return problem


def explain_database_error(words: str) -> str:
    """The sentence for a database that cannot be used, from the driver's own words."""
    first = words.strip().splitlines()[0] if words.strip() else "no reason given"
    if "disk is full" in words:
        return "The disk of the database is full; make room and start again."
    if "readonly database" in words or "unable to open database file" in words:
        return "The database file cannot be written; correct its permissions or set CARBOT_DATA_DIR."
    return f"The database cannot be used ({first}); check CARBOT_DATABASE_URL."
