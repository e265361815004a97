"""Children of `flux up`: started so that they die with it, and stopped so that nothing is left."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class LocalError(Exception):
    """Something on this machine stands in the way; the message says what to do about it."""


def start_process(
    command: Sequence[str | Path],
    *,
    log_file: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    group: int | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only `flux up`, which stops it.

    On Linux the kernel also ends it (SIGINT) when `flux up` is killed and cannot.
    """
    output = log_file.open("ab") if log_file else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
            cwd=cwd,
            preexec_fn=(_die_with_parent(signal.SIGINT) if sys.platform == "linux" else None),
        )
    finally:
        if output:
            output.close()


def stop_process(
    process: subprocess.Popen[bytes],
    *,
    sign: int = signal.SIGTERM,
    patience: float = 15,
) -> None:
    """Ask the process to end its children and itself; end them all after `patience` seconds."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
    _signal_group(process.pid, signal.SIGKILL)


def package_folder(name: str) -> Path:
    """Where an installed package lies, without importing it (its own start-up code is not wanted)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LocalError(f"The package {name} is not installed; run `make up` again.")
    return Path(spec.submodule_search_locations[0])


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_port_taken(host: str, port: int) -> bool:
    """Whether another program listens there; `LocalError` if it is no place for us to listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise LocalError(
                f"Cannot listen on {host}, port {port} ({error.strerror or error})."
                " Set FLUX_HOST to an IPv4 address of this machine and FLUX_PORT to one above 1023."
            ) from error
        return False


def _signal_group(pid: int, sign: int) -> None:
    try:
        os.killpg(pid, sign)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_parent(sign: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, sign)

    return ask_kernel
