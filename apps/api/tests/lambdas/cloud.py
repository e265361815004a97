"""What stands around the Lambdas on AWS: a bucket, secrets, an empty database, a cache, and a mailbox."""

import json
import secrets
from contextlib import AbstractContextManager
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from bucket import REGION, Bucket
from lambdas.instance import Browser, Instance
from owner import PASSWORD, registration
from servers import SERVERS, database_url

ORIGIN = "https://app.flux.test"
SENDER = "mail@flux.test"
# What each Lambda is given, beside FLUX_ENV and the region: no more secrets than it needs.
DATABASE = ("DATABASE_URL", "DATABASE_URL_SECRET_ARN")
VARIABLES = {
    "api": (
        *DATABASE,
        "REDIS_URL_SECRET_ARN",
        "FLUX_JWT_KEYS_SECRET_ARN",
        "FLUX_STORE_BUCKET",
        "FLUX_PUBLIC_URL",
        "FLUX_MAIL_FROM",
        "FLUX_PROXY_DEPTH",
    ),
    "ingest": (*DATABASE, "FLUX_STORE_BUCKET"),
    "sweep": (*DATABASE, "FLUX_STORE_BUCKET"),
    "mail": (*DATABASE, "FLUX_PUBLIC_URL", "FLUX_MAIL_FROM"),
    "migrate": (
        *DATABASE,
        "DATABASE_OWNER_URL",
        "DATABASE_OWNER_URL_SECRET_ARN",
        "DATABASE_ADMIN_URL",
        "DATABASE_ADMIN_URL_SECRET_ARN",
    ),
}
EXPORT = b"""Order ID,Date,Time,Item,Quantity,Net sales
1,2026-05-01,12:00,Soup,2,9.00
2,2026-05-01,12:30,Bread,1,1.50
"""


class Cloud:
    """Production, but that AWS is another server."""

    def __init__(self, bucket: Bucket, database: str, redis_url: str, empty: Path) -> None:
        import boto3

        self.bucket = bucket
        session = boto3.session.Session()
        self._vault = session.client("secretsmanager", endpoint_url=bucket.endpoint)
        self.variables = {
            "FLUX_STORE_BUCKET": bucket.name,
            "FLUX_PUBLIC_URL": ORIGIN,
            "FLUX_MAIL_FROM": f"Flux <{SENDER}>",
            "FLUX_PROXY_DEPTH": "1",
            "REDIS_URL_SECRET_ARN": self.keep(redis_url),
            "FLUX_JWT_KEYS_SECRET_ARN": self.keep(json.dumps({"test": secrets.token_hex(32)})),
        }
        for name, address in {
            "DATABASE_URL": database_url("flux_app", database),
            "DATABASE_OWNER_URL": database_url("flux_owner", database),
            "DATABASE_ADMIN_URL": SERVERS["admin"],
        }.items():
            parts = urlsplit(address)
            who = {"username": parts.username, "password": unquote(parts.password or "")}
            place = parts._replace(netloc=f"{parts.hostname}:{parts.port}")
            self.variables |= {
                name: urlunsplit(place),
                f"{name}_SECRET_ARN": self.keep(json.dumps(who)),
            }
        self._around = {
            "FLUX_ENV": "production",
            "FLUX_ENV_FILE": "",
            "AWS_ENDPOINT_URL": bucket.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_CONFIG_FILE": str(empty / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(empty / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        mail = session.client("sesv2", endpoint_url=bucket.endpoint)
        mail.create_email_identity(EmailIdentity=SENDER)
        mail.close()

    def keep(self, secret: str) -> str:
        """The ARN of a new secret."""
        made = self._vault.create_secret(Name=secrets.token_hex(8), SecretString=secret)
        return str(made["ARN"])

    def close(self) -> None:
        self._vault.close()

    def start(
        self, name: str, folder: Path | None = None, **changes: Any
    ) -> AbstractContextManager[Instance]:
        """An instance of the Lambda with what it is given on AWS."""
        given = {each: self.variables[each] for each in VARIABLES[name]}
        env = self._around | given | changes
        return Instance(f"flux.lambdas.{name}.handler", env, folder)


def letters_to(recipient: str) -> list[EmailMessage]:
    """What SES was given for the address."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.ses.models import ses_backends

    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    letters = []
    for each in sent:
        letter = message_from_string(each.raw_data, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        if letter["To"] == recipient:
            letters.append(letter)
    return letters


def sign_up(browser: Browser, mail: Instance) -> None:
    """Register, open the mailed link, and be logged in."""
    form = registration()
    status, answer = browser.request("POST", "/api/auth/register", form)
    assert status == 201, answer
    assert mail.call({})["sent"] >= 1
    (letter,) = letters_to(form["email"])
    part = letter.get_body(("plain",))
    assert part is not None
    token = part.get_content().partition(f"{ORIGIN}/verify#")[2].split()[0]
    form_of_the_link = {"token": token, "password": PASSWORD}
    status, answer = browser.request("POST", "/api/auth/email/verify", form_of_the_link)
    assert status == 200, answer


def send(browser: Browser, content: bytes = EXPORT) -> str:
    """Announce a file and PUT it to the signed address; the upload's id."""
    announced = {
        "filename": "sales.csv",
        "size_bytes": len(content),
        "content_type": "text/csv",
    }
    status, ticket = browser.request("POST", "/api/data/uploads", announced)
    assert status == 201, ticket
    put = httpx.put(ticket["put_url"], content=content, headers=ticket["headers"])
    assert put.status_code == 200, put.text
    return str(ticket["id"])


def show(browser: Browser, upload_id: str) -> dict[str, Any]:
    status, shown = browser.request("GET", f"/api/data/uploads/{upload_id}")
    assert status == 200, shown
    known: dict[str, Any] = shown
    return known
