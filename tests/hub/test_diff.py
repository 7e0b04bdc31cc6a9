"""What changed between two revisions: everything, nothing else, and without a download."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hf_nb import errors, render
from hf_nb.hub.versions import contents
from hf_nb.hub.versions.diff import diff
from hf_nb.values.diff import Change, Diff
from tests.hub.owning import Own
from tests.offline.small import safetensors

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel

CARD = "---\nlicense: mit\ntags:\n- one\n---\n# Title\n\nFirst line.\nSecond line.\n"
NEW_CARD = "---\nlicense: apache-2.0\ntags:\n- one\n- two\nlanguage: en\n---\n# Title\n\nFirst line.\nAnother line.\n"


class Repo:
    """A repository whose commits are made by the official client."""

    def __init__(self, own: Own, name: str, kind: str = "model") -> None:
        self.api, self.kind = own.api("teacher"), kind
        self.id = self.api.create_repo(f"teacher/{name}", repo_type=kind).repo_id
        self.files: dict[str, bytes] = {}

    def become(self, files: dict[str, bytes]) -> str:
        """One commit after which it holds just these files."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations: list[Any] = [CommitOperationDelete(path) for path in self.files if path not in files]
        operations += [
            CommitOperationAdd(path, content)
            for path, content in files.items()
            if self.files.get(path) != content
        ]
        self.files = dict(files)
        made = self.api.create_commit(self.id, operations, commit_message="change", repo_type=self.kind)
        return made.oid


def changed(some: tuple[Change, ...]) -> dict[str, tuple[Any, Any]]:
    return {one.name: (one.old, one.new) for one in some}


@pytest.fixture
def model(own: Own) -> Repo:
    return Repo(own, own.name("m"))


def test_a_card_is_compared_key_by_key_and_line_by_line(own: Own, model: Repo) -> None:
    old = model.become({"README.md": CARD.encode()})
    model.become({"README.md": NEW_CARD.encode()})
    found = diff(model.id, old, session=own.session)
    assert changed(found.metadata) == {
        "license": ("mit", "apache-2.0"),
        "tags": (["one"], ["one", "two"]),
        "language": (None, "en"),
    }
    (card,) = found
    assert [line for line in card.lines if line[0] in "+-"] == ["-Second line.", "+Another line."]
    shown = str(found)
    assert "~ license: mit → apache-2.0" in shown
    assert "-Second line." in shown


def test_a_configuration_is_compared_by_keys(own: Own, model: Repo) -> None:
    config = {"layers": 2, "norm": {"eps": 1e-5, "kind": "rms"}, "flag": True, "labels": ["a"]}
    old = model.become({"config.json": json.dumps(config).encode()})
    config |= {"layers": 4, "norm": {"eps": 1e-5, "kind": "layer"}, "flag": 1, "labels": ["a", "b"]}
    model.become({"config.json": json.dumps(config).encode()})
    (found,) = diff(model.id, old, session=own.session)
    assert changed(found.keys) == {
        "layers": (2, 4),
        "norm.kind": ("rms", "layer"),
        "flag": (True, 1),
        "labels": (["a"], ["a", "b"]),
    }


def test_tensors_are_compared_by_their_headers_and_nothing_else_is_read(own: Own, model: Repo) -> None:
    old = model.become({"model.safetensors": safetensors(300, 400)})
    model.become({"model.safetensors": safetensors(300, 500)})
    own.hub.clear_requests()
    found = diff(model.id, old, session=own.session)
    assert changed(found.tensors) == {"weight": ("F32 300×400", "F32 300×500")}
    (file,) = found
    assert (file.large, file.new_size) == (True, len(safetensors(300, 500)))
    assert file.new_digest == f"sha256:{hashlib.sha256(safetensors(300, 500)).hexdigest()}"
    read = [one for one in own.hub.requests() if "/resolve/" in one["path"] and one["origin"] == "cdn"]
    print(read)
    assert len(read) == 2


def test_weights_sharded_anew_are_no_other_tensors(own: Own, model: Repo) -> None:
    old = model.become({"model.safetensors": safetensors(300, 400)})
    model.become({"model-00001-of-00001.safetensors": safetensors(300, 400, b"\2")})
    found = diff(model.id, old, session=own.session)
    assert found.brief() == ["A model-00001-of-00001.safetensors", "D model.safetensors"]
    assert found.tensors == ()


