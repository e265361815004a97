"""A server that speaks S3, and a bucket on it that tells a queue of its objects, as on AWS a Lambda."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flux.core.ids import new_id

REGION = "eu-central-1"


def forget_this_machine(monkeypatch: pytest.MonkeyPatch, empty: Path, region: str = REGION) -> None:
    """Have boto3 find credentials for tests, and nothing that this machine knows of AWS."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": str(empty / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)


@contextmanager
def start_aws() -> Iterator[str]:
    """The address of a server that plays AWS' part, in threads of this process."""
    # Imported by those tests alone that need it: it takes a second.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Bucket:
    """A new bucket with a queue of its own for `s3:ObjectCreated`."""

    def __init__(self, endpoint: str) -> None:
        import boto3

        self.endpoint = endpoint
        self.name = f"flux-test-{new_id()}"
        session = boto3.session.Session()
        self.s3 = session.client("s3", endpoint_url=endpoint)
        self._sqs = session.client("sqs", endpoint_url=endpoint)
        self.s3.create_bucket(
            Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self._queue = self._sqs.create_queue(QueueName=self.name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        told = {"QueueArn": arn["Attributes"]["QueueArn"], "Events": ["s3:ObjectCreated:*"]}
        self.s3.put_bucket_notification_configuration(
            Bucket=self.name, NotificationConfiguration={"QueueConfigurations": [told]}
        )

    def close(self) -> None:
        self.s3.close()
        self._sqs.close()

    def keys(self) -> list[str]:
        return [
            each["Key"] for each in self.s3.list_objects_v2(Bucket=self.name).get("Contents", [])
        ]

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        return content

    def events(self) -> list[dict[str, Any]]:
        """What the queue was told since the last time, the oldest first."""
        events = []
        while received := self._sqs.receive_message(QueueUrl=self._queue).get("Messages"):
            for message in received:
                events.append(json.loads(message["Body"]))
                self._sqs.delete_message(
                    QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"]
                )
        return events
