"""Pushing to a real Hub and reading it back: whole, one commit, nothing by accident."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.hub.pushing.push import push
from hf_nb.offline.running import Running
from hf_nb.plumbing import progress
from hf_nb.plumbing.progress import Progress
from hf_nb.plumbing.session import Session
from tests.hub.planted import secrets
from tests.hub.pushing import ADA, BOB, RITA, folder_of, serving, weights

pytestmark = pytest.mark.slow  # seconds, each against a Hub of its own or in a kernel


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("pushing")) as hub:
        yield hub


@pytest.fixture
def there(served_hub: Running, _served: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The Hub, ada's token, and an empty log."""
    monkeypatch.setenv("HF_TOKEN", ADA)
    _served.clear_requests()
    yield _served
    _served.clear_faults()


@pytest.fixture
def session(there: Running) -> Session:
    made = Session()
    made.settings.endpoint = there.url
    return made


@pytest.fixture
def api(session: Session) -> Any:
    from hf_nb.hub.client import api

    return api(session)


def name(request: pytest.FixtureRequest) -> str:
    """An id nobody has, from the test's own name."""
    return f"ada/{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:12]}"


@pytest.fixture
def repo(request: pytest.FixtureRequest) -> str:
    return name(request)


def written(hub: Running) -> list[str]:
    """What was asked that changes or sends something."""
    return [
        one["path"]
        for one in hub.requests()
        if one["method"] not in {"GET", "HEAD"} and "paths-info" not in one["path"]
    ]


def read(api: Any, repo: str, path: str, kind: str = "model", **more: Any) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return Path(api.hf_hub_download(repo, path, repo_type=kind, local_dir=folder, **more)).read_bytes()


# -- folders and files


def test_a_folder_comes_back_byte_for_byte_in_one_commit(
    session: Session, api: Any, repo: str, tmp_path: Path
) -> None:
    big = weights()
    folder = folder_of(
        tmp_path / "f", a_dot_json=b"{}", sub__w_dot_bin=big, empty_dot_txt=b"", ünïcode_dot_md=b"x"
    )
    pushed = push(repo, folder, session=session)
    assert {one.path for one in pushed.going} == {
        "a.json",
        "sub/w.bin",
        "empty.txt",
        "ünïcode.md",
        "README.md",
    }
    assert read(api, repo, "sub/w.bin") == big
    commits = api.list_repo_commits(repo)
    assert [one.title for one in commits][:1] == ["Push folder f"]
    assert len(commits) == 2, "the first makes the repository"
    assert pushed.commit == commits[0].commit_id
    assert pushed.created
    assert pushed.private
    assert api.repo_info(repo).private
    assert pushed.bytes_sent == sum(one.size for one in pushed.files)


def test_a_second_push_sends_only_what_changed(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"one", b_dot_txt=b"two", w_dot_bin=weights())
    push(repo, folder, session=session)
    (folder / "a.txt").write_bytes(b"ONE")
    again = push(repo, folder, session=session)
    assert {one.path: one.state for one in again.files} == {
        "a.txt": "changed",
        "b.txt": "same",
        "w.bin": "same",
    }
    assert again.bytes_sent == 3
    assert again.bytes_skipped == 300_003
    third = push(repo, folder, session=session)
    assert third.going == ()
    assert third.commit == again.commit
    assert len(api.list_repo_commits(repo)) == 3


def test_a_dry_run_sends_nothing_and_says_what_would_go(
    session: Session, there: Running, repo: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"one", w_dot_bin=weights())
    shown = push(repo, folder, dry_run=True, session=session)
    assert written(there) == []
    assert shown.created
    assert {one.state for one in shown.files} == {"new"}
    push(repo, folder, session=session)
    there.clear_requests()
    (folder / "a.txt").write_bytes(b"other")
    shown = push(repo, folder, dry_run=True, session=session)
    assert {one.path: one.state for one in shown.files} == {"a.txt": "changed", "w.bin": "same"}
    assert written(there) == []
    assert shown.brief() == ["a.txt"]
    json.dumps(shown.to_dict())


