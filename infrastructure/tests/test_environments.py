"""What holds in every environment, over everything that is planned and made there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import (
    ENVIRONMENTS,
    FOLDER,
    Environment,
    read_environment,
    run_terraform_test,
)

REPOSITORY = FOLDER.parent
ANYWHERE = {"0.0.0.0/0", "::/0"}
RULES = ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
PLACE = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:{}-AbCdEf"

# What each Lambda is told, by the names of .env.example.
DATABASE = {"DATABASE_URL", "DATABASE_URL_SECRET_ARN"}
LETTERS = {"FLUX_PUBLIC_URL", "FLUX_MAIL_FROM"}
VARIABLES = {
    "api": DATABASE
    | LETTERS
    | {"FLUX_ENV", "FLUX_STORE_BUCKET", "FLUX_PROXY_DEPTH"}
    | {"REDIS_URL_SECRET_ARN", "FLUX_JWT_KEYS_SECRET_ARN"},
    "ingest": DATABASE | {"FLUX_ENV", "FLUX_STORE_BUCKET"},
    "sweep": DATABASE | {"FLUX_ENV", "FLUX_STORE_BUCKET"},
    "mail": DATABASE | LETTERS | {"FLUX_ENV"},
    "migrate": DATABASE
    | {"FLUX_ENV", "DATABASE_OWNER_URL", "DATABASE_OWNER_URL_SECRET_ARN"}
    | {"DATABASE_ADMIN_URL", "DATABASE_ADMIN_URL_SECRET_ARN"},
}

# What the deploy role of an environment may only touch by its name, and the argument that names it.
NAMED = {
    "aws_lambda_function": "function_name",
    "aws_iam_role": "name",
    "aws_s3_bucket": "bucket",
    "aws_sqs_queue": "name",
    "aws_sns_topic": "name",
    "aws_cloudwatch_event_rule": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_synthetics_canary": "name",
    "aws_budgets_budget": "name",
    "aws_cloudwatch_log_delivery_source": "name",
    "aws_cloudwatch_log_delivery_destination": "name",
}


def statements_of(policy: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return statements


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def lambdas_of(environment: Environment) -> dict[str, dict[str, Any]]:
    """Each Lambda's arguments, by what comes after the environment in its name."""
    prefix = f"flux-{environment.name}-"
    return {
        each.values["function_name"].removeprefix(prefix): each.values
        for each in environment.made_of("aws_lambda_function")
    }


@pytest.mark.parametrize("engine", ["rds", "timescaledb"])
def test_nothing_is_open_to_the_world_but_443_on_the_way_out(
    environment: Environment, engine: str
) -> None:
    made = environment.made if engine == "rds" else environment.made_with_timescaledb
    to_world = [
        each
        for each in made
        if each.type in RULES and {each.values["cidr_ipv4"], each.values["cidr_ipv6"]} & ANYWHERE
    ]
    opened = {(each.type, each.values["from_port"], each.values["to_port"]) for each in to_world}
    assert opened == {("aws_vpc_security_group_egress_rule", 443, 443)}


def test_no_group_has_rules_in_its_own_body(environment: Environment) -> None:
    # They would not be seen above, and would fight with the rules that are resources.
    groups = environment.planned_of("aws_security_group")
    assert len(groups) >= 6
    assert not [
        each.address for each in groups if each.values.get("ingress") or each.values.get("egress")
    ]
    assert not environment.planned_of("aws_security_group_rule")


@pytest.mark.parametrize("engine", ["rds", "timescaledb"])
def test_the_database_and_the_cache_are_reached_by_the_lambdas_alone(
    environment: Environment, engine: str
) -> None:
    made = environment.made if engine == "rds" else environment.made_with_timescaledb
    admits = {
        (
            each.values["security_group_id"],
            each.values["from_port"],
            each.values["referenced_security_group_id"],
        )
        for each in made
        if each.type == "aws_vpc_security_group_ingress_rule" and each.values["from_port"] != 443
    }
    behind_proxy = {("sg-0123456789abcdef0", 5432, "sg-database")} if engine == "rds" else set()
    assert (
        admits
        == {("sg-database", 5432, "sg-lambda"), ("sg-cache", 6379, "sg-lambda")} | behind_proxy
    )


def test_every_lambda_wears_the_lambdas_group_and_no_other(environment: Environment) -> None:
    worn = {
        name: each["vpc_config"][0]["security_group_ids"]
        for name, each in lambdas_of(environment).items()
    }
    assert worn == {name: ["sg-lambda"] for name in VARIABLES}


