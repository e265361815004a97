"""A clock to turn, and Flux as it runs in production: nobody logs in before their address is confirmed."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from clocks import Clock
from flux.main import create_app
from flux.settings import Settings


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def strict(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, connected, with addresses to be confirmed first."""
    made = create_app(settings.model_copy(update={"confirm_email": True}))
    async with made.router.lifespan_context(made):
        yield made
