"""The Lambda that comes by every minute and sends the letters that are due, as the worker does on a laptop."""

from functools import lru_cache

from flux.core.logging import configure_logging
from flux.lambdas.context import Context
from flux.mail.deliver import Post, deliver_due_mails
from flux.mail.transport import make_mailer, sender_of
from flux.settings import MailSettings, require

# What one letter takes at most; see `SesMailer`.
LETTER_MILLIS = 35_000


def handler(_event: object, context: Context) -> dict[str, int]:
    """Send what is due, and say how many letters left; what there is no time for waits for the next call.

    A letter that could not be sent is tried again later, and is no failure of the Lambda.
    """
    post = open_post()
    sent = deliver_due_mails(
        post, is_stopped=lambda: context.get_remaining_time_in_millis() < LETTER_MILLIS
    )
    return {"sent": sent}


@lru_cache(maxsize=1)
def open_post() -> Post:
    """That of the environment; made once, and kept while this instance of the Lambda lives."""
    settings = MailSettings()
    configure_logging(as_json=not settings.is_development, level=settings.log_level)
    dsn = require(settings.database_url, "DATABASE_URL")
    return Post(dsn, make_mailer(settings), sender_of(settings), settings.web_url)
