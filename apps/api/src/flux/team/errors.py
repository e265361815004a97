"""What can go wrong with the people of a restaurant."""

from flux.core.errors import FluxError


class MemberNotFoundError(FluxError):
    def __init__(self) -> None:
        super().__init__("member_not_found", 404, "Nobody with this id works in the restaurant.")


class LastOwnerError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "last_owner",
            409,
            "A restaurant needs an owner. Make somebody else owner first.",
        )


class AlreadyMemberError(FluxError):
    def __init__(self) -> None:
        super().__init__("already_member", 409, "This person works in the restaurant already.")


class InvitationNotFoundError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "invitation_not_found", 404, "There is no such invitation; it may have been accepted."
        )
