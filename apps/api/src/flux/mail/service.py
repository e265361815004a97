"""Noting that a letter is to be sent. `deliver.py` sends it."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from flux.core.db import enter_context
from flux.core.ids import new_id
from flux.mail.letters import Letter
from flux.mail.models import OutgoingMail


async def queue_mail(
    session: AsyncSession, letter: Letter, recipient: str, now: datetime, **details: str
) -> None:
    """Have the letter sent once the session's transaction is committed, and not if it is not."""
    mail_id = new_id()
    await enter_context(session, mail_id=mail_id)
    await session.execute(
        insert(OutgoingMail).values(
            id=mail_id, letter=letter, recipient=recipient, details=details, due_at=now
        )
    )
