"""Brings one environment on AWS to what Terraform has published: schema, code, pages, and a look at it.

    python scripts/deploy.py OUTPUTS WEB      OUTPUTS: `terraform output -json`; WEB: web.tar
    ... --may-go-back                         also where the database has migrations that this code has not

In this order, so that what runs always has a schema and files that it knows:
1. the new migrate Lambda widens the schema (a migration must suit the code before it, `make compatible`);
2. a tenth of the calls goes to the new code, later all, while the alarms of the deploy are watched;
3. the health check answers with the new version;
4. the web's assets are put beside those of before, then the pages that name them;
5. one journey in a browser ends well (`make smoke`).
If one of these fails, or this is told to stop, the code and the pages of before are back, and it ends with 1; what could
not be taken back is named. The schema stays, and so does what Terraform made.
"""

import argparse
import json
import mimetypes
import os
import signal
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parent.parent
FIRST_SHARE = 0.1
WATCH_SECONDS = 300
# Pages that are taken back side by side: GitHub waits ten seconds for a run that is cancelled.
AT_ONCE = 16
LOOK_SECONDS = 15
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

Pause = Callable[[float], None]


class DeployError(Exception):
    """The deploy ended here. Nothing of the new code is called, unless this says what to take back by hand."""


class Undoable(Protocol):
    def take_back(self) -> None: ...


@contextmanager
def taken_back(what: Undoable) -> Iterator[None]:
    """What was done is taken back if what is done in here fails, which no second signal of the impatient stops."""
    try:
        yield
    except BaseException:
        before = {
            each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            what.take_back()
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
        raise


def read_outputs(path: Path) -> dict[str, Any]:
    return {name: each["value"] for name, each in json.loads(path.read_text()).items()}


def migrate(function: dict[str, str], may_go_back: bool) -> dict[str, Any]:
    """Call the new migrate Lambda by its version; what it did. `DeployError` if the schema is of later code, unless
    that may be."""
    # A connection that says nothing for minutes is cut on the way, unless it is kept alive.
    patience = Config(read_timeout=910, retries={"total_max_attempts": 1}, tcp_keepalive=True)
    client = boto3.client("lambda", config=patience)
    called = client.invoke(FunctionName=function["name"], Qualifier=function["version"])
    answer = called["Payload"].read().decode()
    if called.get("FunctionError"):
        raise DeployError(f"migrate failed: {answer}")
    did: dict[str, Any] = json.loads(answer)
    if did["schema"] != "brought up to date" and not may_go_back:
        raise DeployError(
            f"the database is at the migration {did['revision']}, which this code has not: a commit that is reverted"
            " leaves its migration in the repository"
        )
    return did


class Aliases:
    """The aliases by which the Lambdas are called, and the versions they named before this deploy."""

    def __init__(self, functions: dict[str, dict[str, str | None]]) -> None:
        self._client = boto3.client("lambda")
        self.wanted = {each["name"]: each for each in functions.values() if each["alias"]}
        self.before = {
            name: self._client.get_alias(FunctionName=name, Name=each["alias"])["FunctionVersion"]
            for name, each in self.wanted.items()
        }

    @property
    def changed(self) -> list[str]:
        return [name for name, each in self.wanted.items() if each["version"] != self.before[name]]

    def share(self, part: float) -> None:
        """Have the new versions take this part of the calls."""
        for name in self.changed:
            new = {str(self.wanted[name]["version"]): part}
            self._point(name, self.before[name], new)

    def finish(self) -> None:
        for name in self.changed:
            self._point(name, str(self.wanted[name]["version"]), {})

    def take_back(self) -> None:
        """Have the versions of before called again, each of them, even if one cannot be reached."""
        failed = []
        for name in self.changed:
            try:
                self._point(name, self.before[name], {})
            except (BotoCoreError, ClientError) as error:
                failed.append(f"{name} to version {self.before[name]}: {error}")
        tell_what_is_left(failed)

    def _point(self, name: str, version: str, beside: dict[str, float]) -> None:
        self._client.update_alias(
            FunctionName=name,
            Name=self.wanted[name]["alias"],
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": beside},
        )


def tell_what_is_left(failed: list[str]) -> None:
    if failed:
        raise DeployError(
            f"take back by hand, as in docs/runbooks/roll-back.md: {'; '.join(failed)}"
        )


def find_ringing(alarms: list[str]) -> list[str]:
    """Which of the alarms are on."""
    if not alarms:
        return []
    pages = boto3.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNames=alarms)
    found = [
        each for page in pages for each in page["MetricAlarms"] + page.get("CompositeAlarms", [])
    ]
    if missing := set(alarms) - {each["AlarmName"] for each in found}:
        raise DeployError(f"there is no alarm {', '.join(sorted(missing))}")
    return [each["AlarmName"] for each in found if each["StateValue"] == "ALARM"]


def choose_quiet(alarms: list[str]) -> list[str]:
    """The alarms to watch: those that are off. One that is on already may be what this deploy mends."""
    ringing = find_ringing(alarms)
    if ringing:
        print(f"flux: on already, so not watched: {', '.join(ringing)}", flush=True)
    return [each for each in alarms if each not in ringing]


