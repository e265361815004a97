"""Reading ahead: what a generator makes is made in a thread while the last of it is being used."""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_WAITING = 2


@contextmanager
def read_ahead(source: Iterable[T]) -> Iterator[Iterator[T]]:
    """The same things in the same order, made by a thread that is at most two ahead.

    What the source raises is raised here. The thread has ended when the block is left.
    """
    ready: queue.Queue[tuple[list[T], BaseException | None]] = queue.Queue(_WAITING)
    is_over = threading.Event()

    def put(made: list[T], error: BaseException | None) -> None:
        while not is_over.is_set():
            try:
                ready.put((made, error), timeout=0.05)
            except queue.Full:
                continue
            return

    def make() -> None:
        error: BaseException | None = None
        try:
            for each in source:
                put([each], None)
                if is_over.is_set():
                    break
        except BaseException as raised:
            error = raised
        put([], error)

    def take() -> Iterator[T]:
        while True:
            made, error = ready.get()
            if error is not None:
                raise error
            if not made:
                return
            yield made[0]

    thread = threading.Thread(target=make, name="read-ahead", daemon=True)
    thread.start()
    try:
        yield take()
    finally:
        is_over.set()
        thread.join()
