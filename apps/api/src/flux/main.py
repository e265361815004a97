"""The application: the same in tests, on a laptop and on Lambda."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from flux import __version__
from flux.auth.ended import EndedSessions
from flux.auth.routes import router as auth
from flux.core.client import describe_device
from flux.core.db import Database
from flux.core.errors import Problem, add_error_handlers, document_problems
from flux.core.logging import configure_logging
from flux.core.middleware import BodyRule, InputMiddleware, RequestMiddleware
from flux.core.rate_limit import Limiter
from flux.core.redis import RedisGuard, connect_redis
from flux.core.storage import LOCAL_STORE_PATH, make_store
from flux.core.web import WebPages
from flux.health.routes import router as health
from flux.health.service import probe_database, probe_redis
from flux.insights.routes import router as insights
from flux.mail.dev_pages import router as dev_mail
from flux.restaurants.routes import router as restaurants
from flux.settings import Settings, get_settings
from flux.team.routes import router as team
from flux.uploads.local_store import router as local_store
from flux.uploads.routes import MAX_MULTIPART_BYTES
from flux.uploads.routes import router as uploads

DESCRIPTION = "An independent restaurant's own sales history, read right from any till's export."


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application for these settings, or for those of the environment."""
    settings = settings or get_settings()
    configure_logging(as_json=not settings.is_development, level=settings.log_level)
    app = FastAPI(
        title="Flux",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs" if settings.is_development else None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_connect,
        responses=document_problems(422, 500, 503),
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.store = make_store(settings)
    for router in (health, auth, restaurants, team, uploads, insights):
        app.include_router(router)
    if settings.is_development:
        if not settings.store_bucket:
            app.include_router(local_store, include_in_schema=False)
        app.include_router(dev_mail, include_in_schema=False)
    if settings.web_dir.is_dir():
        # Not mounted: a mount at / would answer before a route could say 405.
        app.router.default = GZipMiddleware(WebPages(directory=settings.web_dir))
    add_error_handlers(app)
    app.add_middleware(
        InputMiddleware,
        rules={
            "/api/data/upload": BodyRule("multipart/form-data", MAX_MULTIPART_BYTES + 1024**2),
            LOCAL_STORE_PATH + "/": BodyRule(None, None),
        },
    )
    app.add_middleware(RequestMiddleware)
    _document_problem_schema(app)
    return app


@asynccontextmanager
async def _connect(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    missing = {
        "REDIS_URL": settings.redis_url is None,
        "FLUX_JWT_KEYS": not settings.jwt_keys,
        "FLUX_STORE_SECRET": not (
            settings.store_bucket or settings.store_secret.get_secret_value()
        ),
    }
    if any(missing.values()):
        names = ", ".join(name for name, is_missing in missing.items() if is_missing)
        raise ValueError(f"Not set: {names}. `make up` sets it; elsewhere see .env.example.")
    async with AsyncExitStack() as stack:
        database = Database(settings.sqlalchemy_url)
        stack.push_async_callback(database.dispose)
        await database.open()
        redis, guard = connect_redis(str(settings.redis_url)), RedisGuard()
        stack.push_async_callback(redis.aclose)
        limiter = Limiter(
            str(settings.redis_url), exempt_loopback=settings.is_development, guard=guard
        )
        stack.push_async_callback(limiter.close)
        app.state.database, app.state.redis, app.state.limiter = database, redis, limiter
        app.state.ended = EndedSessions(redis, guard)
        # Its list of devices takes 0.2 s to compile, which no login is to wait for, and no start either.
        compiling = asyncio.create_task(asyncio.to_thread(describe_device, ""))
        stack.push_async_callback(asyncio.wait, [compiling])
        app.state.database_probe = probe_database(database)
        app.state.redis_probe = probe_redis(redis)
        for probe in (app.state.database_probe, app.state.redis_probe):
            stack.push_async_callback(probe.close)
        yield


def _document_problem_schema(app: FastAPI) -> None:
    """Put `Problem` into the OpenAPI document, and take FastAPI's own 422 body out of it."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = make()
            schemas = document["components"]["schemas"]
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            document["components"]["schemas"] = dict(sorted(schemas.items()))
        return app.openapi_schema or document

    app.openapi = openapi  # type: ignore[method-assign]
