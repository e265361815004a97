"""Secrets from AWS Secrets Manager, for variables that only name the place of their secret.

Of an address of the database the secret is who comes in: JSON with `username` and `password`, which is
how RDS keeps its own. Of every other variable it is the value itself.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

_ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL")
_PLAIN = ("REDIS_URL",)
_JSON = ("FLUX_JWT_KEYS",)
# Where pydantic-settings hands a value on under another name than its variable's.
_KEYS = {"FLUX_JWT_KEYS": "jwt_keys", "FLUX_JWT_KEYS_SECRET_ARN": "jwt_keys_secret_arn"}
_CREDENTIALS = "JSON with username and password"


def fetch_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values whose secrets are named among these by an ARN; no secret stands in an error.

    Raises `ValueError` if a secret is of another form, and what botocore raises if one cannot be had.
    """
    arns = {
        name: arn
        for name in (*_ADDRESSES, *_PLAIN, *_JSON)
        if (arn := values.get(_KEYS.get(of_arn := f"{name}_SECRET_ARN", of_arn)))
    }
    if not arns:
        return {}
    client = _connect()
    fetched: dict[str, Any] = {}
    for name, arn in arns.items():
        secret: str = client.get_secret_value(SecretId=arn)["SecretString"]
        if name in _ADDRESSES:
            secret = _sign_in(name, values.get(name), secret)
        fetched[_KEYS.get(name, name)] = _read(name, secret, "JSON") if name in _JSON else secret
    client.close()
    return fetched


def _read(name: str, secret: str, wanted: str) -> Any:
    try:
        return json.loads(secret)
    except ValueError:
        # Its message quotes what it could not read.
        raise ValueError(f"{name}_SECRET_ARN: the secret is not {wanted}") from None


def _sign_in(name: str, address: object, secret: str) -> str:
    """The address with the name and the password of the secret in it."""
    if not address:
        raise ValueError(f"{name} must say where the database is, beside {name}_SECRET_ARN")
    known = _read(name, secret, _CREDENTIALS)
    if not isinstance(known, dict) or not {"username", "password"} <= known.keys():
        raise ValueError(f"{name}_SECRET_ARN: the secret is not {_CREDENTIALS}")
    parts = urlsplit(str(address))
    user, password = (quote(str(known[part]), safe="") for part in ("username", "password"))
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}"))


def _connect() -> Any:
    # Past boto3, which takes twice as long to be ready; a Lambda's first answer waits for this.
    from botocore.config import Config
    from botocore.session import Session

    patience = Config(
        connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
    )
    return Session().create_client("secretsmanager", config=patience)
