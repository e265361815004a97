"""Logs: one event a line, with the request's id, and neither secrets nor personal data.

JSON outside development. What must not be logged is kept out in three ways: names in `_HIDDEN` are
blanked wherever they appear, an exception is reduced to its type and the places it passed (its
message may hold a row or an address), and requests are logged by route, not by URL.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

_request_id: ContextVar[str] = ContextVar("request_id", default="")

_HIDDEN = (
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "email",
    "signature",
    "database_url",
)


def current_request_id() -> str:
    """The id of the request being served, or an empty string outside one."""
    return _request_id.get()


def set_request_id(request_id: str) -> None:
    _request_id.set(request_id)


def _add_request_id(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if request_id := current_request_id():
        event["request_id"] = request_id
    return event


def _hide(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: ("[hidden]" if any(word in str(key).lower() for word in _HIDDEN) else _hide(each))
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_hide(each) for each in value]
    return value


def _hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    hidden: Mapping[str, Any] = _hide(event)
    return hidden


def describe_exception(error: BaseException) -> dict[str, Any]:
    """An exception without its message: types of its chain, the lines it passed, SQLSTATE if any."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        state = getattr(seen, "sqlstate", None)
        chain.append(type(seen).__qualname__ + (f" {state}" if state else ""))
        seen = seen.__cause__ or seen.__context__ or getattr(seen, "orig", None)
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {
        "types": chain,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _reduce_exception(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["failure"] = describe_exception(error)
    return event


class _StandardError(logging.StreamHandler[Any]):
    """Writes to what standard error is at the moment, which a test or a service manager may change."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _: Any) -> None:
        raise AttributeError("the stream of this handler is always standard error")


def configure_logging(*, as_json: bool, level: str = "INFO") -> None:
    """Send structlog's and the standard library's records to standard error, in one format."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _reduce_exception,
        _hide_secrets,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
            ],
        )
    )
    # What the logging module says of a failure of its own would hold the record in clear.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Their own access logs hold whole URLs, and with them signatures of uploads.
    for name in ("uvicorn.access", "mangum.http"):
        logging.getLogger(name).disabled = True
    # At DEBUG these tell of requests whole: keys with names of files, signatures, bodies.
    for name in ("boto3", "botocore", "s3transfer", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
