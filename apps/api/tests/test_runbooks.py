"""What the runbooks tell somebody to type, and what they add up, is right as far as it can be known here."""

import re
import secrets
import subprocess
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from botocore import xform_name
from botocore.session import Session
from psycopg import sql

from flux.core.ids import new_id
from flux.core.migrate import upgrade_schema
from flux.core.storage import LocalStore
from flux.ingestion import process
from owner import Owner
from servers import SERVERS, create_database, database_url

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "runbooks"
MODULES = ROOT / "infrastructure" / "modules"
RUNBOOKS = sorted(FOLDER.glob("*.md"))
# Of the AWS CLI itself: options of every command, and commands that are more than one call.
OPTIONS = {"query", "output", "cli-read-timeout"}
CUSTOM = {("s3", "cp"), ("logs", "tail")}
NAMES = {"s3api": "s3"}
EXPORT = b"Order ID,Date,Time,Item,Quantity,Net sales\n1,2026-05-01,12:00,Soup,2,9.00\n"


@pytest.fixture(params=RUNBOOKS, ids=lambda path: path.name)
def runbook(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


def blocks(runbook: Path, language: str) -> list[str]:
    """The code of that language, also where it is indented below a numbered step."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", runbook.read_text(), re.M | re.S)
    return [re.sub(rf"^{indent}", "", code, flags=re.M) for indent, code in found]


def everything() -> str:
    return "\n".join(runbook.read_text() for runbook in RUNBOOKS)


def test_there_is_a_runbook_for_each_of_these_and_the_index_names_them_all() -> None:
    pages = {path.name for path in RUNBOOKS} - {"README.md"}
    wanted = (
        "first-deploy deploy roll-back restore rotate-secrets stuck-upload leaked-token cost growth"
    )
    assert pages == {f"{name}.md" for name in wanted.split()}
    assert set(re.findall(r"^\| \[(\S+)\]", (FOLDER / "README.md").read_text(), re.M)) == pages


def test_the_shell_of_a_runbook_can_be_read_by_bash(runbook: Path) -> None:
    for block in blocks(runbook, "sh"):
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stderr}\n{block}"


def aws_commands(text: str) -> Iterator[list[str]]:
    """The words of each call of the AWS CLI, up to what follows it on the line; what is quoted is one word."""
    text = text.replace("\\\n", " ")
    text = re.sub(r"""'[^']*'|"(?:\\.|[^"\\])*\"""", "QUOTED", text)
    for call in re.findall(r"\baws ([a-z0-9-]+ [a-z0-9-]+[^|&;>)\n]*)", text):
        yield call.split()


@cache
def service_model(name: str) -> Any:
    return Session().get_service_model(NAMES.get(name, name))


def test_every_call_of_aws_is_one_that_aws_knows_with_options_that_it_has(runbook: Path) -> None:
    for block in blocks(runbook, "sh"):
        for service, call, *rest in aws_commands(block):
            if (service, call) in CUSTOM:
                continue
            model = service_model(service)
            if call == "wait":
                waiters = Session().create_client(service, region_name="us-east-1").waiter_names
                assert rest[0].replace("-", "_") in waiters, rest[0]
                continue
            known = {xform_name(name, "-"): name for name in model.operation_names}
            assert call in known, f"aws {service} {call}"
            shape = model.operation_model(known[call]).input_shape
            members = {xform_name(name, "-") for name in (shape.members if shape else ())}
            for word in rest:
                if option := re.match(r"--(?:no-)?([a-z0-9-]+)$", word):
                    assert option[1] in members | OPTIONS, f"aws {service} {call} {word}"


def test_the_calls_of_aws_are_found() -> None:
    found = [
        words[:2]
        for path in RUNBOOKS
        for each in blocks(path, "sh")
        for words in aws_commands(each)
    ]
    assert len(found) > 40
    assert ["lambda", "invoke"] in found
    assert ["rds", "restore-db-instance-to-point-in-time"] in found


