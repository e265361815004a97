"""Local workers as processes of their own, to be killed at will.

They are forks of one process that has imported everything, since a start takes more than a second
and a series of crashes has many. From the fork on each is what `flux worker` runs.
"""

import json
import os
import queue
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil

from flux.ingestion import orders, process
from flux.local import worker
from flux.settings import Settings, get_settings

PATIENCE = 30.0
# What their sessions are called in the database.
APPLICATION = "killable-worker"


class Workers:
    """Starts workers, and hears what they log. All use the folder `temporary` for temporary files."""

    def __init__(self, settings: Settings, temporary: Path) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, __file__],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(sys.path),
                "TMPDIR": str(temporary),
                "PGAPPNAME": APPLICATION,
                "DATABASE_URL": str(settings.database_url),
                "REDIS_URL": str(settings.redis_url),
                "FLUX_DATA_DIR": str(settings.data_dir),
                "FLUX_STORE_SECRET": settings.store_secret.get_secret_value(),
                "FLUX_LOG_LEVEL": "INFO",
                "FLUX_ENV_FILE": "",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._log: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, *, lease_seconds: float, largest_file: int | None = None) -> psutil.Process:
        """A worker with a shorter lease and smaller steps than usual; `largest_file` bounds, in bytes, what it may write."""
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(json.dumps([lease_seconds, largest_file]) + "\n")
        return psutil.Process(int(self.wait_for("started as").split()[-1]))

    def wait_for(self, *words: str) -> str:
        """The next line of a log that has all of these words."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {words} in {''.join(self._log[-40:])}") from None
            self._log.append(line)
            if all(word in line for word in words):
                return line

    def end(self) -> None:
        """End all of them; those that are left are killed."""
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(PATIENCE)

    def _listen(self) -> None:
        assert self._nursery.stdout is not None
        with self._nursery.stdout as said:
            for line in said:
                self._said.put(line)


@contextmanager
def employ(settings: Settings, temporary: Path) -> Iterator[Workers]:
    """Workers for the time of the block."""
    workers = Workers(settings, temporary)
    try:
        yield workers
    finally:
        workers.end()


def kill(running: psutil.Process) -> None:
    """Kill -9, and wait until it is gone."""
    running.kill()
    running.wait(PATIENCE)


def _work(settings: Settings, lease_seconds: float, largest_file: int | None) -> None:
    process.LEASE = timedelta(seconds=lease_seconds)
    process.HEARTBEAT_SECONDS = lease_seconds / 5
    # As many steps in a short file as there are in a long one.
    orders.CHUNK_LINES = 500
    worker.POLL_SECONDS = 0.02
    worker.PAUSE_AFTER_ERROR_SECONDS = 0.1
    if largest_file is not None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, most))
    worker.run_worker(settings)


def _tend() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    settings = get_settings()
    started: list[int] = []
    for line in sys.stdin:
        options = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                _work(settings, *options)
            finally:
                os._exit(1)
        started.append(pid)
        sys.stdout.write(f"started as {pid}\n")
        sys.stdout.flush()
    for pid in started:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    _tend()
