"""Letters about people who mean harm, and letters that go wrong: the others leave all the same."""

import base64
import signal
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import psycopg
import pytest
from anyio import to_thread
from fastapi import FastAPI

from flux.local import worker
from flux.mail.deliver import deliver_due_mails
from flux.mail.letters import Letter, render_letter
from mail.test_deliver import Mailer, Queue, forget, queue, send_by  # noqa: F401
from owner import Owner


def encoded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


@pytest.mark.parametrize(
    "name",
    [
        encoded("\r\nBcc: x@evil.example"),
        encoded("\n\nYour account is locked: https://evil.example"),
        "X " + encoded("\r\nBcc: x@evil.example"),
        encoded("https://evil.example/login"),
        "=?utf-8?q?https=3A//evil=2Eexample?=",
        "=\u200b?utf-8?q?https=3A//evil=2Eexample?=",
        "=?utf-8?q?=ff=fe?=",
        "=?ascii?q?=C3?=",
    ],
)
def test_an_encoded_word_in_a_name_stays_as_it_is_written(name: str) -> None:
    values = {"restaurant_name": name, "link": "https://flux.example/verify#t", "minutes": "30"}
    raw = render_letter(
        Letter.CONFIRM_EMAIL, sender="F <f@flux.example>", recipient="a@b.example", values=values
    ).as_bytes()
    letter = message_from_bytes(raw, policy=policy.default)
    assert list(letter.keys()) == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    ]
    assert "://evil" not in letter["Subject"]
    assert b"locked" not in raw


async def test_an_unexpected_error_in_one_letter_does_not_keep_the_others_waiting(
    app: FastAPI, owner: Owner, stranger: Owner, queue: Queue  # noqa: F811
) -> None:
    await forget(owner)
    await forget(stranger)
    failures = iter([RuntimeError])

    def crash_once() -> None:
        for error in failures:
            raise error

    mailer = Mailer(before=crash_once)
    assert deliver_due_mails(send_by(app, mailer)) == 1
    assert [each["To"] for each in mailer.sent] == [stranger.email]


async def test_a_letter_that_cannot_be_written_waits_behind_the_others(
    app: FastAPI, owner: Owner, queue: Queue  # noqa: F811
) -> None:
    with psycopg.connect(queue.dsn) as admin:
        admin.execute(
            "INSERT INTO outgoing_mails (id, letter, recipient, due_at)"
            " VALUES (gen_random_uuid(), 'password_changed', %s, now() - interval '1 hour')",
            (owner.email,),
        )
    await forget(owner)
    assert deliver_due_mails(send_by(app, Mailer())) == 1
    assert [row[4] for row in queue.read()] == [1]


async def test_a_worker_that_crashes_takes_its_postman_with_it(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise OSError

    handlers: dict[int, Callable[..., object]] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(worker, "sweep_unsent_uploads", crash)
    with pytest.raises(OSError):  # noqa: PT011
        await to_thread.run_sync(worker.run_worker, owner.app.state.settings)
    left = {each.name for each in threading.enumerate()}
    handlers[signal.SIGTERM](signal.SIGTERM, None)
    assert "mail" not in left


async def test_a_postman_stops_between_two_letters(
    app: FastAPI, owner: Owner, stranger: Owner, queue: Queue  # noqa: F811
) -> None:
    await forget(owner)
    await forget(stranger)
    stop = threading.Event()
    mailer = Mailer(after=stop.set)
    postman = threading.Thread(target=worker._deliver_until, args=(stop, send_by(app, mailer)))
    postman.start()
    await to_thread.run_sync(postman.join, 20)
    assert len(mailer.sent) == 1
