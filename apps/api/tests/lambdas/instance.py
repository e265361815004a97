"""An instance of a Lambda: a Python of its own that imports a handler and is brought events.

Like AWS' it knows nothing of the process that called it but the variables it is given. With a folder
it finds modules there and in the standard library, nowhere else.
"""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import psutil

RUNTIME = """
import importlib, json, os, sys, time
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
folder, name, seconds = sys.argv[1:]
if folder:
    sys.path.append(folder)
module, _, function = name.rpartition(".")
handler = getattr(importlib.import_module(module), function)

class Context:
    def __init__(self):
        self.ends = time.monotonic() + float(seconds)
    def get_remaining_time_in_millis(self):
        return int(1000 * (self.ends - time.monotonic()))

def answer(value):
    print(json.dumps(value), file=answers, flush=True)

answer({"modules": {each: getattr(sys.modules[each], "__file__", None) for each in sorted(sys.modules)}})
for line in sys.stdin:
    try:
        answer({"answer": handler(json.loads(line), Context())})
    except Exception as error:
        answer({"error": f"{type(error).__name__}: {error}"})
"""
EVENT: dict[str, Any] = json.loads((Path(__file__).parent / "events" / "http_api.json").read_text())


class FailedError(Exception):
    """The handler raised this, and Lambda would bring the event again."""


class Instance:
    """Use as a context."""

    def __init__(
        self, handler: str, env: dict[str, str], folder: Path | None = None, seconds: int = 900
    ) -> None:
        isolated = ["-I", "-S"] if folder else ["-I"]
        command = [sys.executable, *isolated, "-W", "error", "-c", RUNTIME]
        self._process = subprocess.Popen(
            [*command, str(folder or ""), handler, str(seconds)],
            env={"PATH": os.environ["PATH"], "TZ": ":UTC"} | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.modules: dict[str, str | None] = self._read()["modules"]

    @property
    def processor_seconds(self) -> float:
        """How long it has kept a processor busy since it was begun."""
        spent = psutil.Process(self._process.pid).cpu_times()
        return float(spent.user + spent.system)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        # As AWS does it: without a word.
        self._process.kill()
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)

    def call(self, event: object) -> Any:
        """What the handler returns for the event; `FailedError` if it raised something."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        said = self._read()
        if "error" in said:
            raise FailedError(said["error"])
        return said["answer"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the Lambda ended by itself; what it said stands above"
        said: dict[str, Any] = json.loads(line)
        return said


class Browser:
    """Sends requests as CloudFront and API Gateway bring them, from one page of the web app."""

    def __init__(self, api: Instance, origin: str) -> None:
        self.api, self.origin = api, origin
        self.cookies: dict[str, str] = {}

    def request(
        self, method: str, path: str, body: object = None, query: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and body of the answer, whose cookies are kept."""
        event = copy.deepcopy(EVENT)
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["rawQueryString"] = urlencode(query or {})
        event["headers"]["origin"] = self.origin
        if self.cookies:
            event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        if body is not None:
            event["body"] = json.dumps(body)
            event["headers"] |= {
                "content-type": "application/json",
                "content-length": str(len(event["body"])),
            }
        answer = self.api.call(event)
        assert not answer["isBase64Encoded"], answer
        for cookie in answer.get("cookies", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None
