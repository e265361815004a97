"""Writing and sending the letters that are due. The same on a laptop and on AWS.

A letter is tried until it is sent: taking it up moves its next try into the future, so a worker that
dies in between only delays it. Sent twice is possible then; never sent is not. Links are made here,
and made anew at each try, so that their secrets stand nowhere but in the mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

from flux.auth.models import LinkPurpose
from flux.auth.tokens import SecretKind, make_secret
from flux.core import clock
from flux.core.logging import get_logger
from flux.core.tenancy import enter
from flux.mail.letters import Letter, render_letter
from flux.mail.transport import Mailer, MailNotSentError

log = get_logger(__name__)

LINK_LIFETIME = timedelta(minutes=30)
# After the first failure, the second, and so on; after the last the letter is given up.
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 20, 60, 240))

Row = dict[str, Any]
Connection = psycopg.Connection[Row]


@dataclass(frozen=True)
class Post:
    """Where letters are found, how they leave, and what stands in them."""

    dsn: str
    mailer: Mailer
    sender: str
    web_url: str


def deliver_due_mails(post: Post, most: int = 100, is_stopped: Callable[[], bool] = bool) -> int:
    """Try every letter that is due, until asked to stop; how many were sent."""
    with _connect(post) as connection:
        due = connection.execute(
            "SELECT mail_id FROM find_due_mails(%s, %s)", (clock.now(), most)
        ).fetchall()
    return sum(_deliver(post, row["mail_id"]) for row in due if not is_stopped())


def _deliver(post: Post, mail_id: UUID) -> bool:
    with _connect(post) as connection:
        mail = _take(connection, mail_id)
    if mail is None:
        return False
    try:
        is_sent = _send(post, mail)
    except Exception as error:
        # Whatever is wrong with one letter, the others do not wait for it.
        is_last = mail["attempts"] > len(PAUSES)
        reason = type(error).__name__
        if isinstance(error, MailNotSentError):
            reason, is_last = error.reason, is_last or error.is_permanent
        log.error("mail_not_sent", letter=mail["letter"], reason=reason, given_up=is_last)
        if not is_last:
            return False
        is_sent = False
    with _connect(post) as connection:
        enter(connection, mail_id=mail_id)
        connection.execute("DELETE FROM outgoing_mails WHERE id = %s", (mail_id,))
    return is_sent


def _send(post: Post, mail: Row) -> bool:
    with _connect(post) as connection:
        values = _write(connection, post, mail)
    if values is None:
        return False
    try:
        letter = render_letter(
            Letter(mail["letter"]), sender=post.sender, recipient=mail["recipient"], values=values
        )
    except ValueError as error:
        # An address that mail cannot be written to, from before such were refused.
        raise MailNotSentError(type(error).__name__, is_permanent=True) from error
    post.mailer.send(letter)
    return True


def _connect(post: Post) -> Connection:
    return psycopg.connect(post.dsn, row_factory=dict_row)


def _take(connection: Connection, mail_id: UUID) -> Row | None:
    """The letter, unless another worker has it; its next try is set for if this one fails."""
    enter(connection, mail_id=mail_id)
    mail = connection.execute(
        "SELECT * FROM outgoing_mails WHERE id = %s AND due_at <= %s FOR UPDATE SKIP LOCKED",
        (mail_id, clock.now()),
    ).fetchone()
    if mail is None:
        return None
    pause = PAUSES[min(mail["attempts"], len(PAUSES) - 1)]
    taken = connection.execute(
        "UPDATE outgoing_mails SET attempts = attempts + 1, due_at = %s WHERE id = %s RETURNING *",
        (clock.now() + pause, mail_id),
    )
    return taken.fetchone()


def _write(connection: Connection, post: Post, mail: Row) -> dict[str, str] | None:
    """What stands in the letter; `None` where there is nobody, or nothing any more, to write to."""
    if mail["letter"] == Letter.INVITATION:
        return _write_invitation(connection, post, mail)
    known = connection.execute("SELECT * FROM find_login(%s)", (mail["recipient"],)).fetchone()
    if known is None:
        return None
    restaurants = connection.execute(
        "SELECT name, timezone FROM find_account(%s)", (known["user_id"],)
    ).fetchall()
    name, timezone = restaurants[0]["name"] or "Flux", restaurants[0]["timezone"] or "UTC"
    values = {"restaurant_name": name}
    links = {"login_link": f"{post.web_url}/login", "forgot_link": f"{post.web_url}/forgot"}
    letter = Letter(mail["letter"])
    if letter is Letter.CONFIRM_EMAIL:
        if known["is_verified"]:
            return None
        return values | _make_link(connection, post, known["user_id"], LinkPurpose.VERIFY_EMAIL)
    if letter is Letter.RESET_PASSWORD:
        return values | _make_link(connection, post, known["user_id"], LinkPurpose.RESET_PASSWORD)
    if letter is Letter.PASSWORD_CHANGED:
        del links["login_link"]
    if letter is not Letter.ALREADY_REGISTERED:
        values |= _describe_event(mail, timezone)
    return values | links


def _describe_event(mail: Row, timezone: str) -> dict[str, str]:
    details = mail["details"]
    local = datetime.fromisoformat(details["at"]).astimezone(ZoneInfo(timezone))
    at = f"{local.day} {local:%B %Y, %H:%M} ({timezone})"
    return {"device": details["device"], "place": details["place"], "at": at}


def _make_link(
    connection: Connection, post: Post, user_id: UUID, purpose: LinkPurpose
) -> dict[str, str]:
    """A link for half an hour, in place of the user's earlier one for the same purpose."""
    page = {LinkPurpose.VERIFY_EMAIL: "verify", LinkPurpose.RESET_PASSWORD: "reset"}[purpose]
    token, token_hash = make_secret(purpose.secret_kind)
    enter(connection, user_id=user_id)
    connection.execute(
        "INSERT INTO mail_links (user_id, purpose, token_hash, expires_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (user_id, purpose) DO UPDATE"
        " SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        (user_id, purpose, token_hash, clock.now() + LINK_LIFETIME),
    )
    minutes = str(int(LINK_LIFETIME.total_seconds() // 60))
    # After the #, which browsers send to no server, so the token is in no log.
    return {"link": f"{post.web_url}/{page}#{token}", "minutes": minutes}


def _write_invitation(connection: Connection, post: Post, mail: Row) -> dict[str, str] | None:
    details = mail["details"]
    token, token_hash = make_secret(SecretKind.INVITATION)
    enter(connection, restaurant_id=details["restaurant_id"])
    invited = connection.execute(
        "UPDATE invitations i SET token_hash = %s FROM restaurants r"
        " WHERE i.id = %s AND i.restaurant_id = %s AND r.id = i.restaurant_id"
        " RETURNING r.name, i.invited_by, i.role, i.expires_at - i.created_at AS lasts",
        (token_hash, details["invitation_id"], details["restaurant_id"]),
    ).fetchone()
    if invited is None:
        return None
    return {
        "restaurant_name": invited["name"],
        "inviter": invited["invited_by"],
        "role": invited["role"],
        "link": f"{post.web_url}/join#{token}",
        "days": str(invited["lasts"].days),
    }
