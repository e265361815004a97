"""What a test does as somebody who reads their mail."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from anyio import to_thread
from fastapi import FastAPI

from flux.mail.deliver import Post, deliver_due_mails
from flux.mail.transport import make_mailer, sender_of
from flux.settings import Settings, require


def make_post(settings: Settings) -> Post:
    """The way the worker of these settings sends letters: into their folder."""
    dsn = require(settings.database_url, "DATABASE_URL")
    return Post(dsn, make_mailer(settings), sender_of(settings), settings.web_url)


async def read_mail(app: FastAPI, recipient: str) -> list[EmailMessage]:
    """Let the postman work; then every letter to the address, the oldest first."""
    settings: Settings = app.state.settings
    await to_thread.run_sync(deliver_due_mails, make_post(settings), 10_000)
    letters = []
    for file in sorted((settings.data_dir / "mail").glob("*.eml")):
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        if letter["To"] == recipient:
            letters.append(letter)
    return letters


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def read_token(app: FastAPI, recipient: str, page: str) -> str:
    """The token in the newest letter to the address that links to the page."""
    for letter in reversed(await read_mail(app, recipient)):
        if found := re.search(rf"/{page}#(\S+)", text_of(letter)):
            return found.group(1)
    raise AssertionError(f"no letter to {recipient} has a link to /{page}")
