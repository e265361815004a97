"""The script that a deploy runs, against a server that plays AWS' part: order, ways back, and what is put where."""

import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from botocore.exceptions import ClientError

from aws import ALARM, NEW, OLD, Aws, Called
from bucket import Bucket

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "deploy.py"


@pytest.fixture(scope="module")
def deploy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deploy", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["deploy"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def aws(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.endpoint)
    made = Aws(bucket)
    yield made
    made.lambdas.close()
    made.clouds.close()


def test_calls_go_to_the_new_code_by_and_by(aws: Aws, deploy: ModuleType) -> None:
    seen: list[Called] = []

    def pause(_seconds: float) -> None:
        if not seen or seen[-1] != aws.called():
            seen.append(aws.called())

    with deploy.shifted(deploy.Aliases(aws.functions), [ALARM], pause):
        assert aws.called() == NEW
    assert seen == [[("1", {"2": 0.1})] * 2, NEW]
    assert aws.called() == NEW


@pytest.mark.parametrize("looks", [1, 25])
def test_an_alarm_takes_the_new_code_back(aws: Aws, deploy: ModuleType, looks: int) -> None:
    """While a tenth of the calls goes there, and while all do."""
    times = 0

    def pause(_seconds: float) -> None:
        nonlocal times
        times += 1
        if times == looks:
            aws.alarm("ALARM")

    with (
        pytest.raises(deploy.DeployError, match=ALARM),
        deploy.shifted(deploy.Aliases(aws.functions), [ALARM], pause),
    ):
        raise AssertionError("not reached")
    assert times == looks
    assert aws.called() == OLD


def test_whatever_fails_afterwards_takes_the_new_code_back(aws: Aws, deploy: ModuleType) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        deploy.shifted(deploy.Aliases(aws.functions), [ALARM], lambda _: None),
    ):
        raise KeyboardInterrupt
    assert aws.called() == OLD


def test_a_version_that_cannot_be_taken_back_keeps_no_other_and_is_named(
    aws: Aws, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases = deploy.Aliases(aws.functions)
    aliases.finish()
    point = aliases._point

    def busy_once(name: str, version: str, beside: dict[str, float]) -> None:
        if name == aws.names["api"]:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "UpdateAlias")
        point(name, version, beside)

    monkeypatch.setattr(aliases, "_point", busy_once)
    with pytest.raises(deploy.DeployError, match=f"by hand.*{aws.names['api']} to version 1"):
        aliases.take_back()
    assert aws.called() == [NEW[0], OLD[1]]