def test_the_database_is_private_and_encrypted_and_in_prod_protected(
    environment: Environment,
) -> None:
    (database,) = environment.planned_of("aws_db_instance")
    is_prod = environment.name == "prod"
    assert not database.values["publicly_accessible"]
    assert database.values["storage_encrypted"]
    assert database.values["deletion_protection"] == database.values["multi_az"] == is_prod
    assert database.values["backup_retention_period"] == (35 if is_prod else 7)


def test_every_bucket_refuses_public_access_and_plain_http(environment: Environment) -> None:
    buckets = {
        each.values["id"]: each.values["bucket"] for each in environment.made_of("aws_s3_bucket")
    }
    blocked = {
        each.values["bucket"]
        for each in environment.made_of("aws_s3_bucket_public_access_block")
        if all(
            each.values[way]
            for way in (
                "block_public_acls",
                "block_public_policy",
                "ignore_public_acls",
                "restrict_public_buckets",
            )
        )
    }
    tls_only = {
        each.values["bucket"]
        for each in environment.made_of("aws_s3_bucket_policy")
        for statement in statements_of(each.values["policy"])
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] == "s3:*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert len(buckets) == 4
    assert blocked == tls_only == set(buckets)


def test_every_log_group_has_an_end(environment: Environment) -> None:
    groups = environment.planned_of("aws_cloudwatch_log_group")
    least = {"dev": 14, "staging": 30, "prod": 30}[environment.name]
    assert len(groups) >= 12
    assert not [
        each.address for each in groups if not least <= each.values["retention_in_days"] <= 365
    ]


def test_every_lambda_writes_into_a_group_that_terraform_made(environment: Environment) -> None:
    groups = {each.values["name"] for each in environment.made_of("aws_cloudwatch_log_group")}
    written = {each["logging_config"][0]["log_group"] for each in lambdas_of(environment).values()}
    assert written == {f"/aws/lambda/flux-{environment.name}-{name}" for name in VARIABLES}
    assert written <= groups


def test_no_secret_is_in_the_state(environment: Environment) -> None:
    everything = json.dumps([each.values for each in environment.made])
    assert (
        "0123456789abcdef0123456789abcdef" not in everything
    )  # the cache's password of environment.tftest.hcl
    for version in environment.made_of("aws_secretsmanager_secret_version"):
        assert version.values["secret_string"] is version.values["secret_string_wo"] is None
    (database,) = environment.made_of("aws_db_instance")
    assert database.values["password"] is None
    assert database.values["manage_master_user_password"] is True


def test_no_output_holds_a_secret(environment: Environment) -> None:
    said = json.dumps(environment.outputs)
    assert not re.search(r"://[^/@\"]*:[^/@\"]*@|password|-----BEGIN", said)
    for arn in environment.outputs["operator"]["secret_arns"].values():
        assert arn.startswith("arn:aws:secretsmanager:")


def test_each_lambda_is_told_what_it_reads_and_no_more(environment: Environment) -> None:
    told = {
        name: each["environment"][0]["variables"] for name, each in lambdas_of(environment).items()
    }
    assert {name: set(variables) for name, variables in told.items()} == VARIABLES
    known = (REPOSITORY / ".env.example").read_text()
    for variable in {each for variables in told.values() for each in variables}:
        assert f"# {variable.removesuffix('_SECRET_ARN')}=" in known, variable


def test_secrets_are_named_by_their_place(environment: Environment) -> None:
    told = {
        name: each["environment"][0]["variables"] for name, each in lambdas_of(environment).items()
    }
    places = {
        "DATABASE_URL_SECRET_ARN": PLACE.format("app"),
        "DATABASE_OWNER_URL_SECRET_ARN": PLACE.format("owner"),
        "DATABASE_ADMIN_URL_SECRET_ARN": PLACE.format("rds!db-mock"),
        "REDIS_URL_SECRET_ARN": PLACE.format("redis-url"),
        "FLUX_JWT_KEYS_SECRET_ARN": PLACE.format("jwt-keys"),
    }
    for variables in told.values():
        for name, value in variables.items():
            if name.endswith("_SECRET_ARN"):
                assert value == places[name]
            elif name.startswith("DATABASE_"):
                database = "postgres" if name == "DATABASE_ADMIN_URL" else "flux"
                place = rf"postgresql://[a-z0-9.-]+:5432/{database}\?sslmode=require"
                assert re.fullmatch(place, value)


def test_only_prod_is_called_production_and_nothing_runs_with_a_laptops_defaults(
    environment: Environment,
) -> None:
    named = {
        each["environment"][0]["variables"]["FLUX_ENV"] for each in lambdas_of(environment).values()
    }
    assert named == {"production" if environment.name == "prod" else "staging"}


