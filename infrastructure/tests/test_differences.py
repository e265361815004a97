"""Environments differ where the table of README.md says, and as it says."""

import re
from collections.abc import Iterator
from typing import Any

from conftest import ENVIRONMENTS, FOLDER, Environment, Resource, read_environment


def test_environments_differ_only_where_the_table_says() -> None:
    dev, staging, prod = (_flatten(read_environment(name)) for name in ENVIRONMENTS)
    differing = set(_differing(dev, staging)) | set(_differing(staging, prod))
    assert differing == {argument for row in _table() for argument in row["arguments"]}


def test_the_table_says_how_they_differ() -> None:
    plans = {name: _flatten(read_environment(name)) for name in ENVIRONMENTS}
    compared = 0
    for row in _table():
        if row["dev"] == row["staging"] == row["prod"]:
            continue  # what follows from another row
        for argument in row["arguments"]:
            kind, _, name = argument.partition(".")
            for environment, plan in plans.items():
                words = re.findall(r"[\w.-]+", row[environment])
                for each in plan.values():
                    value = each.values.get(name)
                    if each.type == kind and isinstance(value, str | int | float):
                        shown = (
                            {True: "yes", False: "no"}[value]
                            if isinstance(value, bool)
                            else str(value)
                        )
                        assert shown in words, f"{argument} is {shown} in {environment}"
                        compared += 1
    assert compared > 60


def _table() -> list[dict[str, Any]]:
    text = (FOLDER / "README.md").read_text()
    lines = text[text.index("## Where the environments differ") :].splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    return [
        dict(zip(ENVIRONMENTS, row[1:4], strict=True))
        | {"arguments": re.findall(r"`(aws_[a-z0-9_.]+)`", row[4])}
        for row in rows[1:]
        if not row[0].startswith("--")
    ]


def _flatten(environment: Environment) -> dict[str, Resource]:
    """The plan, by address, without what tells the environments apart as such: names and addresses."""
    told_apart = {
        environment.outputs["web_url"].removeprefix("https://"): "DOMAIN",
        environment.planned_of("aws_vpc")[0].values["cidr_block"].removesuffix("0.0/16"): "10.N.",
        environment.planned_of("aws_route53_record")[0].values["zone_id"]: "ZONE",
    }

    def settle(value: Any) -> Any:
        if isinstance(value, str):
            for its_own, shared in told_apart.items():
                value = value.replace(its_own, shared)
            return re.sub(rf"\b{environment.name}\b", "ENVIRONMENT", value)
        if isinstance(value, list):
            return [settle(each) for each in value]
        if isinstance(value, dict):
            return {settle(key): settle(each) for key, each in value.items()}
        return value

    return {
        settle(each.address): Resource(each.address, each.type, settle(each.values))
        for each in environment.planned
    }


def _differing(one: dict[str, Resource], other: dict[str, Resource]) -> Iterator[str]:
    """As `type.argument`; `type` alone for a resource that only one of them has."""
    for address in one.keys() ^ other.keys():
        yield (one.get(address) or other[address]).type
    for address in one.keys() & other.keys():
        a, b = one[address], other[address]
        yield from (
            f"{a.type}.{name}"
            for name in a.values.keys() | b.values.keys()
            if a.values.get(name) != b.values.get(name)
        )
