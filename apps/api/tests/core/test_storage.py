"""Both stores keep the same promises, and an address of S3 is bound to just the announced file."""

import hashlib
import hmac
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest
import time_machine
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from pydantic import SecretStr

from bucket import REGION, Bucket, forget_this_machine
from flux.core.ids import new_id
from flux.core.storage import LOCAL_STORE_PATH, LocalStore, S3Store, Store, make_store, object_key
from flux.main import create_app
from flux.settings import Settings
from owner import open_client

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CSV = "text/csv; charset=utf-8"


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return LocalStore(tmp_path, secrets.token_hex(32))
    bucket: Bucket = request.getfixturevalue("bucket")
    return S3Store(bucket.name, bucket.endpoint)


def new_key() -> str:
    return object_key(new_id(), new_id(), "sales.csv")


def write(store: Store, key: str, content: bytes) -> None:
    with store.writer(key) as file:
        file.write(content)


def test_what_was_written_can_be_read_and_sought(store: Store) -> None:
    key, content = new_key(), secrets.token_bytes(20 * 1024**2)
    write(store, key, content)
    with store.open(key) as file:
        assert file.tell() == 0
        assert file.read() == content
        assert file.seek(5) == 5
        assert file.read(3) == content[5:8]


def test_a_file_that_never_came_is_not_there(store: Store) -> None:
    key = new_key()
    assert store.size_of(key) is None
    with pytest.raises(FileNotFoundError):
        store.open(key)


