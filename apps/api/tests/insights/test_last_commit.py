"""While a file is read, undone or read again, every figure stays that of the last commit."""

import threading
from typing import Any

import anyio
import pytest

from flux.ingestion import process
from insights.test_figures import TOTALS, ask, write_lines
from owner import Owner

QUESTIONS = ("sales", "days", "hours", "items", "categories", "orders", "lines")


async def collect(owner: Owner) -> dict[str, Any]:
    """Every answer that the dashboard shows."""
    figures = {question: await ask(owner, question) for question in QUESTIONS}
    summary = (await owner.client.get("/api/insights/summary")).json()
    return figures | {"summary": summary}


async def test_figures_stay_those_of_the_last_commit_until_a_file_is_read_to_its_end(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await owner.upload(write_lines(1, 40))
    await owner.upload(
        TOTALS
        + "20/03/2026 16:48,R1,Sale,12.00,0.00,12.00,0.00,2.00,14.00,Cash,Corner Cafe,Closed\n"
    )
    is_written, may_commit = threading.Event(), threading.Event()
    finish = process._finish

    def wait_and_finish(*given: Any) -> None:
        """All rows and sums are written, but not yet committed."""
        is_written.set()
        assert may_commit.wait(30)
        finish(*given)

    monkeypatch.setattr(process, "_finish", wait_and_finish)

    async def expect_unmoved_until_the_end() -> None:
        """Of what is due. It has an end, so that a figure that moves fails the test instead of holding it up."""
        before = await collect(owner)
        is_written.clear()
        may_commit.clear()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(owner.work)
            try:
                assert await anyio.to_thread.run_sync(is_written.wait, 30)
                assert await collect(owner) == before
            finally:
                may_commit.set()
        assert await collect(owner) != before

    await owner.send(write_lines(2, 40).encode(), "april.csv")
    await expect_unmoved_until_the_end()
    assert (await owner.client.delete(f"/api/data/uploads/{first['id']}")).is_success
    await expect_unmoved_until_the_end()
    assert (await owner.client.post(f"/api/data/uploads/{first['id']}/retry")).is_success
    await expect_unmoved_until_the_end()
