"""What an operator may do to sessions from the command line."""

import psycopg

from flux.auth.ended import EndedSessions
from flux.auth.sessions import end_sessions
from flux.core import clock
from flux.core.db import Database
from flux.core.redis import RedisGuard, connect_redis
from flux.settings import Settings, require


async def log_out_person(settings: Settings, email: str) -> tuple[int, bool] | None:
    """End every session of the account; `None` for no such account.

    How many there were, and whether it is felt at once: without Redis access tokens live to their end.
    """
    database = Database(settings.sqlalchemy_url)
    redis = connect_redis(require(settings.redis_url, "REDIS_URL"))
    try:
        await database.open()
        found = await database.look_up("find_login", email)
        if not found:
            return None
        user_id = found[0].user_id
        async with database.transaction(user_id=user_id) as session:
            ended = await end_sessions(session, user_id, clock.now())
        return len(ended), await EndedSessions(redis, RedisGuard()).note(ended)
    finally:
        await redis.aclose()
        await database.dispose()


def log_out_everyone(owner_url: str) -> None:
    """Forget every session and refresh token. Access tokens that are out live to their end."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("TRUNCATE sessions, refresh_tokens")
