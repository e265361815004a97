"""`flux up` on a real machine: it starts, it stops, and it cleans up after a crash."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from flux.health import routes as health_routes
from flux.local.processes import free_port

PATIENCE = 90


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a space in its name that the database's user can enter."""
    with tempfile.TemporaryDirectory(prefix="flux up ") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def start(folder: Path, port: int, *options: str, **variables: str) -> subprocess.Popen[str]:
    given = ("DATABASE_", "REDIS_", "FLUX_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(given)}
    env |= {"FLUX_DATA_DIR": str(folder), "FLUX_PORT": str(port), "FLUX_ENV_FILE": ""} | variables
    return subprocess.Popen(
        [sys.executable, "-m", "flux", "up", *options],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running(
    folder: Path, port: int, *options: str, **variables: str
) -> Iterator[subprocess.Popen[str]]:
    process = start(folder, port, *options, **variables)
    try:
        wait_until_ready(process, port)
        yield process
    finally:
        for each in [*family(process.pid), *using(folder)]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        process.communicate()


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        with suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=2).is_success:
                return
        # Also after an answer: Next says each 500 aloud, and nobody reads the pipe until the end.
        time.sleep(0.1)
    raise AssertionError("flux up did not answer")


def read_until(process: subprocess.Popen[str], last: str) -> str:
    """What the process says up to and with the line that holds `last`."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if last in line:
            break
    return said


def family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def command_of(process: psutil.Process) -> list[str]:
    """The words the process was started with; none if it is gone."""
    with suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []


def using(folder: Path) -> list[psutil.Process]:
    """Processes whose command line or environment names the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            named = [*process.cmdline(), process.environ().get("FLUX_DATA_DIR", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if any(str(folder) in word for word in named):
            found.append(process)
    return found


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process_and_the_data_stays(
    folder: Path, sign: signal.Signals
) -> None:
    port = free_port()
    with running(folder, port) as flux:
        processes = family(flux.pid)
        assert len(processes) >= 5, "flux, API, worker, PostgreSQL and its own, Valkey"
        said = read_until(flux, "Ctrl-C stops everything")
        flux.send_signal(sign)
        flux.communicate(timeout=PATIENCE)
        assert flux.returncode == 0
        assert f"ready: http://localhost:{port}" in said
        assert "demo login: demo@flux.example / pizza-every-day" in said
        assert using(folder) == []
        assert not any(is_alive(process) for process in processes)
    with running(folder, port) as flux:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/auth/login",
            json={"email": "demo@flux.example", "password": "pizza-every-day"},
        )
        assert answer.status_code == 200
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        summary = httpx.get(f"http://127.0.0.1:{port}/api/insights/summary", headers=token).json()
        assert (summary["orders"], summary["net_minor"]) == (21_350, 81_786_005)
        flux.send_signal(sign)
        said, _ = flux.communicate(timeout=PATIENCE)
        assert "seeding" not in said


def test_started_in_the_background_it_still_hears_ctrl_c_and_under_nohup_it_outlives_the_terminal(
    folder: Path,
) -> None:
    """A script's `&` leaves SIGINT ignored, nohup SIGHUP; the second is meant, the first is not."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGHUP)}
    for sign in before:
        signal.signal(sign, signal.SIG_IGN)
    try:
        flux = start(folder, free_port())
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    read_until(flux, "starting Valkey")
    flux.send_signal(signal.SIGHUP)
    read_until(flux, "Ctrl-C stops everything")
    flux.send_signal(signal.SIGINT)
    said, _ = flux.communicate(timeout=PATIENCE)
    assert (flux.returncode, said) == (0, "flux: stopping ...\n")
    assert using(folder) == []


def test_a_signal_in_the_middle_of_a_sentence_interrupts_it_and_no_more() -> None:
    speak = """
from flux.local import up
stopping = up._Stopping()
try:
    with stopping.interrupting():
        while True:
            up._say("x" * 1_000)
except up._StopError:
    print("interrupted")
"""
    env = os.environ | {"PYTHONUNBUFFERED": ""}
    process = subprocess.Popen(
        [sys.executable, "-c", speak], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    assert process.stdout.read(1)
    while psutil.Process(process.pid).status() != psutil.STATUS_SLEEPING:
        time.sleep(0.05)  # until the pipe is full, and it waits in the middle of a sentence
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert said.endswith(b"interrupted\n"), said[-500:]


def test_what_a_killed_run_left_behind_is_ended_and_recovered_at_the_next_start(
    folder: Path,
) -> None:
    port = free_port()
    with running(folder, port) as flux:
        left = family(flux.pid)[1:]
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.suspend()  # so that they do not simply follow their parent
        # Of a database's processes some live only as long as a question.
        left = [process for process in left if is_alive(process)]
        assert len(left) >= 4
        flux.kill()
        flux.wait()
        try:
            assert all(is_alive(process) for process in left)
            with running(folder, port) as again:
                assert not any(is_alive(process) for process in left)
                again.send_signal(signal.SIGTERM)
                again.communicate(timeout=PATIENCE)
                assert again.returncode == 0
        finally:
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def test_two_instances_run_side_by_side_and_a_third_on_the_same_folder_is_told_why_not(
    folder: Path,
) -> None:
    first, second = free_port(), free_port()
    other = folder / "second one"
    with running(folder / "first", first), running(other, second):
        for port in (first, second):
            assert httpx.get(f"http://127.0.0.1:{port}/api/health").json()["status"] == "ok"
        third = start(other, free_port())
        said, _ = third.communicate(timeout=PATIENCE)
        assert third.returncode == 1
        assert said.strip().endswith("FLUX_PORT=8010 FLUX_DATA_DIR=~/flux-2 make up")
        assert "already runs with the data folder" in said
        assert said.count("\n") == 1, "one sentence, no traceback"


def test_a_taken_port_is_one_sentence_that_says_what_to_do(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        flux = start(folder, port)
        said, _ = flux.communicate(timeout=PATIENCE)
    assert flux.returncode == 1
    assert said == (
        f"flux: Port {port} is in use by another program. Stop it, or choose another:"
        f" FLUX_PORT={port + 10} make up\n"
    )


def test_a_folder_that_cannot_be_written_to_is_one_sentence(folder: Path) -> None:
    (folder / "file").write_text("")
    flux = start(folder / "file", free_port())
    said, _ = flux.communicate(timeout=PATIENCE)
    assert flux.returncode == 1
    assert said.startswith("flux: Cannot write to the data folder")
    assert said.count("\n") == 1


def test_a_wrong_setting_is_named_without_a_traceback(folder: Path) -> None:
    flux = start(folder, free_port(), FLUX_JWT_KEYS='{"a": "short-secret"}')
    said, _ = flux.communicate(timeout=PATIENCE)
    assert flux.returncode == 2
    assert said.startswith("flux: FLUX_JWT_KEYS: a key is shorter")
    assert "short-secret" not in said


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("FLUX_JWT_KEYS", "secret-that-is-no-json", "FLUX_JWT_KEYS must be JSON"),
        ("FLUX_PORT", "abc", "flux: FLUX_PORT:"),
        ("FLUX_LOG_LEVEL", "loud", "flux: FLUX_LOG_LEVEL:"),
        ("FLUX_HOST", "no-such-host.invalid", "flux: Cannot listen on no-such-host.invalid"),
        ("DATABASE_URL", "postgresql://flux_app:x@127.0.0.1:1/flux", "does not answer"),
    ],
)
def test_whatever_is_set_wrong_gets_a_sentence_and_no_traceback(
    folder: Path, variable: str, value: str, says: str
) -> None:
    flux = start(folder, free_port(), **{variable: value})
    said, _ = flux.communicate(timeout=PATIENCE)
    assert flux.returncode in {1, 2}
    assert says in said
    assert "Traceback" not in said
    assert "secret-that" not in said


def test_a_signal_while_seeding_stops_at_once_and_the_next_start_seeds_again(folder: Path) -> None:
    port = free_port()
    flux = start(folder, port)
    read_until(flux, "seeding")
    flux.send_signal(signal.SIGTERM)
    said, _ = flux.communicate(timeout=PATIENCE)
    assert flux.returncode == 0
    assert "Taberna" not in said
    assert using(folder) == []
    with running(folder, port):
        pass


def test_without_its_database_it_says_so_and_ends(folder: Path) -> None:
    port = free_port()
    with running(folder, port) as flux:
        read_until(flux, "Ctrl-C stops everything")
        [postgres] = [each for each in family(flux.pid) if "-D" in command_of(each)]
        postgres.kill()
        said, _ = flux.communicate(timeout=PATIENCE)
        assert flux.returncode == 1
        assert "PostgreSQL ended, and with it everything" in said
        assert using(folder) == []


def test_a_worker_that_is_killed_is_started_again(folder: Path) -> None:
    with running(folder, free_port()) as flux:
        [worker] = [each for each in family(flux.pid) if command_of(each)[-1:] == ["worker"]]
        worker.kill()
        deadline = time.monotonic() + PATIENCE
        while not [
            each
            for each in family(flux.pid)
            if is_alive(each) and each.pid != worker.pid and command_of(each)[-1:] == ["worker"]
        ]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        flux.send_signal(signal.SIGTERM)
        flux.communicate(timeout=PATIENCE)
        assert flux.returncode == 0


def test_secrets_and_what_owners_sent_can_be_read_by_their_user_alone(folder: Path) -> None:
    with running(folder, free_port()):
        assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
        for private in ("postgres/data", "objects", "logs", "valkey/valkey.conf"):
            assert (folder / private).stat().st_mode & 0o077 == 0, private


def test_with_dev_both_apps_are_reloaded_when_their_files_change(folder: Path) -> None:
    web, api = free_port(), free_port()
    with running(folder, web, "--dev", FLUX_API_PORT=str(api)) as flux:
        page = httpx.get(f"http://127.0.0.1:{web}/login", timeout=PATIENCE)
        assert page.status_code == 200
        assert "/_next/webpack-hmr" in page.text or "turbopack" in page.text.lower()
        before = served_by(flux.pid)
        Path(health_routes.__file__).touch()
        deadline = time.monotonic() + PATIENCE
        while not (served_by(flux.pid) - before):
            assert time.monotonic() < deadline, "the API was not started again"
            time.sleep(0.1)
        wait_until_ready(flux, web)
        flux.send_signal(signal.SIGTERM)
        said, _ = flux.communicate(timeout=PATIENCE)
        assert flux.returncode == 0, said
        assert using(folder) == []


def served_by(pid: int) -> set[int]:
    """The processes that serve the API, below those that watch its files."""
    return {
        process.pid
        for process in family(pid)
        if is_alive(process) and command_of(process)[-2:] == ["flux", "serve"]
    }
