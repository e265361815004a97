"""Proving an address and getting back in: confirming, forgetting, resetting and changing a password."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient as Client
from httpx import Response
from psycopg import sql

from clocks import Clock
from flux.auth.tokens import SecretKind, make_secret
from flux.mail.deliver import LINK_LIFETIME
from letterbox import read_mail, read_token, text_of
from owner import PASSWORD, Owner, open_client, random_address, register, registration
from servers import database_url

NEW_PASSWORD = "quiet lemon harbour"
WRONG_PASSWORD = "not the password"
SQUATTERS_PASSWORD = "of a stranger who took it"
JSON = {"Content-Type": "application/json"}


async def post(client: Client, path: str, **form: str) -> Response:
    return await client.post(f"/api/auth/{path}", json=form)


async def log_in(client: Client, email: str, password: str = PASSWORD) -> Response:
    return await post(client, "login", email=email, password=password)


async def verify(client: Client, token: str, password: str = PASSWORD) -> Response:
    return await post(client, "email/verify", token=token, password=password)


async def resend(client: Client, email: str) -> Response:
    return await post(client, "email/resend", email=email)


async def forget(client: Client, email: str) -> Response:
    return await post(client, "password/forgot", email=email)


async def reset(client: Client, token: str, new: str = NEW_PASSWORD) -> Response:
    return await post(client, "password/reset", token=token, password=new)


async def change(client: Client, current: str = PASSWORD, new: str = NEW_PASSWORD) -> Response:
    return await post(client, "password", current_password=current, new_password=new)


async def sign_up(client: Client, **changes: str) -> str:
    """Register without logging in; the address."""
    form = registration(**changes)
    answer = await post(client, "register", **form)
    assert (answer.status_code, answer.json()) == (201, {"email": form["email"]})
    return form["email"]


async def join(strict: FastAPI) -> Owner:
    """Somebody who registered a restaurant, opened the link in the mail, and is in."""
    client = open_client(strict)
    email = await sign_up(client)
    assert (await verify(client, await read_token(strict, email, "verify"))).status_code == 200
    me = (await client.get("/api/auth/me")).json()
    return Owner(client, strict, email, me["restaurants"][0]["id"], me["id"])


def seen(answer: Response) -> tuple[int, Any, dict[str, str]]:
    """All of an answer that a caller could learn something from."""
    body = answer.json() | {"request_id": ""} if answer.content else None
    names = answer.headers.keys() - {"x-request-id", "date"}
    return answer.status_code, body, {name: answer.headers[name] for name in names}


def is_spent(answer: Response) -> bool:
    return answer.status_code == 410 and answer.json()["code"] == "link_spent"


async def is_out(client: Client) -> bool:
    """Whether neither the access token nor the refresh token of the client holds any more."""
    answers = [await client.get(f"/api/{path}") for path in ("auth/me", "data/uploads")]
    return {each.status_code for each in (*answers, await post(client, "refresh"))} == {401}


@pytest.fixture
def admin(database: str) -> str:
    """The address of the database as its administrator, whom row-level security does not hold."""
    return database_url("admin", database)


def queued(admin: str, recipient: str) -> list[tuple[Any, ...]]:
    query = "SELECT letter, details, attempts FROM outgoing_mails WHERE recipient = %s"
    with psycopg.connect(admin) as connection:
        return connection.execute(query, (recipient,)).fetchall()


@pytest.fixture
async def visitor(strict: FastAPI) -> AsyncIterator[Client]:
    """A client of Flux as it runs in production."""
    async with open_client(strict) as opened:
        yield opened


async def test_an_unconfirmed_address_answers_like_an_unknown_one(visitor: Client) -> None:
    right = await log_in(visitor, await sign_up(visitor))
    unknown = await log_in(visitor, registration()["email"])
    assert seen(right) == seen(unknown)
    assert (right.status_code, right.json()["code"]) == (401, "wrong_credentials")
    assert not visitor.cookies


async def test_the_link_and_the_password_open_a_session(strict: FastAPI, visitor: Client) -> None:
    email = await sign_up(visitor)
    token = await read_token(strict, email, "verify")
    answer = await verify(visitor, token)
    assert answer.status_code == 200
    assert visitor.cookies.keys() == {"flux_access", "flux_refresh"}
    me = (await visitor.get("/api/auth/me")).json()
    assert (me["email"], me["email_verified"]) == (email, True)
    async with open_client(strict) as script:
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await script.get("/api/auth/me", headers=bearer)).json() == me
        assert (await log_in(script, email)).status_code == 200
    assert is_spent(await verify(visitor, token))


async def test_the_link_alone_opens_nothing_and_stays(strict: FastAPI, visitor: Client) -> None:
    email = await sign_up(visitor)
    token = await read_token(strict, email, "verify")
    alone = await post(visitor, "email/verify", token=token)
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (422, "/password")
    for password in ("", WRONG_PASSWORD, PASSWORD.upper()):
        wrong = await verify(visitor, token, password)
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    assert not visitor.cookies
    assert (await log_in(visitor, email)).status_code == 401
    assert (await verify(visitor, token)).status_code == 200


async def test_a_link_used_by_twenty_at_once_lets_one_in(strict: FastAPI, visitor: Client) -> None:
    token = await read_token(strict, await sign_up(visitor), "verify")
    answers = await asyncio.gather(*(verify(visitor, token) for _ in range(20)))
    assert sorted(each.status_code for each in answers) == [200] + [410] * 19
    assert len((await visitor.get("/api/auth/sessions")).json()["items"]) == 1


async def test_only_the_newest_of_several_links_works(strict: FastAPI, visitor: Client) -> None:
    email = await sign_up(visitor)
    for ask, use, page in ((resend, verify, "verify"), (forget, reset, "reset")):
        tokens = []
        for _ in range(3):
            await ask(visitor, email)
            tokens.append(await read_token(strict, email, page))
        assert len(set(tokens)) == 3
        for older in tokens[:2]:
            assert is_spent(await use(visitor, older))
        assert (await use(visitor, tokens[2])).is_success


async def test_a_link_lives_half_an_hour(strict: FastAPI, visitor: Client, time: Clock) -> None:
    email = await sign_up(visitor)
    await forget(visitor, email)
    confirming = await read_token(strict, email, "verify")
    resetting = await read_token(strict, email, "reset")
    time.forward(LINK_LIFETIME - timedelta(seconds=20))
    assert (await verify(visitor, confirming, WRONG_PASSWORD)).status_code == 401
    assert (await reset(visitor, resetting, "1234567890")).status_code == 422
    time.forward(timedelta(seconds=20))
    assert is_spent(await verify(visitor, confirming))
    assert is_spent(await reset(visitor, resetting))
    assert (await log_in(visitor, email)).status_code == 401


async def test_nothing_else_passes_for_a_links_token(strict: FastAPI, visitor: Client) -> None:
    email = await sign_up(visitor)
    await forget(visitor, email)
    confirming = await read_token(strict, email, "verify")
    resetting = await read_token(strict, email, "reset")
    other = await join(strict)
    await other.client.post("/api/team/invitations", json={"email": email, "role": "owner"})
    invited = await read_token(strict, email, "join")
    for use, path, token, wrong, kind in (
        (verify, "email/verify", confirming, resetting, SecretKind.VERIFY_EMAIL),
        (reset, "password/reset", resetting, confirming, SecretKind.RESET_PASSWORD),
    ):
        relabelled = token[:7] + wrong[7:-8]  # the other link's secret, said to be of this kind
        for guess in (
            *("", " ", "x", "null", "é" * 40, "🔑" * 100, "../reset", "' OR 1=1 --"),
            *(token[:-1], token[1:], token + "0", token + "\n", " " + token, token.swapcase()),
            *(token[:20] + ("B" if token[20] == "A" else "A") + token[21:], token.upper()),
            *(wrong, wrong[:7] + token[7:], f"{relabelled}{zlib.crc32(relabelled.encode()):08x}"),
            *(invited, other.client.cookies["flux_refresh"], make_secret(kind)[0]),
            *(sha256(token.encode()).hexdigest(), token[:7] + "_" * 43 + token[-8:]),
        ):
            assert is_spent(await use(visitor, guess)), guess
        for guess, status in (("\0", 422), ("x" * 129, 422), (token * 3, 422), ("x" * 10**6, 413)):
            assert (await use(visitor, guess)).status_code == status
        surrogate = f'{{"token": "\\ud800", "password": "{PASSWORD}"}}'
        answer = await visitor.post(f"/api/auth/{path}", content=surrogate, headers=JSON)
        assert answer.status_code == 422
    assert (await verify(visitor, confirming)).status_code == 200
    assert (await reset(visitor, resetting)).status_code == 204


async def test_asking_for_mail_answers_and_does_alike_whatever_the_address(
    strict: FastAPI, visitor: Client, admin: str
) -> None:
    """Only who sends the letters looks the address up."""
    unknown = registration()["email"]
    addresses = ((await join(strict)).email, await sign_up(visitor), unknown, "no address")
    before = [len(await read_mail(strict, each)) for each in addresses]
    for ask, letter, delivered in (
        (resend, "confirm_email", [0, 1, 0, 0]),
        (forget, "reset_password", [1, 1, 0, 0]),
    ):
        answers = [seen(await ask(visitor, each)) for each in addresses]
        assert answers == [answers[0]] * 4
        assert answers[0][:2] == (204, None)
        assert [queued(admin, each) for each in addresses] == [[(letter, {}, 0)]] * 4
        after = [len(await read_mail(strict, each)) for each in addresses]
        assert [new - old for new, old in zip(after, before, strict=True)] == delivered
        assert [queued(admin, each) for each in addresses] == [[]] * 4
        before = after


async def test_a_reset_ends_all_sessions_and_spends_all_links(app: FastAPI, owner: Owner) -> None:
    async with open_client(app) as phone, open_client(app, address="198.18.7.7") as anywhere:
        assert (await log_in(phone, owner.email)).status_code == 200
        confirming = await read_token(app, owner.email, "verify")
        await forget(anywhere, owner.email)
        token = await read_token(app, owner.email, "reset")
        assert (await reset(anywhere, token)).status_code == 204
        assert not anywhere.cookies
        assert [await is_out(each) for each in (owner.client, phone)] == [True, True]
        assert is_spent(await reset(anywhere, token))
        assert is_spent(await verify(anywhere, confirming, NEW_PASSWORD))
        assert (await log_in(anywhere, owner.email)).status_code == 401
        assert (await log_in(anywhere, owner.email, NEW_PASSWORD)).status_code == 200
        assert (await anywhere.get("/api/auth/me")).json()["email_verified"] is True
    told = (await read_mail(app, owner.email))[-1]
    assert told["Subject"] == "Your password for “Test Kitchen” was changed"
    assert "198.18.7.7" in text_of(told)
    assert "#" not in text_of(told)


async def test_a_reset_takes_an_address_from_a_squatter(strict: FastAPI, visitor: Client) -> None:
    email = await sign_up(visitor, password=SQUATTERS_PASSWORD)
    await forget(visitor, email)
    assert (await reset(visitor, await read_token(strict, email, "reset"))).status_code == 204
    assert (await log_in(visitor, email, SQUATTERS_PASSWORD)).status_code == 401
    assert (await log_in(visitor, email, NEW_PASSWORD)).status_code == 200


@pytest.mark.parametrize("weak", ["123456789", "password123", "{email}", "{name}", "TestKitchen99"])
async def test_a_weak_password_leaves_the_link_alone(app: FastAPI, owner: Owner, weak: str) -> None:
    weak = weak.format(email=owner.email, name=owner.email.partition("@")[0])
    await forget(owner.client, owner.email)
    token = await read_token(app, owner.email, "reset")
    for answer, pointer in (
        (await reset(owner.client, token, weak), "/password"),
        (await change(owner.client, new=weak), "/new_password"),
    ):
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
        assert weak not in answer.text
    assert (await owner.client.get("/api/auth/me")).status_code == 200
    assert (await reset(owner.client, token)).status_code == 204


async def test_of_twenty_resets_by_one_link_at_once_one_counts(app: FastAPI, owner: Owner) -> None:
    await forget(owner.client, owner.email)
    token = await read_token(app, owner.email, "reset")
    passwords = [f"{NEW_PASSWORD} {number}" for number in range(20)]
    answers = await asyncio.gather(*(reset(owner.client, token, each) for each in passwords))
    statuses = [each.status_code for each in answers]
    assert sorted(statuses) == [204] + [410] * 19
    assert (await log_in(owner.client, owner.email, passwords[statuses.index(204)])).is_success
    subjects = [each["Subject"] for each in await read_mail(app, owner.email)]
    assert sum("was changed" in each for each in subjects) == 1


async def test_no_token_stands_in_any_table(app: FastAPI, owner: Owner, admin: str) -> None:
    await forget(owner.client, owner.email)
    guest = registration()["email"]
    await owner.client.post("/api/team/invitations", json={"email": guest, "role": "viewer"})
    links = ((owner.email, "verify"), (owner.email, "reset"), (guest, "join"))
    tokens = [await read_token(app, *each) for each in links]
    with psycopg.connect(admin) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        select = sql.SQL("SELECT t::text FROM {} t")
        names = [sql.Identifier(*row) for row in tables.fetchall()]
        rows = [str(row) for each in names for row in connection.execute(select.format(each))]
    for token in (*tokens, owner.client.cookies["flux_refresh"]):
        assert sum(sha256(token.encode()).hexdigest() in row for row in rows) == 1
        for written in (token, token[7:-8], token.encode().hex()):
            assert not any(written in row for row in rows)


async def test_a_change_of_password_ends_every_other_session(app: FastAPI, owner: Owner) -> None:
    wrong = await change(owner.client, current=WRONG_PASSWORD)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    before = dict(owner.client.cookies)
    await forget(owner.client, owner.email)
    link = await read_token(app, owner.email, "reset")
    async with open_client(app) as phone, open_client(app) as copy:
        assert (await log_in(phone, owner.email)).status_code == 200
        answer = await change(owner.client)
        assert answer.status_code == 200
        copy.cookies.update(before)
        assert [await is_out(each) for each in (phone, copy)] == [True, True]
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await phone.get("/api/auth/me", headers=bearer)).status_code == 200
        assert is_spent(await reset(phone, link))
        assert (await log_in(phone, owner.email)).status_code == 401
        assert (await log_in(phone, owner.email, NEW_PASSWORD)).status_code == 200
    assert (await owner.client.get("/api/auth/me")).json()["email"] == owner.email
    assert (await owner.client.post("/api/auth/refresh")).status_code == 200
    assert all(owner.client.cookies[name] != value for name, value in before.items())
    assert "was changed" in (await read_mail(app, owner.email))[-1]["Subject"]


async def test_the_present_password_can_be_guessed_five_times_a_minute(owner: Owner) -> None:
    for _ in range(5):
        assert (await change(owner.client, current=WRONG_PASSWORD)).status_code == 403
    for current in (WRONG_PASSWORD, PASSWORD):
        answer = await change(owner.client, current=current)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
        assert 0 < int(answer.headers["Retry-After"]) <= 60


async def test_cookies_of_others_change_nothing(app: FastAPI, owner: Owner, client: Client) -> None:
    other = await register(app, password=SQUATTERS_PASSWORD)
    assert (await change(other.client)).status_code == 403
    assert (await change(client)).status_code == 401
    form = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    evil = {"Origin": "https://evil.example"}
    foreign = await owner.client.post("/api/auth/password", json=form, headers=evil)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
    assert (await log_in(client, owner.email)).status_code == 200
    assert (await log_in(client, other.email, SQUATTERS_PASSWORD)).status_code == 200


async def test_a_sixth_letter_is_not_sent_and_the_fifth_works(app: FastAPI, owner: Owner) -> None:
    sent = len(await read_mail(app, owner.email))
    answers = [seen(await forget(owner.client, owner.email)) for _ in range(5)]
    newest = await read_token(app, owner.email, "reset")
    async with open_client(app, address=random_address()) as stranger:
        answers += [seen(await forget(stranger, owner.email.upper())) for _ in range(3)]
    assert answers == [answers[0]] * 8
    assert len(await read_mail(app, owner.email)) == sent + 5
    assert await read_token(app, owner.email, "reset") == newest
    assert (await reset(owner.client, newest)).status_code == 204


async def test_a_place_asks_for_thirty_letters_and_tries_sixty_links(app: FastAPI) -> None:
    here, elsewhere = (open_client(app, address=random_address()) for _ in range(2))
    email = registration()["email"]
    for number in range(30):
        assert (await (forget if number % 2 else resend)(here, email)).status_code == 204
    for number in range(60):
        assert is_spent(await (reset if number % 2 else verify)(here, "guess"))
    for ask, of in ((forget, email), (resend, email), (reset, "guess"), (verify, "guess")):
        answer = await ask(here, of)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
        assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert (await forget(elsewhere, email)).status_code == 204
    assert is_spent(await reset(elsewhere, "guess"))


async def test_an_unconfirmed_account_gives_way_to_another(
    strict: FastAPI, visitor: Client
) -> None:
    email = await sign_up(visitor, password=SQUATTERS_PASSWORD, restaurant_name="Not Mine")
    link = await read_token(strict, email, "verify")
    await sign_up(visitor, email=email, restaurant_name="Mine", currency="EUR", country="ES")
    assert is_spent(await verify(visitor, link, SQUATTERS_PASSWORD))
    assert is_spent(await verify(visitor, link))
    newest = await read_token(strict, email, "verify")
    assert (await verify(visitor, newest, SQUATTERS_PASSWORD)).status_code == 401
    assert (await verify(visitor, newest)).status_code == 200
    (mine,) = (await visitor.get("/api/auth/me")).json()["restaurants"]
    assert (mine["name"], mine["currency"], mine["country"]) == ("Mine", "EUR", "ES")


async def test_an_account_in_use_gives_way_to_no_other(strict: FastAPI, owner: Owner) -> None:
    for known in (owner, await join(strict)):
        me = (await known.client.get("/api/auth/me")).json()
        await sign_up(known.client, email=known.email, password=NEW_PASSWORD, restaurant_name="My")
        letter = (await read_mail(known.app, known.email))[-1]
        assert letter["Subject"] == "You already have an account for “Test Kitchen”"
        assert (await known.client.get("/api/auth/me")).json() == me
        assert (await log_in(known.client, known.email, NEW_PASSWORD)).status_code == 401
        assert (await log_in(known.client, known.email)).status_code == 200
