"""The `hf` command writes, as a user types it: a process each, and what it wrote is read by another."""

import hashlib
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.clients.commands import runner
from tests.clients.people import ME, YOU, YOU_TOKEN

HF = str(Path(sys.executable).with_name("hf"))
LARGE = 300_000


def digest(content):
    return hashlib.sha256(content).hexdigest()


def cell(operation):
    return pytest.mark.cell("hf command", operation)


@pytest.fixture
def hf(writers):
    return runner(writers("hf-command"))


@pytest.fixture
def repo(hf):
    """A new repository, made by the command."""
    name = f"hf-{uuid.uuid4().hex[:8]}"
    hf("repos", "create", name)
    return f"{ME}/{name}"


@pytest.fixture
def written(writers):
    """What lies in a repository, by another client."""
    reader = writers("hub", HF_HUB_DISABLE_XET="1")
    return lambda repo, *more: reader.call("tests.clients.writing.reader:files", repo, *more)


@cell("create")
@cell("create: private")
@cell("create: space")
@cell("delete")
def test_hf_repos_create_and_delete(hf, repo):
    assert json.loads(hf("models", "info", repo, "--json"))["id"] == repo
    assert "already" in hf("repos", "create", repo, status=1)
    hf("repos", "create", repo, "--exist-ok")
    hf("repos", "create", repo, "--type", "space", "--space-sdk", "static", "--private")
    assert json.loads(hf("spaces", "info", repo, "--json"))["private"]
    hf("repos", "delete", repo, "--yes")
    assert "not found" in hf("models", "info", repo, status=1).lower()


@cell("upload small")
@cell("upload large")
@cell("delete files")
def test_hf_upload_of_files_and_delete_files(hf, repo, written, tmp_path):
    small, large = tmp_path / "a.txt", tmp_path / "w.bin"
    small.write_bytes(b"one\n")
    large.write_bytes(os.urandom(LARGE))
    hf("upload", repo, str(small), "deep/a.txt", "--commit-message", "a file")
    hf("upload", repo, str(large))
    assert written(repo) == {"deep/a.txt": digest(small.read_bytes()), "w.bin": digest(large.read_bytes())}
    hf("repos", "delete-files", repo, "*.bin")
    assert set(written(repo)) == {"deep/a.txt"}


