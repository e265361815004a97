"""Bodies of the account endpoints."""

from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from babel import Locale
from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from flux.core.schemas import ApiModel
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


def _lower(value: str) -> str:
    return value.lower()


Email = Annotated[EmailStr, Field(max_length=254), AfterValidator(_lower)]
Password = Annotated[str, Field(min_length=10, max_length=128)]


class RegisterIn(ApiModel):
    email: Email
    password: Password
    restaurant_name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)
    ]
    timezone: Annotated[str, Field(max_length=64), AfterValidator(_check_timezone)]
    currency: Annotated[str, Field(max_length=3), AfterValidator(_check_currency)]
    country: Annotated[str, Field(max_length=2), AfterValidator(_check_country)]


class RegisterOut(ApiModel):
    email: str


class LoginIn(ApiModel):
    email: Annotated[str, Field(max_length=254), AfterValidator(_lower)]
    password: Annotated[str, Field(max_length=128)]


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
    restaurants: list[RestaurantOut]