def test_every_lambda_that_is_named_exists() -> None:
    functions = re.search(
        r"functions = toset\(\[(.*?)\]\)", (MODULES / "security/main.tf").read_text()
    )
    assert functions
    made = set(re.findall(r'"(\w+)"', functions[1]))
    text = everything()
    named = set(re.findall(r'(?:--function-name "|/aws/lambda/)flux-\$ENVIRONMENT-([a-z]+)', text))
    for loop in re.findall(r"for function in ([a-z ]+);", text):
        named |= set(loop.split())
    assert {"api", "ingest", "mail", "migrate", "sweep"} == named == made


def test_every_secret_that_is_named_exists() -> None:
    places = [
        MODULES / name
        for name in ("security/secrets.tf", "cache/main.tf", "database/timescaledb.tf")
    ]
    source = "".join(path.read_text() for path in places)
    made = set(re.findall(r'^ +"([a-z/-]+)" += "', source, re.M))
    made |= set(re.findall(r'"\$\{local\.name\}/([a-z/-]+)"', source))
    named = set(re.findall(r"flux-(?:\$ENVIRONMENT|ENVIRONMENT)/([a-z/-]+)", everything()))
    named |= set(re.findall(r"\| put ([a-z/-]+)$", everything(), re.M))
    assert {"database/app", "database/owner", "jwt-keys", "redis-url"} <= named
    assert named <= made, named - made


def test_every_resource_of_terraform_that_is_named_exists() -> None:
    named = set(re.findall(r"module\.(\w+)\.(aws_\w+)\.(\w+)", everything()))
    assert named
    for module, kind, name in named:
        source = "".join(path.read_text() for path in (MODULES / module).glob("*.tf"))
        assert f'resource "{kind}" "{name}"' in source, f"module.{module}.{kind}.{name}"


def test_every_line_of_the_log_that_is_explained_is_written_by_the_code() -> None:
    text = (FOLDER / "stuck-upload.md").read_text()
    table = text[text.index("| the log says") : text.index("Call the sweep")]
    events = re.findall(r"`([a-z]+_[a-z_]+)`", "".join(re.findall(r"^\|[^|]+\|", table, re.M)))
    source = "".join(path.read_text() for path in (ROOT / "apps/api/src/flux").rglob("*.py"))
    assert len(events) > 5
    assert [event for event in events if f'("{event}"' not in source] == []


def read_tables(text: str) -> list[list[list[str]]]:
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.M)
    return [
        [
            [cell.strip(" *") for cell in line.strip("| \n").split("|")]
            for line in table.splitlines()
        ]
        for table in tables
    ]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_what_it_costs_adds_up() -> None:
    text = (FOLDER / "cost.md").read_text()
    sums: list[list[Decimal]] = []
    for head, _, *rows, last in read_tables(text):
        if last[0] != "Sum":
            continue
        numbers = [place for place, name in enumerate(head) if name.startswith("number, ")]
        amounts = [head.index(head[place].removeprefix("number, ")) for place in numbers]
        for row in rows:
            for number, amount in zip(numbers, amounts, strict=True):
                assert cents(Decimal(row[2]) * Decimal(row[number])) == Decimal(row[amount]), row
        said = [Decimal(cell) for cell in last[-len(amounts) :]]
        assert said == [sum(Decimal(row[place]) for row in rows) for place in amounts]
        sums.append(said)
    (dev, staging, prod), (change,) = sums
    assert f"So prod is {prod + change} USD" in text
    assert f"{staging} of {dev + staging + prod} USD" in " ".join(text.split())


def test_an_hourly_price_makes_the_monthly_one() -> None:
    hourly = 0
    for _, price, monthly, *_ in read_tables((FOLDER / "cost.md").read_text())[0]:
        if found := re.fullmatch(r"([0-9.]+) an hour", price):
            assert cents(Decimal(found[1]) * 730) == Decimal(monthly), price
            hourly += 1
    assert hourly > 5


def what_a_restaurant_is() -> dict[str, str]:
    table = read_tables((FOLDER / "growth.md").read_text())[0]
    return {row[0]: row[1].replace(",", "") for row in table[2:]}


