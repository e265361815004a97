"""Where the files that owners send are kept: an object store behind presigned PUT URLs.

On a laptop the store is a folder, and the API plays the store's part at `/api/local-store`
(`uploads/local_store.py`), with the same rules: signature, expiry, exact size and type.
"""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode
from uuid import UUID

from flux.core.ids import new_id

LOCAL_STORE_PATH = "/api/local-store"


@dataclass(frozen=True)
class PresignedPut:
    """Where to PUT the file, and the headers that must go with it, exactly."""

    url: str
    headers: dict[str, str]


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

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def open(self, key: str) -> BinaryIO:
        """The file for reading; `FileNotFoundError` if it never came."""
        return self._path(key).open("rb")

    def writer(self, key: str) -> "ObjectWriter":
        """A context in which the object is written; it appears whole at the end, or not at all."""
        return ObjectWriter(self._path(key))

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


class ObjectWriter:
    """Writes beside the final place and links it there at the end, so no reader sees half a file.

    An object is never replaced: `FileExistsError` if another writer was first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{new_id()}.partial")

    def __enter__(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = self._partial.open("xb")
        return self._file

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        try:
            with self._file:
                if error_type is None:
                    self._file.flush()
                    os.fsync(self._file.fileno())
            if error_type is None:
                os.link(self._partial, self._path)
        finally:
            self._partial.unlink(missing_ok=True)