def test_an_alarm_that_is_on_already_is_named_and_the_others_are_watched(
    aws: Aws, deploy: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is broken could not be mended by a deploy otherwise."""
    assert deploy.choose_quiet([ALARM]) == [ALARM]
    aws.alarm("ALARM")
    assert deploy.choose_quiet([ALARM]) == []
    assert capsys.readouterr().out == f"flux: on already, so not watched: {ALARM}\n"
    with pytest.raises(deploy.DeployError, match="no alarm other"):
        deploy.choose_quiet([ALARM, "other"])


def test_a_migration_that_fails_ends_the_deploy_and_one_that_does_not_says_what_it_did(
    aws: Aws, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.migrates("1.2.3")
    assert deploy.migrate(aws.functions["migrate"], may_go_back=False)["version"] == "1.2.3"

    class Lambdas:
        """The server that plays AWS' part has no code that fails, so here its answer is given."""

        def invoke(self, **called: str) -> dict[str, Any]:
            assert called == {"FunctionName": aws.names["migrate"], "Qualifier": "2"}
            return {"Payload": io.BytesIO(b'"UnguardedError"'), "FunctionError": "Unhandled"}

    monkeypatch.setattr(deploy.boto3, "client", lambda *_, **__: Lambdas())
    with pytest.raises(deploy.DeployError, match="UnguardedError"):
        deploy.migrate(aws.functions["migrate"], may_go_back=True)


def test_only_whoever_wants_to_go_back_comes_to_a_schema_of_later_code(
    aws: Aws, deploy: ModuleType
) -> None:
    """Otherwise a migration of the commits after a revert would be left out, and nobody would hear of it."""
    later = "left alone, as it is of later code"
    aws.migrates("1.2.2", schema=later)
    with pytest.raises(deploy.DeployError, match="at the migration later, which this code has not"):
        deploy.migrate(aws.functions["migrate"], may_go_back=False)
    aws.migrates("1.2.2", schema=later)
    assert deploy.migrate(aws.functions["migrate"], may_go_back=True)["schema"] == later


def pack(web: Path, names: list[str]) -> Path:
    with tarfile.open(web, "w") as archive:
        for name in names:
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(name)
            archive.addfile(entry, io.BytesIO(name.encode()))
    return web


def test_assets_come_before_the_pages_that_name_them_and_stay(
    aws: Aws, deploy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["404.html", "_next/static/a.js", "index.html", "login.html", "_next/static/b.css"]
    web = pack(tmp_path / "web.tar", names)
    aws.bucket.s3.put_object(Bucket=aws.bucket.name, Key="_next/static/old.js", Body=b"old")
    aws.bucket.events()
    forgotten: list[Any] = []

    class Cdn:
        def create_invalidation(self, **asked: Any) -> None:
            # All is there by then.
            forgotten.append((asked["InvalidationBatch"]["Paths"]["Items"], aws.bucket.keys()))

    real = boto3.client
    monkeypatch.setattr(
        deploy.boto3, "client", lambda name, **_: Cdn() if name == "cloudfront" else real(name)
    )
    assert deploy.Site(aws.bucket.name, "D1").bring(web) == len(names)
    events = aws.bucket.events()
    put = [unquote_plus(each["Records"][0]["s3"]["object"]["key"]) for each in events]
    assert put == [*sorted(names[1::3]), "404.html", "index.html", "login.html"]
    assert forgotten == [(["/*"], sorted([*names, "_next/static/old.js"]))]
    for name, kind, kept in (
        ("_next/static/a.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("_next/static/b.css", "text/css", "public, max-age=31536000, immutable"),
        ("index.html", "text/html", "no-cache"),
    ):
        found = aws.bucket.s3.head_object(Bucket=aws.bucket.name, Key=name)
        assert (found["ContentType"], found["CacheControl"]) == (kind, kept)


StartSite = Callable[[Callable[[], dict[str, str]]], str]


@pytest.fixture
def site() -> Iterator[StartSite]:
    """Starts what answers `/api/health`; its address."""
    started: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[], dict[str, str]]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/api/health"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer()).encode())

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        started.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "health", [{"status": "ok", "version": "1.2.2"}, {"status": "degraded", "version": "1.2.3"}, {}]
)
def test_what_is_not_well_or_another_version_is_not_what_was_deployed(
    deploy: ModuleType, site: StartSite, health: dict[str, str]
) -> None:
    pauses: list[float] = []
    with pytest.raises(deploy.DeployError, match=r"should be ok with version 1\.2\.3"):
        deploy.see_health(site(lambda: health), "1.2.3", pauses.append)
    assert sum(pauses) == 60


PAGES_BEFORE = {"_next/static/old.js": b"old", "index.html": b"as before"}


class Environment:
    """All that a deploy brings to its newest version, and the pages of before."""

    def __init__(self, aws: Aws, url: str, folder: Path) -> None:
        self.aws, self.distribution = aws, aws.distribution()
        self.outputs = {
            "functions": aws.functions,
            "deploy_alarm_names": [ALARM],
            "web_bucket": aws.bucket.name,
            "distribution_id": self.distribution,
            "web_url": url,
        }
        self.web = pack(folder / "web.tar", ["_next/static/new.js", "index.html", "new.html"])
        for name, content in PAGES_BEFORE.items():
            aws.bucket.s3.put_object(Bucket=aws.bucket.name, Key=name, Body=content)

    def pages(self) -> dict[str, bytes]:
        return {key: self.aws.bucket.read(key) for key in sorted(self.aws.bucket.keys())}

    def forgotten(self) -> int:
        """How often CloudFront was told to ask anew."""
        told = self.aws.client("cloudfront").list_invalidations(DistributionId=self.distribution)
        return int(told["InvalidationList"]["Quantity"])


@pytest.fixture
def environment(aws: Aws, site: StartSite, tmp_path: Path) -> Environment:
    versions = {OLD[0][0]: "1.2.2", NEW[0][0]: "1.2.3"}
    return Environment(
        aws, site(lambda: {"status": "ok", "version": versions[aws.called()[0][0]]}), tmp_path
    )


def test_a_deploy_goes_from_the_schema_to_the_journey(
    environment: Environment, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[Called, set[str]]] = []

    def see_journey(url: str) -> None:
        assert url == environment.outputs["web_url"]
        done.append((environment.aws.called(), set(environment.pages())))

    monkeypatch.setattr(deploy, "see_journey", see_journey)
    environment.aws.migrates("1.2.3")
    deploy.deploy(environment.outputs, environment.web, pause=lambda _: None)
    assets = {"_next/static/old.js", "_next/static/new.js"}
    assert done == [(NEW, {*assets, "index.html", "new.html"})]
    assert environment.aws.called() == NEW
    assert environment.pages()["index.html"] == b"index.html"
    assert environment.forgotten() == 1


def test_code_that_does_not_answer_as_the_new_one_never_gets_pages(
    environment: Environment, deploy: ModuleType
) -> None:
    environment.aws.migrates("1.2.4")
    with pytest.raises(deploy.DeployError, match=r"1\.2\.4, and says .*1\.2\.3"):
        deploy.deploy(environment.outputs, environment.web, pause=lambda _: None)
    assert environment.aws.called() == OLD
    assert environment.pages() == PAGES_BEFORE


@pytest.mark.parametrize("stopped", [False, True])
def test_a_journey_that_fails_or_is_stopped_takes_back_the_code_and_the_pages(
    environment: Environment, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    def run(words: list[str], env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        """In the place of a browser, which this file does not need."""
        assert words == ["make", "smoke"]
        assert env["FLUX_URL"] == environment.outputs["web_url"]
        assert not [name for name in env if name.startswith(("AWS_", "ACTIONS_"))]
        if stopped:
            raise KeyboardInterrupt
        return subprocess.CompletedProcess(words, 2)

    monkeypatch.setattr(deploy.subprocess, "run", run)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "with which anybody could deploy")
    environment.aws.migrates("1.2.3")
    with pytest.raises((deploy.DeployError, KeyboardInterrupt)) as ended:
        deploy.deploy(environment.outputs, environment.web, pause=lambda _: None)
    assert isinstance(ended.value, KeyboardInterrupt) == stopped
    assert environment.aws.called() == OLD
    new_asset = {"_next/static/new.js": b"_next/static/new.js"}
    assert environment.pages() == PAGES_BEFORE | new_asset
    assert environment.forgotten() == 2


def test_a_page_that_cannot_be_taken_back_keeps_no_other_and_is_named(
    environment: Environment, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = deploy.Site(environment.aws.bucket.name, environment.distribution)
    site.bring(environment.web)
    put = site._put

    def busy(name: str, content: bytes, kept: str) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")

    monkeypatch.setattr(site, "_put", busy)
    with pytest.raises(deploy.DeployError, match=r"by hand.*: index\.html: .*SlowDown"):
        site.take_back()
    assert "new.html" not in environment.pages()
    assert environment.forgotten() == 2
    monkeypatch.setattr(site, "_put", put)
    site.take_back()
    assert environment.pages()["index.html"] == b"as before"


def test_a_second_signal_does_not_stop_what_takes_back(
    aws: Aws, deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    aliases = deploy.Aliases(aws.functions)
    point = aliases._point

    def impatient(*asked: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        point(*asked)

    def pause(_seconds: float) -> None:
        monkeypatch.setattr(aliases, "_point", impatient)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), deploy.shifted(aliases, [], pause):
        raise AssertionError("not reached")
    assert aws.called() == OLD


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_deploy_that_is_told_to_stop_takes_back_what_it_did(
    environment: Environment, tmp_path: Path, told: signal.Signals
) -> None:
    environment.aws.migrates("1.2.3")
    outputs = tmp_path / "outputs.json"
    outputs.write_text(
        json.dumps({name: {"value": value} for name, value in environment.outputs.items()})
    )
    words = [sys.executable, str(SCRIPT), str(outputs), str(environment.web)]
    half_way = [("1", {"2": 0.1})] * 2
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as script:
        try:
            deadline = time.monotonic() + 60
            while environment.aws.called() != half_way and time.monotonic() < deadline:
                time.sleep(0.05)
            assert environment.aws.called() == half_way
            script.send_signal(told)
            _, said = script.communicate(timeout=30)
        finally:
            script.kill()
    assert script.returncode == 1
    assert "told to stop; the code and the pages of before are back" in said
    assert environment.aws.called() == OLD
