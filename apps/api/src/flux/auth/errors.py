"""What can go wrong with an account or a session."""

from flux.core.errors import INVALID_INPUT, FieldProblem, FluxError

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class SignedOutError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "signed_out", 401, "You are signed out. Log in to go on.", headers=_CHALLENGE
        )


class WrongCredentialsError(FluxError):
    """The same for a wrong password, an unknown address, and one that is not confirmed yet."""

    def __init__(self) -> None:
        super().__init__(
            "wrong_credentials",
            401,
            "The e-mail address or the password is wrong. If you have just registered, open the link in"
            " our mail first.",
            headers=_CHALLENGE,
        )


class WrongPasswordError(FluxError):
    def __init__(self) -> None:
        super().__init__("wrong_password", 403, "That is not your current password.")


class WeakPasswordError(FluxError):
    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(
            "invalid_input",
            422,
            INVALID_INPUT,
            errors=[FieldProblem(pointer=pointer, code="weak_password", detail=detail)],
        )


class LinkSpentError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "link_spent",
            410,
            "This link has been used, is too old, or was replaced by a newer one. Ask for a new one.",
        )


class SessionNotFoundError(FluxError):
    def __init__(self) -> None:
        super().__init__("session_not_found", 404, "There is no such session, or it has ended.")


class ForeignOriginError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "foreign_origin",
            403,
            "This request came from another site and was not carried out.",
        )
