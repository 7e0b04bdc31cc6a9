"""Batches over real servers on loopback: spread, one that goes away in the middle, vectors by the handful."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.infer import remote
from hf_nb.plumbing.session import Session
from hf_nb.values import Batch
from tests.infer.remote.served import Served, letters, served

TEXTS = [f"row {number}" for number in range(60)]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Session, Served, Served]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path / "config"))
    with served() as one, served() as other:
        made = Session()
        made.settings.servers = {"one": one.address, "other": other.address}
        yield made, one, other
        remote.client(made).close()


def asked(server: Served) -> list[Any]:
    return [one.body for one in server.requests if one.method == "POST"]


def test_two_servers_share_a_batch_and_every_row_is_asked_once(two: tuple[Session, Served, Served]) -> None:
    session, one, other = two
    made = infer.batch(
        TEXTS, model="echo", task="chat", provider="one", targets=["one", "other"], session=session
    )
    assert isinstance(made, Batch)
    assert made.values == [f"You said: {text}" for text in TEXTS]
    assert asked(one)
    assert asked(other)
    said = [body["messages"][0]["content"] for body in asked(one) + asked(other)]
    assert sorted(said) == sorted(TEXTS)
    assert sum(made.served.values()) == 60


def test_a_server_that_was_never_there_costs_no_row(two: tuple[Session, Served, Served]) -> None:
    session, _, _ = two
    with served() as gone:
        address = gone.address
    session.settings.servers = {**session.settings.servers, "gone": address}
    made = infer.batch(
        TEXTS, model="echo", task="chat", provider="one", targets=["gone", "one"], session=session
    )
    assert isinstance(made, Batch)
    assert made.values == [f"You said: {text}" for text in TEXTS]
    assert made.served == {"one": 60}


def test_vectors_are_asked_for_by_the_handful_and_each_is_its_own(
    two: tuple[Session, Served, Served],
) -> None:
    session, one, _ = two
    made = infer.batch(
        [*TEXTS, None, ""], model="echo", task="feature-extraction", provider="one", session=session
    )
    assert isinstance(made, Batch)
    assert made.failed == 2
    assert made.vectors[:60].tolist() == [letters(text) for text in TEXTS]
    assert len(asked(one)) < 60 / 8


def test_what_was_asked_is_counted_as_any_question_is(two: tuple[Session, Served, Served]) -> None:
    session, _, _ = two
    infer.batch(TEXTS[:5], model="echo", task="chat", provider="one", session=session)
    (row,) = infer.stats(session=session)
    assert (row.method, row.answers) == ("one", 5)


def test_no_row_is_a_job_of_its_own(two: tuple[Session, Served, Served]) -> None:
    session, _, _ = two
    infer.batch(TEXTS[:5], model="echo", task="chat", provider="one", session=session)
    (job,) = session.jobs.seen()
    assert (job.kind, job.unit, job.done, job.total, job.state) == ("batch", "rows", 5, 5, "done")
