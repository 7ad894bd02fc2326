"""Create or refresh .venv from the hashed lock file; nothing is installed when nothing changed.

Runs on the system's Python with its standard library only, and on versions older than the product
needs, so that a wrong Python gets a sentence and not a syntax error.

usage: ensure_venv.py [--dev] [--free-port]
"""

import errno
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "carbot-installed.json")
OLDEST = (3, 11)
NEEDED_BYTES = 1500 * 1000 * 1000
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}


def fail(sentence):
    sys.stderr.write("CarBot: " + sentence + "\n")
    sys.exit(1)


def continue_on_newer_python():
    """Restart on a Python that is new enough, or say which one is needed."""
    if sys.version_info >= OLDEST:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, *sys.argv])
    fail(
        "Python 3.11 or newer is needed and this is Python {}.{}; install it, or name one with "
        "`make PYTHON=/path/to/python3.12 run`.".format(*sys.version_info[:2])
    )


def check_venv_module():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        fail(
            "this Python lacks its venv module; install it (Debian, Ubuntu: apt install python{}.{}-venv) "
            "and start again.".format(*sys.version_info[:2])
        )


def check_disk():
    if not os.access(ROOT, os.W_OK):
        fail("the folder {} cannot be written; copy CarBot to a folder you may write to.".format(ROOT))
    free = shutil.disk_usage(ROOT).free
    if not os.path.exists(STAMP) and free < NEEDED_BYTES:
        fail(
            "the disk of {} has {:.1f} GB free and the first start needs {:.1f} GB; make room and start "
            "again.".format(ROOT, free / 1e9, NEEDED_BYTES / 1e9)
        )


def wanted_port():
    """Port from the environment or .env, as the application itself will read it."""
    if os.environ.get("CARBOT_PORT"):
        return os.environ["CARBOT_PORT"]
    try:
        with open(os.path.join(ROOT, ".env"), encoding="utf-8") as lines:
            for line in lines:
                name, _, value = line.partition("=")
                if name.strip() == "CARBOT_PORT":
                    return value.strip().strip("\"'")
    except OSError:
        pass
    return "3000"


def check_port():
    port = wanted_port()
    if not port.isdigit() or not 0 < int(port) < 65536:
        fail("CARBOT_PORT is {!r}; it must be a number from 1 to 65535.".format(port))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                fail(
                    "port {} is already in use; stop the other program or choose another port with "
                    "`CARBOT_PORT=3001 make run`.".format(port)
                )


def fingerprint(kind):
    """Hash of all that decides what is installed: the lock, the metadata, this Python and this folder."""
    digest = hashlib.sha256("{}{}".format(sys.version, ROOT).encode())
    for name in (LOCKS[kind], "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as content:
            digest.update(content.read())
    return digest.hexdigest()


def read_stamp():
    try:
        with open(STAMP, encoding="utf-8") as content:
            return json.load(content)
    except (OSError, ValueError):
        return {}


def python():
    folder = "Scripts" if os.name == "nt" else "bin"
    return os.path.join(VENV, folder, "python")


def show(line):
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K" + line)
    else:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def pip(arguments, expected=0):
    """Run pip quietly, counting packages; its words are shown only when it fails.

    Bytecode is left to the first import: most modules are never imported, so this saves seconds.
    """
    command = [python(), "-m", "pip", "install", "--no-deps", "--no-compile", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    process = subprocess.Popen(
        command + arguments,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    said = []
    seen = 0
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                if expected and (sys.stdout.isatty() or seen % 40 == 0):
                    show("  Python packages: {} of {}".format(min(seen, expected), expected))
            elif line.startswith("Installing collected packages"):
                show("  Python packages: unpacking")
    except KeyboardInterrupt:
        process.kill()
        process.wait()
        raise
    if process.wait() == 0:
        return
    words = "".join(said)
    if "No space left on device" in words:
        fail("the disk of {} is full; make room and start again.".format(ROOT))
    if "Read-only file system" in words or "Permission denied" in words:
        fail("the folder {} cannot be written; copy CarBot to a folder you may write to.".format(ROOT))
    sys.stderr.write("\n" + "".join(said[-12:]))
    fail("the Python packages could not be installed; check the network connection and start again.")


def lock_size(kind):
    with open(os.path.join(ROOT, LOCKS[kind]), encoding="utf-8") as lines:
        return sum(1 for line in lines if line[:1].isalnum())


def lock_entry(kind, package):
    """The lines of one package. Some packages are published as source only, so the locked
    setuptools that builds them must be there first."""
    with open(os.path.join(ROOT, LOCKS[kind]), encoding="utf-8") as content:
        entries = content.read().split("\n" + package + "==", 1)
    return package + "==" + entries[1].split("\n    #", 1)[0] + "\n"


def install(kind, stamp):
    if not os.path.exists(python()) or stamp.get("python") != sys.version:
        show("  Virtual environment: .venv")
        import venv

        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
        stamp.clear()
    builder = os.path.join(VENV, "builder.lock")
    with open(builder, "w", encoding="utf-8") as target:
        target.write(lock_entry(kind, "setuptools"))
    pip(["--require-hashes", "-r", builder])
    pip(["--require-hashes", "--no-build-isolation", "-r", LOCKS[kind]], lock_size(kind))
    pip(["--no-build-isolation", "--editable", "."])
    stamp.update({"python": sys.version, kind: fingerprint(kind)})
    if kind == "dev":
        stamp["runtime"] = fingerprint("runtime")
    with open(STAMP, "w", encoding="utf-8") as target:
        json.dump(stamp, target)
    show("  Python packages: ready\n" if sys.stdout.isatty() else "  Python packages: ready")


def main(arguments):
    continue_on_newer_python()
    check_venv_module()
    check_disk()
    if "--free-port" in arguments:
        check_port()
    kind = "dev" if "--dev" in arguments else "runtime"
    stamp = read_stamp()
    if stamp.get(kind) != fingerprint(kind) or not os.path.exists(python()):
        install(kind, stamp)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\nCarBot: stopped; the next start continues.\n")
        sys.exit(130)
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            fail("the disk of {} is full; make room and start again.".format(ROOT))
        if problem.errno in (errno.EROFS, errno.EACCES):
            fail(
                "{} cannot be written; copy CarBot to a folder you may write to.".format(
                    problem.filename or ROOT
                )
            )
        raise
