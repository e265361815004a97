"""The local worker: processes uploads whose file has come, one after the other, and sends letters.

Letters go by a thread of their own: nobody waits for a link until a long file is read.
"""

import signal
import threading
import time

import psycopg

from flux.core.logging import configure_logging, get_logger
from flux.core.storage import Store, make_store
from flux.ingestion.process import (
    LeaseLostError,
    find_due_uploads,
    process_upload,
)
from flux.ingestion.unsent import sweep_unsent_uploads
from flux.mail.deliver import Post, deliver_due_mails
from flux.mail.transport import make_mailer, sender_of
from flux.settings import Settings, require

log = get_logger(__name__)

POLL_SECONDS = 0.25
SWEEP_SECONDS = 60.0
PAUSE_AFTER_ERROR_SECONDS = 2.0


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, to the end of the file in hand.

    Where that takes too long and the worker is killed, its work is rolled back and done again.
    """
    configure_logging(as_json=not settings.is_development, level=settings.log_level)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    dsn = require(settings.database_url, "DATABASE_URL")
    store = make_store(settings)
    post = Post(dsn, make_mailer(settings), sender_of(settings), settings.web_url)
    postman = threading.Thread(target=_deliver_until, args=(stop, post), name="mail")
    postman.start()
    try:
        _process_until(stop, dsn, store)
    finally:
        # Also when it crashed: a process that only sends letters would look alive.
        stop.set()
        postman.join()


def _deliver_until(stop: threading.Event, post: Post) -> None:
    while not stop.is_set():
        try:
            deliver_due_mails(post, is_stopped=stop.is_set)
        except Exception:
            log.exception("mail_crashed")
            stop.wait(PAUSE_AFTER_ERROR_SECONDS)
        stop.wait(POLL_SECONDS)


def _process_until(stop: threading.Event, dsn: str, store: Store) -> None:
    next_sweep = time.monotonic()
    while not stop.is_set():
        try:
            if time.monotonic() >= next_sweep:
                sweep_unsent_uploads(dsn, store)
                next_sweep = time.monotonic() + SWEEP_SECONDS
            worked = work_once(dsn, store, stop)
        except psycopg.OperationalError:
            log.exception("database_unavailable")
            stop.wait(PAUSE_AFTER_ERROR_SECONDS)
        else:
            stop.wait(0 if worked else POLL_SECONDS)


def work_once(dsn: str, store: Store, stop: threading.Event | None = None) -> bool:
    """Process every upload that is due, until asked to stop; whether there was any.

    An error in one upload is logged and does not keep the others waiting.
    """
    worked = False
    for restaurant_id, upload_id in find_due_uploads(dsn):
        if stop is not None and stop.is_set():
            break
        try:
            worked = process_upload(dsn, store, restaurant_id, upload_id) or worked
        except LeaseLostError:
            log.warning("lease_lost", upload_id=str(upload_id))
        except psycopg.OperationalError:
            raise
        except Exception:
            log.exception("upload_crashed", upload_id=str(upload_id))
    return worked
