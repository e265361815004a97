"""What the Lambdas that read files have in common: their connections, and how one upload is tried."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from flux.core.logging import configure_logging, get_logger
from flux.core.storage import Store, make_store
from flux.ingestion.process import LeaseLostError, process_upload
from flux.settings import IngestSettings, require

log = get_logger(__name__)


class UnfinishedError(Exception):
    """Something is to be tried again. The log says what: this message is printed by Lambda as it is."""


@dataclass(frozen=True)
class Workplace:
    """Where uploads are noted, and where their files are."""

    dsn: str
    store: Store
    bucket: str


@lru_cache(maxsize=1)
def open_workplace() -> Workplace:
    """That of the environment; made once, and kept while this instance of the Lambda lives."""
    settings = IngestSettings()
    configure_logging(as_json=not settings.is_development, level=settings.log_level)
    dsn = require(settings.database_url, "DATABASE_URL")
    return Workplace(dsn, make_store(settings), settings.store_bucket)


def try_upload(place: Workplace, restaurant_id: UUID, upload_id: UUID) -> bool:
    """Process the upload if it is there to be taken; `False` if that failed and should be repeated."""
    try:
        process_upload(place.dsn, place.store, restaurant_id, upload_id)
    except LeaseLostError:
        log.warning("lease_lost", upload_id=str(upload_id))
    except Exception:
        log.exception("upload_crashed", upload_id=str(upload_id))
        return False
    return True
