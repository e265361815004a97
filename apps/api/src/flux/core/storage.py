"""Where the files that owners send are kept: an object store behind presigned PUT URLs.

On AWS the store is a bucket of S3. On a laptop it is a folder, and the API plays the store's part
at `/api/local-store` (`uploads/local_store.py`), with the same rules: signature, expiry, exact size
and type, and no object ever replaced. A large file may come in parts, which become the object at the end.
"""

import hashlib
import hmac
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote, urlencode
from uuid import UUID

from flux.core import clock
from flux.core.ids import new_id
from flux.core.writers import ObjectWriter, PartWriter
from flux.settings import IngestSettings

LOCAL_STORE_PATH = "/api/local-store"


@dataclass(frozen=True)
class PresignedPut:
    """Where to PUT the file, and the headers that must go with it, exactly."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class SentPart:
    """One part of a file as its sender says: its size as announced, and the ETag the store answered with."""

    number: int
    size_bytes: int
    etag: str


class PartMisfitError(Exception):
    """The store has no such part, or another one than the sender says."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def object_key(restaurant_id: UUID, upload_id: UUID, filename: str) -> str:
    """`uploads/{restaurant}/{upload}/{safe name}`: what is left of the name is ASCII without slashes."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", filename).strip("._")[-100:]
    return f"uploads/{restaurant_id}/{upload_id}/{safe or 'file'}"


def tenant_of(key: str) -> tuple[UUID, UUID]:
    """The restaurant and the upload of a key that `object_key` made; `ValueError` for any other."""
    prefix, restaurant_id, upload_id, _ = key.split("/")
    if prefix != "uploads":
        raise ValueError(key)
    return UUID(restaurant_id), UUID(upload_id)


class Store(Protocol):
    """Keeps objects under the keys of `object_key`; none is ever replaced."""

    def presign_put(
        self, key: str, *, size_bytes: int, content_type: str, expires_at: datetime
    ) -> PresignedPut:
        """The address that takes one object of just this size and type, once, until it expires."""

    def begin_parts(self, key: str, *, content_type: str) -> str:
        """Get ready to take the object in parts; the name of this undertaking."""

    def presign_part(
        self, key: str, parts_id: str, *, number: int, size_bytes: int, expires_at: datetime
    ) -> str:
        """The address that takes a part of just this size, until the object is whole or it expires.

        A part that is sent again replaces the one before. No headers go with it; its answer has an ETag.
        """

    def complete_parts(self, key: str, parts_id: str, parts: Sequence[SentPart]) -> None:
        """Make the object of exactly these parts.

        Raises `PartMisfitError`; `FileNotFoundError` if the undertaking is over; `FileExistsError`.
        """

    def abort_parts(self, key: str, parts_id: str) -> None:
        """Forget the parts, if the undertaking is not over."""

    def size_of(self, key: str) -> int | None:
        """How many bytes the object has, once it is there whole; `None` before."""

    def open(self, key: str) -> BinaryIO:
        """The object for reading and seeking; `FileNotFoundError` if it never came."""

    def writer(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A context in which the object is written; it appears whole at the end, or not at all.

        `FileExistsError` at the end if another writer was first.
        """


def make_store(settings: IngestSettings) -> Store:
    """The bucket of these settings, or where they name none the folder in the data folder."""
    if settings.store_bucket:
        return S3Store(settings.store_bucket, settings.store_endpoint or None)
    return LocalStore(settings.data_dir / "objects", settings.store_secret.get_secret_value())


