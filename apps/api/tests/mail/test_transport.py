"""A message leaves whole, or says whether to try again; on a laptop it can be read at /dev/mail."""

import email
import re
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import time_machine
from botocore.exceptions import ClientError
from fastapi import FastAPI
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from bucket import forget_this_machine, start_aws
from flux.core.errors import add_error_handlers
from flux.mail.dev_pages import MOST_LISTED, router
from flux.mail.letters import Letter, render_letter
from flux.mail.transport import (
    FolderMailer,
    MailNotSentError,
    SesMailer,
    make_mailer,
    sender_of,
)
from flux.settings import Environment, Settings

SENDER = "Flux <mail@flux.example>"
REGION = "eu-west-1"
LINK = "https://flux.example/open?a=1&b=2#token=AbC-_9"


def make_letter(
    to: str = "mario@trattoria.example",
    restaurant_name: str = "Trattoria “Da Mario” 🍕",
    sender: str = SENDER,
) -> EmailMessage:
    values = {"restaurant_name": restaurant_name, "link": LINK, "minutes": "30"}
    return render_letter(Letter.CONFIRM_EMAIL, sender=sender, recipient=to, values=values)


def make_settings(tmp_path: Path, **changes: Any) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **changes)


PRODUCTION: dict[str, Any] = {
    "env": Environment.PRODUCTION,
    "jwt_keys": {"test": "k" * 32},
    "DATABASE_URL": "postgresql://flux_app:x@db.example/flux",
    "REDIS_URL": "redis://cache.example",
    "public_url": "https://flux.example",
    "proxy_depth": 1,
    "mail_from": SENDER,
    "store_bucket": "flux-app-data",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "mail"


def test_a_folder_keeps_each_message_whole_and_to_its_owner(folder: Path) -> None:
    letter = make_letter()
    FolderMailer(folder).send(letter)
    (written,) = folder.iterdir()
    assert written.read_bytes() == letter.as_bytes()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_the_names_of_messages_sort_by_time(folder: Path) -> None:
    mailer = FolderMailer(folder)
    for number in range(20):
        mailer.send(make_letter(f"guest{number}@bistro.example"))
    recipients = [
        email.message_from_bytes(path.read_bytes())["To"] for path in sorted(folder.iterdir())
    ]
    assert recipients == [f"guest{number}@bistro.example" for number in range(20)]


def test_no_reader_sees_half_a_message(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rename_nothing(self: Path, target: Path) -> Path:
        assert [path.suffix for path in folder.iterdir()] == [".partial"]
        assert not list(folder.glob("*.eml"))
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "rename", rename_nothing)
    with pytest.raises(MailNotSentError) as caught:
        FolderMailer(folder).send(make_letter())
    assert not caught.value.is_permanent
    assert not list(folder.iterdir())


@pytest.fixture(scope="module")
def ses_url() -> Iterator[str]:
    with start_aws() as url:
        yield url


@pytest.fixture
def ses(ses_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SesMailer:
    """A mailer to an empty SES that has verified one sender; no credentials of this machine."""
    forget_this_machine(monkeypatch, tmp_path, REGION)
    httpx.post(f"{ses_url}/moto-api/reset").raise_for_status()
    client = boto3.session.Session().client("sesv2", endpoint_url=ses_url)
    client.create_email_identity(EmailIdentity="mail@flux.example")
    client.close()
    return SesMailer(ses_url)


def test_ses_gets_the_message_whole(ses: SesMailer) -> None:
    letter = make_letter()
    ses.send(letter)
    (received,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert received.raw_data.encode() == letter.as_bytes()
    assert received.source == "mail@flux.example"
    assert set(received.destinations) == {"mario@trattoria.example"}


def test_a_sender_that_ses_does_not_know_is_refused_for_good(ses: SesMailer) -> None:
    with pytest.raises(MailNotSentError, match="MessageRejected") as caught:
        ses.send(make_letter(sender="Flux <other@flux.example>"))
    assert caught.value.is_permanent


@pytest.mark.parametrize(
    ("code", "is_permanent"),
    [
        ("MessageRejected", True),
        ("MailFromDomainNotVerifiedException", True),
        ("AccountSuspendedException", True),
        ("BadRequestException", True),
        ("NotFoundException", True),
        ("TooManyRequestsException", False),
        ("LimitExceededException", False),
        ("SendingPausedException", False),
        ("AccessDeniedException", False),
        ("ExpiredTokenException", False),
        ("InternalFailure", False),
    ],
)
def test_only_what_would_fail_again_is_permanent(
    ses: SesMailer, monkeypatch: pytest.MonkeyPatch, code: str, is_permanent: bool
) -> None:
    """moto has no way to fail like this, so the failure is put into the client's place."""

    class Refusing:
        def send_email(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": code, "Message": "x"}}, "SendEmail")

    monkeypatch.setitem(ses.__dict__, "_client", Refusing())
    with pytest.raises(MailNotSentError, match=code) as caught:
        ses.send(make_letter())
    assert caught.value.is_permanent is is_permanent


def test_a_network_that_is_down_is_worth_another_try(ses: SesMailer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = SesMailer(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(MailNotSentError, match="EndpointConnectionError") as caught:
            closed.send(make_letter())
    assert not caught.value.is_permanent


def test_missing_credentials_are_worth_another_try(
    ses: SesMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    with pytest.raises(MailNotSentError, match="NoCredentialsError") as caught:
        ses.send(make_letter())
    assert not caught.value.is_permanent


def test_a_laptop_writes_mail_to_its_folder_and_a_server_sends_it(tmp_path: Path) -> None:
    laptop = make_settings(tmp_path)
    mailer = make_mailer(laptop)
    assert isinstance(mailer, FolderMailer)
    assert mailer.folder == tmp_path / "mail"
    assert sender_of(laptop) == "Flux <flux@localhost>"
    assert sender_of(make_settings(tmp_path, mail_from=SENDER)) == SENDER
    server = make_settings(tmp_path, **PRODUCTION)
    assert isinstance(make_mailer(server), SesMailer)
    assert sender_of(server) == SENDER


def make_pages(folder: Path) -> FastAPI:
    app = FastAPI()
    app.state.settings = make_settings(folder.parent)
    app.include_router(router, include_in_schema=False)
    add_error_handlers(app)
    return app


@pytest.fixture
async def pages(folder: Path) -> Any:
    transport = httpx.ASGITransport(app=make_pages(folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://flux.test") as client:
        yield client


async def test_others_on_the_network_do_not_see_the_mail(folder: Path) -> None:
    app = make_pages(folder)
    for address, forwarded, status in (
        ("127.0.0.1", "", 200),
        ("127.0.0.1", "::1", 200),
        ("192.168.1.20", "", 404),
        ("192.168.1.20", "127.0.0.1", 404),
        ("127.0.0.1", "192.168.1.20", 404),
    ):
        transport = httpx.ASGITransport(app=app, client=(address, 40000))
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://flux.test") as client:
            for path in ("/dev/mail", "/dev/mail.json"):
                assert (await client.get(path, headers=headers)).status_code == status


async def test_before_the_first_mail_the_pages_say_so(pages: httpx.AsyncClient) -> None:
    answer = await pages.get("/dev/mail")
    assert answer.status_code == 200
    assert "No mail yet" in answer.text
    assert (await pages.get("/dev/mail.json")).json() == []


@pytest.mark.usefixtures("other_files")
async def test_mail_is_listed_newest_first(pages: httpx.AsyncClient, folder: Path) -> None:
    mailer = FolderMailer(folder)
    at = datetime(2026, 11, 23, 17, 26, tzinfo=UTC)
    for minute, to in enumerate(["a@x.example", "b@x.example", "a@x.example"]):
        with time_machine.travel(at + timedelta(minutes=minute), tick=False):
            mailer.send(make_letter(to, f"No {minute}"))
    found = (await pages.get("/dev/mail.json")).json()
    assert [each["to"] for each in found] == ["a@x.example", "b@x.example", "a@x.example"]
    assert found[0].keys() == {"name", "to", "subject", "text", "at"}
    assert found[0]["subject"] == "Confirm your e-mail address for “No 2”"
    assert found[0]["at"] == "2026-11-23T17:28:00Z"
    assert f"\n{LINK}\n" in found[0]["text"]
    to_a = (await pages.get("/dev/mail.json", params={"to": "A@X.example"})).json()
    assert [each["subject"][-3:-1] for each in to_a] == [" 2", " 0"]
    page = (await pages.get("/dev/mail")).text
    assert [name in page for name in ("“No 0”", "“No 1”", "“No 2”")] == [True] * 3
    assert page.index("“No 2”") < page.index("“No 1”") < page.index("“No 0”")
    assert "23 Nov 2026, 17:28:00 UTC" in page
    only_b = (await pages.get("/dev/mail", params={"to": "b@x.example"})).text
    assert "“No 1”" in only_b
    assert "“No 2”" not in only_b


async def test_only_the_newest_mail_is_listed(pages: httpx.AsyncClient, folder: Path) -> None:
    mailer = FolderMailer(folder)
    oldest, letter = make_letter("oldest@x.example"), make_letter()
    for each in [oldest] + [letter] * MOST_LISTED:
        mailer.send(each)
    found = (await pages.get("/dev/mail.json")).json()
    assert len(found) == MOST_LISTED
    assert "oldest@x.example" not in {each["to"] for each in found}
    assert len((await pages.get("/dev/mail.json?to=oldest@x.example")).json()) == 1


async def test_a_mail_is_shown_with_its_headers_text_and_shut_in_html(
    pages: httpx.AsyncClient, folder: Path
) -> None:
    FolderMailer(folder).send(make_letter(restaurant_name="<script>alert('&')</script>"))
    (listed,) = (await pages.get("/dev/mail.json")).json()
    assert listed["subject"].endswith("“<script>alert('&')</script>”")
    listing = await pages.get("/dev/mail")
    assert f'href="/dev/mail/{listed["name"]}"' in listing.text
    shown = await pages.get(f"/dev/mail/{listed['name']}")
    assert shown.status_code == 200
    for page in (listing, shown):
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "auto-generated" in shown.text
    assert f'<a href="{LINK.replace("&", "&amp;")}"' in shown.text
    frame = re.search(r'<iframe [^>]*sandbox="([^"]*)" srcdoc="([^"]*)"', shown.text)
    assert frame is not None
    assert frame[1] == "allow-top-navigation-by-user-activation"
    assert "&lt;!doctype html&gt;" in frame[2]
    assert "&amp;lt;script&amp;gt;" in frame[2]


@pytest.fixture
def other_files(folder: Path) -> None:
    """Files in the folder and above it that are not mail of Flux."""
    folder.mkdir(parents=True)
    for path in (folder / "notes.eml", folder.parent / "secret.eml"):
        path.write_text("Subject: secret\n\nsecret")


@pytest.mark.parametrize(
    "name",
    [
        "01a20941-7ac3-752d-a234-186395b7e358",
        "notes",
        "..%2Fsecret",
        "%2e%2e%2fsecret",
        "..%5Csecret",
        "../secret",
        "/etc/passwd",
        "secret.eml",
        "%00",
        "x" * 5000,
    ],
)
@pytest.mark.usefixtures("other_files")
async def test_there_is_no_way_to_another_file(pages: httpx.AsyncClient, name: str) -> None:
    answer = await pages.get(f"/dev/mail/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] in {"mail_not_found", "not_found"}
