"""The mail of a laptop as pages to look at, and as JSON for the browser tests. Development only."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from itertools import islice
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel

from flux.core.client import is_loopback
from flux.core.errors import FluxError
from flux.mail.transport import mail_folder

MOST_LISTED = 200
_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNSHOWN = {"Subject", "MIME-Version", "Content-Type"}  # the heading, and what says nothing
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_PAGES = Environment(
    loader=PackageLoader("flux.mail", "templates/dev"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class MailNotFoundError(FluxError):
    def __init__(self) -> None:
        super().__init__("mail_not_found", 404, "There is no such mail.")


async def show_only_to_this_machine(request: Request) -> None:
    """Links to set passwords stand in these pages: others on the network get a 404."""
    peers = [request.client.host if request.client else ""]
    peers += request.headers.get("x-forwarded-for", peers[0]).split(",")
    if not all(is_loopback(each.strip()) for each in peers):
        raise MailNotFoundError


router = APIRouter(prefix="/dev/mail", dependencies=[Depends(show_only_to_this_machine)])


class SentMail(BaseModel):
    """One message: the name of its page, its text part, and when it was written, in UTC."""

    name: str
    to: str
    subject: str
    text: str
    at: datetime


Recipient = Annotated[str | None, Query(max_length=320)]


@router.get("", response_class=HTMLResponse)
def list_mail(request: Request, to: Recipient = None) -> HTMLResponse:
    """A page of the newest mail, of everybody or of one recipient."""
    return _page("list.html", sent=_newest(request, to), to=to or "", most=MOST_LISTED)


@router.get(".json")
def list_mail_as_json(request: Request, to: Recipient = None) -> list[SentMail]:
    """The same list for programs, newest first."""
    return _newest(request, to)


@router.get("/{name}", response_class=HTMLResponse)
def show_mail(request: Request, name: str) -> HTMLResponse:
    """A page of one message: its headers, its text, and its HTML shut in a frame without scripts."""
    if not _NAME.fullmatch(name):
        raise MailNotFoundError
    try:
        message = _read(_folder(request) / f"{name}.eml")
    except FileNotFoundError as error:
        raise MailNotFoundError from error
    # Inside the frame nothing may open but a link that was clicked, in place of this page.
    html = _part(message, "html").replace("<head>", '<head><base target="_top">', 1)
    return _page(
        "message.html",
        subject=str(message["Subject"]),
        headers=[(key, str(value)) for key, value in message.items() if key not in _UNSHOWN],
        text=_part(message, "plain"),
        html=html,
    )


def _page(template: str, **values: object) -> HTMLResponse:
    return HTMLResponse(_PAGES.get_template(template).render(values), headers=_HEADERS)


def _folder(request: Request) -> Path:
    return mail_folder(request.app.state.settings)


def _newest(request: Request, to: str | None) -> list[SentMail]:
    sent = _sent(_folder(request))
    wanted = (each for each in sent if to is None or each.to.lower() == to.strip().lower())
    return list(islice(wanted, MOST_LISTED))


def _sent(folder: Path) -> Iterator[SentMail]:
    """All mail, newest first; read one by one, so a short list does not read the whole folder."""
    for path in sorted(folder.glob("*.eml"), reverse=True):
        if _NAME.fullmatch(path.stem):
            message = _read(path)
            yield SentMail(
                name=path.stem,
                to=str(message["To"]),
                subject=str(message["Subject"]),
                text=_part(message, "plain"),
                at=message["Date"].datetime,
            )


def _read(path: Path) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=modern).parsebytes(path.read_bytes())


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