def test_ingestion_has_memory_time_places_and_a_dead_letter_queue(environment: Environment) -> None:
    ingest = lambdas_of(environment)["ingest"]
    (queue,) = environment.made_of("aws_sqs_queue")
    assert (ingest["memory_size"], ingest["timeout"]) == (3538, 900)
    assert (
        ingest["reserved_concurrent_executions"]
        == {"dev": 2, "staging": 5, "prod": 15}[environment.name]
    )
    assert ingest["dead_letter_config"] == [{"target_arn": queue.values["arn"]}]
    assert queue.values["name"] == f"flux-{environment.name}-ingest-dead"


def test_the_lambdas_never_take_more_connections_than_the_database_has(
    environment: Environment,
) -> None:
    most = 3 * sum(
        each["reserved_concurrent_executions"] for each in lambdas_of(environment).values()
    )
    (group,) = environment.planned_of("aws_db_parameter_group")
    (given,) = (
        int(each["value"])
        for each in group.values["parameter"]
        if each["name"] == "max_connections"
    )
    assert most <= 0.9 * given


def test_no_role_is_allowed_a_whole_service(environment: Environment) -> None:
    policies = environment.made_of("aws_iam_role_policy")
    assert len(policies) >= 8
    for policy in policies:
        for statement in statements_of(policy.values["policy"]):
            assert "NotAction" not in statement
            assert "NotResource" not in statement
            assert not [
                action for action in as_list(statement["Action"]) if "*" in action
            ], policy.address


def test_every_role_is_inside_the_boundary_that_bootstrap_made(environment: Environment) -> None:
    roles = environment.planned_of("aws_iam_role")
    boundary = (
        f"arn:aws:iam::111122223333:policy/bootstrap/flux-{environment.name}-workload-boundary"
    )
    assert len(roles) >= 9
    assert {each.values["permissions_boundary"] for each in roles} == {boundary}


def test_everything_is_named_as_the_deploy_role_may_name_it(environment: Environment) -> None:
    for kind, argument in NAMED.items():
        found = environment.planned_of(kind)
        assert found, kind
        for each in found:
            name = each.values.get(argument) or each.values[f"{argument}_prefix"]
            assert name.startswith(f"flux-{environment.name}-"), each.address


def test_letters_are_signed_and_others_cannot_write_in_our_name(environment: Environment) -> None:
    records = {
        each.values["name"]: each.values for each in environment.made_of("aws_route53_record")
    }
    (identity,) = environment.made_of("aws_sesv2_email_identity")
    domain = identity.values["email_identity"]
    assert environment.outputs["web_url"] == f"https://{domain}"
    for token in ("one", "two", "three"):
        assert records[f"{token}._domainkey.{domain}"]["records"] == [f"{token}.dkim.amazonses.com"]
    assert records[f"_dmarc.{domain}"]["records"] == ["v=DMARC1; p=reject; adkim=s"]


def test_every_page_of_the_web_app_has_an_address(environment: Environment) -> None:
    pages = {
        "/".join(
            part
            for part in file.parent.relative_to(REPOSITORY / "apps/web/app").parts
            if part[0] != "("
        )
        for file in (REPOSITORY / "apps/web/app").rglob("page.tsx")
    }
    (function,) = environment.planned_of("aws_cloudfront_function")
    (listed,) = re.findall(r"var pages = (\[.*\]);", function.values["code"])
    known = json.loads(listed)
    assert known == sorted(re.sub(r"\[\w+\]", "[^/]+", page) for page in pages)
    assert {"", "login", "dashboard"} <= set(known)


def test_no_two_environments_share_addresses_names_or_a_zone_with_prod() -> None:
    each = [read_environment(name) for name in ENVIRONMENTS]
    networks = [environment.planned_of("aws_vpc")[0].values["cidr_block"] for environment in each]
    names = [environment.outputs["web_url"] for environment in each]
    zones = [
        environment.planned_of("aws_route53_record")[0].values["zone_id"] for environment in each
    ]
    assert len(set(networks)) == len(set(names)) == 3
    assert zones[2] not in zones[:2]


def test_what_is_wrong_is_refused() -> None:
    summary = run_terraform_test("refusals", "prod")[-1]["test_summary"]
    assert (summary["passed"], summary["failed"]) == (7, 0)


def test_the_files_of_this_folder_are_all_read() -> None:
    found = {path.stem.split(".")[0] for path in Path(__file__).parent.glob("*.tftest.hcl")}
    assert found == {"environment", "refusals"}
