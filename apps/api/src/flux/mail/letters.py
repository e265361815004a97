"""The words of every mail that Flux sends, as plain text and as HTML from one template each.

Names are written by people, and anybody may give a restaurant any name and a stranger's address. So
what people wrote stays on one line, is cut at 120 characters, is escaped, and is changed wherever a
mail program would make a link of it: the only links in a letter are ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from ipaddress import ip_address
from unicodedata import category

from email_validator import validate_email
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from flux.core import clock
from flux.core.ids import new_id

MAX_VALUE_CHARACTERS = 120


class Letter(StrEnum):
    """The mails Flux sends; `LETTERS` says what each of them needs."""

    CONFIRM_EMAIL = "confirm_email"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (the name of a letter)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SESSION_ENDED = "session_ended"
    INVITATION = "invitation"


@dataclass(frozen=True)
class Form:
    """A letter's subject, in which values stand in braces, and the names of all its values."""

    subject: str
    values: frozenset[str]


LETTERS: Mapping[Letter, Form] = {
    Letter.CONFIRM_EMAIL: Form(
        "Confirm your e-mail address for “{restaurant_name}”",
        frozenset({"restaurant_name", "link", "minutes"}),
    ),
    Letter.ALREADY_REGISTERED: Form(
        "You already have an account for “{restaurant_name}”",
        frozenset({"restaurant_name", "login_link", "forgot_link"}),
    ),
    Letter.RESET_PASSWORD: Form(
        "Set a new password for “{restaurant_name}”",
        frozenset({"restaurant_name", "link", "minutes"}),
    ),
    Letter.PASSWORD_CHANGED: Form(
        "Your password for “{restaurant_name}” was changed",
        frozenset({"restaurant_name", "device", "place", "at", "forgot_link"}),
    ),
    Letter.SESSION_ENDED: Form(
        "We logged out one of your devices from “{restaurant_name}”",
        frozenset({"restaurant_name", "device", "place", "at", "login_link", "forgot_link"}),
    ),
    Letter.INVITATION: Form(
        "You are invited to join “{restaurant_name}” on Flux",
        frozenset({"restaurant_name", "inviter", "role", "link", "days"}),
    ),
}
LINKS = frozenset({"link", "login_link", "forgot_link"})
ROLES = frozenset({"owner", "manager", "viewer"})

_LINK = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~%]+")
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟', "'"))
_JOINERS = "\u200c\u200d"  # Persian words and joined emoji need them
_NUMBER = re.compile(r"[(]?[0-9]+([.,:][0-9]+){,2}[),;]*")
_DOTS = re.compile(r"(?<=\S)[.\u2024\u3002\uff0e\uff61](?=\S)")
_SLASHES = re.compile(r"[/\\]{2,}")
_COLONS = re.compile(r":+[/\\]*(?=\S)")


def _environment(form: str, *, is_html: bool) -> Environment:
    loaders = [PackageLoader("flux.mail", f"templates/{each}") for each in (form, "letters")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=is_html,  # noqa: S701 (plain text must not be escaped)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_TEXT = _environment("text", is_html=False)
_HTML = _environment("html", is_html=True)


def render_letter(
    letter: Letter, *, sender: str, recipient: str, values: Mapping[str, str]
) -> EmailMessage:
    """The whole message, ready for a transport: text and HTML, dated now, with an id of its own.

    `values` holds just the names that `LETTERS` has for the letter, none of them empty. Raises
    `ValueError` for any other values, for a link that is no http(s) address, for an unknown role,
    and for a recipient that is not one address that mail can reach (the part before the @ in ASCII).
    """
    form = LETTERS[letter]
    _check_values(form, values)
    shown = {name: _show(name, value) for name, value in values.items()}
    subject = form.subject.format_map(shown)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _address(recipient)
    message["Subject"] = subject
    message["Date"] = clock.now()
    message["Message-ID"] = f"<{new_id()}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    name = f"{letter}.jinja"
    text = _TEXT.get_template(name).render(shown, subject=subject)
    html = _HTML.get_template(name).render(shown, subject=subject)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def make_harmless(value: str) -> str:
    """What people wrote, on one line, at most 120 characters of it, and with nothing to click on.

    Dots within a word become `·`, and colons get a blank after them: invisible characters would look
    better, but mail programs link `www.` whatever follows, and browsers then drop what is invisible
    (UTS 46). Plain numbers and times stay as they are.
    """
    kept = "".join(_visible(character) for character in value)
    line = " ".join(kept.translate(_QUOTES).split())
    if len(line) > MAX_VALUE_CHARACTERS:
        line = line[: MAX_VALUE_CHARACTERS - 1].rstrip() + "…"
    # A header would be decoded of its encoded words (RFC 2047), whoever wrote them.
    return " ".join(map(_break_link, line.split(" "))).replace("=?", "= ?") or "?"


def _visible(character: str) -> str:
    """The character; nothing for what only steers the display, a blank for other controls."""
    kind = category(character)
    if kind == "Cf":
        return character if character in _JOINERS else ""
    return " " if kind in {"Cc", "Cs", "Zl", "Zp"} else character


def _break_link(word: str) -> str:
    if _NUMBER.fullmatch(word):
        return word
    return _DOTS.sub("·", _SLASHES.sub("/", _COLONS.sub(": ", word)))


def _show(name: str, value: str) -> str:
    is_ours = name in LINKS or (name == "place" and _is_network_address(value))
    return value if is_ours else make_harmless(value)


def _is_network_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _check_values(form: Form, values: Mapping[str, str]) -> None:
    if values.keys() != form.values:
        wrong = ", ".join(sorted(values.keys() ^ form.values))
        raise ValueError(f"This letter lacks, or does not take: {wrong}")
    for name, value in values.items():
        if not value.strip():
            raise ValueError(f"{name} is empty")
        if name in LINKS and not _LINK.fullmatch(value):
            raise ValueError(f"{name} is not an http or https address")
        if name == "role" and value not in ROLES:
            raise ValueError("There is no such role")


def _address(recipient: str) -> Address:
    reachable = validate_email(recipient, check_deliverability=False).ascii_email
    if reachable is None:
        raise ValueError("Mail cannot be sent to an address with such letters before the @")
    return Address(addr_spec=reachable)
