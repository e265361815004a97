"""What the account endpoints cost, as ratios measured in one run on one machine: `make bench`.

Real servers: PostgreSQL, Valkey, and Flux by uvicorn in a process of its own, called over loopback.
"""

import asyncio
import http.client
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from flux.auth.passwords import hash_password, verify_password
from owner import PASSWORD, registration
from servers import SERVERS, database_url, start_servers, stop_servers

BARE = """
import sys
import uvicorn
from fastapi import FastAPI

app = FastAPI()

@app.get("/bare")
async def bare() -> dict[str, str]:
    return {"status": "ok"}

uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False)
"""
Call = Callable[[], object]


def main() -> None:
    """Print each promise with the ratio that was measured; end with 1 if one is not kept."""
    with tempfile.TemporaryDirectory(prefix="flux-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        start_servers(folder)
        try:
            with run_flux(folder) as flux, run_bare() as bare:
                kept = [measure_me(flux, bare), measure_login(flux), measure_event_loop(flux)]
        finally:
            stop_servers()
    sys.exit(0 if all(kept) else 1)


def measure_me(flux: int, bare: int) -> bool:
    client, email = Client(flux), registration()["email"]
    token = client.log_in(email)
    answer = {"Authorization": f"Bearer {token}"}
    nothing = Client(bare)
    calls: dict[str, Call] = {
        "bare": lambda: nothing.call("GET", "/bare"),
        "live": lambda: client.call("GET", "/api/health/live"),
        "me": lambda: client.call("GET", "/api/auth/me", headers=answer),
    }
    times = time_alternating(calls, rounds=1500)
    say("GET /api/auth/me", times["me"])
    say("a bare route of the same server (GET /api/health/live)", times["live"])
    say("a bare FastAPI application, without our middleware", times["bare"])
    print(f"  me : bare application = {times['me'] / times['bare']:.2f}")
    return promise("me : bare route of the same server", times["me"] / times["live"], most=2.0)


def measure_login(flux: int) -> bool:
    client, email = Client(flux), registration()["email"]
    client.log_in(email)
    stored = asyncio.run(hash_password(PASSWORD))
    times = time_alternating(
        {
            "argon2": lambda: asyncio.run(verify_password(PASSWORD, stored)),
            "login": lambda: client.log_in(email, register=False),
        },
        rounds=60,
    )
    say("POST /api/auth/login", times["login"])
    say("argon2 alone", times["argon2"])
    return promise("share of argon2 in a login", times["argon2"] / times["login"], least=0.85)


def measure_event_loop(flux: int) -> bool:
    """The slowest `GET /api/health/live` while 20 people log in at once, against 50 ms."""
    emails = [registration()["email"] for _ in range(20)]
    for email in emails:
        Client(flux).log_in(email)
    probe, waits = Client(flux), []
    with ThreadPoolExecutor(20) as people:
        logins = [people.submit(lambda email=email: Client(flux).log_in(email, register=False)) for email in emails]  # type: ignore[misc]
        while not all(each.done() for each in logins):
            waits.append(time_once(lambda: probe.call("GET", "/api/health/live")))
            time.sleep(0.002)
        for each in logins:
            each.result()
    print(
        f"  {len(waits)} probes while 20 logins ran, median {statistics.median(waits) * 1000:.1f} ms"
    )
    return promise("slowest live check : 50 ms", max(waits) / 0.050, most=1.0)


class Client:
    """One connection, kept open, and as little else as possible."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Any:
        content = None if body is None else json.dumps(body)
        self._connection.request(
            method, path, content, {"Content-Type": "application/json", **(headers or {})}
        )
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:200]!r}")
        return json.loads(text) if text else None

    def log_in(self, email: str, *, register: bool = True) -> str:
        if register:
            self.call("POST", "/api/auth/register", registration(email=email))
        answer = self.call("POST", "/api/auth/login", {"email": email, "password": PASSWORD})
        return str(answer["access_token"])


def time_alternating(calls: dict[str, Call], *, rounds: int) -> dict[str, float]:
    """Median seconds of each call; in turns, so that what else the machine does falls on all."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            taken[name].append(time_once(call))
    return {name: statistics.median(each) for name, each in taken.items()}


def time_once(call: Call) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def say(what: str, seconds: float) -> None:
    print(f"  {seconds * 1000:8.2f} ms  {what}")


def promise(what: str, ratio: float, *, least: float = 0, most: float = float("inf")) -> bool:
    is_kept = least <= ratio <= most
    bound = f"at least {least}" if least else f"at most {most}"
    print(f"{'kept  ' if is_kept else 'BROKEN'} {what} = {ratio:.2f} ({bound})\n", flush=True)
    return is_kept


@contextmanager
def run_flux(folder: Path) -> Iterator[int]:
    port = free_port()
    settings = {
        "FLUX_ENV_FILE": "",
        "FLUX_PORT": str(port),
        "FLUX_DATA_DIR": str(folder / "data"),
        "FLUX_LOG_LEVEL": "WARNING",
        "FLUX_JWT_KEYS": json.dumps({"bench": secrets.token_hex(32)}),
        "FLUX_STORE_SECRET": secrets.token_hex(32),
        "DATABASE_URL": database_url("flux_app", SERVERS["template"]),
        "REDIS_URL": SERVERS["redis"],
    }
    with run([sys.executable, "-m", "flux", "serve"], port, settings):
        yield port


@contextmanager
def run_bare() -> Iterator[int]:
    port = free_port()
    with run([sys.executable, "-c", BARE, str(port)], port, {}):
        yield port


@contextmanager
def run(command: list[str], port: int, settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=os.environ | settings)
    try:
        wait_for(port, process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start; what it said stands above")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