def test_a_dataset_shows_its_schema_from_the_card_and_the_footers(own: Own) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

    def table(columns: dict[str, Any]) -> bytes:
        sink = pyarrow.BufferOutputStream()
        parquet.write_table(pyarrow.table(columns), sink)
        return bytes(sink.getvalue().to_pybytes())

    def card(rows: int, more: str = "") -> bytes:
        columns = f"  features:\n  - name: a\n    dtype: int64\n{more}"
        splits = f"  splits:\n  - name: train\n    num_examples: {rows}\n"
        return f"---\ndataset_info:\n{columns}{splits}---\n# Rows\n".encode()

    repo = Repo(own, "schema", "dataset")
    big = list(range(50_000))
    old = repo.become({"README.md": card(3), "data/train.parquet": table({"a": big})})
    repo.become(
        {
            "README.md": card(4, "  - name: b\n    dtype: string\n"),
            "data/train.parquet": table({"a": [*map(float, big)], "b": [*map(str, big)]}),
        }
    )
    own.hub.clear_requests()
    found = diff(f"datasets/{repo.id}", old, session=own.session)
    assert changed(found.schema) == {
        "b": (None, "string"),
        "split train": ("3 rows", "4 rows"),
        "data/train.parquet: a": ("int64", "double"),
        "data/train.parquet: b": (None, "string"),
    }
    assert found.metadata == ()


def test_the_same_content_elsewhere_is_a_rename(own: Own, model: Repo) -> None:
    old = model.become({"a/x.txt": b"same\n", "b/y.txt": b"other\n", "weights.bin": b"w" * 3000})
    model.become({"c/x.txt": b"same\n", "b/y.txt": b"other\n", "old/weights.bin": b"w" * 3000})
    found = diff(model.id, old, session=own.session)
    assert found.brief() == ["R a/x.txt -> c/x.txt", "R weights.bin -> old/weights.bin"]
    assert "R a/x.txt → c/x.txt" in str(found)


def test_without_an_old_revision_it_is_the_last_commit(own: Own) -> None:
    found = diff("demo/tiny", session=own.session)
    assert (found.old_name, found.new_name) == ("main~1", "main")
    assert found.brief() == ["M data/sub/deep file.txt"]
    assert found[0].lines == ("@@ -1 +1 @@", "-deep", "+deeper")
    assert diff("demo/tiny", "v1.0..main", session=own.session).brief() == found.brief()
    assert diff("demo/tiny", "main", "v1.0", session=own.session)[0].lines[1:] == ("-deeper", "+deep")
    assert diff("demo/tiny", "main", session=own.session).files == ()


def test_hostile_files_are_shown_as_what_they_are(own: Own, model: Repo) -> None:
    name = "<img src=x onerror=alert(1)>.md"
    old = model.become({"README.md": b"---\na: 1\n---\nx\n", "x.json": b"[" * 50_000})
    new = {
        "README.md": b"---\na: '<b>'\n---\n<script>alert(1)</script>\x1b[31m\n",
        "x.json": b'{"a": NaN}',
        name: b"\xff\xfe\x00binary",
        "cut.safetensors": b"\xff" * 40,
    }
    model.become(new)
    found = diff(model.id, old, session=own.session)
    assert {one.path for one in found} == {"README.md", "x.json", name, "cut.safetensors"}
    page = render.html(found)
    assert "<script>" not in page
    assert "<img" not in page
    assert "\x1b" not in render.text(found)
    assert any("cut.safetensors could not be looked into" in note for note in found.notes)


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [*a]",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "!!python/object/apply:os.system [true]",
        "a: " + "[" * 5000,
        "a: [1\nb: 2",
        "just a text",
        "? [1, 2]\n: 3",
    ],
)
def test_metadata_that_is_none_is_left_as_text(front: str) -> None:
    metadata, text = contents.card(f"---\n{front}\n---\nBody\n")
    assert metadata == {}
    assert text.endswith("Body\n")


def test_more_than_can_be_shown_is_counted(own: Own, model: Repo) -> None:
    old = model.become({"big.txt": b"\n".join(b"%d" % n for n in range(3000)), "wide.md": b"x" * 150_000})
    model.become(
        {f"many/{n:03}.txt": b"%d" % n for n in range(70)} | {"big.txt": b"gone\n", "wide.md": b"y" * 150_000}
    )
    found = diff(model.id, old, session=own.session)
    assert len(found) == 72
    assert any("the first 40 were read" in note for note in found.notes)
    assert "12 more files" in str(found)
    assert len(render.html(found)) < 60_000
    assert max(map(len, str(found).splitlines())) <= 400


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        ("nope", None, errors.NotFound, "%hf refs demo/tiny"),
        ("main", "nope", errors.NotFound, "%hf refs demo/tiny"),
        ("v1.0..main", "main", errors.BadInput, "one too many"),
        ("main~77", None, errors.NotFound, "no commit at main~77"),
    ],
)
def test_a_wrong_revision_is_said(
    own: Own, old: str, new: str | None, kind: type[errors.HfNbError], words: str
) -> None:
    with pytest.raises(kind) as wrong:
        diff("demo/tiny", old, new, session=own.session)
    assert words in str(wrong.value)


FAULTS: dict[str, tuple[dict[str, Any], type[errors.HfNbError]]] = {
    "401": ({"kind": "status", "status": 401}, errors.Unauthorized),
    "403": ({"kind": "status", "status": 403}, errors.Unauthorized),
    "429": ({"kind": "status", "status": 429}, errors.RateLimited),
    "503": ({"kind": "status", "status": 503}, errors.Busy),
    "cut": ({"kind": "cut"}, errors.Unreachable),
    "stall": ({"kind": "stall", "seconds": 20}, errors.Timeout),
    "corrupt": ({"kind": "corrupt"}, errors.HfNbError),
}


