"""Where a file may be PUT to, whole or in parts; asks the store, so it is called in a thread."""

from flux.core.storage import Store
from flux.uploads.models import DataUpload
from flux.uploads.schemas import PartOut, UploadTicket


def split_sizes(size_bytes: int, part_bytes: int) -> list[int]:
    """How large each part of a file is: all the same but for the last, which is what is left."""
    whole, rest = divmod(size_bytes, part_bytes)
    return [part_bytes] * whole + [rest] * (rest > 0)


def presign_whole(upload: DataUpload, store: Store, _: int) -> UploadTicket:
    """One address for all of the file."""
    put = store.presign_put(
        upload.object_key,
        size_bytes=upload.size_bytes,
        content_type=upload.content_type,
        expires_at=upload.expires_at,
    )
    return UploadTicket(
        id=upload.id, put_url=put.url, headers=put.headers, parts=[], expires_at=upload.expires_at
    )


def presign_parts(upload: DataUpload, store: Store, part_bytes: int) -> UploadTicket:
    """An address for each part of `part_bytes`; the upload learns what the store calls the undertaking."""
    key, until = upload.object_key, upload.expires_at
    upload.parts_id = parts_id = store.begin_parts(key, content_type=upload.content_type)
    parts = [
        PartOut(
            number=number,
            put_url=store.presign_part(
                key, parts_id, number=number, size_bytes=size, expires_at=until
            ),
            size_bytes=size,
        )
        for number, size in enumerate(split_sizes(upload.size_bytes, part_bytes), start=1)
    ]
    return UploadTicket(id=upload.id, put_url=None, headers={}, parts=parts, expires_at=until)
