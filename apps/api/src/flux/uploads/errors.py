"""What can go wrong with an upload before anybody reads the file."""

from datetime import timedelta
from math import ceil

from flux.core.errors import INVALID_INPUT, RETRY_SECONDS, FieldProblem, FluxError


class UploadNotFoundError(FluxError):
    def __init__(self) -> None:
        super().__init__("upload_not_found", 404, "There is no such upload.")


class UploadStateError(FluxError):
    """The upload is not in a state in which that can be done."""

    def __init__(self, detail: str) -> None:
        super().__init__("upload_state", 409, detail)


class SampleMixError(FluxError):
    """The sample and real sales are never counted together."""

    def __init__(self, *, is_sample: bool) -> None:
        super().__init__(
            "sample_mix",
            409,
            (
                "You have sales of your own, or a file of yours is under way. The sample is for looking around before that."
                if is_sample
                else "The sample is still there, and your own sales are never mixed with it. Remove the sample first."
            ),
        )


class FileTooLargeError(FluxError):
    def __init__(self, most: str) -> None:
        super().__init__(
            "file_too_large",
            413,
            f"The file is larger than {most}. Export a shorter period and upload the parts.",
        )


class FileTypeError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "file_type_not_read",
            415,
            "Flux reads CSV files and Excel workbooks (.xlsx), also CSV files in a zip. In your till choose to export as"
            " CSV, or in a spreadsheet save as CSV.",
        )


class FileEmptyError(FluxError):
    def __init__(self) -> None:
        super().__init__("file_empty", 422, "The file is empty. Export it from your till again.")


class UploadLimitError(FluxError):
    """The restaurant has used up one of its limits, until `wait` has passed."""

    def __init__(self, detail: str, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        super().__init__("upload_limit", 429, detail, headers={"Retry-After": str(seconds)})


class StoreAwayError(FluxError):
    """The object store does not answer, or has no room. Nothing of the request was kept."""

    def __init__(self) -> None:
        super().__init__(
            "store_unavailable",
            503,
            "Flux cannot reach its store of files just now. Nothing was lost; try again in a moment.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


class BadSignatureError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "bad_signature",
            403,
            "This upload address is not valid or has expired. Start the upload again.",
        )


class WrongSizeError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "wrong_size",
            400,
            "The file is not of the size that was announced; it was not kept. Start the upload again.",
        )


class AlreadyReceivedError(FluxError):
    def __init__(self) -> None:
        super().__init__(
            "already_received",
            409,
            "This file has already arrived; there is no need to send it again.",
        )


class MappingMisfitError(FluxError):
    """The chosen columns are not those of the file, or not enough to read it by."""

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__("mapping_misfit", 422, INVALID_INPUT, errors=errors)


class PartsMisfitError(FluxError):
    """The parts are not those that were announced, or not those that arrived."""

    def __init__(self, pointer: str, detail: str) -> None:
        errors = [FieldProblem(pointer=pointer, code="part_misfit", detail=detail)]
        super().__init__("parts_misfit", 422, INVALID_INPUT, errors=errors)
