"""How a letter leaves: through Amazon SES, or on a laptop into a folder that `/dev/mail` shows."""

import os
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from flux.core.ids import new_id
from flux.settings import MailSettings

DEVELOPMENT_SENDER = "Flux <flux@localhost>"
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html, less what passes by
# itself or with a retry: TooManyRequests, LimitExceeded, SendingPaused, and rights still to be given.
_PERMANENT = frozenset(
    {"AccountSuspended", "BadRequest", "MailFromDomainNotVerified", "MessageRejected", "NotFound"}
)


class MailNotSentError(Exception):
    """The message did not leave. `is_permanent`: sending the same again would fail the same way.

    `reason` names the kind of failure, for the log; it holds no address and no words of the message.
    """

    def __init__(self, reason: str, *, is_permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_permanent = is_permanent


class Mailer(Protocol):
    """Sends whole messages, as `render_letter` makes them."""

    def send(self, message: EmailMessage) -> None:
        """Return once the message is handed over; `MailNotSentError` if it was not."""


class FolderMailer:
    """Writes each message to `<uuid>.eml`; the names sort by time, and no reader sees half a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        name = f"{new_id()}.eml"
        partial = self.folder / f".{name}.partial"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                _write_privately(partial, message.as_bytes())
                partial.rename(self.folder / name)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as error:
            raise MailNotSentError(type(error).__name__, is_permanent=False) from error


class SesMailer:
    """Sends through SES in the region, and with the credentials, that boto3 finds by itself.

    A message takes 30 seconds at most: two attempts of 5 to connect and 10 to answer.
    """

    def __init__(self, endpoint_url: str | None = None) -> None:
        self._endpoint_url = endpoint_url

    def send(self, message: EmailMessage) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.send_email(
                Destination={"ToAddresses": [to.addr_spec for to in message["To"].addresses]},
                Content={"Raw": {"Data": message.as_bytes()}},
            )
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "unknown"))
            is_permanent = code.removesuffix("Exception") in _PERMANENT
            raise MailNotSentError(code, is_permanent=is_permanent) from error
        except BotoCoreError as error:
            raise MailNotSentError(type(error).__name__, is_permanent=False) from error

    @cached_property
    def _client(self) -> Any:
        # Importing boto3 takes most of a second, which a function that sends no mail need not wait.
        import boto3
        from botocore.config import Config

        patience = Config(
            connect_timeout=5,
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
        )
        session = boto3.session.Session()
        return session.client("sesv2", endpoint_url=self._endpoint_url, config=patience)


def make_mailer(settings: MailSettings) -> Mailer:
    """The mailer of this environment: a folder in development, SES everywhere else."""
    return FolderMailer(mail_folder(settings)) if settings.is_development else SesMailer()


def mail_folder(settings: MailSettings) -> Path:
    """Where mail lies in development."""
    return settings.data_dir / "mail"


def sender_of(settings: MailSettings) -> str:
    """The sender of all mail: FLUX_MAIL_FROM, which only development may leave empty."""
    return settings.mail_from or DEVELOPMENT_SENDER


def _write_privately(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
