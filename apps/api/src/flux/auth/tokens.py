"""Access tokens (JWT, 15 minutes), and secrets of 256 random bits: refresh tokens and mailed links."""

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from jose import JWTError, jwt
from pydantic import SecretStr

from flux.auth.errors import SignedOutError
from flux.core.ids import new_id

ALGORITHM = "HS256"
ISSUER = "flux"
AUDIENCE = "flux-api"
ACCESS_LIFETIME = timedelta(minutes=15)
TOKEN_TYPE = "at+jwt"  # noqa: S105 (RFC 9068: no other kind of JWT can pass for an access token)
CLOCK_LEEWAY = timedelta(seconds=5)
MAX_TOKEN_LENGTH = 2048
_CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp")
_SECRET = re.compile(r"flux_[a-z]_[A-Za-z0-9_-]{43}[0-9a-f]{8}")


class SecretKind(StrEnum):
    """What a secret is for; one kind never passes for another."""

    REFRESH = "r"
    VERIFY_EMAIL = "v"
    RESET_PASSWORD = "p"  # noqa: S105 (a letter, no password)
    INVITATION = "i"


@dataclass(frozen=True)
class Access:
    """Who an access token speaks for, and in which session."""

    user_id: UUID
    session_id: UUID


def make_access_token(access: Access, keys: dict[str, SecretStr], now: datetime) -> str:
    """A signed JWT for `ACCESS_LIFETIME` from `now`, with the first of the keys."""
    kid, key = next(iter(keys.items()))
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(access.user_id),
        "sid": str(access.session_id),
        "jti": str(new_id()),
        "iat": now,
        "nbf": now,
        "exp": now + ACCESS_LIFETIME,
    }
    return jwt.encode(
        claims, key.get_secret_value(), algorithm=ALGORITHM, headers={"kid": kid, "typ": TOKEN_TYPE}
    )


def read_access_token(token: str, keys: dict[str, SecretStr], now: datetime) -> Access:
    """The bearer's identity; `SignedOutError` unless every claim and the signature hold at `now`."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise SignedOutError
    access, begins, ends = _verify(token, tuple(keys.items()))
    if not begins - CLOCK_LEEWAY <= now < ends:
        raise SignedOutError
    return access


# A page asks several things with one token. What did not hold is not kept.
@lru_cache(maxsize=1024)
def _verify(
    token: str, keys: tuple[tuple[str, SecretStr], ...]
) -> tuple[Access, datetime, datetime]:
    """All of a token that does not change with time: who it is of, from when, until when."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TOKEN_TYPE or "crit" in header:
            raise SignedOutError
        key = dict(keys)[str(header.get("kid"))]
        claims = jwt.decode(
            token,
            key.get_secret_value(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            # The instants are checked against Flux's own clock.
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        if not all(name in claims for name in _CLAIMS):
            raise SignedOutError
        begins = datetime.fromtimestamp(max(claims["nbf"], claims["iat"]), UTC)
        ends = datetime.fromtimestamp(claims["exp"], UTC)
        return Access(UUID(claims["sub"]), UUID(claims["sid"])), begins, ends
    except (JWTError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise SignedOutError from error


def make_secret(kind: SecretKind) -> tuple[str, bytes]:
    """A fresh secret for the client (256 random bits), and its hash for the database.

    `flux_r_<43 characters><8 hex digits>`: a prefix that scanners for leaked secrets can look for, and
    a CRC-32 that tells a mistyped or made-up one without asking the database.
    """
    body = f"flux_{kind}_{secrets.token_urlsafe(32)}"
    secret = body + _checksum(body)
    return secret, hashlib.sha256(secret.encode()).digest()


def hash_secret(kind: SecretKind, secret: str) -> bytes | None:
    """What the database knows the secret by; `None` for what was never made by `make_secret`.

    SHA-256 is enough: there are 256 random bits, so there is nothing to guess.
    """
    if not _SECRET.fullmatch(secret) or not secret.startswith(f"flux_{kind}_"):
        return None
    if not hmac.compare_digest(secret[-8:], _checksum(secret[:-8])):
        return None
    return hashlib.sha256(secret.encode()).digest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
