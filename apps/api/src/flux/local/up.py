"""`flux up`: everything Flux needs, on this machine, on one origin, until Ctrl-C."""

import fcntl
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from dotenv import dotenv_values

from flux.core.logging import configure_logging
from flux.core.migrate import upgrade_schema
from flux.core.roles import create_roles_for
from flux.local.postgres import EmbeddedPostgres
from flux.local.processes import LocalError, is_port_taken, start_process, stop_process
from flux.local.seed import SeedRefusedError, seed_demo
from flux.local.valkey import EmbeddedValkey
from flux.settings import REPOSITORY, Settings, env_file

ANSWER_SECONDS = 60
LEFTOVER_SECONDS = 20
DATABASE = "flux"


def run_up(settings: Settings, *, dev: bool = False) -> int:
    """Start everything, say where it is, and stop everything on SIGINT or SIGTERM.

    Returns the exit status: 0 after a signal, 1 if anything but the worker ended by itself. Raises `LocalError` with
    a sentence on what to do.
    """
    if not settings.is_development:
        raise LocalError("`flux up` is for development; FLUX_ENV says otherwise.")
    configure_logging(as_json=False, level="WARNING")
    stopping = _Stopping()
    with ExitStack() as stack:
        stack.enter_context(_lock(settings))
        children = _Children(settings.data_dir / "children.json")
        stack.callback(children.forget)
        for port in {settings.port, settings.api_port} if dev else {settings.port}:
            if is_port_taken(settings.host, port):
                raise LocalError(
                    f"Port {port} is in use by another program. Stop it, or choose another:"
                    f" FLUX_PORT={port + 10} make {'dev' if dev else 'up'}"
                )
        settings = _start_services(settings, stack, children)
        stack.callback(children.stop_all)
        try:
            with stopping.interrupting():
                login = _seed(settings)
            _start_apps(settings, children, dev=dev)
            with stopping.interrupting():
                _wait_until_it_answers(settings, children)
                host = "localhost" if settings.host == "127.0.0.1" else settings.host
                _say(f"ready: http://{host}:{settings.port}")
                _say(login)
                _say(f"data: {settings.data_dir} (stays). Ctrl-C stops everything.")
                return _watch(children)
        except Exception:
            # What a signal breaks off may fail in words of its own.
            if not stopping.was_asked:
                raise
            with suppress(OSError):  # the terminal may be gone
                _say("stopping ...")  # not in the handler: a print may not be entered twice
            return 0


class _StopError(Exception):
    """SIGINT, SIGTERM or SIGHUP came."""


class _Stopping:
    """Turns the first signal into `_StopError`, but only where nothing is just being started.

    A signal that comes elsewhere takes effect at the next such place.
    """

    def __init__(self) -> None:
        self.was_asked = False
        self._may_interrupt = False
        signs = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
            signs.append(signal.SIGHUP)
        for sign in signs:
            signal.signal(sign, self._ask)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        self._may_interrupt = True
        try:
            if self.was_asked:
                raise _StopError
            yield
        finally:
            self._may_interrupt = False

    def _ask(self, *_: object) -> None:
        if self.was_asked:
            return
        self.was_asked = True
        if self._may_interrupt:
            raise _StopError