def test_the_figures_of_growth_follow_from_what_a_restaurant_is() -> None:
    tables = read_tables((FOLDER / "growth.md").read_text())
    assumed = what_a_restaurant_is()
    lines, years = int(assumed["lines a year"]), int(assumed["history that comes first"].split()[0])
    size = int(assumed["bytes of a line in PostgreSQL, with its keys and sums"])
    assert [row[0] for row in tables[1][2:]] == ["100", "10,000", "100,000"]
    for row in tables[1][2:]:
        restaurants, millions, yearly, brought, files, busiest, rate = (
            float(cell.replace(",", "")) for cell in row
        )
        assert millions == restaurants * lines / 1e6
        assert yearly == pytest.approx(restaurants * lines * size / 1e9)
        assert brought == pytest.approx(yearly * years)
        assert (files, busiest) == (restaurants, restaurants / 4)
        assert rate == pytest.approx(busiest * (lines / 12) / 3600, abs=1)


@pytest.fixture
def new_database() -> Iterator[str]:
    name = f"flux_growth_{secrets.token_hex(4)}"
    create_database(name)
    upgrade_schema(database_url("flux_owner", name))
    yield name
    with psycopg.connect(SERVERS["admin"], autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_line_takes_as_much_room_as_growth_counts_with(new_database: str, tmp_path: Path) -> None:
    sample = (ROOT / "apps/api/src/flux/sample/pizzaplace.csv").read_bytes()
    restaurant_id, upload_id = new_id(), new_id()
    key = f"uploads/{restaurant_id}/{upload_id}/sample.csv"
    (tmp_path / key).parent.mkdir(parents=True)
    (tmp_path / key).write_bytes(sample)
    with psycopg.connect(database_url("admin", new_database)) as admin:
        admin.execute(
            "INSERT INTO restaurants (id, name, timezone, country, currency, day_starts_at)"
            " VALUES (%s, 'Growth', 'America/New_York', 'US', 'USD', '04:00')",
            (restaurant_id,),
        )
        admin.execute(
            "INSERT INTO data_uploads (restaurant_id, id, filename, content_type, size_bytes, object_key,"
            " expires_at, received_at) VALUES (%s, %s, 'sample.csv', 'text/csv', %s, %s, now(), now())",
            (restaurant_id, upload_id, len(sample), key),
        )
    store = LocalStore(tmp_path, "")
    dsn = database_url("flux_app", new_database)
    assert process.process_upload(dsn, store, restaurant_id, upload_id)
    with psycopg.connect(database_url("admin", new_database)) as admin:
        [(lines,)] = admin.execute("SELECT count(*) FROM transaction_items").fetchall()
        # What has a business date grows by the line.
        [(size,)] = admin.execute(
            "SELECT sum(pg_total_relation_size(attrelid)) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid"
            " WHERE attname = 'business_date' AND relkind = 'r'"
        ).fetchall()
    assert lines == 49_574
    counted = what_a_restaurant_is()["bytes of a line in PostgreSQL, with its keys and sums"]
    assert 0.85 * int(counted) < size / lines <= int(counted)


def statement(beginning: str) -> str:
    """The SQL of the runbooks that begins so, for psycopg instead of psql."""
    (found,) = [
        block for path in RUNBOOKS for block in blocks(path, "sql") if block.startswith(beginning)
    ]
    return re.sub(r":'(\w+)'", r"%(\1)s", found.replace("%", "%%"))


async def test_every_statement_of_sql_is_one_that_the_database_takes(
    owner: Owner, owner_url: str, app_url: str
) -> None:
    values = {
        "restaurant": str(owner.restaurant_id),
        "upload": str(owner.restaurant_id),
        "from": "2026-11-28 09:00Z",
        "until": "2026-11-28 10:00Z",
    }
    found = [block for path in RUNBOOKS for block in blocks(path, "sql")]
    assert len(found) >= 6
    for block in found:
        is_for_app = block.startswith(("UPDATE", "SELECT set_config"))
        with psycopg.connect(app_url if is_for_app else owner_url) as connection:
            connection.execute(statement(block), values)


def run(owner: Owner, app_url: str, change: str, upload_id: str) -> int:
    values = {"restaurant": str(owner.restaurant_id), "upload": upload_id}
    with psycopg.connect(app_url) as connection:
        connection.execute(statement("SELECT set_config"), values)
        return connection.execute(statement(change), values).rowcount


async def test_an_operator_has_an_upload_read_that_was_given_up(
    owner: Owner, app_url: str, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = await owner.send(EXPORT)
    monkeypatch.setattr(process, "MAX_ATTEMPTS", 0)
    await owner.work()
    monkeypatch.undo()
    with psycopg.connect(owner_url) as connection:
        found = connection.execute(
            statement("SELECT restaurant_id, status"), {"upload": upload_id}
        ).fetchone()
    assert found is not None
    assert (found[0], found[1], found[-1]) == (owner.restaurant_id, "failed", "gave_up")
    assert run(owner, app_url, "UPDATE data_uploads SET status", upload_id) == 1
    await owner.work()
    shown = (await owner.client.get(f"/api/data/uploads/{upload_id}")).json()
    assert (shown["status"], shown["report"]["orders_new"]) == ("completed", 1)


async def test_an_operator_has_a_counted_upload_read_again_and_nothing_doubles(
    owner: Owner, app_url: str
) -> None:
    upload_id = (await owner.upload(EXPORT))["id"]
    assert run(owner, app_url, "UPDATE data_uploads SET requested", upload_id) == 1
    assert run(owner, app_url, "UPDATE data_uploads SET requested", upload_id) == 0
    await owner.work()
    [(orders,)] = owner.query("SELECT count(*) FROM transactions")
    [(requested, status)] = owner.query(
        "SELECT requested, status FROM data_uploads WHERE id = %(upload)s", upload=upload_id
    )
    assert (orders, requested, status) == (1, None, "completed")


def test_everything_of_an_environment_that_is_named_exists() -> None:
    source = "".join(path.read_text() for path in MODULES.glob("*/*.tf"))
    source += (ROOT / "infrastructure/packages.tf").read_text()
    made = set(re.findall(r"\$\{local\.name\}-([a-z]+(?:-[a-z]+)*)", source))
    groups = (MODULES / "security/groups.tf").read_text()
    made |= set(re.findall(r'^    ([a-z]+) += "', groups, re.M))
    for alarm in ("cpu", "connections", "storage"):
        assert f"    {alarm} = {{" in (MODULES / "database/alarms.tf").read_text()
        made.add(f"database-{alarm}")
    made |= set(re.findall(r'"(api|ingest|mail|migrate|sweep)"', source))
    made |= {"copy", "spoiled"}  # which the runbooks make
    named = re.findall(
        r"flux-(?:\$ENVIRONMENT|ENVIRONMENT|staging)-([a-z]+(?:-[a-z]+)*)", everything()
    )
    assert len(set(named)) > 12
    assert set(named) - made == set()


def test_every_alarm_and_every_output_that_is_named_exists() -> None:
    alarms = (MODULES / "monitoring/alarms.tf").read_text()
    named = set(re.findall(r"\balarm `([a-z0-9-]+)`", everything()))
    assert named
    for alarm in named:
        assert f"    {alarm} = {{" in alarms, alarm
    outputs = "".join(
        (ROOT / "infrastructure" / folder / "outputs.tf").read_text()
        for folder in ("", "bootstrap")
    )
    named = set(re.findall(r"outputs?\s+`(\w+)`", everything()))
    assert {"operator", "deploy_role_arns"} <= named
    for output in named:
        assert f'output "{output}"' in outputs, output


def test_a_deploy_is_asked_for_as_the_workflow_wants_it() -> None:
    workflow = (ROOT / ".github/workflows/deploy.yml").read_text()
    inputs = re.search(r"^    inputs:\n((?:      .*\n)+)", workflow, re.M)
    assert inputs
    wanted = re.findall(r"^      (\w+):", inputs[1], re.M)
    (asked,) = re.findall(r"gh workflow run deploy\.yml(.*)", everything())
    assert re.findall(r"-f (\w+)=", asked) == wanted


def test_every_command_of_flux_and_every_function_of_the_shell_exists() -> None:
    cli = (ROOT / "apps/api/src/flux/cli.py").read_text()
    for command, rest in re.findall(r"\.venv/bin/flux (\w+)([^\n`]*)", everything()):
        assert f"def {command}(" in cli, command
        for option in re.findall(r"--([a-z-]+)", rest):
            assert f'"--{option}"' in cli or f"{option.replace('-', '_')}:" in cli, option
    text = everything()
    for function in ("refresh", "migrate", "put", "password", "digest", "address", "app", "owner"):
        assert re.search(rf"^{function}\(\) {{", text, re.M), function