def test_what_must_not_go_is_left_out_and_said(session: Session, repo: str, tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "f",
        _dot_git__config=b"x",
        _dot_env=b"A=1",
        src__a_dot_py=b"1",
        _dot_cache__huggingface__x=b"1",
    )
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").write_bytes(b"x")
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "missing")
    (folder / "linked.py").symlink_to(folder / "src" / "a.py")
    os.mkfifo(folder / "pipe")
    shown = push(repo, folder, dry_run=True, exclude=["pycache*"], session=session)
    going = {one.path for one in shown.files} - {"README.md"}
    assert {"src/a.py", "linked.py"} <= going
    assert not any(
        ".git/" in one or ".env" in one or "huggingface" in one or "__pycache__/" in one for one in going
    )
    left = " ".join(shown.left_out)
    for word in (
        ".git/",
        ".env",
        "__pycache__/",
        "loop/ (a link",
        "nowhere (no file",
        "pipe (no file",
        ".cache/",
    ):
        assert word in left, word


def test_include_and_exclude_choose(session: Session, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"1", b_dot_csv=b"1", sub__c_dot_txt=b"1")
    shown = push(repo, folder, dry_run=True, include=["*.txt"], exclude=["sub/"], card=False, session=session)
    assert [one.path for one in shown.files] == ["a.txt"]


def test_a_file_goes_where_it_is_told_to(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    folder_of(tmp_path, a_dot_txt=b"1")
    push(repo, tmp_path / "a.txt", path_in_repo="deep/b.txt", session=session)
    push(repo, str(tmp_path / "a.txt"), path_in_repo="deep/", session=session)
    assert {"deep/b.txt", "deep/a.txt"} <= set(api.list_repo_files(repo))


def test_a_pull_request_leaves_main_as_it_was(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"one")
    push(repo, folder, session=session)
    (folder / "a.txt").write_bytes(b"two")
    asked = push(repo, folder, create_pr=True, message="Better", session=session)
    assert asked.pull_request == 1
    assert asked.url.endswith(f"/{repo}/discussions/1")
    assert read(api, repo, "a.txt") == b"one"
    assert read(api, repo, "a.txt", revision="refs/pr/1") == b"two"


def test_a_branch_is_made_when_it_is_new(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"one")
    push(repo, folder, session=session)
    (folder / "a.txt").write_bytes(b"two")
    pushed = push(repo, folder, revision="try", session=session)
    assert any("try is new" in note for note in pushed.notes)
    assert read(api, repo, "a.txt", revision="try") == b"two"
    assert read(api, repo, "a.txt") == b"one"


def test_public_is_said_before_anything_goes(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    class Ear:
        lines: list[str] = []  # noqa: RUF012

        def say(self, line: str) -> None:
            self.lines.append(line)

        def show(self, shown: Progress) -> None:
            pass

        def panel(self, value: object) -> bool:
            return False

    folder = folder_of(tmp_path / "f", a_dot_txt=b"one")
    first = push(repo, folder, private=False, session=session)
    assert first.private is False
    (folder / "a.txt").write_bytes(b"two")
    with progress.to(Ear()):
        again = push(repo, folder, private=True, session=session)
    assert again.private is False, "an existing repository keeps what it is"
    assert f"{repo} is public: everybody can read what is pushed there." in Ear.lines
    assert "everybody" in str(first)
    assert "everybody" in str(again)
    assert not api.repo_info(repo).private


def test_progress_counts_the_bytes_that_go(session: Session, repo: str, tmp_path: Path) -> None:
    class Ear:
        shown: list[Progress] = []  # noqa: RUF012

        def say(self, line: str) -> None:
            pass

        def show(self, shown: Progress) -> None:
            self.shown.append(shown)

        def panel(self, value: object) -> bool:
            return False

    folder = folder_of(tmp_path / "f", a_dot_bin=weights(3), b_dot_bin=weights(2))
    with progress.to(Ear()):
        push(repo, folder, card=False, session=session)
    sent = [one for one in Ear.shown if one.what == repo]
    assert sent[-1].done == sent[-1].total == 5_000_000
    assert any(one.what == "Looking for secrets" for one in Ear.shown)


# -- notebooks


def notebook(where: Path, output: str = "hello") -> Path:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# T"},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 3,
            "source": "print(1)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": output}],
        },
    ]
    path = where / "work.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def test_a_notebook_goes_with_or_without_outputs(
    session: Session, api: Any, repo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebook(tmp_path)
    push(repo, path, session=session)
    assert read(api, repo, "work.ipynb") == path.read_bytes()
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    pushed = push(repo, notebook=True, strip_outputs=True, session=session)
    assert pushed.what == "notebook work.ipynb, without its outputs"
    told = json.loads(read(api, repo, "work.ipynb"))
    assert told["cells"][1]["outputs"] == []
    assert told["cells"][1]["source"] == "print(1)"
    assert path.read_text().count("hello") == 1, "the file here stays as it is"


