"""Access tokens that hold, and every other kind that must not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwe, jws, jwt
from pydantic import SecretStr

from flux.auth.errors import SignedOutError
from flux.auth.tokens import (
    ACCESS_LIFETIME,
    Access,
    SecretKind,
    hash_secret,
    make_access_token,
    make_secret,
    read_access_token,
)
from flux.core.ids import new_id
from owner import PASSWORD, Owner

KEYS = {"new": SecretStr("n" * 32), "old": SecretStr("o" * 32)}
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ACCESS = Access(new_id(), new_id())
CLAIMS = ("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp")
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_PRIVATE_PEM = _RSA.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
_PUBLIC_PEM = _RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def test_a_token_holds_until_its_last_second_and_with_either_live_key() -> None:
    for keys in (KEYS, {"old": KEYS["old"]}):
        token = make_access_token(ACCESS, keys, NOW)
        assert (
            read_access_token(token, KEYS, NOW + ACCESS_LIFETIME - timedelta(seconds=1)) == ACCESS
        )
        # Another machine's clock may be a little behind ours.
        assert read_access_token(token, KEYS, NOW - timedelta(seconds=5)) == ACCESS
    for moment in (NOW + ACCESS_LIFETIME, NOW - timedelta(seconds=6)):
        with pytest.raises(SignedOutError):
            read_access_token(token, KEYS, moment)
    with pytest.raises(SignedOutError):
        read_access_token(token, {"new": KEYS["new"]}, NOW)


def claims(**changes: Any) -> dict[str, Any]:
    """What a real token says, but for the changes; `None` leaves a claim out."""
    real = {
        "iss": "flux",
        "aud": "flux-api",
        "sub": str(ACCESS.user_id),
        "sid": str(ACCESS.session_id),
        "jti": "1",
        "iat": int(NOW.timestamp()),
        "nbf": int(NOW.timestamp()),
        "exp": int((NOW + ACCESS_LIFETIME).timestamp()),
    }
    return {name: value for name, value in (real | changes).items() if value is not None}


def forge(
    *,
    key: str = "n" * 32,
    algorithm: str = "HS256",
    headers: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A token signed by us, but for the changes."""
    header = {"kid": "new", "typ": "at+jwt"} | (headers or {})
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=header)


def assemble(header: dict[str, Any], signature: str = "") -> str:
    """A token with any header at all and real claims."""
    parts = [json.dumps(each).encode() for each in (header, claims())]
    encoded = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts]
    return ".".join([*encoded, signature])


def confuse_keys() -> str:
    """RS256's public key, which anybody may have, used as the secret of HS256."""
    signing = base64.urlsafe_b64encode(_PUBLIC_PEM).decode()
    return forge(key=signing)


def bomb() -> str:
    """An encrypted token that unpacks to a thousand times its size (CVE-2024-33664)."""
    packed = jwe.encrypt(b"0" * 200_000, "k" * 32, algorithm="dir", encryption="A256GCM", zip="DEF")
    return str(packed.decode())


ATTACKS = {
    "empty": "",
    "a word": "x",
    "three parts of nothing": "a.b.c",
    "two parts": ".".join(forge().split(".")[:2]),
    "unicode": "é" * 40,
    "unicode in a part": forge().replace(".", ".é", 1),
    "a million characters": "x" * 1_000_000,
    "a real one with a million characters after it": forge() + "A" * 1_000_000,
    "truncated": forge()[:-2],
    "without its signature": forge().rpartition(".")[0] + ".",
    "claims changed after signing": ".".join(
        [forge().split(".")[0], forge(sub=str(new_id())).split(".")[1], forge().split(".")[2]]
    ),
    "guessed key": forge(key="guess" * 8),
    "unknown kid": forge(headers={"kid": "unknown"}),
    "kid of the other key": forge(headers={"kid": "old"}),
    "no kid": jwt.encode(claims(), "n" * 32, headers={"typ": "at+jwt"}),
    "kid that is a path": forge(headers={"kid": "../../dev/null"}),
    "kid that is a list": assemble({"alg": "HS256", "typ": "at+jwt", "kid": ["new"]}),
    "alg none": assemble({"alg": "none", "kid": "new", "typ": "at+jwt"}),
    "alg None": assemble({"alg": "None", "kid": "new", "typ": "at+jwt"}),
    "no alg": assemble({"kid": "new", "typ": "at+jwt"}),
    "HS512": forge(algorithm="HS512"),
    "RS256": forge(key=_PRIVATE_PEM, algorithm="RS256"),
    "HS256 with a public key": confuse_keys(),
    "a key of its own in the header": forge(
        key="own" * 16, headers={"jwk": {"kty": "oct", "k": "b3duCg"}}
    ),
    "another type": forge(headers={"typ": "JWT"}),
    "critical extension": forge(headers={"crit": ["exp"]}),
    "JWE bomb": bomb(),
    "claims that are a list": jws.sign(
        b"[1]", "n" * 32, headers={"kid": "new", "typ": "at+jwt"}, algorithm="HS256"
    ),
    "foreign audience": forge(aud="another"),
    "foreign issuer": forge(iss="another"),
    "expired": forge(exp=int(NOW.timestamp()) - 1),
    "not yet valid": forge(nbf=int(NOW.timestamp()) + 60),
    "issued in the future": forge(iat=int(NOW.timestamp()) + 60),
    "subject that is no id": forge(sub="not-a-uuid"),
    "session that is no id": forge(sid="' OR 1=1"),
    "expiry beyond time": forge(exp=10**30),
    "expiry that is text": forge(exp="tomorrow"),
    **{f"without {name}": forge(**dict[str, Any]({name: None})) for name in CLAIMS},
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_or_broken_token_is_signed_out(name: str) -> None:
    assert read_access_token(forge(), KEYS, NOW) == ACCESS
    with pytest.raises(SignedOutError):
        read_access_token(ATTACKS[name], KEYS, NOW)


async def test_a_forged_token_is_a_401_by_cookie_and_by_header(
    client: httpx.AsyncClient, owner: Owner
) -> None:
    for name, token in ATTACKS.items():
        if not token.isascii() or len(token) > 60_000:
            continue
        by_header = await client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
        by_cookie = await client.get("/api/auth/me", headers={"Cookie": f"flux_access={token}"})
        for answer in (by_header, by_cookie):
            assert (answer.status_code, answer.json()["code"]) == (401, "signed_out"), name
    answer = await client.post("/api/auth/login", json={"email": owner.email, "password": PASSWORD})
    token = answer.json()["access_token"]
    client.cookies.clear()
    fine = await client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert fine.status_code == 200
    none = await client.get("/api/auth/me", headers={"Authorization": f"Basic {token}"})
    assert none.status_code == 401
    assert none.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("kind", SecretKind)
def test_a_secret_is_recognised_by_prefix_and_checksum_and_by_its_own_kind_alone(
    kind: SecretKind,
) -> None:
    secret, secret_hash = make_secret(kind)
    assert secret.startswith(f"flux_{kind}_")
    assert hash_secret(kind, secret) == secret_hash
    assert make_secret(kind)[0] != secret
    for other in set(SecretKind) - {kind}:
        assert hash_secret(other, secret) is None
    for place in range(len(secret)):
        changed = secret[:place] + ("a" if secret[place] != "a" else "b") + secret[place + 1 :]
        assert hash_secret(kind, changed) is None
    for broken in ("", secret[:-1], secret + "0", secret + "\n", " " + secret, "é" * 58):
        assert hash_secret(kind, broken) is None
