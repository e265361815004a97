"""Bodies of the account endpoints."""

import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from babel import Locale
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from flux.auth.passwords import MAX_LENGTH, MIN_LENGTH
from flux.core.schemas import ApiModel, InputModel
from flux.restaurants.models import Role

_ENGLISH = Locale("en")


def _check_timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("Use the name of a time zone such as America/New_York.")
    return value


def _check_currency(value: str) -> str:
    if value not in _ENGLISH.currencies:
        raise ValueError("Use a three-letter currency code such as USD.")
    return value


def _check_country(value: str) -> str:
    if len(value) != 2 or not value.isalpha() or value not in _ENGLISH.territories:
        raise ValueError("Use a two-letter country code such as US.")
    return value


def normalise_email(value: str) -> str:
    """An address as it is stored and looked up: NFC, the domain in Unicode, all in lower case.

    What is no address comes back stripped and in lower case, to be found nowhere.
    """
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return value.strip().lower()


def _check_email(value: str) -> str:
    try:
        # No mail service we could use delivers to letters such as é before the @.
        validate_email(value.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError("This is not an e-mail address. Correct it.") from error
    return normalise_email(value)


def _check_line(value: str) -> str:
    if any(unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in value):
        raise ValueError("Write this on one line, without control characters.")
    return value


Email = Annotated[str, Field(max_length=254), AfterValidator(_check_email)]
Password = Annotated[str, Field(min_length=MIN_LENGTH, max_length=MAX_LENGTH)]


RestaurantName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_check_line),
]


class RegisterIn(InputModel):
    email: Email
    password: Password
    restaurant_name: RestaurantName
    timezone: Annotated[str, Field(max_length=64), AfterValidator(_check_timezone)]
    currency: Annotated[str, Field(max_length=3), AfterValidator(_check_currency)]
    country: Annotated[str, Field(max_length=2), AfterValidator(_check_country)]


class RegisterOut(ApiModel):
    email: str


KnownEmail = Annotated[str, Field(max_length=254), AfterValidator(normalise_email)]
KnownPassword = Annotated[str, Field(max_length=MAX_LENGTH)]
Token = Annotated[str, Field(max_length=128)]


class LoginIn(InputModel):
    email: KnownEmail
    password: KnownPassword


class EmailIn(InputModel):
    """An address that a mail is wanted for."""

    email: KnownEmail


class VerifyIn(InputModel):
    """The token of a mailed link, and the password that was chosen when registering."""

    token: Token
    password: KnownPassword


class ResetIn(InputModel):
    """The token of a mailed link, and the new password."""

    token: Token
    password: Password


class PasswordIn(InputModel):
    current_password: KnownPassword
    new_password: Password


class SessionOut(ApiModel):
    """One login. `place` is the network address it came from, `device` what the browser said it was."""

    id: UUID
    device: str
    place: str
    created_at: datetime
    last_used_at: datetime
    is_current: bool


class TokenOut(ApiModel):
    """An access token and for how many seconds it lasts. The refresh token is in a cookie only."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 (OAuth's word, no secret)
    expires_in: int


class RestaurantOut(ApiModel):
    id: UUID
    name: str
    role: Role
    timezone: str
    currency: str
    country: str


class MeOut(ApiModel):
    """The user, and the restaurants they may see; the first is the one worked in by default."""

    id: UUID
    email: str
    email_verified: bool
    restaurants: list[RestaurantOut]
