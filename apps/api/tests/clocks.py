"""Clocks for a test to turn."""

from datetime import UTC, datetime, timedelta

import pytest

from flux.core import clock


class Clock:
    """Flux's clock, which runs on but for what a test turns it forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + self.ahead)

    def forward(self, step: timedelta) -> None:
        self.ahead += step


class StillClock:
    """A monotonic clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