@cell("upload a folder")
@cell("upload a folder: patterns")
@cell("pull request")
def test_hf_upload_of_a_folder_and_of_a_proposal(hf, repo, written, tmp_path):
    for name in ("a.txt", "b.log", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    hf("upload", repo, str(tmp_path), ".", "--exclude", "*.log")
    assert written(repo) == {"a.txt": digest(b"a.txt"), "sub/c.txt": digest(b"sub/c.txt")}
    hf(
        "upload",
        repo,
        str(tmp_path),
        ".",
        "--include",
        "*.log",
        "--delete",
        "a.txt",
        "--create-pr",
        HF_TOKEN=YOU_TOKEN,
    )
    assert set(written(repo)) == {"a.txt", "sub/c.txt"}
    assert set(written(repo, "refs/pr/1")) == {"b.log", "sub/c.txt"}


@cell("create: dataset")
def test_hf_upload_makes_the_repository_it_writes_to(hf, written, tmp_path):
    (tmp_path / "rows.csv").write_text("a\n1\n")
    repo = f"{ME}/hf-{uuid.uuid4().hex[:8]}"
    hf("upload", repo, str(tmp_path / "rows.csv"), "--type", "dataset", "--private")
    assert written(repo, "main", "dataset") == {"rows.csv": digest(b"a\n1\n")}


@cell("move")
@cell("settings")
@cell("duplicate")
def test_hf_repos_move_settings_and_duplicate(hf, repo):
    hf("repos", "move", repo, f"{repo}-moved")
    assert json.loads(hf("models", "info", repo, "--json"))["id"] == f"{repo}-moved"
    copy = f"{YOU}/{repo.partition('/')[2]}"
    hf("repos", "duplicate", repo, copy, HF_TOKEN=YOU_TOKEN)
    hf("repos", "settings", repo, "--private", "--gated", "auto")
    info = json.loads(hf("models", "info", repo, "--json"))
    assert (info["private"], info["gated"]) == (True, "auto")
    assert json.loads(hf("models", "info", copy, "--json"))["private"] is False


@cell("branches")
@cell("tags")
def test_hf_repos_branch_and_tag(hf, repo, written, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"there")
    hf("repos", "branch", "create", repo, "dev")
    hf("upload", repo, str(tmp_path / "a.txt"), "--revision", "dev")
    hf("repos", "tag", "create", repo, "v1", "--revision", "dev", "-m", "first")
    assert "v1" in hf("repos", "tag", "list", repo)
    hf("repos", "branch", "delete", repo, "dev")
    assert written(repo, "v1") == {"a.txt": digest(b"there")}
    assert written(repo) == {}
    hf("repos", "tag", "delete", repo, "v1", "--yes")
    assert "v1" not in hf("repos", "tag", "list", repo)


@cell("write through the file system")
def test_hf_cp_writes_a_file(hf, repo, written, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"copied")
    hf("cp", str(tmp_path / "a.txt"), f"hf://{repo}/b.txt")
    assert written(repo) == {"b.txt": digest(b"copied")}


@cell("refused: another's")
@cell("refused: private")
def test_hf_upload_to_what_is_not_mine(hf, repo, written, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    assert "403" in hf("upload", repo, str(tmp_path / "a.txt"), status=1, HF_TOKEN=YOU_TOKEN)
    hf("repos", "settings", repo, "--private")
    said = hf("upload", repo, str(tmp_path / "a.txt"), status=1, HF_TOKEN=YOU_TOKEN)
    assert "403" in said or "not found" in said.lower()
    assert written(repo) == {}


@cell("discuss")
@cell("close and reopen")
def test_hf_discussions(hf, repo):
    hf("discussions", "create", repo, "--title", "A question", "--body", "Does it work?", HF_TOKEN=YOU_TOKEN)
    hf("discussions", "comment", repo, "1", "--body", "It does.")
    hf("discussions", "rename", repo, "1", "An answer")
    hf("discussions", "close", repo, "1", "--comment", "done", "--yes")
    assert json.loads(hf("discussions", "ls", repo, "--json")) == []
    said = hf("discussions", "info", repo, "1", "--format", "human")
    assert all(words in said for words in ("An answer", "It does.", "done"))
    hf("discussions", "reopen", repo, "1", "--yes")
    assert [one["title"] for one in json.loads(hf("discussions", "ls", repo, "--json"))] == ["An answer"]


@cell("merge")
def test_hf_discussions_merge(hf, repo, written, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"proposed")
    hf("upload", repo, str(tmp_path / "a.txt"), "--create-pr", HF_TOKEN=YOU_TOKEN)
    assert "+proposed" in hf("discussions", "diff", repo, "1")
    hf("discussions", "merge", repo, "1", "--yes")
    assert written(repo) == {"a.txt": digest(b"proposed")}


@cell("collect")
def test_hf_collections(hf, repo):
    slug = json.loads(hf("collections", "create", f"Things of {repo}", "--json"))["slug"]
    hf("collections", "add-item", slug, repo, "model", "--note", "good")
    hf("collections", "update", slug, "--title", "Other things")
    seen = json.loads(hf("collections", "info", slug, "--json"))
    assert seen["title"] == "Other things"
    assert [one["note"] for one in seen["items"]] == ["good"]
    hf("collections", "delete", slug)
    hf("collections", "info", slug, status=1)


@pytest.mark.parametrize(
    ("size", "without_xet", "stalled", "after"),
    [
        pytest.param(LARGE, "1", "PUT /upload/*", 0, id="whole"),
        pytest.param((64 << 20) + 5, "1", "PUT /upload/*", 2, id="in parts"),
        pytest.param(LARGE, "", "POST /xet/*", 0, id="xet"),
    ],
)
@cell("upload: killed, repeated")
def test_an_upload_that_was_killed_can_be_repeated(
    writers_home, repo, written, writable_hub, tmp_path, size, without_xet, stalled, after
):
    content = os.urandom(size)
    (tmp_path / "w.bin").write_bytes(content)
    home = writers_home("killed", HF_HUB_DISABLE_XET=without_xet)
    command = [HF, "upload", repo, str(tmp_path / "w.bin")]
    with (
        writable_hub.fault("stall-upload", match=stalled, after=after) as fault,
        subprocess.Popen(command, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
    ):
        for _ in range(300):
            if fault.used or process.poll() is not None:
                break
            time.sleep(0.1)
        process.kill()
        assert fault.used
    assert written(repo) == {}
    subprocess.run(command, env=home, check=True, capture_output=True, timeout=60)
    assert written(repo) == {"w.bin": digest(content)}
