"""From the event to the letter: written once its reason is committed, tried until it leaves, sent once."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from httpx import Response
from structlog.testing import capture_logs

from flux.core import clock
from flux.core.ids import new_id
from flux.mail.deliver import LINK_LIFETIME, PAUSES, Post, deliver_due_mails
from flux.mail.letters import Letter
from flux.mail.service import queue_mail
from flux.mail.transport import MailNotSentError
from flux.main import create_app
from flux.settings import Settings
from letterbox import make_post, read_mail, read_token, text_of
from owner import PASSWORD, Owner, open_client, register, registration
from servers import database_url

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0.0.0 Mobile Safari/537.36"
)
NEW_PASSWORD = "quiet lemon harbour"
SECOND = timedelta(seconds=1)


class Clock:
    """Flux's clock, which stands still unless a test turns it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def forward(self, step: timedelta) -> None:
        self.now += step


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


class Mailer:
    """Keeps what it is given. `before` may keep it from leaving; `after` is when it has left."""

    def __init__(
        self, *, before: Callable[[], object] = bool, after: Callable[[], object] = bool
    ) -> None:
        self.before, self.after = before, after
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.before()
        self.sent.append(message)
        self.after()


class KilledError(BaseException):
    """The end of a process, in the middle of what it does: no handler sees it."""


def be_killed() -> None:
    raise KilledError


def fail(*, is_permanent: bool) -> Callable[[], None]:
    def send_nothing() -> None:
        raise MailNotSentError("Refused", is_permanent=is_permanent)

    return send_nothing


def send_by(app: FastAPI, mailer: Mailer) -> Post:
    post = make_post(app.state.settings)
    return Post(post.dsn, mailer, post.sender, post.web_url)


