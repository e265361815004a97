"""What Lambda gives a handler beside the event."""

from typing import Protocol


class Context(Protocol):
    """Of all that it says, what counts here: the time that is left."""

    def get_remaining_time_in_millis(self) -> int: ...