def test_a_secret_in_a_hidden_output_stops_the_notebook(session: Session, repo: str, tmp_path: Path) -> None:
    text = secrets()["train.py"][0]
    path = notebook(tmp_path, output=f"a\nb\n{text}\n")
    with pytest.raises(errors.Refused, match="cell 2, output, line 3"):
        push(repo, path, session=session)
    assert push(repo, path, strip_outputs=True, session=session).going


def test_outside_a_notebook_the_current_one_is_asked_for(
    session: Session, repo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(errors.BadInput, match="which notebook"):
        push(repo, notebook=True, session=session)


# -- secrets


def test_planted_secrets_stop_a_push_and_none_is_shown(
    session: Session, there: Running, repo: str, tmp_path: Path
) -> None:
    from hf_nb import render

    planted = secrets()
    folder = tmp_path / "f"
    folder.mkdir()
    for file, (text, _, _) in planted.items():
        (folder / file).write_text(text + "\n")
    with pytest.raises(errors.Refused) as refused:
        push(repo, folder, session=session)
    assert written(there) == []
    assert {one.path for one in refused.value.found} == set(planted)
    shown = push(repo, folder, dry_run=True, session=session)
    assert written(there) == []
    assert {one.path: one.kind for one in shown.secrets} == {
        file: kind for file, (_, _, kind) in planted.items()
    }
    lines = refused.value._render_traceback_()
    assert len(lines) <= 3
    spans = "\n".join(json.dumps(one.to_dict()) for one in session.spans.recent())
    everything = "\n".join(
        [
            str(refused.value),
            "\n".join(lines),
            str(shown),
            render.html(shown),
            json.dumps(shown.to_dict()),
            spans,
            repr(shown),
        ]
    )
    for _, secret, _ in planted.values():
        for part in filter(None, secret.splitlines()):
            if not part.startswith("-----"):
                assert part not in everything
                assert part[-16:] not in everything, "not even a part"


def test_a_secret_in_a_file_s_name_is_not_shown_either(
    session: Session, there: Running, repo: str, tmp_path: Path
) -> None:
    from hf_nb import render

    secret = secrets()["train.py"][1]
    folder = folder_of(tmp_path / "f", sub__a_dot_txt=b"1")
    (folder / "sub" / f"run-{secret}.txt").write_bytes(b"1")
    with pytest.raises(errors.Refused, match="its name") as refused:
        push(repo, folder, session=session)
    shown = push(repo, folder, dry_run=True, session=session)
    for told in (str(refused.value), str(shown), render.html(shown), json.dumps(shown.to_dict())):
        assert secret[8:] not in told
    assert written(there) == []


def test_an_allowed_spot_goes(session: Session, api: Any, repo: str, tmp_path: Path) -> None:
    text = secrets()["train.py"][0]
    folder = folder_of(tmp_path / "f", train_dot_py=b"\n" + text.encode())
    push(repo, folder, allow_secrets=["train.py:2"], session=session)
    assert "train.py" in api.list_repo_files(repo)


def test_ones_own_token_never_leaves(session: Session, there: Running, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", w_dot_bin=b"\0" * 300 + ADA.encode() + b"\0" * 9)
    with pytest.raises(errors.Refused, match="your HF_TOKEN, live") as refused:
        push(repo, folder, allow_secrets=["w.bin:@300"], session=session)
    assert ADA not in str(refused.value)
    assert written(there) == []


def test_a_table_is_looked_through_too(session: Session, there: Running, repo: str) -> None:
    import pandas

    frame = pandas.DataFrame({"text": ["a", secrets()["chat.py"][0]]})
    with pytest.raises(errors.Refused, match='column "text", row 1'):
        push(repo, frame, session=session)
    assert written(there) == []


# -- cards


def test_a_card_is_written_where_there_is_none_and_never_over_one(
    session: Session, api: Any, repo: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"one")
    assert push(repo, folder, session=session).card == "written"
    card = read(api, repo, "README.md").decode()
    assert "Not stated yet" in card
    assert "license:" not in card.partition("## Licence")[0], "a licence nobody chose is not stated"
    api.upload_file(path_or_fileobj=b"---\nlicense: mit\n---\n# mine", path_in_repo="README.md", repo_id=repo)
    (folder / "a.txt").write_bytes(b"two")
    assert push(repo, folder, session=session).card == "kept"
    assert read(api, repo, "README.md") == b"---\nlicense: mit\n---\n# mine"
    (folder / "README.md").write_bytes(b"---\nlicense: mit\n---\n# theirs")
    assert push(repo, folder, session=session).card == "yours"
    assert read(api, repo, "README.md") == b"---\nlicense: mit\n---\n# theirs"


CARD = """---
# a comment that stays
license: mit
language: 'no'
configs:
- config_name: other
  data_files:
  - split: train
    path: other/*
pretty_name: "Ünï"
---
# Mine

Written by hand.
"""


def test_a_table_adds_its_entry_to_a_card_and_leaves_the_rest(session: Session, api: Any, repo: str) -> None:
    import pandas

    api.create_repo(repo, repo_type="dataset")
    api.upload_file(
        path_or_fileobj=CARD.encode(), path_in_repo="README.md", repo_id=repo, repo_type="dataset"
    )
    pushed = push(repo, pandas.DataFrame({"x": [1]}), session=session)
    assert pushed.card == "added to"
    card = read(api, repo, "README.md", "dataset").decode()
    assert "# a comment that stays\nlicense: mit\nlanguage: 'no'\n" in card
    assert card.endswith("# Mine\n\nWritten by hand.\n")
    import yaml

    told = yaml.safe_load(card.split("---\n")[1])
    assert [one["config_name"] for one in told["configs"]] == ["other", "default"]
    assert told["dataset_info"][0]["splits"][0]["num_examples"] == 1


def test_a_split_replaces_itself_and_nothing_else(session: Session, api: Any, repo: str) -> None:
    import pandas

    push(repo, pandas.DataFrame({"x": [1, 2]}), session=session)
    push(repo, pandas.DataFrame({"x": [3]}), split="test", session=session)
    api.upload_file(
        path_or_fileobj=b"PAR1",
        path_in_repo="data/train-00001-of-00002.parquet",
        repo_id=repo,
        repo_type="dataset",
    )
    again = push(repo, pandas.DataFrame({"x": [9]}), session=session)
    assert {one.path for one in again.files if one.state == "deleted"} == {
        "data/train-00001-of-00002.parquet"
    }
    files = {one for one in api.list_repo_files(repo, repo_type="dataset") if one.endswith(".parquet")}
    assert files == {"data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"}
    with pytest.raises(errors.BadInput, match="columns differ") as wrong:
        push(repo, pandas.DataFrame({"y": ["a"]}), split="test", session=session)
    assert "--config" in wrong.value.next_step
    assert push(repo, pandas.DataFrame({"y": ["a"]}), config="second", session=session).going


# -- objects


def loaded(hub: Running, home: Path, code: str) -> Any:
    """What a fresh process of the official libraries prints, as JSON."""
    environment = {**hub.environment_for(os.environ), "HF_HOME": str(home), "HF_TOKEN": ADA}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_tables_and_datasets_come_back_through_load_dataset(
    session: Session, there: Running, repo: str, tmp_path: Path
) -> None:
    import datasets  # type: ignore[import-untyped]
    import pandas
    import PIL.Image

    frame = pandas.DataFrame(
        {"text": ["a", "ü\n", None], "n": [1, 2, 3], "f": [0.5, float("nan"), 2.0], "l": [[1], [], [2, 3]]}
    )
    frame["when"] = pandas.to_datetime(["2020-01-01", None, "2022-01-01"])
    push(repo, frame, session=session)
    picture = PIL.Image.new("RGB", (4, 4), "red")
    picture.save(tmp_path / "red.png")
    features = datasets.Features(
        {"label": datasets.ClassLabel(names=["cat", "dog"]), "image": datasets.Image()}
    )
    part = datasets.Dataset.from_dict(
        {"label": [0, 1], "image": [str(tmp_path / "red.png")] * 2}, features=features
    )
    both = datasets.DatasetDict({"train": part, "validation": part.select([1])})
    push(f"{repo}-pictures", both, session=session)
    code = f"""
import json, datasets
one = datasets.load_dataset({repo!r}, split="train")
two = datasets.load_dataset("{repo}-pictures")
frame = one.to_pandas()
picture = two["train"][1]["image"]
print(json.dumps([frame.to_json(date_format='iso'), list(two), two["train"].features["label"].names, picture.size,
    picture.getpixel((0, 0)), len(two["validation"]), str(two["train"].features["image"])]))
"""
    back = loaded(there, tmp_path / "home", code)
    assert json.loads(back[0]) == json.loads(frame.to_json(date_format="iso"))
    assert back[1:6] == [["train", "validation"], ["cat", "dog"], [4, 4], [255, 0, 0], 1]
    assert "Image(" in back[6]


@pytest.mark.slow
def test_models_come_back_with_the_same_numbers(
    session: Session, there: Running, api: Any, repo: str, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file, load_model
    from transformers import BertConfig, BertForSequenceClassification
    from transformers.models.bert.tokenization_bert import BertTokenizer

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"]
    (tmp_path / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizer(vocab=str(tmp_path / "vocab.txt"))
    config = BertConfig(
        vocab_size=7, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    model = BertForSequenceClassification(config)
    pushed = push(repo, model, tokenizer, session=session)
    assert pushed.kind == "model"
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md"} <= {
        one.path for one in pushed.files
    }
    assert "library_name: transformers" in read(api, repo, "README.md").decode()
    home = api.snapshot_download(repo, local_dir=tmp_path / "back")
    back_model = BertForSequenceClassification.from_pretrained(home)
    pairs = zip(model.state_dict().items(), back_model.state_dict().items(), strict=True)
    assert all(ours == theirs and torch.equal(a, b) for (ours, a), (theirs, b) in pairs)
    assert BertTokenizer.from_pretrained(home)("good bad")["input_ids"] == tokenizer("good bad")["input_ids"]

    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    push(f"{repo}-net", net, session=session)
    (tmp_path / "net.safetensors").write_bytes(read(api, f"{repo}-net", "model.safetensors"))
    fresh = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    load_model(fresh, str(tmp_path / "net.safetensors"))
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), fresh.parameters(), strict=True))

    shared = torch.ones(3)
    push(f"{repo}-arrays", {"a": shared, "b": shared, "c": torch.eye(2).numpy()}, session=session)
    (tmp_path / "a.safetensors").write_bytes(read(api, f"{repo}-arrays", "model.safetensors"))
    back = load_file(str(tmp_path / "a.safetensors"))
    assert torch.equal(back["b"], shared)
    assert torch.equal(back["c"], torch.eye(2))


XET = """
import json, sys, hf_nb
from hf_nb.plumbing import progress
class Ear:
    last = None
    def say(self, line): pass
    def panel(self, value): return False
    def show(self, shown):
        if shown.what == sys.argv[1]: Ear.last = [shown.done, shown.total]
with progress.to(Ear()):
    one = hf_nb.push(sys.argv[1], sys.argv[2], card=False)
    two = hf_nb.push(sys.argv[1], sys.argv[3], path_in_repo="again.bin", card=False)
print(json.dumps([one.bytes_sent, two.bytes_sent, Ear.last]))
"""


@pytest.mark.slow
def test_xet_tells_what_it_sent_and_sends_no_part_twice(
    there: Running, session: Session, api: Any, repo: str, tmp_path: Path
) -> None:
    content = weights(6)
    folder = folder_of(tmp_path / "f", w_dot_bin=content)
    other = folder_of(tmp_path / "g", w_dot_bin=content[:4_000_000]) / "w.bin"
    environment = {**there.environment_for(os.environ), "HF_HUB_DISABLE_XET": "0", "HF_TOKEN": ADA}
    command = [sys.executable, "-c", XET, repo, str(folder), str(other)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    first, second, last = json.loads(done.stdout.splitlines()[-1])
    assert first >= 6_000_000
    assert second < 1_000_000, "most of it was there"
    assert last == [4_000_000, 4_000_000]
    assert read(api, repo, "w.bin") == content


def test_what_would_be_a_pickle_is_refused(session: Session, repo: str) -> None:
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(errors.Refused, match="pickle") as refused:
        push(repo, LogisticRegression(), session=session)
    assert "skops" in refused.value.next_step
    for odd in (5, object(), lambda: None, {"a": "text"}):
        with pytest.raises(errors.BadInput):
            push(repo, odd, session=session)


def test_a_table_that_parquet_cannot_hold_says_why(session: Session, repo: str) -> None:
    import pandas

    with pytest.raises(errors.BadInput, match="cannot be stored as Parquet") as wrong:
        push(repo, pandas.DataFrame({"x": [1, "a", object()]}), session=session)
    assert len(wrong.value._render_traceback_()) <= 3


# -- wrong calls


def test_wrong_calls_say_what_to_type(session: Session, repo: str, tmp_path: Path) -> None:
    import pandas

    with pytest.raises(errors.BadInput, match="What shall be pushed"):
        push(repo, session=session)
    with pytest.raises(errors.NotFound) as wrong:
        push(repo, "df", session=session)
    assert "$df" in wrong.value.next_step
    (tmp_path / "empty").mkdir()
    with pytest.raises(errors.BadInput, match="Nothing to push"):
        push(repo, tmp_path / "empty", session=session)
    table = pandas.DataFrame({"x": [1]})
    with pytest.raises(errors.BadInput, match="A table goes into a dataset"):
        push(repo, table, kind="model", session=session)
    with pytest.raises(errors.BadInput):
        push("a/b/c/d", tmp_path, session=session)


def test_a_repository_that_exists_is_meant_whatever_its_kind(
    session: Session, api: Any, repo: str, tmp_path: Path
) -> None:
    api.create_repo(repo, repo_type="dataset", private=True)
    folder = folder_of(tmp_path / "f", notes_dot_txt=b"1")
    assert push(repo, folder, session=session).kind == "dataset"
    assert push(f"{repo}-new", folder, session=session).kind == "model"
    assert push(f"datasets/{repo}-other", folder, session=session).kind == "dataset"


def test_a_name_alone_is_ones_own(session: Session, repo: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"1")
    assert push(repo.partition("/")[2], folder, session=session).id == repo


def test_nobody_writes_for_others(
    session: Session, there: Running, repo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "f", a_dot_txt=b"1")
    push(repo, folder, private=False, session=session)
    (folder / "a.txt").write_bytes(b"2")
    for token in (RITA, BOB):
        monkeypatch.setenv("HF_TOKEN", token)
        with pytest.raises(errors.Unauthorized) as refused:
            push(repo, folder, session=session)
        assert "write access" in refused.value.next_step
        assert len(refused.value._render_traceback_()) <= 3
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(errors.Unauthorized):
        push(repo, folder, session=session)


def test_the_command_makes_the_same_call(session: Session, repo: str, tmp_path: Path) -> None:
    from hf_nb.commands import tree
    from hf_nb.commands.tree import answer

    folder = folder_of(tmp_path / "f", a_dot_txt=b"1")
    told = answer(tree, ["push", repo, str(folder), "--dry-run", "--public", "--code"], "notebook")
    assert "hf_nb.push(" in told.value.source
    assert "private=False" in told.value.source
    assert "dry_run=True" in told.value.source
    assert hf_nb.push is push