def test_an_object_appears_whole_at_the_end_or_not_at_all(store: Store) -> None:
    key = new_key()
    with pytest.raises(ZeroDivisionError), store.writer(key) as file:
        file.write(b"half" + bytes(1 // file.write(b"")))
    assert store.size_of(key) is None
    with store.writer(key) as file:
        file.write(b"whole")
        assert store.size_of(key) is None
    assert store.size_of(key) == 5


def test_an_object_is_never_replaced(store: Store) -> None:
    key = new_key()
    write(store, key, b"first")
    with pytest.raises(FileExistsError):
        write(store, key, b"second")
    with store.open(key) as file:
        assert file.read() == b"first"


def test_a_file_from_s3_lies_on_disk_and_leaves_nothing_there(bucket: Bucket) -> None:
    """Of a file of 2 GiB no more than a few pieces are in memory."""
    store, key = S3Store(bucket.name, bucket.endpoint), new_key()
    write(store, key, b"x")
    with store.open(key) as file:
        on_disk = os.fstat(file.fileno())
        assert (on_disk.st_size, on_disk.st_nlink) == (1, 0)


def test_what_is_no_missing_file_is_not_called_one(bucket: Bucket) -> None:
    """Else a right that is missing would look like files that nobody sent."""
    store, key = S3Store(bucket.name, bucket.endpoint), new_key()
    write(store, key, b"x")
    forbidden = AWSResponse(bucket.endpoint, 403, {}, SimpleNamespace(stream=lambda: iter(())))
    store._client.meta.events.register("before-send.s3", lambda **_: forbidden)
    with pytest.raises(ClientError, match="403"):
        store.size_of(key)
    with pytest.raises(ClientError, match="403"):
        store.open(key)
    with pytest.raises(ClientError, match="403"):
        write(store, key, b"x")


def test_an_address_takes_the_file_once_by_the_headers_given(bucket: Bucket) -> None:
    store, key = S3Store(bucket.name, bucket.endpoint), new_key()
    put = store.presign_put(
        key, size_bytes=5, content_type=CSV, expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert put.headers == {"Content-Type": CSV, "If-None-Match": "*"}
    assert httpx.put(put.url, content=b"12345", headers=put.headers).status_code == 200
    assert httpx.put(put.url, content=b"54321", headers=put.headers).status_code == 412
    assert bucket.read(key) == b"12345"


def sign(method: str, url: str, headers: dict[str, str], secret: str) -> str:
    """The signature that S3 wants of this request; docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query.pop("X-Amz-Signature")
    day, scope = query["X-Amz-Date"][:8], query["X-Amz-Credential"].partition("/")[2]
    asked = "&".join(f"{quote(n, safe='')}={quote(query[n], safe='')}" for n in sorted(query))
    signed = query["X-Amz-SignedHeaders"]
    lines = "".join(f"{name}:{headers[name]}\n" for name in signed.split(";"))
    request = "\n".join([method, parts.path, asked, lines, signed, "UNSIGNED-PAYLOAD"])
    hashed = hashlib.sha256(request.encode()).hexdigest()
    said = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, hashed])
    key = f"AWS4{secret}".encode()
    for part in (day, *scope.split("/")[1:]):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, said.encode(), "sha256").hex()


def test_the_signature_binds_key_size_type_and_that_nothing_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The test server checks no signatures; S3 recomputes them from the request it gets."""
    forget_this_machine(monkeypatch, tmp_path)
    key = new_key()
    with time_machine.travel(NOON, tick=False):
        put = S3Store("flux-app-data").presign_put(
            key, size_bytes=12345, content_type=CSV, expires_at=NOON + timedelta(minutes=50)
        )
    parts = urlsplit(put.url)
    query = dict(parse_qsl(parts.query))
    assert parts.path == f"/{key}"
    assert (query["X-Amz-Date"], query["X-Amz-Expires"]) == ("20260501T120000Z", "3000")
    assert query["X-Amz-SignedHeaders"] == "content-length;content-type;host;if-none-match"
    assert not {name for name in query if "checksum" in name.lower()}
    sent = {name.lower(): value for name, value in put.headers.items()}
    assert "content-length" not in sent, "a browser refuses a page that sets it"
    sent |= {"host": parts.netloc, "content-length": "12345"}
    assert sign("PUT", put.url, sent, "testing") == query["X-Amz-Signature"]
    for name, other in {
        "content-length": "12346",
        "content-type": "text/html",
        "if-none-match": "",
        "host": "other-bucket.s3.eu-central-1.amazonaws.com",
    }.items():
        changed = sign("PUT", put.url, sent | {name: other}, "testing")
        assert changed != query["X-Amz-Signature"], name
    elsewhere = put.url.replace("sales.csv", "other.csv")
    assert sign("PUT", elsewhere, sent, "testing") != query["X-Amz-Signature"]
    later = put.url.replace("X-Amz-Expires=3000", "X-Amz-Expires=9000")
    assert sign("PUT", later, sent, "testing") != query["X-Amz-Signature"]


@pytest.mark.parametrize("region", [REGION, "us-east-1"])
def test_an_address_names_the_region_of_its_bucket(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, region: str
) -> None:
    """No browser follows a redirect of a PUT to another origin, and pages may connect to this host only."""
    forget_this_machine(monkeypatch, tmp_path, region)
    put = S3Store("flux-app-data").presign_put(
        new_key(), size_bytes=1, content_type=CSV, expires_at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert put.url.startswith(f"https://flux-app-data.s3.{region}.amazonaws.com/uploads/")


def test_the_settings_choose_the_store(settings: Settings) -> None:
    folder = make_store(settings)
    assert isinstance(folder, LocalStore)
    assert folder.folder == settings.data_dir / "objects"
    bucket = make_store(settings.model_copy(update={"store_bucket": "flux-app-data"}))
    assert isinstance(bucket, S3Store)
    assert bucket.bucket == "flux-app-data"


async def test_with_a_bucket_the_api_plays_no_store_and_needs_no_secret_for_it(
    settings: Settings,
) -> None:
    changes = {"store_bucket": "flux-app-data", "store_secret": SecretStr("")}
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app), open_client(app) as client:
        answer = await client.put(f"{LOCAL_STORE_PATH}/{new_key()}?expires=1&size=1&signature=x")
        assert answer.status_code == 404


def test_a_laptop_waits_for_no_import_of_boto3() -> None:
    asked = "import sys, flux.main, flux.local.worker, flux.lambdas.ingest; print('boto3' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
