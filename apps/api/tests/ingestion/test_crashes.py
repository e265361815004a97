"""Whatever is killed while uploads are loaded, the end is that of a run that nothing disturbed.

Each series loads overlapping exports into two restaurants: one that is left alone, and one that is
not. An upload is disturbed twice at most, since the fourth try is the one that gives up.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
import pytest
from fastapi import FastAPI

from archives import pack
from flux.core.migrate import upgrade_schema
from flux.core.roles import create_roles
from flux.local.postgres import EmbeddedPostgres
from flux.main import create_app
from owner import Owner, register
from servers import make_settings, start_postgres
from workers import APPLICATION, PATIENCE, Workers, employ, kill

HEADER, *LINES = (files("flux") / "sample" / "pizzaplace.csv").read_text().splitlines()
LEASE_SECONDS = 0.25
# Time to make room before the tries are used up; and the room that is left until then.
LONG_LEASE_SECONDS, ROOM = 1.0, 32_768
KILLED, STOPPED = 25, 5
WINDOW, STEP = 4_000, 600
HELD_BEFORE_RESULT = "state = 'idle in transaction' AND query LIKE '%%INSERT INTO rejected_rows%%'"
# What there is, but for the ids, which depend on the restaurant.
STATE = {
    "orders": """
        SELECT t.business_date, t.source, t.location, t.order_key, t.occurred_at, t.item_count, t.net_minor,
               t.currency, t.fingerprint, u.filename
        FROM transactions t LEFT JOIN data_uploads u ON u.id = t.upload_id
    """,
    "items": """
        SELECT i.business_date, t.order_key, i.line_number, i.source_row, i.kind, i.occurred_at, i.item_name,
               i.category, i.variant, i.quantity, i.net_minor, i.currency, u.filename
        FROM transaction_items i LEFT JOIN transactions t ON t.id = i.transaction_id
        LEFT JOIN data_uploads u ON u.id = i.upload_id
    """,
    "hours": "SELECT business_date, hour, orders, items, net_minor FROM sales_by_hour",
    "rejected rows": """
        SELECT u.filename, r.row_number, r.problem_number, r.column_name, r.value, r.code, r.message
        FROM rejected_rows r LEFT JOIN data_uploads u ON u.id = r.upload_id
    """,
    "uploads": """
        SELECT filename, status, requested, progress, report, lease_token IS NULL, lease_until IS NULL FROM data_uploads
    """,
}


def make_export(number: int) -> bytes:
    """Some weeks of sales, a little later than the one before: with prices of its own, and bad cells.

    Every third is not in the order of its sales, so that it has to be sorted on the disk.
    """
    lines = LINES[number * STEP : number * STEP + WINDOW]
    for at in range(number % 97, len(lines), 97):
        lines[at] = lines[at].rsplit(",", 1)[0] + f",{number + 1}.50"
    for at in range(number % 211, len(lines), 211):
        lines[at] = lines[at].rsplit(",", 1)[0] + ",free"
    if number % 3 == 2:
        random.Random(number).shuffle(lines)
    return "\n".join([HEADER, *lines, ""]).encode()


def read_state(owner: Owner) -> dict[str, tuple[int, str]]:
    """How many rows of each kind the restaurant has, and their hash."""
    state = {}
    for name, statement in STATE.items():
        rows = sorted(map(repr, owner.query(statement)))
        state[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return state


def is_untouched(owner: Owner, upload_id: str) -> bool:
    """Whether the upload waits to be read again, and nothing of it is there; if not, it is completed."""
    [(status, orders)] = owner.query(
        "SELECT status, (SELECT count(*) FROM transactions WHERE upload_id = u.id) FROM data_uploads u WHERE id = %(id)s",
        id=upload_id,
    )
    assert (status, orders > 0) in {("processing", False), ("completed", True)}
    return bool(status == "processing")


async def load_undisturbed(owner: Owner, workers: Workers, number: int) -> float:
    """Have an export loaded by the worker that runs; the seconds it took."""
    upload_id = await owner.send(make_export(number), f"{number}.csv")
    workers.wait_for("upload_claimed", upload_id)
    began = time.monotonic()
    workers.wait_for("upload_completed", upload_id)
    return time.monotonic() - began


def count_tries(owner: Owner, upload_id: str) -> int:
    """Wait until the upload is completed; in how many tries it was."""
    wait_until(lambda: not is_untouched(owner, upload_id))
    return int(
        owner.query("SELECT attempts FROM data_uploads WHERE id = %(id)s", id=upload_id)[0][0]
    )


def wait_until(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def wait(seconds: float) -> None:
    """Let the worker come to the moment at which it is disturbed."""
    time.sleep(seconds)


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


def count_sessions(owner: Owner, condition: LiteralString = "true") -> int:
    """How many sessions the workers have in the database, of those that meet the condition."""
    [(number,)] = owner.query(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        f" AND application_name = %(name)s AND {condition}",
        name=APPLICATION,
    )
    return int(number)


def kill_worker(owner: Owner, running: psutil.Process) -> None:
    """Kill it, and wait until the database has noticed: a commit that it sent before may still be on its way."""
    kill(running)
    wait_until(lambda: count_sessions(owner) == 0)


@pytest.fixture
async def twin(owner: Owner) -> AsyncIterator[Owner]:
    """The owner of a restaurant like the other, which nothing disturbs."""
    registered = await register(owner.app)
    yield registered
    await registered.client.aclose()


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def workers(owner: Owner, temporary: Path) -> Iterator[Workers]:
    with employ(owner.app.state.settings, temporary) as employed:
        yield employed


async def test_a_worker_killed_at_25_random_moments_ends_as_if_it_had_not_been(
    owner: Owner, twin: Owner, workers: Workers, temporary: Path
) -> None:
    moments = random.Random(25)
    number, killed = 0, 0
    running = workers.start(lease_seconds=LEASE_SECONDS)
    while killed < KILLED:
        seconds = await load_undisturbed(twin, workers, number)
        upload_id = await owner.send(make_export(number), f"{number}.csv")
        is_left = True
        for _ in range(min(2, KILLED - killed)):
            workers.wait_for("upload_claimed", upload_id)
            wait(seconds * moments.random())
            kill_worker(owner, running)
            is_left = is_untouched(owner, upload_id)
            running = workers.start(lease_seconds=LEASE_SECONDS)
            killed += is_left
            if not is_left:
                break
        if is_left:
            workers.wait_for("upload_completed", upload_id)
        number += 1
        assert number < 2 * KILLED
    assert read_state(owner) == read_state(twin)
    kill_worker(owner, running)
    assert is_empty(temporary)


async def test_a_worker_killed_in_each_of_its_statements_ends_as_if_it_had_not_been(
    owner: Owner, twin: Owner, workers: Workers, temporary: Path, owner_url: str
) -> None:
    """Held in the statement by a lock on what it writes to; the last one before the result is written.

    The third export is killed while it is being sorted, too.
    """
    running = workers.start(lease_seconds=LEASE_SECONDS)
    tables = ("transaction_items", "sales_by_hour", "transactions", "rejected_rows", "data_uploads")
    for number, table in enumerate(tables):
        await load_undisturbed(twin, workers, number)
        with psycopg.connect(owner_url) as blocker:
            if table != "data_uploads":
                blocker.execute(f"LOCK TABLE {table} IN SHARE MODE")
            upload_id = await owner.send(make_export(number), f"{number}.csv")
            workers.wait_for("upload_claimed", upload_id)
            if table == "data_uploads":
                blocker.execute(
                    "SELECT set_config('app.restaurant_id', %s, true)", (str(owner.restaurant_id),)
                )
                held = "SELECT FROM data_uploads WHERE id = %s FOR NO KEY UPDATE"
                assert blocker.execute(held, (upload_id,)).rowcount == 1
            held_in = HELD_BEFORE_RESULT if table == "data_uploads" else "wait_event_type = 'Lock'"
            wait_until(lambda held_in=held_in: count_sessions(owner, held_in) > 0)  # type: ignore[misc]
            kill(running)
        wait_until(lambda: count_sessions(owner) == 0)
        assert is_untouched(owner, upload_id), table
        assert is_empty(temporary), "what a killed worker leaves there, nobody clears away"
        running = workers.start(lease_seconds=LEASE_SECONDS)
        workers.wait_for("upload_completed", upload_id)
    assert read_state(owner) == read_state(twin)


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of this test's own, that writes to the disk what it says is written."""
    folder = tmp_path_factory.mktemp("crashes")
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.geteuid() and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o711)
    server = start_postgres(folder / "postgres", fsync=True)
    create_roles(server.url(), database="flux", owner_password="o", app_password="a")
    upgrade_schema(server.url(user="flux_owner", password="o", database="flux"))
    yield server
    server.stop()


