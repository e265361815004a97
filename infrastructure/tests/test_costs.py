"""What docs/runbooks/cost.md counts is what is planned, for each environment."""

import re

import pytest

from conftest import FOLDER, Environment

PAGE = FOLDER.parent / "docs/runbooks/cost.md"
# Of an RDS Proxy the least that is paid; of a db.t4g.medium, where Database Insights are advanced.
VIRTUAL_PROCESSORS = 2
HOURS = 730


def counted(environment: str) -> dict[str, float]:
    """What the first table says how many there are of, without the row of the sum."""
    text = PAGE.read_text()
    lines = re.findall(r"^\|.*\|$", text[text.index("| what | price") :], re.MULTILINE)
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    place = head.index(f"number, {environment}")
    end = next(index for index, row in enumerate(rows) if "Sum" in row[0])
    return {row[0]: float(row[place]) for row in rows[:end]}


def planned(environment: Environment) -> dict[str, float]:
    """The same by what Terraform says. How much is used, no plan can know."""

    def count(kind: str) -> int:
        return len(environment.planned_of(kind))

    gateways = count("aws_nat_gateway")
    interfaces = [
        each.values["vpc_endpoint_type"] for each in environment.planned_of("aws_vpc_endpoint")
    ].count("Interface")
    (database,) = (each.values for each in environment.planned_of("aws_db_instance"))
    copies = 2 if database["multi_az"] else 1
    (cache,) = (each.values for each in environment.planned_of("aws_elasticache_replication_group"))
    (firewall,) = (each.values for each in environment.planned_of("aws_wafv2_web_acl"))
    (canary,) = (each.values for each in environment.planned_of("aws_synthetics_canary"))
    (minutes,) = re.findall(r"rate\((\d+) minutes\)", canary["schedule"][0]["expression"])
    is_advanced = database["database_insights_mode"] == "advanced"
    return {
        "NAT gateway": gateways,
        "its public address": count("aws_eip"),
        "interface endpoint in a zone": interfaces * gateways,
        f"RDS {database['instance_class']}{', two for a standby' if copies == 2 else ''}": copies,
        "RDS storage, gp3, GB": copies * database["allocated_storage"],
        "RDS Proxy, vCPU, at least two": VIRTUAL_PROCESSORS * count("aws_db_proxy"),
        "Database Insights, advanced, vCPU": VIRTUAL_PROCESSORS if is_advanced else 0,
        f"ElastiCache Valkey {cache['node_type']}": cache["num_cache_clusters"],
        "KMS key": count("aws_kms_key"),
        # And the administrator's, which RDS makes.
        "secret": count("aws_secretsmanager_secret") + count("aws_db_instance"),
        "WAF web ACL": count("aws_wafv2_web_acl"),
        "WAF rule": len(firewall["rule"]),
        "alarm": count("aws_cloudwatch_metric_alarm"),
        "canary, 1,000 runs": HOURS * 60 / int(minutes) / 1000,
    }


def test_what_is_paid_for_is_what_is_planned(environment: Environment) -> None:
    said = counted(environment.name)
    there_is = planned(environment)
    by_the_piece = list(said)[: list(said).index("canary, 1,000 runs") + 1]
    for name in by_the_piece:
        assert said[name] == pytest.approx(there_is.pop(name, 0)), name
    assert not there_is


def test_no_figure_is_paid_for_that_comes_with_the_api_anyway(environment: Environment) -> None:
    # "Enabling such metrics will incur additional charges":
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    (stage,) = environment.planned_of("aws_apigatewayv2_stage")
    (settings,) = stage.values["default_route_settings"]
    assert settings["detailed_metrics_enabled"] is False
