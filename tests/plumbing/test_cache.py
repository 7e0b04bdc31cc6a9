"""Answers from copies: what is asked, what is not, whose they are, and what a broken disk does to them."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Literal

import pytest

from hf_nb.errors import HfNbError, Unauthorized, Unreachable
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http, progress, responses
from hf_nb.plumbing.responses import Copy, Responses
from hf_nb.plumbing.session import Session

REPO = "hfnb-demo/sentiment-en"
CANARY = "hf_" + "Canary0123" * 3


class Heard(progress.Silent):
    """What a face would show."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def session(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    return http.install(Session())


def api(session: Session, token: str | Literal[False] | None = None) -> Any:
    from huggingface_hub import HfApi

    return HfApi(endpoint=session.settings.endpoint, token=token)


def info(
    session: Session, repo: str = REPO, token: str | Literal[False] | None = None
) -> tuple[Any, str | None]:
    with http.verb(session) as read, translated(repo, session.settings):
        found = api(session, token).model_info(repo)
    session.responses.settle()
    return found, read.note


def later(session: Session, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The copies there are become so much older."""
    for path in (session.responses.folder / "entries").iterdir():
        entry = json.loads(path.read_bytes())
        path.write_text(json.dumps({**entry, "checked": entry["checked"] - seconds}))


def how(session: Session) -> str | None:
    return next(
        (one.attributes.get("copy") for one in reversed(session.spans.recent()) if one.name == "HTTP GET"),
        None,
    )


def test_a_question_asked_again_asks_the_hub_nothing(hub: Any, session: Session) -> None:
    first, _ = info(session)
    hub.clear_requests()
    again, note = info(session)
    assert hub.requests() == []
    assert (again.sha, again.siblings, note) == (first.sha, first.siblings, None)
    assert how(session) == "hit"


def test_official_calls_never_get_a_copy(hub: Any, session: Session) -> None:
    info(session)
    hub.clear_requests()
    api(session).model_info(REPO)
    assert len(hub.requests()) == 1


def test_after_its_life_a_copy_is_asked_for_and_costs_no_body(
    hub: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    info(session)
    later(session, monkeypatch, 16 * 60)
    hub.clear_requests()
    found, note = info(session)
    assert (found.id, note, how(session)) == (REPO, None, "unchanged")
    assert [one["status"] for one in hub.requests()] == [304]
    hub.clear_requests()
    info(session)
    assert hub.requests() == [], "the copy is young again"


def test_fresh_asks_although_the_copy_is_young(hub: Any, session: Session) -> None:
    info(session)
    hub.clear_requests()
    with http.fresh():
        info(session)
    assert [one["status"] for one in hub.requests()] == [304]


def test_zero_minutes_keep_nothing(hub: Any, session: Session) -> None:
    session.settings.response_cache_minutes = 0
    info(session)
    info(session)
    assert len(hub.requests()) == 2
    assert not session.responses.folder.exists()


GONE: dict[str, dict[str, Any]] = {
    "connect": {"kind": "connect"},
    "timeout": {"kind": "timeout"},
    "cut": {"kind": "cut"},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "429": {"kind": "status", "status": 429, "headers": {"retry-after": "100"}},
}


@pytest.mark.parametrize("fault", GONE)
def test_when_the_hub_is_gone_an_old_copy_is_shown_with_a_note(
    fault: str, session: Session, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    info(session)
    later(session, monkeypatch, 3600)
    clock.rule(
        "hf_nb.plumbing.transports.retry", "hf_nb.plumbing.reading", "hf_nb.plumbing.transports.timeouts"
    )
    began, heard = clock.now, Heard()
    with http.fault(**GONE[fault], session=session), progress.to(heard):
        found, note = info(session)
    assert found.id == REPO
    assert note is not None
    assert re.fullmatch(r"from the copy of .*\d\d:\d\d; the Hub (does not answer|cannot answer now)", note)
    assert note[1:] in heard.lines[-1]
    assert clock.now - began <= 5, "with a copy at hand nobody waits for a minute"


def test_without_a_copy_it_fails_as_it_should(session: Session) -> None:
    with http.fault("connect", session), pytest.raises(Unreachable):
        info(session)


def test_local_only_shows_copies_and_sends_nothing(
    hub: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.plumbing.transports import gate

    info(session)
    monkeypatch.setattr(gate, "LOOPBACK", frozenset())  # the offline Hub counts as far away
    session.settings.local_only = True
    hub.clear_requests()
    assert info(session)[1] is None
    later(session, monkeypatch, 3600)
    found, note = info(session)
    assert found.id == REPO
    assert note is not None
    assert note.endswith("the Hub may not be asked")
    with pytest.raises(HfNbError, match="local_only"):
        info(session, "hfnb-demo/sentiment-multi")
    assert hub.requests() == []


def test_the_official_offline_mode_shows_copies_too(
    hub: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    info(session)
    monkeypatch.setattr("huggingface_hub.constants.is_offline_mode", lambda: True)
    hub.clear_requests()
    assert info(session)[1] is None
    later(session, monkeypatch, 3600)
    note = info(session)[1]
    assert note is not None
    assert note.endswith("the Hub may not be asked")
    with pytest.raises(Unreachable, match="HF_HUB_OFFLINE"):
        info(session, "hfnb-demo/sentiment-multi")
    assert hub.requests() == []


def test_what_is_switched_off_is_not_shown_from_a_copy_either(session: Session) -> None:
    from huggingface_hub import HfApi

    hub = HfApi(endpoint=session.settings.endpoint)

    def digits() -> Any:
        with http.verb(session):
            return hub.dataset_info("hfnb-demo/digits")

    digits()
    session.settings.allow_datasets = False
    with pytest.raises(HfNbError, match="Datasets are off"):
        digits()
    session.settings.allow_datasets = True
    assert digits()


@pytest.fixture
def people(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from hf_nb.offline import running

    users = ["ada:hf_ada_offline", "bob:hf_bob_offline"]
    with running.start(tmp_path / "store", users=users, home=tmp_path / "home") as own:
        monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
        session = Session()
        session.settings.endpoint = own.url
        http.install(session)
        yield own, session


def test_what_one_person_may_see_is_never_shown_to_another(people: Any) -> None:
    hub, session = people
    api(session, "hf_ada_offline").create_repo("ada/secret", private=True)
    assert info(session, "ada/secret", "hf_ada_offline")[0].private
    hub.clear_requests()
    assert info(session, "ada/secret", "hf_ada_offline")[0].private
    assert hub.requests() == []
    for token in ("hf_bob_offline", False):
        with pytest.raises(HfNbError):
            info(session, "ada/secret", token)
    session.settings.deadline = 1
    with http.fault("connect", session), pytest.raises(Unreachable):
        info(session, "ada/secret", "hf_bob_offline")
    assert info(session, "ada/secret", "hf_ada_offline")[0].private


def test_what_is_written_through_the_client_is_seen_at_once(people: Any) -> None:
    hub, session = people
    ada = api(session, "hf_ada_offline")
    ada.create_repo("ada/notes")

    def seen() -> tuple[Any, Any]:
        with http.verb(session):
            found = ada.model_info("ada/notes")
            listed = list(ada.list_models(author="ada"))
        return found, listed

    first, _ = seen()
    hub.clear_requests()
    ada.get_paths_info("ada/notes", [".gitattributes"])  # a question, although by POST
    assert seen()[0].sha == first.sha
    assert [one["method"] for one in hub.requests()] == ["POST"]
    ada.upload_file(path_or_fileobj=b"a", path_in_repo="a.txt", repo_id="ada/notes")
    found, _ = seen()
    assert found.sha != first.sha
    ada.create_repo("ada/more")
    assert {one.id for one in seen()[1]} == {"ada/notes", "ada/more"}
    ada.move_repo("ada/notes", "ada/Words")
    seen()
    assert seen()[0].id == "ada/Words", "the old name leads to the new one"
    ada.delete_repo("ada/Words")
    with pytest.raises(Exception, match="404"), http.verb(session):
        ada.model_info("ada/notes")


def test_an_absent_repository_is_not_remembered_for_long(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, session = people
    ada = api(session, "hf_ada_offline")

    def missing() -> bool:
        with http.verb(session):
            try:
                ada.model_info("ada/notes")
            except Exception:  # noqa: BLE001 -- the verb goes on to another kind, as `info` does
                return True
        return False

    assert missing()
    hub.clear_requests()
    assert missing()
    assert hub.requests() == []
    later(session, monkeypatch, 11)
    assert missing()
    assert len(hub.requests()) == 1


@pytest.mark.parametrize("fault", ["corrupt", "portal", "empty"])
def test_what_a_verb_could_not_read_is_not_kept(fault: str, hub: Any, session: Session) -> None:
    with hub.fault(fault, match="/api/models*"), pytest.raises(HfNbError):
        info(session)
    hub.clear_requests()
    assert info(session)[0].id == REPO
    assert len(hub.requests()) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\x00", b'{"status": 200}', b"[]", b"null"])
@pytest.mark.parametrize("room", ["entries", "bodies"])
def test_a_damaged_copy_is_no_copy(room: str, damage: bytes, hub: Any, session: Session) -> None:
    info(session)
    for path in (session.responses.folder / room).iterdir():
        path.write_bytes(damage)
    hub.clear_requests()
    assert info(session)[0].id == REPO
    assert len(hub.requests()) == 1


def test_a_full_or_closed_disk_loses_the_copy_and_nothing_else(
    hub: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def full(path: Any, *args: Any, **kwargs: Any) -> int:
        if "responses" in str(path):
            raise OSError(28, "No space left on device")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", full)
    assert info(session)[0].id == REPO
    assert info(session)[0].id == REPO
    assert len(hub.requests()) == 2


def test_no_token_lies_in_any_file_and_nobody_else_may_read_them(people: Any, tmp_path: Path) -> None:
    _, session = people
    ada = api(session, "hf_ada_offline")
    ada.create_repo("ada/secret", private=True)
    info(session, "ada/secret", "hf_ada_offline")
    with pytest.raises(Unauthorized):
        info(session, "ada/secret", CANARY)
    with http.verb(session):
        list(ada.list_models(author="ada"))
    session.responses.settle()
    found = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(found) >= 5
    for path in found:
        assert b"hf_ada_offline" not in path.read_bytes()
        assert CANARY.encode() not in path.read_bytes()
        assert "hf_" not in path.name
        assert path.stat().st_mode & 0o077 == 0
    assert session.responses.folder.stat().st_mode & 0o077 == 0


def test_who_you_are_and_secrets_are_always_asked(people: Any) -> None:
    hub, session = people
    ada = api(session, "hf_ada_offline")
    with http.verb(session):
        ada.whoami()
        ada.whoami()
    assert len([one for one in hub.requests() if "whoami" in one["path"]]) == 2
    assert session.responses.status().entries == 0


def copy(number: int, size: int = 100) -> Copy:
    return Copy(f"{number:024x}.{number:040x}", 200, (("etag", "x"),), os.urandom(size), time.time())


@pytest.mark.slow
def test_ten_thousand_copies_stay_within_bounds_and_the_used_ones_stay(tmp_path: Path) -> None:
    kept = Responses(tmp_path / "responses")
    first = copy(0)
    kept.store(first)
    for number in range(1, 10_001):
        kept.store(copy(number))
        if number % 1000 == 0:
            for path in (tmp_path / "responses").glob("*/*"):  # a while ago, in the order they came
                was = path.stat()
                os.utime(path, ns=(was.st_atime_ns - 10**12, was.st_mtime_ns - 10**12))
            assert kept.load(first.name) == first
    status = kept.status()
    assert status.entries <= responses.MOST_ENTRIES + responses.TRIM_EVERY
    assert kept.load(first.name) == first, "what is used stays"
    assert kept.load(copy(10_000).name), "and so does what is new"
    assert kept.load(copy(1).name) is None


def test_the_room_is_bounded_in_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(responses, "TRIM_EVERY", 1)
    kept = Responses(tmp_path / "responses")
    for number in range(60):
        kept.store(copy(number, 40_000))
    assert kept.status().bytes < 1_050_000
    kept.store(copy(61, responses.MOST_BODY + 1))
    assert kept.load(copy(61).name) is None, "one that would push out all the others is not kept"


def test_what_was_on_its_way_when_it_changed_is_void(tmp_path: Path) -> None:
    kept = Responses(tmp_path / "responses")
    name = kept.name("a repository", "https://hub.example/api", None)
    assert name
    asked = Copy(name, 200, (), b"old", time.time() - 0.01)
    kept.store(asked)
    kept.forget(["a repository"])
    kept.store(asked)
    assert kept.load(name) is None
    kept.store(Copy(name, 200, (), b"new", time.time() + 0.01))
    assert kept.load(name)


STORM = """
import random, sys, time
from pathlib import Path
from hf_nb.plumbing.responses import Copy, Responses
kept, rolls = Responses(Path(sys.argv[1])), random.Random(sys.argv[2])
for _ in range(600):
    name = kept.name(f"s{rolls.randrange(20)}", f"a{rolls.randrange(40)}", None)
    found = kept.load(name)
    assert found is None or found.body.startswith(name.encode()), found
    match rolls.randrange(20):
        case 0: kept.trim()
        case 1: kept.forget([f"s{rolls.randrange(20)}"])
        case 2: kept.clear() if rolls.random() < 0.1 else None
        case _: kept.store(Copy(name, 200, (), name.encode() * rolls.randrange(1, 400), time.time()))
"""


@pytest.mark.slow
def test_several_processes_share_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "responses"
    storm = [
        subprocess.Popen(
            [sys.executable, "-c", STORM, str(folder), str(seed)], stderr=subprocess.PIPE, text=True
        )
        for seed in range(3)
    ]
    for one in storm:
        _, said = one.communicate(timeout=60)
        assert one.returncode == 0, said
    kept = Responses(folder)
    assert all(not path.name.startswith(".") for path in folder.rglob("*")), "nothing half-written is left"
    for entry in (folder / "entries").iterdir():
        kept.load(entry.name)
    assert kept.clear()
    assert kept.status().entries == 0


def test_threads_of_a_verb_share_its_deadline_and_its_copies(hub: Any, session: Session) -> None:
    import contextvars

    with http.verb(session) as read:
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(api(session).model_info, REPO))
        thread.start()
        thread.join()
        assert len(read.kept) == 1
    hub.clear_requests()
    info(session)
    assert hub.requests() == []


def test_a_copy_answers_before_it_is_on_disk_and_is_there_when_the_process_has_ended(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from hf_nb.plumbing.responses import Copy, Responses
kept = Responses(Path(sys.argv[1]))
slow, kept.store = kept.store, lambda copy: (time.sleep(0.05), slow(copy))
for number in range(5):
    kept.keep(Copy(f"subject.{number}", 200, (), b"body", 1.0))
assert kept.load("subject.4").body == b"body"
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "responses")], check=True, timeout=30)
    assert Responses(tmp_path / "responses").status().entries == 5


def test_a_copy_that_waits_to_be_written_is_void_like_any_other(tmp_path: Path) -> None:
    kept = Responses(tmp_path / "responses")
    name = kept.name("a repository", "https://hub.example/api", None)
    assert name
    kept.keep(Copy(name, 200, (), b"old", time.time() - 0.01))
    kept.forget(["a repository"])
    assert kept.load(name) is None
    kept.settle()
    assert kept.load(name) is None