@pytest.fixture
async def stopping(
    postgres: EmbeddedPostgres, redis_url: str, tmp_path: Path
) -> AsyncIterator[FastAPI]:
    """The application on that server."""
    url = postgres.url(user="flux_app", password="a", database="flux")
    app = create_app(make_settings(url, redis_url, tmp_path))
    async with app.router.lifespan_context(app):
        yield app


def stop_at_once(server: EmbeddedPostgres) -> None:
    """What `pg_ctl stop -m immediate` does: no session ends in order, and the next start recovers."""
    port = server.port
    os.kill(server.pid, signal.SIGQUIT)
    wait_until(lambda: not server.is_running)
    server.start(port=port)


async def test_postgresql_stopped_at_5_random_moments_ends_as_if_it_had_not_been(
    stopping: FastAPI, postgres: EmbeddedPostgres, temporary: Path
) -> None:
    moments = random.Random(5)
    number, stopped = 0, 0
    owner, twin = await register(stopping), await register(stopping)
    with employ(stopping.state.settings, temporary) as workers:
        running = workers.start(lease_seconds=LEASE_SECONDS)
        while stopped < STOPPED:
            seconds = await load_undisturbed(twin, workers, number)
            upload_id = await owner.send(make_export(number), f"{number}.csv")
            workers.wait_for("upload_claimed", upload_id)
            wait(seconds * moments.random())
            stop_at_once(postgres)
            stopped += count_tries(owner, upload_id) > 1
            number += 1
            assert number < 4 * STOPPED
        assert running.is_running()
    assert read_state(owner) == read_state(twin)
    await owner.client.aclose()
    await twin.client.aclose()


