"""How the local store writes: beside the final place, so that nobody sees half of anything."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO, Self

from flux.core.ids import new_id


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
        with _closing(self._file, self._partial, is_whole=error_type is None):
            if error_type is None:
                os.link(self._partial, self._path)


class PartWriter:
    """Writes a part beside its place; it takes the place of an earlier one at the end, if all went well.

    `etag` is the MD5 of what was written, as S3 has it.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._number = number
        self._digest = hashlib.md5(usedforsecurity=False)

    @property
    def etag(self) -> str:
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        if not self._folder.is_dir():
            raise FileNotFoundError(self._folder)
        # Beside the folder, in which there are whole parts alone.
        handle, name = mkstemp(".partial", dir=self._folder.parent)
        self._partial = Path(name)
        self._file = os.fdopen(handle, "wb")
        return self

    def write(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._file.write(chunk)

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        with _closing(self._file, self._partial, is_whole=error_type is None):
            if error_type is None:
                for earlier in self._folder.glob(f"{self._number}.*"):
                    earlier.unlink(missing_ok=True)
                self._partial.rename(self._folder / f"{self._number}.{self.etag}")


@contextmanager
def _closing(file: BinaryIO, partial: Path, *, is_whole: bool) -> Iterator[None]:
    """Close the file, on the disk if it is whole, for it to be put in its place; nothing else of it stays."""
    try:
        with file:
            if is_whole:
                file.flush()
                os.fsync(file.fileno())
        yield
    finally:
        partial.unlink(missing_ok=True)
