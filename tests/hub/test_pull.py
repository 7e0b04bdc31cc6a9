"""Pulling from a real Hub into a real cache: whole, once, resumable, and nothing by accident."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.hub.disk.pull import pull
from hf_nb.offline.running import Running
from hf_nb.plumbing import http, progress
from hf_nb.plumbing.progress import Progress
from hf_nb.plumbing.session import Session
from tests.hub.pulling import REPO, contents, fetched, files, own_cache, parts, serving, whole

MODEL = "hfnb-demo/sentiment-en"
PICKLED = "hfnb-lab/pickled-weights"
PART = "model-00003-of-00005.safetensors"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and time that nobody waits through."""
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    return own_cache(tmp_path / "cache", monkeypatch)


@pytest.fixture
def session(hub: Running, cache: Path) -> Session:
    return Session()


@pytest.fixture(scope="module")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    with serving(tmp_path_factory.mktemp("many"), files(part_bytes=300_000)) as served:
        yield served


@pytest.fixture
def many(
    served_hub: Running, _many: tuple[Running, dict[str, str]], cache: Path
) -> Iterator[tuple[Running, dict[str, str], Session]]:
    """A Hub with one model in parts, what its files are, and a session that looks at it."""
    hub, digests = _many
    hub.clear_requests()
    session = Session()
    session.settings.endpoint = hub.url
    yield hub, digests, session
    hub.clear_faults()