@pytest.fixture
def quota(temporary: Path) -> Iterator[Path]:
    """The folder for temporary files as a disk of one megabyte, where this machine lets us mount one."""
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(temporary)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here; the next test bounds the files instead")
    yield temporary
    subprocess.run(["umount", "--lazy", str(temporary)], check=True)


# Unpacked, and sorted: what needs the folder.
IN_NEED = {
    "0.zip": pack({"sales.csv": make_export(0)}),
    "2.csv": make_export(2),
}


async def test_uploads_that_find_the_disk_full_are_loaded_when_there_is_space(
    owner: Owner, twin: Owner, quota: Path, workers: Workers
) -> None:
    ballast = quota / "ballast"
    running = workers.start(lease_seconds=LONG_LEASE_SECONDS)
    for name, content in IN_NEED.items():
        workers.wait_for("upload_completed", await twin.send(content, name))
        ballast.write_bytes(bytes(shutil.disk_usage(quota).free - ROOM))
        upload_id = await owner.send(content, name)
        assert "OSError" in workers.wait_for("upload_crashed", upload_id)
        assert is_untouched(owner, upload_id)
        ballast.unlink()
        workers.wait_for("upload_completed", upload_id)
    assert running.is_running()
    assert read_state(owner) == read_state(twin)
    assert is_empty(quota)


async def test_uploads_that_may_not_write_enough_are_loaded_when_they_may(
    owner: Owner, twin: Owner, workers: Workers
) -> None:
    """As the disk that is full, but with the bound that every system has: how large a file may grow."""
    for name, content in IN_NEED.items():
        upload_id = await owner.send(content, name)
        bounded = workers.start(lease_seconds=LONG_LEASE_SECONDS, largest_file=ROOM)
        assert "OSError" in workers.wait_for("upload_crashed", upload_id)
        kill(bounded)
        assert is_untouched(owner, upload_id)
        free = workers.start(lease_seconds=LONG_LEASE_SECONDS)
        workers.wait_for("upload_completed", upload_id)
        workers.wait_for("upload_completed", await twin.send(content, name))
        kill(free)
    assert read_state(owner) == read_state(twin)
