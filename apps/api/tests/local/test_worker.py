"""The local worker sends letters while it reads files, and stops when it is told to."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from anyio import to_thread

from flux.core.storage import LocalStore
from flux.ingestion.process import process_upload
from flux.local import worker
from letterbox import make_post, read_mail
from owner import Owner

PATIENCE = 20.0
EXPORT = b"""Order ID,Date,Time,Item,Quantity,Net sales
1,2026-05-01,12:00,Soup,2,9.00
2,2026-05-01,12:30,Tea,1,4.50
"""


class Running:
    """A worker in a thread of this process, with the handlers it set for the signals."""

    def __init__(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handlers: dict[int, Callable[..., Any]] = {}
        monkeypatch.setattr(signal, "signal", self.handlers.__setitem__)
        self._threads = ThreadPoolExecutor(1)
        self._done: Future[None] = self._threads.submit(worker.run_worker, owner.app.state.settings)

    def end(self) -> None:
        """Tell it to stop; returns when it has, with its error if it had one."""
        self.handlers[signal.SIGTERM](signal.SIGTERM, None)
        self._done.result(PATIENCE)
        self._threads.shutdown()


async def test_letters_leave_while_a_long_file_is_read_and_the_file_is_finished_before_the_end(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing of other tests is to be due.
    await read_mail(owner.app, owner.email)
    await owner.work()
    reading, sent, told_to_stop = threading.Event(), threading.Event(), threading.Event()

    class Messenger:
        def send(self, _: EmailMessage) -> None:
            sent.set()

    def process_slowly(dsn: str, store: LocalStore, restaurant_id: UUID, upload_id: UUID) -> bool:
        reading.set()
        assert told_to_stop.wait(PATIENCE)
        return process_upload(dsn, store, restaurant_id, upload_id)

    monkeypatch.setattr(worker, "make_mailer", lambda _: Messenger())
    monkeypatch.setattr(worker, "process_upload", process_slowly)
    upload_id = await owner.send(EXPORT)
    running = Running(owner, monkeypatch)
    try:
        assert await to_thread.run_sync(reading.wait, PATIENCE)
        assert not sent.is_set()
        await owner.client.post("/api/auth/password/forgot", json={"email": owner.email})
        assert await to_thread.run_sync(sent.wait, PATIENCE)
        assert not told_to_stop.is_set()
    finally:
        ending = threading.Timer(0.1, told_to_stop.set)
        ending.start()
        await to_thread.run_sync(running.end)
    shown = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    assert shown["status"] == "completed"
    assert "mail" not in {each.name for each in threading.enumerate()}


async def test_the_postman_outlives_an_error_and_ends_when_told(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = threading.Semaphore(0)

    def fail(*_: object, **__: object) -> int:
        rounds.release()
        raise RuntimeError

    monkeypatch.setattr(worker, "deliver_due_mails", fail)
    monkeypatch.setattr(worker, "PAUSE_AFTER_ERROR_SECONDS", 0.01)
    stop, post = threading.Event(), make_post(owner.app.state.settings)
    postman = threading.Thread(target=worker._deliver_until, args=(stop, post))
    postman.start()
    try:
        for _ in range(3):
            assert await to_thread.run_sync(rounds.acquire, True, PATIENCE)
    finally:
        stop.set()
        await to_thread.run_sync(postman.join, PATIENCE)
    assert not postman.is_alive()