class _Children:
    """The processes of this `flux up`, written down so that the next one can end what a crash left."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._running: dict[
            str, tuple[subprocess.Popen[bytes], Callable[[], subprocess.Popen[bytes]]]
        ] = {}
        self._servers: dict[str, EmbeddedPostgres | EmbeddedValkey] = {}
        self._end_leftovers()

    def start(self, name: str, starter: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._running[name] = (starter(), starter)
        self._write()

    def note_server(self, name: str, server: EmbeddedPostgres | EmbeddedValkey) -> None:
        """Watch a server that stops by other means, and write it down in case we crash before."""
        self._servers[name] = server
        self._write()

    def ended(self) -> list[str]:
        servers = [name for name, server in self._servers.items() if not server.is_running]
        return servers + [
            name for name, (process, _) in self._running.items() if process.poll() is not None
        ]

    def restart(self, name: str) -> None:
        self.start(name, self._running[name][1])

    def stop_all(self) -> None:
        for process, _ in reversed(self._running.values()):
            stop_process(process)
        self._running.clear()

    def forget(self) -> None:
        self._record.unlink(missing_ok=True)

    def _write(self) -> None:
        pids = [server.pid for server in self._servers.values()]
        pids += [process.pid for process, _ in self._running.values()]
        known = []
        for pid in pids:
            try:
                known.append([pid, psutil.Process(pid).create_time()])
            except psutil.NoSuchProcess:
                continue
        self._record.write_text(json.dumps(known))

    def _end_leftovers(self) -> None:
        """End processes of a `flux up` that was killed. Pid and start time together name a process."""
        try:
            recorded = json.loads(self._record.read_text())
        except (FileNotFoundError, ValueError):
            return
        left = []
        for pid, created in recorded:
            try:
                process = psutil.Process(pid)
                if abs(process.create_time() - created) < 1:
                    left += [process, *process.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
        if left:
            _say("ending what an earlier run left behind ...")
        for process in left:
            _signal(process, signal.SIGINT)  # PostgreSQL's fast shutdown; ends the others as well
            _signal(process, signal.SIGCONT)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while time.monotonic() < deadline and any(_is_alive(process) for process in left):
            time.sleep(0.05)
        for process in left:
            _signal(process, signal.SIGKILL)
        self.forget()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _signal(process: psutil.Process, sign: int) -> None:
    try:
        process.send_signal(sign)
    except psutil.NoSuchProcess:
        return


@contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Hold the data folder; `LocalError` if another `flux up` has it, or it cannot be written to."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "lock").open("a+")
    except OSError as error:
        raise LocalError(
            f"Cannot write to the data folder {folder} ({error.strerror}). Set FLUX_DATA_DIR to another one."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(
                f"Flux already runs with the data folder {folder}. Use that one, stop it, or start a second one"
                " beside it: FLUX_PORT=8010 FLUX_DATA_DIR=~/flux-2 make up"
            ) from error
        yield


def _start_services(settings: Settings, stack: ExitStack, children: _Children) -> Settings:
    """Start what is not given by address, prepare the database, and return settings that reach it all."""
    kept = _load_secrets(settings.data_dir / "secrets.json")
    logs = settings.data_dir / "logs"
    for private in (logs, settings.data_dir / "objects"):
        private.mkdir(mode=0o700, exist_ok=True)
    changes: dict[str, Any] = {}
    if not settings.jwt_keys:
        changes["FLUX_JWT_KEYS"] = json.dumps({"local": kept["jwt_key"]})
    if not settings.store_secret.get_secret_value():
        changes["FLUX_STORE_SECRET"] = kept["store_secret"]
    if settings.database_url is None:
        _say("starting PostgreSQL ...")
        postgres = EmbeddedPostgres(
            settings.data_dir / "postgres",
            admin_password=kept["admin"],
            log_file=logs / "postgres.log",
        )
        stack.callback(postgres.stop)
        postgres.start()
        children.note_server("PostgreSQL", postgres)
        changes |= {
            "DATABASE_ADMIN_URL": postgres.url(),
            "DATABASE_OWNER_URL": postgres.url(
                user="flux_owner", password=kept["owner"], database=DATABASE
            ),
            "DATABASE_URL": postgres.url(user="flux_app", password=kept["app"], database=DATABASE),
        }
    if settings.redis_url is None:
        _say("starting Valkey ...")
        valkey = EmbeddedValkey(settings.data_dir / "valkey", log_file=logs / "valkey.log")
        stack.callback(valkey.stop)
        valkey.start()
        children.note_server("Valkey", valkey)
        changes["REDIS_URL"] = valkey.url
    os.environ |= changes
    settings = Settings()
    if settings.database_admin_url is not None:
        create_roles_for(settings)
    if settings.database_owner_url is not None:
        _say("bringing the database up to date ...")
        upgrade_schema(str(settings.database_owner_url))
    return settings


def _load_secrets(file: Path) -> dict[str, str]:
    """Random passwords and keys of this data folder, made once, readable by this user only."""
    if not file.exists():
        names = ("jwt_key", "store_secret", "admin", "owner", "app")
        partial = file.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps({name: secrets.token_urlsafe(36) for name in names}))
        partial.replace(file)
    loaded: dict[str, str] = json.loads(file.read_text())
    return loaded


def _start_apps(settings: Settings, children: _Children, *, dev: bool) -> None:
    # The apps get neither the owner's nor the administrator's address.
    hidden = {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"}
    # What .env says is handed on from here, for else the apps would find those addresses in it again.
    given = {name: value for name, value in dotenv_values(env_file()).items() if value is not None}
    kept = {name: value for name, value in (given | os.environ).items() if name not in hidden}
    kept["FLUX_ENV_FILE"] = ""
    env = {
        "FLUX_LOG_LEVEL": "INFO" if dev else "WARNING",
        "PYTHONUNBUFFERED": "1",
    } | kept
    flux = [sys.executable, "-m", "flux"]
    source = str(REPOSITORY / "apps" / "api" / "src")
    if not dev:
        _say("starting API, web and worker ...")
        children.start("api", lambda: start_process([*flux, "serve"], env=env))
        children.start("worker", lambda: start_process([*flux, "worker"], env=env))
        return
    _say("starting API, web and worker, with reload ...")
    api_env = env | {"FLUX_PORT": str(settings.api_port)}
    watch = [
        sys.executable,
        "-m",
        "watchfiles",
        "--filter",
        "python",
        "--sigint-timeout",
        "5",
    ]
    for name, each_env in (("serve", api_env), ("worker", env)):
        command = [*watch, f"{shlex.quote(sys.executable)} -m flux {name}", source]
        children.start(name, lambda command=command, each_env=each_env: start_process(command, env=each_env))  # type: ignore[misc]
    web = REPOSITORY / "apps" / "web"
    next_dev = [
        "node",
        "node_modules/next/dist/bin/next",
        "dev",
        "--port",
        str(settings.port),
        "--hostname",
    ]
    web_env = env | {
        "FLUX_API_PORT": str(settings.api_port),
        "NEXT_TELEMETRY_DISABLED": "1",
    }
    children.start("web", lambda: start_process([*next_dev, settings.host], env=web_env, cwd=web))


def _seed(settings: Settings) -> str:
    """Seed the demo data where it belongs; the line to tell people of it."""
    try:
        return f"demo login: {seed_demo(settings, say=_say)}"
    except SeedRefusedError as error:
        return f"no demo login: {error}"


def _wait_until_it_answers(settings: Settings, children: _Children) -> None:
    url = f"http://{settings.host}:{settings.port}/api/health"
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        if ended := [name for name in children.ended() if name != "worker"]:
            raise LocalError(f"{ended[0]} ended at once; what it said stands above.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise LocalError(
        f"Flux did not answer at {url} within {ANSWER_SECONDS} s; what it said stands above."
    )


def _watch(children: _Children) -> int:
    """Watch until a signal interrupts. A worker that ends is started again; all else ends all."""
    while True:
        time.sleep(0.5)
        for name in children.ended():
            if name != "worker":
                _say(
                    f"{name} ended, and with it everything. Its log is in the data folder or above."
                )
                return 1
            _say("the worker ended and is started again ...")
            time.sleep(1)
            children.restart(name)


def _say(sentence: str) -> None:
    print(f"flux: {sentence}", flush=True)
