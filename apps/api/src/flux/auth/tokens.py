"""Access tokens (JWT, 15 minutes) and refresh tokens (256 random bits, used once)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jose import JWTError, jwt
from pydantic import SecretStr

from flux.auth.errors import SignedOutError
from flux.core.ids import new_id

ALGORITHM = "HS256"
ISSUER = "flux"
AUDIENCE = "flux-api"
ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
MAX_TOKEN_LENGTH = 2048
_CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp")


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
    return jwt.encode(claims, key.get_secret_value(), algorithm=ALGORITHM, headers={"kid": kid})


def read_access_token(token: str, keys: dict[str, SecretStr], now: datetime) -> Access:
    """The bearer's identity; `SignedOutError` unless every claim and the signature hold at `now`."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise SignedOutError
    try:
        header = jwt.get_unverified_header(token)
        key = keys[str(header.get("kid"))]
        claims = jwt.decode(
            token,
            key.get_secret_value(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            # The instants are checked below, against Flux's own clock.
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        if not all(name in claims for name in _CLAIMS):
            raise SignedOutError
        begins = datetime.fromtimestamp(claims["nbf"], UTC)
        ends = datetime.fromtimestamp(claims["exp"], UTC)
        access = Access(UUID(claims["sub"]), UUID(claims["sid"]))
    except (JWTError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise SignedOutError from error
    if not begins - timedelta(seconds=5) <= now < ends:
        raise SignedOutError
    return access


def make_refresh_token() -> tuple[str, bytes]:
    """A fresh token for the client, and its hash for the database."""
    token = "flux_r_" + secrets.token_urlsafe(32)
    return token, hash_refresh_token(token)


def hash_refresh_token(token: str) -> bytes:
    """SHA-256 is enough: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
