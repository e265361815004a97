"""What can go wrong with an account or a session."""

from flux.core.errors import FluxError


class SignedOutError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "signed_out",
            401,
            "You are signed out. Log in to go on.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class WrongCredentialsError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "wrong_credentials",
            401,
            "The e-mail address or the password is wrong.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class EmailTakenError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "email_taken",
            409,
            "There is already an account with this e-mail address. Log in instead.",
        )


class ForeignOriginError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "foreign_origin",
            403,
            "This request came from another site and was not carried out.",
        )
