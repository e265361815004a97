"""The script that a deploy runs, against a server that plays AWS' part: order, ways back, and what is put where."""

import importlib.util
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest

from bucket import Bucket

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "deploy.py"
ALARM = "flux-test-api-errors"


@pytest.fixture(scope="module")
def deploy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deploy", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["deploy"] = module
    spec.loader.exec_module(module)
    return module


class Aws:
    """Two Lambdas with an alias on their first version and a second published, and an alarm that is off."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self._session = boto3.session.Session()
        self.lambdas = self.client("lambda")
        self.clouds = self.client("cloudwatch")
        self.names = {each: f"{bucket.name}-{each}" for each in ("api", "ingest", "migrate")}
        for name in self.names.values():
            self._publish_two(name)
        self.alarm("OK")

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self.bucket.endpoint)

    def _publish_two(self, name: str) -> None:
        role = self.client("iam").create_role(
            RoleName=name[-60:], AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"})
        )["Role"]["Arn"]
        self.lambdas.create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.13",
            Handler="a.b",
            Code={"ZipFile": zipped("1")},
            Publish=True,
        )
        self.lambdas.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        self.lambdas.update_function_code(FunctionName=name, ZipFile=zipped("2"), Publish=True)

    def alarm(self, state: str) -> None:
        self.clouds.put_metric_alarm(
            AlarmName=ALARM,
            MetricName="Errors",
            Namespace="AWS/Lambda",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Statistic="Sum",
        )
        self.clouds.set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="test")

    @property
    def functions(self) -> dict[str, Any]:
        return {
            short: {"name": name, "version": "2", "alias": None if short == "migrate" else "live"}
            for short, name in self.names.items()
        }

    def called(self) -> list[tuple[str, dict[str, float]]]:
        """Which version each alias calls, and what part goes to another."""
        found = [
            self.lambdas.get_alias(FunctionName=self.names[each], Name="live")
            for each in ("api", "ingest")
        ]
        return [
            (
                each["FunctionVersion"],
                each.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}),
            )
            for each in found
        ]


def zipped(content: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.py", content)
    return made.getvalue()


@pytest.fixture
def aws(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.endpoint)
    made = Aws(bucket)
    yield made
    made.lambdas.close()
    made.clouds.close()


Called = list[tuple[str, dict[str, float]]]
OLD: Called = [("1", {}), ("1", {})]
NEW: Called = [("2", {}), ("2", {})]


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


def test_no_deploy_begins_while_an_alarm_is_on_or_missing(aws: Aws, deploy: ModuleType) -> None:
    for alarms, state, said in (
        ([ALARM], "ALARM", "not begun"),
        (["other"], "OK", "no alarm other"),
    ):
        aws.alarm(state)
        with (
            pytest.raises(deploy.DeployError, match=said),
            deploy.shifted(deploy.Aliases(aws.functions), alarms, lambda _: None),
        ):
            raise AssertionError("not reached")
    assert aws.called() == OLD


def test_a_migration_that_fails_ends_the_deploy_and_one_that_does_not_says_what_it_did(
    deploy: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server that plays AWS' part runs no code, so here its answers are given."""
    answers: list[dict[str, Any]] = [
        {"Payload": io.BytesIO(b'{"version": "1.2.3"}')},
        {"Payload": io.BytesIO(b'"UnguardedError"'), "FunctionError": "Unhandled"},
    ]

    class Lambdas:
        def invoke(self, **called: str) -> dict[str, Any]:
            assert called == {"FunctionName": "flux-test-migrate", "Qualifier": "2"}
            return answers.pop(0)

    monkeypatch.setattr(deploy.boto3, "client", lambda *_, **__: Lambdas())
    function = {"name": "flux-test-migrate", "version": "2", "alias": None}
    assert deploy.migrate(function) == {"version": "1.2.3"}
    with pytest.raises(deploy.DeployError, match="UnguardedError"):
        deploy.migrate(function)


def test_assets_come_before_the_pages_that_name_them_and_stay(
    aws: Aws, deploy: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "web.tar"
    names = ["404.html", "_next/static/a.js", "index.html", "login.html", "_next/static/b.css"]
    with tarfile.open(web, "w") as archive:
        for name in names:
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(name)
            archive.addfile(entry, io.BytesIO(name.encode()))
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
    assert deploy.bring_pages(web, aws.bucket.name, "D1") == len(names)
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


def test_another_version_is_not_what_was_deployed(deploy: ModuleType) -> None:
    pauses: list[float] = []
    with pytest.raises(deploy.DeployError, match=r"should be ok with version 9\.9\.9"):
        deploy.see_health("http://127.0.0.1:1", "9.9.9", pauses.append)
    assert sum(pauses) == 60
