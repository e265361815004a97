"""Bodies of the team endpoints."""

from datetime import datetime
from uuid import UUID

from flux.auth.schemas import Email, KnownPassword, Token
from flux.core.schemas import ApiModel, InputModel
from flux.restaurants.models import Role


class MemberOut(ApiModel):
    user_id: UUID
    email: str
    role: Role
    joined_at: datetime


class RoleIn(InputModel):
    role: Role


class InviteIn(InputModel):
    email: Email
    role: Role


class InvitationOut(ApiModel):
    id: UUID
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class InvitationTokenIn(InputModel):
    """The token of a mailed invitation."""

    token: Token


class InvitedOut(ApiModel):
    """What somebody was invited to. `has_account`: whether the address has a password already."""

    restaurant_name: str
    email: str
    role: Role
    invited_by: str
    has_account: bool


class AcceptIn(InputModel):
    """The token of a mailed invitation, and a password: the account's, or a new account's."""

    token: Token
    password: KnownPassword