WHERE = ("/api/*/commits/*", "/api/*/tree/*", "/*/resolve/*")
# flipped bytes of a text are another text: nothing says so
STRUCK = [(fault, where) for where in WHERE for fault in FAULTS if (fault, where) != ("corrupt", WHERE[2])]


@pytest.mark.parametrize(("fault", "where"), STRUCK)
def test_a_fault_on_the_way_is_typed_and_no_half_a_diff(own: Own, fault: str, where: str) -> None:
    own.session.settings.read_timeout = 0.3
    own.session.settings.deadline = 0.6
    how, kind = FAULTS[fault]
    with own.hub.fault(**how, match=where), pytest.raises(kind) as wrong:
        diff("demo/tiny", "v1.0", session=own.session)
    assert len(wrong.value._render_traceback_()) <= 3


def test_the_stop_button_does_not_wait_for_answers(own: Own, model: Repo) -> None:
    old = model.become({"a.txt": b"1\n", "b.txt": b"1\n"})
    model.become({"a.txt": b"2\n", "b.txt": b"2\n"})
    here = threading.main_thread().ident
    stop = threading.Timer(0.7, signal.pthread_kill, [here, signal.SIGINT])
    with own.hub.fault("stall", match="*/resolve/*", seconds=20):
        stop.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            diff(model.id, old, session=own.session)
        assert time.monotonic() - began < 8
    assert len(diff(model.id, old, session=own.session)) == 2


# -- random histories against the plainest way to say the same

PATHS = ("a.txt", "b.txt", "c/a.txt", "c/d/e.md", "w.bin", "x/w.bin", "config.json", "README.md")
CONTENTS = (
    b"",
    b"one\n",
    b"two\nlines\n",
    b"one\ntwo\nthree",
    b'{"k": 1}',
    b"\x00\x01binary",
    b"---\na: 1\n---\nt\n",
)
states = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(CONTENTS), max_size=6)


def content_id(content: bytes, path: str) -> str:
    """By its name: what the Hub keeps as a large file is known by its sha256."""
    if path.endswith(".bin") and content:
        return f"sha256:{hashlib.sha256(content).hexdigest()}"
    return f"git:{hashlib.sha1(b'blob %d' % len(content) + bytes(1) + content, usedforsecurity=False).hexdigest()}"


def applied(found: Diff, old: dict[str, bytes], new: dict[str, bytes]) -> dict[str, bytes]:
    """The old files after each change has been made, one after the other."""
    files = dict(old)
    moved = {one.path: old[one.old_path] for one in found if one.old_path}
    for one in found:
        match one.status:
            case "removed":
                del files[one.path]
            case "renamed":
                del files[str(one.old_path)]
            case _:
                files[one.path] = new[one.path]
    return files | moved


def most_renames(old: dict[str, bytes], new: dict[str, bytes]) -> int:
    gone = Counter(content_id(old[path], path) for path in old.keys() - new.keys() if old[path])
    come = Counter(content_id(new[path], path) for path in new.keys() - old.keys() if new[path])
    return sum((gone & come).values())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Warnings while validating metadata")
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(states, min_size=2, max_size=4), pick=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_diff_of_any_history_is_what_comparing_the_files_gives(
    own: Own, history: list[dict[str, bytes]], pick: tuple[int, int]
) -> None:
    number = len(list(own.api("teacher").list_models(author="teacher")))
    repo = Repo(own, f"random-{number}")
    # what the Hub puts there by itself is in every state
    base = {".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n"}
    commits: list[tuple[str, dict[str, bytes]]] = []
    for state in history:
        whole = base | state
        if commits and whole == commits[-1][1]:
            continue
        commits.append((repo.become(whole), whole))
    (old_id, old), (new_id, new) = (commits[one % len(commits)] for one in pick)
    found = diff(repo.id, old_id, new_id, session=own.session)

    assert applied(found, old, new) == new
    touched = [one.path for one in found] + [one.old_path for one in found if one.old_path]
    assert len(set(touched)) == len(touched)
    assert Counter(one.status for one in found)["renamed"] == most_renames(old, new)
    for one in found:
        before, after = old.get(one.old_path or one.path), new.get(one.path)
        if one.status != "added":
            assert (one.old_size, one.old_digest) == (
                len(before or b""),
                content_id(before or b"", one.old_path or one.path),
            )
        if one.status != "removed":
            assert (one.new_size, one.new_digest) == (len(after or b""), content_id(after or b"", one.path))
        if one.lines and one.path != "README.md":
            lines = Counter((before or b"").decode().splitlines())
            lines.subtract(line[1:] for line in one.lines if line.startswith("-"))
            lines.update(line[1:] for line in one.lines if line.startswith("+"))
            assert +lines == Counter((after or b"").decode().splitlines())
