"""A clock to turn."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from flux.core import clock


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Turns Flux's clock forward."""

    def turn(step: timedelta) -> None:
        before = clock.now
        monkeypatch.setattr(clock, "now", lambda: before() + step)

    return turn