class LocalStore:
    """The folder that stands for the object store. Keys are those of `object_key`."""

    def __init__(self, folder: Path, secret: str) -> None:
        self.folder = folder
        self._secret = secret.encode()

    def presign_put(
        self, key: str, *, size_bytes: int, content_type: str, expires_at: datetime
    ) -> PresignedPut:
        expires = int(expires_at.timestamp())
        query = urlencode(
            {
                "expires": expires,
                "size": size_bytes,
                "signature": self._sign(key, size_bytes, content_type, expires),
            }
        )
        return PresignedPut(
            f"{LOCAL_STORE_PATH}/{quote(key)}?{query}", {"Content-Type": content_type}
        )

    def begin_parts(self, key: str, *, content_type: str) -> str:
        parts_id = new_id().hex
        self._parts(parts_id).mkdir(parents=True, mode=0o700)
        return parts_id

    def presign_part(
        self, key: str, parts_id: str, *, number: int, size_bytes: int, expires_at: datetime
    ) -> str:
        put = self.presign_put(
            key,
            size_bytes=size_bytes,
            content_type=name_part(parts_id, number),
            expires_at=expires_at,
        )
        return f"{put.url}&parts={parts_id}&number={number}"

    def write_part(self, parts_id: str, number: int) -> PartWriter:
        """A context in which a part is written; `FileNotFoundError` if the undertaking is over."""
        return PartWriter(self._parts(parts_id), number)

    def complete_parts(self, key: str, parts_id: str, parts: Sequence[SentPart]) -> None:
        folder = self._parts(parts_id)
        found = {int(each.name.split(".")[0]): each for each in folder.iterdir()}
        _check_parts(
            parts,
            {number: (each.stat().st_size, each.suffix[1:]) for number, each in found.items()},
        )
        with self.writer(key) as whole:
            for part in parts:
                with found[part.number].open("rb") as file:
                    shutil.copyfileobj(file, whole, 1024 * 1024)
        shutil.rmtree(folder)

    def abort_parts(self, key: str, parts_id: str) -> None:
        shutil.rmtree(self._parts(parts_id), ignore_errors=True)

    def is_signed(
        self,
        key: str,
        *,
        size_bytes: int,
        content_type: str,
        expires: int,
        signature: str,
    ) -> bool:
        """Whether `presign_put` made this signature for just this key, size, type and time."""
        made = self._sign(key, size_bytes, content_type, expires)
        return hmac.compare_digest(made.encode(), signature.encode("utf-8", "surrogatepass"))

    def size_of(self, key: str) -> int | None:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, key: str) -> BinaryIO:
        """The file for reading; `FileNotFoundError` if it never came."""
        return self._path(key).open("rb")

    def writer(self, key: str) -> ObjectWriter:
        """A context in which the object is written; it appears whole at the end, or not at all."""
        return ObjectWriter(self._path(key))

    def _parts(self, parts_id: str) -> Path:
        return self._path(f"parts/{parts_id}")

    def _path(self, key: str) -> Path:
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise FileNotFoundError(key)
        return path

    def _sign(self, key: str, size_bytes: int, content_type: str, expires: int) -> str:
        said = "\n".join(["PUT", key, str(size_bytes), content_type, str(expires)])
        return hmac.new(
            self._secret, said.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()


def name_part(parts_id: str, number: int) -> str:
    """What the local store signs in the place of a type; with line breaks, so that no type can be it."""
    return f"part\n{number}\n{parts_id}"


def _check_parts(parts: Sequence[SentPart], stored: Mapping[int, tuple[int, str]]) -> None:
    for part in parts:
        if stored.get(part.number) != (part.size_bytes, part.etag):
            raise PartMisfitError(part.number)


class S3Store:
    """A bucket, in the region and with the credentials that boto3 finds by itself.

    A request is tried three times, with 5 seconds to connect and 20 for the answer's next byte.
    """

    def __init__(self, bucket: str, endpoint_url: str | None = None) -> None:
        self.bucket = bucket
        self._endpoint_url = endpoint_url

    def presign_put(
        self, key: str, *, size_bytes: int, content_type: str, expires_at: datetime
    ) -> PresignedPut:
        """Signed by the rules of SigV4, so S3 refuses a PUT that lacks a header or changes one."""
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "ContentLength": size_bytes,
                "ContentType": content_type,
                "IfNoneMatch": "*",
            },
            ExpiresIn=max(1, round((expires_at - clock.now()).total_seconds())),
        )
        # Content-Length is signed too, but browsers set it themselves and let no page do it.
        return PresignedPut(url, {"Content-Type": content_type, "If-None-Match": "*"})

    def begin_parts(self, key: str, *, content_type: str) -> str:
        begun = self._client.create_multipart_upload(
            Bucket=self.bucket, Key=key, ContentType=content_type
        )
        return str(begun["UploadId"])

    def presign_part(
        self, key: str, parts_id: str, *, number: int, size_bytes: int, expires_at: datetime
    ) -> str:
        url: str = self._client.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "UploadId": parts_id,
                "PartNumber": number,
                "ContentLength": size_bytes,
            },
            ExpiresIn=max(1, round((expires_at - clock.now()).total_seconds())),
        )
        return url

    def complete_parts(self, key: str, parts_id: str, parts: Sequence[SentPart]) -> None:
        from botocore.exceptions import ClientError

        named = {"Bucket": self.bucket, "Key": key, "UploadId": parts_id}
        made = [{"PartNumber": each.number, "ETag": each.etag} for each in parts]
        try:
            pages = self._client.get_paginator("list_parts").paginate(**named)
            stored = {
                int(each["PartNumber"]): (int(each["Size"]), each["ETag"].strip('"'))
                for page in pages
                for each in page.get("Parts", [])
            }
            _check_parts(parts, stored)
            self._client.complete_multipart_upload(
                **named, MultipartUpload={"Parts": made}, IfNoneMatch="*"
            )
        except ClientError as error:
            if _status_of(error) == 404:
                raise FileNotFoundError(key) from error
            if _status_of(error) == 412:
                raise FileExistsError(key) from error
            raise

    def abort_parts(self, key: str, parts_id: str) -> None:
        from botocore.exceptions import ClientError

        try:
            self._client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=parts_id)
        except ClientError as error:
            if _status_of(error) != 404:
                raise

    def size_of(self, key: str) -> int | None:
        from botocore.exceptions import ClientError

        try:
            found = self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _status_of(error) == 404:
                return None
            raise
        return int(found["ContentLength"])

    def open(self, key: str) -> BinaryIO:
        """A copy on disk, gone when closed: what reads it goes over it more than once, and seeks."""
        from boto3.s3.transfer import TransferConfig
        from botocore.exceptions import ClientError

        file = TemporaryFile()  # noqa: SIM115 (the caller closes it)
        try:
            self._client.download_fileobj(
                self.bucket, key, file, Config=TransferConfig(max_concurrency=4)
            )
            file.seek(0)
        except BaseException as error:
            file.close()
            if isinstance(error, ClientError) and _status_of(error) == 404:
                raise FileNotFoundError(key) from error
            raise
        return file

    @contextmanager
    def writer(self, key: str) -> Iterator[BinaryIO]:
        from botocore.exceptions import ClientError

        with TemporaryFile() as file:
            yield file
            file.seek(0)
            try:
                self._client.put_object(Bucket=self.bucket, Key=key, Body=file, IfNoneMatch="*")
            except ClientError as error:
                if _status_of(error) == 412:
                    raise FileExistsError(key) from error
                raise

    @cached_property
    def _client(self) -> Any:
        # Importing boto3 takes most of a second, which a process without a bucket need not wait.
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=5,
            read_timeout=20,
            retries={"total_max_attempts": 3, "mode": "standard"},
            signature_version="s3v4",
            # Else a presigned URL could bind a checksum that its client would have to compute.
            request_checksum_calculation="when_required",
            # Else presigned URLs name s3.amazonaws.com, which redirects to the bucket's region: no
            # browser follows that for a PUT to another origin.
            s3={
                "addressing_style": "path" if self._endpoint_url else "virtual",
                "us_east_1_regional_endpoint": "regional",
            },
        )
        session = boto3.session.Session()
        return session.client("s3", endpoint_url=self._endpoint_url, config=config)


def _status_of(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
