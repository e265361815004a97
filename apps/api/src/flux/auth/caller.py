"""Who is at the other end of an account request, and what the account services work with."""

from dataclasses import dataclass
from datetime import datetime

from flux.auth.ended import EndedSessions
from flux.core.client import describe_device
from flux.core.db import Database
from flux.core.rate_limit import Limiter


@dataclass(frozen=True)
class Caller:
    """Where a request comes from and when, and the services it needs.

    `address` is the client's as far as our own proxies vouch for it; `user_agent` is as it was sent.
    """

    database: Database
    ended: EndedSessions
    limiter: Limiter
    must_confirm_email: bool
    address: str
    user_agent: str
    now: datetime

    @property
    def device(self) -> str:
        """In words for people. Read only where it is kept: it takes longer than a question to Redis."""
        return describe_device(self.user_agent)
