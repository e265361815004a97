"""The database as the API sees it: one engine, one transaction a request, one tenant a transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, LiteralString
from uuid import UUID

from fastapi import Depends, Request
from psycopg import AsyncRawCursor, OperationalError
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import MetaData, Row, text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

# Sees to it that a server which stops answering is noticed in seconds, not in TCP's two hours.
CONNECT_ARGS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "application_name": "flux",
}

LookUp = Literal[
    "find_login",
    "find_account",
    "find_session",
    "find_refresh_token",
    "find_mail_link",
    "find_invitation",
    "find_members",
]


class Model(DeclarativeBase):
    """Base of every table; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """An engine and the transactions on it.

    SQL parameters never reach a log or an error text (`hide_parameters`): they are customers' data.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=CONNECT_ARGS,
        )
        # For the health check: a busy pool is no database that is away.
        self.unpooled: AsyncEngine = create_async_engine(
            url, poolclass=NullPool, hide_parameters=True, connect_args=CONNECT_ARGS
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._look_ups = AsyncConnectionPool(
            url.replace("postgresql+psycopg://", "postgresql://", 1),
            open=False,
            min_size=0,
            max_size=5,
            timeout=2,
            kwargs={
                "autocommit": True,
                "cursor_factory": AsyncRawCursor,
                "row_factory": namedtuple_row,
                **CONNECT_ARGS,
            },
        )

    @asynccontextmanager
    async def transaction(
        self, *, restaurant_id: UUID | None = None, user_id: UUID | None = None
    ) -> AsyncIterator[AsyncSession]:
        """A session in a transaction of its own: committed at the end, rolled back on an error.

        Also the way for a write that must outlive an error answer.
        """
        async with self._sessions() as session, session.begin():
            await enter_context(session, restaurant_id=restaurant_id, user_id=user_id)
            yield session

    async def open(self) -> None:
        """Have `look_up` ready, in the event loop that is to use it."""
        await self._look_ups.open()

    async def look_up(self, function: LookUp, value: object) -> list[Any]:
        """The rows that a look-up function of `core/rls.py` answers with, in one round trip.

        Past SQLAlchemy, whose session and transaction would take four times as long as the question.
        """
        statement = _question(function, "$1")
        try:
            return await self._ask(statement, value)
        except PoolTimeout:
            raise
        except OperationalError:
            # Connections from before the server was started again; these questions can be repeated.
            await self._look_ups.check()
            return await self._ask(statement, value)

    async def _ask(self, statement: LiteralString, value: object) -> list[Any]:
        async with self._look_ups.connection() as connection:
            return await (await connection.execute(statement, (value,))).fetchall()

    async def dispose(self) -> None:
        await self._look_ups.close()
        await self.engine.dispose()
        await self.unpooled.dispose()


async def enter_context(
    session: AsyncSession,
    *,
    restaurant_id: UUID | None = None,
    user_id: UUID | None = None,
    mail_id: UUID | None = None,
) -> None:
    """Say, until the end of this transaction, for which restaurant and which user the session works.

    Row-level security (`core/rls.py`) shows and accepts only their rows; unset shows none. An
    outgoing mail belongs to neither, and is shown by its own id.
    """
    wanted = {"restaurant_id": restaurant_id, "user_id": user_id, "mail_id": mail_id}
    settings = {name: str(value) for name, value in wanted.items() if value is not None}
    if settings:
        calls = ", ".join(f"set_config('app.{name}', :{name}, true)" for name in settings)
        await session.execute(text(f"SELECT {calls}"), settings)


async def look_up(session: AsyncSession, function: LookUp, value: object) -> Sequence[Row[Any]]:
    """The same as `Database.look_up`, as part of the session's transaction."""
    return (await session.execute(text(_question(function, ":value")), {"value": value})).all()


def _question(function: LookUp, placeholder: LiteralString) -> LiteralString:
    return f"SELECT * FROM {function}({placeholder})"  # noqa: S608 (one of the names above)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's transaction. `scope="function"` commits it before the answer leaves."""
    database: Database = request.app.state.database
    async with database.transaction() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
