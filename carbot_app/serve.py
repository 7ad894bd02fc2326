"""One server for pages, API and websockets: granian with the settings Reflex does not expose."""

import multiprocessing
from collections.abc import Callable

from carbot_app.adapters.live.redis import redis_version
from carbot_app.build.preflight import StartProblem
from carbot_app.config import Settings
from carbot_app.kit.memory import collect_rarely

# Above granian's default of 1,024 requests in flight per process every further request waits; long
# streaming answers count, so the default is reached by a thousand open chats.
_BACKPRESSURE = 20_000
_BACKLOG = 4_096
_SECONDS_TO_FINISH = 5


def serve(settings: Settings, on_ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGINT or SIGTERM; workers get a few seconds to finish what they are doing.

    The frontend must have been built and the database migrated. More than one worker needs Redis.

    Args:
        settings: host, port, workers and Redis.
        on_ready: called once, when the application is loaded and the port is open.

    Raises:
        StartProblem: several workers without Redis; they would not see each other's sessions.
    """
    if settings.workers > 1 and not settings.redis_url:
        raise StartProblem("CARBOT_WORKERS above 1 needs CARBOT_REDIS_URL; set it or use one worker.")
    collect_rarely()  # before the application is loaded: that takes a tenth less then
    # Reflex changes its warnings and defaults with what is imported first: environment, then app
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server
    from reflex.utils import exec as reflex_exec
    from reflex_base import constants
    from reflex_base.environment import environment

    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    # Reflex extends its leases with PEXPIRE … XX, which Redis knows from version 7 on
    environment.REFLEX_OPLOCK_ENABLED.set(
        bool(settings.redis_url) and redis_version(settings.redis_url) >= (7,)
    )

    # Workers forked from a parent that has loaded the app start at once and share its memory
    multiprocessing.set_start_method("fork", force=True)
    reflex_exec._preload_for_fork(None)
    server = Server(
        target=reflex_exec.get_app_instance_from_file(),
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        backlog=_BACKLOG,
        backpressure=_BACKPRESSURE,
        workers_kill_timeout=_SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
        log_access=False,
    )
    if on_ready:
        server.on_startup(on_ready)
    server.serve()
