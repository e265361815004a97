"""What a deploy finds on AWS: Lambdas, an alarm and a distribution, on a server that plays its part."""

import io
import json
import zipfile
from typing import Any

import boto3
import httpx

from bucket import REGION, Bucket

ALARM = "flux-test-api-errors"
Called = list[tuple[str, dict[str, float]]]
OLD: Called = [("1", {}), ("1", {})]
NEW: Called = [("2", {}), ("2", {})]


class Aws:
    """Two Lambdas with an alias on their first version and a second published, and an alarm that is off."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.play("config", **{"lambda": {"use_docker": False}})
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

    def play(self, path: str, **told: Any) -> None:
        """Tell the server what to answer, as it runs no code of a Lambda."""
        answer = httpx.post(f"{self.bucket.endpoint}/moto-api/{path}", json=told)
        answer.raise_for_status()

    def migrates(self, version: str, schema: str = "brought up to date") -> None:
        """What the next call of migrate says."""
        answer = json.dumps({"version": version, "schema": schema, "revision": "later"})
        self.play("static/lambda-simple/response", results=[answer], region=REGION)

    def distribution(self) -> str:
        asked = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
        origin = {"Id": "web", "DomainName": "web.example", "CustomOriginConfig": asked}
        made = self.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": self.bucket.name,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": {
                    "TargetOriginId": "web",
                    "ViewerProtocolPolicy": "https-only",
                },
                "Comment": "",
                "Enabled": True,
            }
        )
        return str(made["Distribution"]["Id"])

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

    def called(self) -> Called:
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