class Queue:
    """The letters that are still to be sent, as the database's administrator sees them."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def read(self) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as admin:
            return admin.execute("SELECT * FROM outgoing_mails ORDER BY id").fetchall()


@pytest.fixture
def queue(database: str) -> Queue:
    """An empty queue: to be asked for after what is not to be in it."""
    dsn = database_url("admin", database)
    with psycopg.connect(dsn) as admin:
        admin.execute("DELETE FROM outgoing_mails")
    return Queue(dsn)


async def forget(owner: Owner) -> None:
    answer = await owner.client.post("/api/auth/password/forgot", json={"email": owner.email})
    assert answer.status_code == 204


async def reset(owner: Owner, letter: EmailMessage) -> Response:
    """Use the link in a letter to set a new password."""
    found = re.search(r"/reset#(\S+)", text_of(letter))
    assert found is not None
    form = {"token": found[1], "password": NEW_PASSWORD}
    return await owner.client.post("/api/auth/password/reset", json=form)


async def test_a_letter_of_a_transaction_that_is_rolled_back_is_never_sent(
    app: FastAPI, owner: Owner, queue: Queue
) -> None:
    mailer = Mailer()

    async def write_and_fail() -> None:
        async with app.state.database.transaction() as session:
            await queue_mail(session, Letter.RESET_PASSWORD, owner.email, clock.now())
            assert deliver_due_mails(send_by(app, mailer)) == 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert deliver_due_mails(send_by(app, mailer)) == 0
    assert (mailer.sent, queue.read()) == ([], [])


async def test_two_postmen_at_once_send_each_letter_once(
    app: FastAPI, owner: Owner, queue: Queue
) -> None:
    async with app.state.database.transaction() as session:
        for _ in range(20):
            await queue_mail(session, Letter.ALREADY_REGISTERED, owner.email, clock.now())
    both, met = threading.Barrier(2), threading.local()

    def wait_once_for_the_other() -> None:
        if not hasattr(met, "other"):
            met.other = both.wait(timeout=20)

    mailer = Mailer(before=wait_once_for_the_other)
    with ThreadPoolExecutor(2) as postmen:
        counts = list(postmen.map(deliver_due_mails, [send_by(app, mailer)] * 2))
    assert min(counts) > 0
    assert sum(counts) == len(mailer.sent) == 20
    assert queue.read() == []


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_postman_who_dies_delays_a_letter_and_the_link_in_the_first_copy_is_spent(
    app: FastAPI, time: Clock, owner: Owner, queue: Queue, moment: str
) -> None:
    await forget(owner)
    mailer = Mailer(**{moment: be_killed})
    with pytest.raises(KilledError):
        deliver_due_mails(send_by(app, mailer))
    other = Mailer()
    time.forward(PAUSES[0] - SECOND)
    assert deliver_due_mails(send_by(app, other)) == 0
    time.forward(SECOND)
    assert deliver_due_mails(send_by(app, other)) == 1
    assert queue.read() == []
    assert len(mailer.sent) == (moment == "after")
    for letter in mailer.sent:
        assert (await reset(owner, letter)).status_code == 410
    assert (await reset(owner, other.sent[0])).status_code == 204


async def test_a_letter_that_does_not_leave_is_tried_after_growing_pauses_and_then_given_up(
    app: FastAPI, time: Clock, owner: Owner, queue: Queue
) -> None:
    await forget(owner)
    tries: list[datetime] = []

    def fail_for_now() -> None:
        tries.append(time.now)
        fail(is_permanent=False)()

    post, begun = send_by(app, Mailer(before=fail_for_now)), time.now
    with capture_logs() as lines:
        for pause in PAUSES:
            assert deliver_due_mails(post) == 0
            time.forward(pause - SECOND)
            assert deliver_due_mails(post) == 0
            time.forward(SECOND)
        assert len(queue.read()) == 1
        assert deliver_due_mails(post) == 0
    assert queue.read() == []
    assert tries == [begun + sum(PAUSES[:number], timedelta(0)) for number in range(6)]
    assert sorted(set(PAUSES)) == list(PAUSES)
    assert [line["given_up"] for line in lines] == [False] * 5 + [True]
    assert owner.email not in str(lines)


async def test_a_letter_that_cannot_be_sent_is_given_up_and_leaves_a_line_without_the_address(
    app: FastAPI, owner: Owner, queue: Queue
) -> None:
    await forget(owner)
    with capture_logs() as lines:
        assert deliver_due_mails(send_by(app, Mailer(before=fail(is_permanent=True)))) == 0
    assert queue.read() == []
    expected = {"event": "mail_not_sent", "letter": "reset_password", "reason": "Refused"}
    assert lines == [expected | {"given_up": True, "log_level": "error"}]


async def test_one_letter_that_fails_does_not_keep_the_others(
    app: FastAPI, owner: Owner, stranger: Owner, queue: Queue
) -> None:
    await forget(owner)
    await forget(stranger)
    failures = iter([fail(is_permanent=False)])
    mailer = Mailer(before=lambda: next(failures, bool)())
    assert deliver_due_mails(send_by(app, mailer)) == 1
    assert [each["To"] for each in mailer.sent] == [stranger.email]


async def test_the_half_hour_of_a_link_begins_when_the_letter_is_written(
    app: FastAPI, time: Clock, owner: Owner, queue: Queue
) -> None:
    await forget(owner)
    time.forward(LINK_LIFETIME * 3)
    mailer = Mailer()
    assert deliver_due_mails(send_by(app, mailer)) == 1
    time.forward(LINK_LIFETIME - SECOND)
    assert (await reset(owner, mailer.sent[0])).status_code == 204


async def test_what_is_no_longer_wanted_is_not_sent(
    app: FastAPI, owner: Owner, queue: Queue
) -> None:
    invited = {"email": registration()["email"], "role": "viewer"}
    made = await owner.client.post("/api/team/invitations", json=invited)
    await owner.client.delete(f"/api/team/invitations/{made.json()['id']}")
    await owner.client.post("/api/auth/email/resend", json={"email": owner.email})
    owner.execute("UPDATE users SET email_verified_at = now()")
    assert len(queue.read()) == 2
    assert deliver_due_mails(send_by(app, mailer := Mailer())) == 0
    assert (mailer.sent, queue.read()) == ([], [])


async def test_every_letter_tells_what_happened_in_the_restaurants_own_time(
    app: FastAPI, time: Clock
) -> None:
    time.now = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
    owner = await register(app, restaurant_name="Momo House", timezone="Asia/Kathmandu")
    guest = registration()["email"]
    async with open_client(app, address="198.18.44.5") as phone:
        phone.headers["User-Agent"] = PHONE
        credentials = {"email": owner.email, "password": PASSWORD}
        time.forward(SECOND)
        await phone.post("/api/auth/register", json=registration(email=owner.email))
        await phone.post("/api/auth/login", json=credentials)
        copied = phone.cookies["flux_refresh"]
        await phone.post("/api/auth/refresh")
        time.forward(timedelta(minutes=1))
        phone.cookies.clear()
        phone.cookies.set("flux_refresh", copied)
        assert (await phone.post("/api/auth/refresh")).status_code == 401
        await phone.post("/api/auth/login", json=credentials)
        time.forward(SECOND)
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        assert (await phone.post("/api/auth/password", json=change)).status_code == 200
        invited = {"email": guest, "role": "manager"}
        await phone.post("/api/team/invitations", json=invited)
    time.forward(SECOND)
    await forget(owner)
    letters = [*await read_mail(app, owner.email), *await read_mail(app, guest)]
    web = "http://127.0.0.1:8000"
    facts = (
        "Device: Chrome on Android\nPlace: 198.18.44.5\nTime: 11 March 2026, 02:16 (Asia/Kathmandu)"
    )
    for letter, (subject, *said) in zip(
        letters,
        (
            ("Confirm your e-mail address", f"\n{web}/verify#flux_v_", "30 minutes"),
            ("You already have an account", f"\n{web}/login\n", f"\n{web}/forgot\n"),
            ("We logged out one of your devices", facts, f"\n{web}/login\n", f"\n{web}/forgot\n"),
            ("Your password", facts, f"\n{web}/forgot\n"),
            ("Set a new password", f"\n{web}/reset#flux_p_", "30 minutes"),
            (
                "You are invited",
                f"\n{web}/join#flux_i_",
                "manager",
                "7 days",
                owner.email.replace(".", "·"),
            ),
        ),
        strict=True,
    ):
        assert letter["Subject"].startswith(subject)
        text = text_of(letter).replace("\r\n", "\n")
        for words in ("“Momo House”", *said):
            assert words in text, text


@pytest.mark.parametrize("public_url", ["https://flux.example", "https://flux.example/", ""])
async def test_links_lead_to_the_web_app_whatever_host_was_called(
    settings: Settings, public_url: str
) -> None:
    made = create_app(settings.model_copy(update={"public_url": public_url}))
    async with made.router.lifespan_context(made), open_client(made, "http://evil.example") as evil:
        form = registration()
        evil.headers["X-Forwarded-Host"] = "evil.example"
        for path, body in (("register", form), ("password/forgot", {"email": form["email"]})):
            assert (await evil.post(f"/api/auth/{path}", json=body)).is_success
        letters = await read_mail(made, form["email"])
        assert len(letters) == 2
        for letter in letters:
            home = public_url.rstrip("/") or "http://127.0.0.1:8000"
            assert f"\n{home}/" in text_of(letter)
            assert b"evil" not in letter.as_bytes()


@pytest.mark.parametrize("name", ["A\r\nBcc: x@evil.example", "A\nB", "A\x0bB", "A\u2028B", "\0"])
async def test_a_restaurant_whose_name_has_control_characters_is_not_registered(
    app: FastAPI, name: str, queue: Queue
) -> None:
    async with open_client(app) as client:
        form = registration(restaurant_name=name)
        answer = await client.post("/api/auth/register", json=form)
    assert answer.status_code == 422
    assert name == "\0" or answer.json()["errors"][0]["pointer"] == "/restaurant_name"
    assert queue.read() == []


@pytest.mark.parametrize(
    "name",
    [
        '<script>alert(1)</script><a href="https://evil.example">Log in</a>',
        '"><img src=//evil.example/x onerror=alert(1)>',
        "Your account is locked. Go to https://evil.example/login",
        "www.evil.example or evil.example/login",
        "{link} {{ link }} {% include 'x' %} %(link)s ${link}",
        "“ was confirmed” \u202egnp.exe\u2069",
        "mailto:x@evil.example tel:+1234567890",
        "x" * 120,
        "🍕" * 120,
    ],
)
async def test_a_hostile_restaurant_name_puts_nothing_into_a_strangers_letter_but_words(
    app: FastAPI, name: str
) -> None:
    async with open_client(app) as client:
        form = registration(restaurant_name=name)
        assert (await client.post("/api/auth/register", json=form)).status_code == 201
    (letter,) = await read_mail(app, form["email"])
    assert [each.lower() for each in letter] == [
        *("from", "to", "subject", "date", "message-id", "auto-submitted"),
        *("mime-version", "content-type"),
    ]
    assert re.fullmatch(r"Confirm your e-mail address for “[^\r\n“”]+”", letter["Subject"])
    text, html = text_of(letter), letter.get_body(("html",))
    assert html is not None
    token = await read_token(app, form["email"], "verify")
    link = f"http://127.0.0.1:8000/verify#{token}"
    assert re.findall(r"\S*(?:://|//|www\.|evil\.|mailto:\S|tel:\S)\S*", text) == [link]
    assert set(re.findall(r'(?:href|src|action)="([^"]*)"', html.get_content())) == {link}
    assert not re.search(r"<(script|img|iframe|form)|<a (?!class=)", html.get_content())


async def test_a_letter_in_the_queue_is_seen_by_its_own_id_alone_and_holds_no_token(
    app: FastAPI, time: Clock, owner: Owner, stranger: Owner, queue: Queue
) -> None:
    await forget(owner)
    await forget(stranger)
    # Tried once, so links were made.
    assert deliver_due_mails(send_by(app, Mailer(before=fail(is_permanent=False)))) == 0
    rows = queue.read()
    assert not re.search("flux_|[0-9a-f]{64}", str(rows))
    mine, other = (UUID(str(row[0])) for row in rows)
    assert owner.query("SELECT * FROM outgoing_mails") == []
    with psycopg.connect(owner.dsn) as connection:
        assert connection.execute("SELECT * FROM outgoing_mails").fetchall() == []
        connection.execute("SELECT set_config('app.mail_id', %s, true)", (str(mine),))
        seen = connection.execute("SELECT id FROM outgoing_mails").fetchall()
        assert seen == [(mine,)]
        for statement in (
            "UPDATE outgoing_mails SET recipient = 'x' WHERE id = %s",
            "DELETE FROM outgoing_mails WHERE id = %s",
        ):
            assert connection.execute(statement, (other,)).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO outgoing_mails (id, letter, recipient, due_at)"
                " VALUES (%s, 'reset_password', 'x', now())",
                (new_id(),),
            )
    assert queue.read() == rows
