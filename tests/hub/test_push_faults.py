"""Whatever goes wrong while something is pushed: a typed error of three lines, and nothing is half done."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.hub.pushing import sending
from hf_nb.hub.pushing.push import push
from hf_nb.offline.running import Running
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from tests.hub.pushing import ADA, folder_of, serving, weights

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

COMMIT, PUT, ASK = "POST */commit/*", "PUT /upload/*", "POST */preupload/*"
# what happens, where, what it becomes
FAULTS: dict[str, tuple[dict[str, Any], str, type[errors.HfNbError]]] = {
    "401": ({"kind": "status", "status": 401}, COMMIT, errors.Unauthorized),
    "403": ({"kind": "status", "status": 403}, COMMIT, errors.Unauthorized),
    "403 when asked": ({"kind": "status", "status": 403}, ASK, errors.Unauthorized),
    "404": ({"kind": "status", "status": 404}, COMMIT, errors.NotFound),
    "409": ({"kind": "status", "status": 409}, COMMIT, errors.Refused),
    "412": ({"kind": "status", "status": 412}, COMMIT, errors.Refused),
    "413": ({"kind": "status", "status": 413}, COMMIT, errors.TooLarge),
    "413 of a file": ({"kind": "status", "status": 413}, PUT, errors.TooLarge),
    "429": ({"kind": "status", "status": 429}, COMMIT, errors.RateLimited),
    "503": ({"kind": "status", "status": 503}, COMMIT, errors.Busy),
    "503 of a file": ({"kind": "status", "status": 503}, PUT, errors.Busy),
    "cut while sending": ({"kind": "cut-upload"}, PUT, errors.Unreachable),
    "hang when asked": ({"kind": "stall"}, ASK, errors.Timeout),
    "refused": ({"kind": "refuse"}, COMMIT, errors.Unreachable),
    "a page of a hotel": ({"kind": "portal"}, ASK, errors.Busy),
}


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("faults")) as hub:
        yield hub


@pytest.fixture
def there(served_hub: Running, _served: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("HF_TOKEN", ADA)
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
    _served.clear_requests()
    yield _served
    _served.clear_faults()


@pytest.fixture
def session(there: Running) -> Session:
    made = Session()
    made.settings.endpoint = there.url
    made.settings.read_timeout = 0.5
    made.settings.deadline = 2.0
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "f", a_dot_txt=b"one", w_dot_bin=weights(), v_dot_bin=weights())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_typed_short_and_in_time_and_again_it_works(
    fault: str, session: Session, there: Running, folder: Path
) -> None:
    how, match, kind = FAULTS[fault]
    repo = "ada/f-" + "".join(char if char.isalnum() else "-" for char in fault)
    push(repo, folder / "a.txt", session=session)
    (folder / "a.txt").write_bytes(b"two")
    before = _commits(session, repo)
    began = time.monotonic()
    with there.fault(**how, match=match), pytest.raises(kind) as caught:
        push(repo, folder, session=session)
    assert time.monotonic() - began < 8
    lines = caught.value._render_traceback_()
    assert len(lines) <= 3
    assert caught.value.next_step or kind is errors.NotFound
    assert ADA not in "\n".join(lines)
    assert "not running" not in str(caught.value)
    session.settings.read_timeout = 20
    assert _commits(session, repo) == before
    again = push(repo, folder, session=session)
    assert _commits(session, repo) == before + 1
    assert {one.state for one in again.files} <= {"new", "changed", "same"}


@pytest.mark.parametrize("kind", ["cut", "lost", "stall"])
def test_a_commit_whose_answer_was_lost_is_found(
    kind: str, session: Session, there: Running, folder: Path
) -> None:
    repo = f"ada/lost-{kind}"
    push(repo, folder / "a.txt", session=session)
    with there.fault(kind, match=COMMIT):
        pushed = push(repo, folder, session=session)
    assert pushed.commit
    assert _commits(session, repo) == 3
    assert not push(repo, folder, session=session).going


def test_a_pull_request_whose_answer_was_lost_is_not_taken_for_done(
    session: Session, there: Running, folder: Path
) -> None:
    push("ada/lost-pr", folder / "a.txt", session=session)
    with there.fault("lost", match=COMMIT), pytest.raises(errors.Unreachable):
        push("ada/lost-pr", folder, create_pr=True, session=session)


def _commits(session: Session, repo: str) -> int:
    from hf_nb.hub.client import api

    return len(api(session).list_repo_commits(repo))


def test_no_network_says_so(session: Session, folder: Path) -> None:
    with http.fault("connect", session), pytest.raises(errors.Unreachable):
        push("ada/nowhere", folder, session=session)


def test_somebody_else_pushed_meanwhile(
    session: Session, there: Running, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.hub.client import api

    push("ada/shared", folder, session=session)
    (folder / "a.txt").write_bytes(b"two")
    real = sending.commit

    def late(hub: Any, *args: Any, **more: Any) -> Any:
        api(session).upload_file(path_or_fileobj=b"x", path_in_repo="b.txt", repo_id="ada/shared")
        monkeypatch.setattr(sending, "commit", real)
        return real(hub, *args, **more)

    monkeypatch.setattr(sending, "commit", late)
    with pytest.raises(errors.Refused, match="Somebody else changed") as refused:
        push("ada/shared", folder, session=session)
    assert "Push again" in refused.value.next_step
    assert push("ada/shared", folder, session=session).going
    assert "b.txt" in api(session).list_repo_files("ada/shared")


def test_a_full_disk_is_said_with_a_way_out(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas

    def full(*args: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    frame = pandas.DataFrame({"x": [1]})
    monkeypatch.setattr("datasets.Dataset.to_parquet", full)
    with pytest.raises(errors.TooLarge, match="disk") as wrong:
        push("ada/full", frame, session=session)
    assert "TMPDIR" in wrong.value.next_step


def test_a_full_disk_of_the_hub_is_typed(session: Session, there: Running, folder: Path) -> None:
    push("ada/hubfull", folder / "a.txt", session=session)
    with there.full_disk(), pytest.raises(errors.HfNbError) as wrong:
        push("ada/hubfull", folder, session=session)
    assert len(wrong.value._render_traceback_()) <= 3
    assert push("ada/hubfull", folder, session=session).going


def test_a_file_that_may_not_be_read_is_named(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def shut(self: Path, *args: Any, **more: Any) -> Any:
        if self.name == "w.bin":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return real(self, *args, **more)

    monkeypatch.setattr(Path, "open", shut)
    with pytest.raises(errors.BadInput, match=r"w\.bin cannot be read"):
        push("ada/shut", folder, session=session)


def test_nothing_stays_in_the_temporary_folder(
    session: Session, there: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    import pandas

    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    frame = pandas.DataFrame({"x": [1]})
    push("ada/kept", frame, session=session)
    with there.fault("status", status=503, match=COMMIT), pytest.raises(errors.Busy):
        push("ada/kept", pandas.DataFrame({"x": [2]}), session=session)
    assert [one for one in (tmp_path / "tmp").iterdir() if one.name.startswith("hf-nb-push")] == []