def watch(alarms: list[str], pause: Pause) -> None:
    """Look at the alarms for a while; `DeployError` as soon as one is on."""
    for _ in range(WATCH_SECONDS // LOOK_SECONDS):
        pause(LOOK_SECONDS)
        if ringing := find_ringing(alarms):
            raise DeployError(f"alarm: {', '.join(ringing)}")


@contextmanager
def shifted(aliases: Aliases, alarms: list[str], pause: Pause) -> Iterator[None]:
    """All calls go to the new code; those of before are back if what is done in here fails."""
    with taken_back(aliases):
        if aliases.changed:
            aliases.share(FIRST_SHARE)
            watch(alarms, pause)
            aliases.finish()
            watch(alarms, pause)
        yield


class Site:
    """The bucket that the web app is read from, and the pages in it that this deploy has replaced."""

    def __init__(self, bucket: str, distribution: str) -> None:
        self._store = boto3.client("s3", config=Config(max_pool_connections=AT_ONCE))
        self._bucket, self._distribution = bucket, distribution
        self.replaced: dict[str, bytes | None] = {}

    def bring(self, web: Path) -> int:
        """Put the built web app there; how many files. Assets of before stay, for pages still open."""
        with tarfile.open(web) as archive:
            files = [each for each in archive.getmembers() if each.isfile()]
            names = {each.name.removeprefix("./"): each for each in files}
            assets = sorted(name for name in names if name.startswith("_next/static/"))
            for name in [*assets, *sorted(names.keys() - set(assets))]:
                file = archive.extractfile(names[name])
                content = file.read() if file else b""
                if name in assets:
                    self._put(name, content, FOR_EVER)
                elif (before := self._read(name)) != content:
                    self.replaced[name] = before
                    self._put(name, content, ASK_AGAIN)
        self._forget()
        return len(names)

    def take_back(self) -> None:
        """Have the pages of before there again, each of them, even if one cannot be put."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            failed = [each for each in pool.map(self._put_back, self.replaced) if each]
        if self.replaced:
            self._forget()
        tell_what_is_left(failed)

    def _put_back(self, name: str) -> str | None:
        """What went wrong, if anything did."""
        content = self.replaced[name]
        try:
            if content is None:
                self._store.delete_object(Bucket=self._bucket, Key=name)
            else:
                self._put(name, content, ASK_AGAIN)
        except (BotoCoreError, ClientError) as error:
            return f"{name}: {error}"
        return None

    def _read(self, name: str) -> bytes | None:
        try:
            found: bytes = self._store.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except self._store.exceptions.NoSuchKey:
            return None
        return found

    def _put(self, name: str, content: bytes, kept: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._store.put_object(
            Bucket=self._bucket, Key=name, Body=content, ContentType=kind, CacheControl=kept
        )

    def _forget(self) -> None:
        """Have CloudFront ask for all of it anew."""
        boto3.client("cloudfront").create_invalidation(
            DistributionId=self._distribution,
            InvalidationBatch={
                "Paths": {"Quantity": 1, "Items": ["/*"]},
                "CallerReference": str(time.time_ns()),
            },
        )


def see_health(url: str, version: str, pause: Pause) -> None:
    """`DeployError` unless the health check is `ok` with the version, within a minute."""
    said = "nothing"
    for _ in range(12):
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=10) as answer:
                said = answer.read().decode()
            health = json.loads(said)
            if (health["status"], health["version"]) == ("ok", version):
                return
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            said = f"{type(error).__name__}: {error}"
        pause(5)
    raise DeployError(f"{url}/api/health should be ok with version {version}, and says {said}")


def see_journey(url: str) -> None:
    """`DeployError` unless one journey in a browser ends well. What drives the browser is told no credential."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "ACTIONS_"))
    }
    done = subprocess.run(["make", "smoke"], cwd=ROOT, env=env | {"FLUX_URL": url}, check=False)
    if done.returncode:
        raise DeployError(f"a journey through {url} in a browser failed")


def deploy(
    outputs: dict[str, Any], web: Path, may_go_back: bool = False, pause: Pause = time.sleep
) -> None:
    functions, url = outputs["functions"], outputs["web_url"]
    alarms = choose_quiet(outputs["deploy_alarm_names"])
    did = migrate(functions["migrate"], may_go_back)
    print(f"flux: migrated: {json.dumps(did)}", flush=True)
    aliases = Aliases(functions)
    print(f"flux: new code for {', '.join(aliases.changed) or 'nothing'}", flush=True)
    site = Site(outputs["web_bucket"], outputs["distribution_id"])
    with shifted(aliases, alarms, pause):
        see_health(url, did["version"], pause)
        with taken_back(site):
            print(f"flux: {site.bring(web)} files of the web", flush=True)
            see_journey(url)
    print(f"flux: {url} runs {did['version']}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("web", type=Path)
    parser.add_argument("--may-go-back", action="store_true")
    arguments = parser.parse_args()
    # GitHub sends both, one after the other, to what is cancelled or too late.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)
    try:
        deploy(read_outputs(arguments.outputs), arguments.web, arguments.may_go_back)
    except DeployError as error:
        # Why it was taken back, where that did not work either.
        for each in (error.__context__, error):
            if each is not None:
                print(f"flux: {str(each) or 'told to stop'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("flux: told to stop; the code and the pages of before are back", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