class Heard:
    """Listens to progress."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[Progress] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def show(self, progress: Progress) -> None:
        self.steps.append(progress)

    def panel(self, value: object) -> bool:
        return False


# -- what comes


def test_a_pull_brings_every_file_with_every_byte(many: Any, cache: Path) -> None:
    _, digests, session = many
    pulled = pull(REPO, session=session)
    whole(cache, digests)
    assert Path(pulled).is_dir()
    assert {file.path for file in pulled.of("fetched")} - {".gitattributes"} == digests.keys()
    assert pulled.moved >= sum(file.size or 0 for file in pulled.files if file.path.endswith(".safetensors"))
    assert pulled.licence == "mit (open)"


def test_the_official_library_finds_what_was_pulled(many: Any, cache: Path) -> None:
    from huggingface_hub import snapshot_download, try_to_load_from_cache

    _, _, session = many
    pulled = pull(REPO, session=session)
    assert snapshot_download(REPO, local_files_only=True, cache_dir=cache) == pulled.path
    assert try_to_load_from_cache(REPO, "config.json", cache_dir=cache) == f"{pulled.path}/config.json"


def test_what_is_here_is_not_fetched_again_and_costs_one_request(many: Any) -> None:
    hub, _, session = many
    pull(REPO, session=session)
    hub.clear_requests()
    again = pull(REPO, session=session)
    assert again.moved == 0
    assert not again.of("fetched")
    assert len(hub.requests()) == 1
    assert "everything was here" in str(again)


def test_a_known_commit_costs_no_request_and_no_network_takes_what_is_here(many: Any) -> None:
    hub, _, session = many
    first = pull(REPO, session=session)
    hub.clear_requests()
    assert pull(REPO, revision=first.commit, session=session).path == first.path
    assert hub.requests() == []
    with http.fault("connect", session):
        offline = pull(REPO, session=session)
    assert offline.path == first.path
    assert "What is here was taken" in str(offline)


def test_only_what_is_named_comes(many: Any, cache: Path) -> None:
    _, _, session = many
    one = pull(REPO, "config.json", session=session)
    assert one.path.endswith("config.json")
    assert Path(one).read_bytes() == b"{}"
    assert len(contents(cache)) == 1
    several = pull(REPO, "sub/", include="*.md", session=session)
    assert {file.path for file in several.files} == {"sub/vocab.txt", "README.md"}
    rest = pull(REPO, exclude=["*.safetensors", ".git*"], session=session)
    assert {file.path for file in rest.files} == {"config.json", "README.md", "sub/vocab.txt"}


def test_a_folder_of_ones_own_gets_the_files_themselves(many: Any, tmp_path: Path, cache: Path) -> None:
    import hashlib

    hub, digests, session = many
    folder = tmp_path / "mine"
    pulled = pull(REPO, to=folder, session=session)
    assert pulled.path == str(folder)
    for path, digest in digests.items():
        assert not (folder / path).is_symlink()
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
    hub.clear_requests()
    assert not pull(REPO, to=folder, session=session).of("fetched")
    assert fetched(hub) == {}
    assert not (cache / "models--lab--many" / "snapshots").exists()


def test_an_older_revision_is_another_commit(session: Session) -> None:
    from huggingface_hub import HfApi

    newest, *_, oldest = (
        one.commit_id for one in HfApi(endpoint=session.settings.endpoint).list_repo_commits(MODEL)
    )
    old = pull(MODEL, revision=oldest, session=session)
    new = pull(MODEL, session=session)
    assert (old.commit, new.commit) == (oldest, newest)
    assert len(old.files) < len(new.files)
    assert Path(old.path).parent == Path(new.path).parent


@pytest.mark.parametrize("kind", [None, "model"])
def test_a_lock_file_decides_which_commit_comes(
    kind: str | None, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import HfApi

    *_, oldest = HfApi(endpoint=session.settings.endpoint).list_repo_commits(MODEL)
    pull(MODEL, revision=oldest.commit_id, session=session)
    monkeypatch.chdir(tmp_path)
    hf_nb.lock.write(session=session)
    later = Session()
    assert pull(MODEL, kind=kind, session=later).commit == oldest.commit_id
    with pytest.raises(errors.HfNbError):
        pull(MODEL, revision="0" * 40, session=later)
    assert {use.id for use in later.ledger.uses()} == {MODEL}


def test_a_dataset_is_found_without_saying_that_it_is_one(session: Session) -> None:
    assert pull("hfnb-demo/digits", "README.md", session=session).kind == "dataset"


# -- before anything comes


def test_a_dry_run_says_it_all_and_moves_nothing(many: Any, cache: Path) -> None:
    hub, _, session = many
    pull(REPO, PART, session=session)
    hub.clear_requests()
    plan = pull(REPO, dry_run=True, session=session)
    assert [file.path for file in plan.of("cached")] == [PART]
    assert plan.bytes("to fetch") == sum(file.size or 0 for file in plan.files) - 300_003
    assert plan.fits
    assert fetched(hub) == {}
    assert len(contents(cache)) == 1
    assert "free, it fits" in str(plan)
    assert json.loads(json.dumps(plan.to_dict()))["dry_run"]


def test_what_does_not_fit_is_refused_before_anything_moves(
    many: Any, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, _, session = many
    monkeypatch.setattr("hf_nb.hub.disk.pull.room", lambda _: 1_000_000)
    assert not pull(REPO, dry_run=True, session=session).fits
    with pytest.raises(errors.TooLarge, match=r"needs 1\.5 MB more.* 1\.0 MB left") as full:
        pull(REPO, session=session)
    assert "%hf cache trim" in full.value.next_step
    assert fetched(hub) == {}
    assert contents(cache) == set()


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, {"model.pkl", "pytorch_model.bin"}),
        ({"include": ["*"]}, {"model.pkl", "pytorch_model.bin"}),
        ({"include": "*.bin"}, set()),
        ({"files": ["model.pkl"]}, set()),
        ({"files": ["model.pkl"], "include": "*.json"}, set()),
    ],
    ids=str,
)
def test_a_pickle_comes_only_when_it_is_named(
    asked: dict[str, Any], left: set[str], session: Session
) -> None:
    pulled = pull(PICKLED, *asked.pop("files", ()), **asked, session=session)
    assert {file.path for file in pulled.of("left out")} == left
    if left:
        assert "can run code" in str(pulled)
        assert "name it: model.pkl" in str(pulled)
    root = Path(pulled.path)
    assert not any((root / name).exists() for name in left)


def test_nothing_but_pickles_is_refused_with_their_names(session: Session, cache: Path) -> None:
    with pytest.raises(errors.Refused, match=r"model\.pkl") as refused:
        pull(PICKLED, include=["model*"], session=session)
    assert "name it: model.pkl" in refused.value.next_step
    assert contents(cache, "models--hfnb-lab--pickled-weights") == set()


def test_a_gated_model_says_that_its_owner_must_let_one_in(session: Session, cache: Path) -> None:
    with pytest.raises(errors.Unauthorized, match="gated"):
        pull("hfnb-lab/sentiment-de", session=session)
    assert contents(cache, "models--hfnb-lab--sentiment-de") == set()
    assert parts(cache, "models--hfnb-lab--sentiment-de") == {}


@pytest.mark.parametrize(
    ("call", "kind", "hint"),
    [
        (("hfnb-demo/sentimant-en",), errors.NotFound, MODEL),
        ((MODEL, "confg.json"), errors.NotFound, "config.json"),
        ((MODEL, "*.nothing"), errors.NotFound, "--dry-run"),
        (("no id at all",), errors.Lasting, ""),
    ],
    ids=str,
)
def test_a_wrong_name_is_answered_with_the_nearest_one(
    call: tuple[str, ...], kind: type[errors.HfNbError], hint: str, session: Session
) -> None:
    with pytest.raises(kind) as wrong:
        pull(*call, session=session)
    assert hint in str(wrong.value)
    assert len(wrong.value._render_traceback_()) <= 3


# -- broken on the way


def test_a_part_that_was_broken_off_goes_on_where_it_stopped(many: Any, cache: Path) -> None:
    hub, digests, session = many
    with (
        hub.fault("cut", match=f"*/{PART}", origin="cdn", at=280_000, count=1),
        hub.fault("refuse", match=f"*/{PART}", origin="cdn", after=1),
        pytest.raises(errors.Unreachable),
    ):
        pull(REPO, PART, session=session)
    (begun,) = parts(cache).values()
    assert 100_000 < begun < 300_000
    assert contents(cache) == set(), "no half file under its final name"
    hub.clear_requests()
    pulled = pull(REPO, PART, session=session)
    assert fetched(hub) == {PART: [f"bytes={begun}-"]}
    assert pulled.moved == 300_003 - begun
    whole(cache, {PART: digests[PART]})


def test_a_part_of_the_official_library_is_taken_over(many: Any, cache: Path) -> None:
    hub, digests, session = many
    (blob,) = (digests[PART],)
    blobs = cache / "models--lab--many" / "blobs"
    blobs.mkdir(parents=True)
    left = blobs / f"{blob}.0123abcd.incomplete"
    left.write_bytes(files(part_bytes=300_000)[PART][:200_000])
    os.utime(left, (0, 0))
    pull(REPO, PART, session=session)
    assert fetched(hub) == {PART: ["bytes=200000-"]}
    whole(cache, {PART: blob})


def test_a_part_of_other_bytes_is_noticed_and_the_file_fetched_anew(many: Any, cache: Path) -> None:
    hub, digests, session = many
    blobs = cache / "models--lab--many" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / f"{digests[PART]}.hf_nb.incomplete").write_bytes(b"\0" * 100_000)
    pull(REPO, PART, session=session)
    whole(cache, {PART: digests[PART]})
    assert len(fetched(hub)[PART]) == 2


@pytest.mark.parametrize("path", [PART, "README.md"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_damaged_file_is_fetched_once_more_and_then_named(
    path: str, times: int, many: Any, cache: Path
) -> None:
    hub, digests, session = many
    with hub.fault("corrupt", match=f"GET *{path}", count=times):
        if times == 1:
            pulled = pull(REPO, path, session=session)
            whole(cache, {path: digests[path]})
            assert [file.path for file in pulled.of("fetched")] == [path]
        else:
            with pytest.raises(errors.Busy, match=path):
                pull(REPO, path, session=session)
            assert contents(cache) == set()
            assert not list((cache / "models--lab--many").glob("snapshots/*/*.*"))


def test_verify_finds_what_was_damaged_here_and_mends_it(many: Any, cache: Path) -> None:
    hub, digests, session = many
    pull(REPO, session=session)
    blob = cache / "models--lab--many" / "blobs" / digests[PART]
    blob.write_bytes(b"\0" + blob.read_bytes()[1:])
    assert not pull(REPO, session=session).of("fetched"), "without verify nobody looks"
    hub.clear_requests()
    mended = pull(REPO, verify=True, session=session)
    assert [file.path for file in mended.of("fetched")] == [PART]
    assert fetched(hub).keys() == {PART}
    whole(cache, digests)


class Filling:
    """A disk that takes so many bytes of parts more, and then nothing."""

    def __init__(self, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left, opened = left, Path.open

        def open_(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            file = opened(path, mode, *args, **kwargs)
            return self._full(file) if path.name.endswith(".incomplete") and mode != "r" else file

        monkeypatch.setattr(Path, "open", open_)

    def _full(self, file: Any) -> Any:
        filling = self

        class Full:
            def write(self, piece: bytes) -> int:
                filling.left -= len(piece)
                if filling.left < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return int(file.write(piece))

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *ended: object) -> None:
                file.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

        return Full()


def test_a_disk_that_fills_up_is_said_with_what_could_go_and_the_line_goes_on(many: Any, cache: Path) -> None:
    _, digests, session = many
    with pytest.MonkeyPatch.context() as patch:
        Filling(700_000, patch)
        with pytest.raises(errors.TooLarge, match="disk is full") as full:
            pull(REPO, session=session)
    assert "%hf cache trim" in full.value.next_step
    assert "the same line goes on" in str(full.value)
    assert len(full.value._render_traceback_()) <= 3
    pull(REPO, session=session)
    whole(cache, digests)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written_to_is_said(session: Session, cache: Path) -> None:
    cache.mkdir()
    cache.chmod(0o500)
    with pytest.raises(errors.Refused, match="cannot be written to"):
        pull(MODEL, session=session)
    cache.chmod(0o700)


def test_a_file_where_the_cache_should_be_is_said(session: Session, cache: Path) -> None:
    cache.write_text("")
    with pytest.raises(errors.Refused, match="cannot be written to"):
        pull(MODEL, session=session)


def test_a_cache_that_takes_no_locks_gives_what_it_has(many: Any, cache: Path) -> None:
    import shutil

    _, _, session = many
    pull(REPO, session=session)
    shutil.rmtree(cache / ".locks")
    (cache / ".locks").write_text("")
    assert not pull(REPO, session=session).of("fetched")


def test_what_only_xet_carries_says_what_to_install(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, session = many
    monkeypatch.setattr("huggingface_hub.constants.MAX_HTTP_DOWNLOAD_SIZE", 1_000)
    with pytest.raises(errors.MissingExtra, match="Xet") as missing:
        pull(REPO, PART, session=session)
    assert "pip install hf_xet" in missing.value.next_step


def test_one_who_may_pulls_a_gated_and_a_private_model_and_the_token_stays_with_the_hub(
    session: Session, hub: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_teacher_offline")
    assert pull("hfnb-lab/sentiment-de", session=session).of("fetched")
    assert pull("hfnb-lab/sentiment-en-draft", session=session).of("fetched")
    asked = [line for line in hub.requests() if "/resolve/" in line["path"]]
    assert {line["authorization"] for line in asked if line["origin"] == "hub"} == {True}
    assert {line["authorization"] for line in asked if line["origin"] == "cdn"} == {False}


def test_a_renamed_model_comes_under_the_name_it_was_asked_by(session: Session, cache: Path) -> None:
    old = pull("hfnb-demo/sentiment-english", "config.json", session=session)
    assert Path(old.path).read_bytes() == Path(pull(MODEL, "config.json", session=session)).read_bytes()


def test_a_file_of_ones_own_folder_is_taken_from_the_cache_and_is_left_alone_afterwards(
    many: Any, tmp_path: Path
) -> None:
    hub, _, session = many
    pull(REPO, session=session)
    hub.clear_requests()
    mine = tmp_path / "mine"
    assert not pull(REPO, PART, "config.json", to=mine, session=session).of("fetched")
    assert fetched(hub) == {}
    (mine / "config.json").write_text('{"mine": true}')
    pull(REPO, PART, "config.json", to=mine, session=session)
    assert json.loads((mine / "config.json").read_text()) == {"mine": True}
    pull(REPO, "config.json", to=mine, verify=True, session=session)
    assert (mine / "config.json").read_text() == "{}"


# -- what one sees meanwhile


def test_progress_counts_bytes_and_files_of_the_whole(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hub, _, session = many
    monkeypatch.setattr("hf_nb.hub.disk.transfer.CHUNK", 10_000)
    heard = Heard()
    with hub.fault("slow", origin="cdn", match="*", seconds=0.5), progress.to(heard):
        pulled = pull(REPO, session=session)
    assert {step.what for step in heard.steps} == {REPO}
    assert {step.total for step in heard.steps} == {pulled.bytes()}
    done = [step.done for step in heard.steps]
    assert done == sorted(done)
    assert done[-1] == pulled.bytes()
    assert len(set(done)) > 3, "it moved"
    assert any("of 9 files" in step.detail for step in heard.steps)


def test_a_function_called_without_a_command_is_listened_to_by_the_face_there_is(many: Any) -> None:
    _, _, session = many
    heard = Heard()
    progress.face(lambda: heard)
    try:
        pull(REPO, session=session)
    finally:
        progress.face(None)
    assert heard.steps[-1].done == heard.steps[-1].total


def test_the_library_is_silent_meanwhile(
    many: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, _, session = many
    monkeypatch.setattr(sys.modules["huggingface_hub.utils.tqdm"], "HF_HUB_DISABLE_PROGRESS_BARS", None)
    with hub.fault("cut", match=f"*/{PART}", origin="cdn", count=2):
        pull(REPO, session=session)
    assert capfd.readouterr() == ("", "")


def test_a_pull_is_public_and_a_path(many: Any) -> None:
    _, _, session = many
    pulled = hf_nb.pull(REPO, "config.json", session=session)
    with open(pulled) as file:  # noqa: PTH123 -- what any library does with a path
        assert json.load(file) == {}
    assert pulled.brief() == [pulled.path]
    assert list(pulled.to_pandas()["path"]) == ["config.json"]
