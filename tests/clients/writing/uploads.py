"""Files on their way in: in the commit itself, large ones beside it, very large ones in parts, whole folders."""

from __future__ import annotations

import hashlib
import io
import os

from huggingface_hub import CommitOperationAdd

from tests.clients.reading.client import files, git_sha1
from tests.clients.writing.client import api, folder_of, paths, read, repository

# over the 64 MiB that are sent whole: what a client sends in parts
VERY_LARGE = (64 << 20) + 4321


def small() -> None:
    repo = repository("small")
    texts = {
        "a.txt": b"one\n",
        "deep/er/b c+d%.txt": "zwei \u00fc\n".encode(),
        "empty.txt": b"",
        "crlf.md": b"1\r\n2\r\n",
    }
    for path, content in texts.items():
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id=repo)
    assert {path: read(repo, path) for path in texts} == texts
    found = files(repo)
    assert {path: found[path].blob_id for path in texts} == {
        path: git_sha1(content) for path, content in texts.items()
    }
    from_disk = folder_of({"x.txt": b"from a path"}) / "x.txt"
    said = api.upload_file(
        path_or_fileobj=str(from_disk),
        path_in_repo="a.txt",
        repo_id=repo,
        commit_message="another a",
        commit_description="told at length",
    )
    assert read(repo, "a.txt", revision=said.oid) == read(repo, "a.txt") == b"from a path"
    last = api.list_repo_commits(repo)[0]
    assert (last.commit_id, last.title, last.message) == (said.oid, "another a", "told at length")
    assert read(repo, "a.txt", revision=api.list_repo_commits(repo)[1].commit_id) == b"one\n"


def large() -> None:
    repo = repository("large")
    content = os.urandom(1_234_567)
    api.upload_file(path_or_fileobj=content, path_in_repo="w.safetensors", repo_id=repo)
    assert read(repo, "w.safetensors") == content
    entry = files(repo)["w.safetensors"]
    assert entry.lfs is not None
    assert (entry.lfs.sha256, entry.size) == (hashlib.sha256(content).hexdigest(), len(content))
    # the same bytes under another name, in another repository, and from something that is no file on a disk
    other = repository("large")
    api.upload_file(path_or_fileobj=io.BytesIO(content), path_in_repo="copy.bin", repo_id=other)
    assert read(other, "copy.bin") == content


def large_by_size_alone() -> None:
    """No pattern sends it to LFS: the Hub does, and writes the path into .gitattributes."""
    repo = repository("odd")
    content = os.urandom(10 * 1024 * 1024 + 1)
    api.upload_file(path_or_fileobj=content, path_in_repo="data/odd one.dat", repo_id=repo)
    assert read(repo, "data/odd one.dat") == content
    assert read(repo, ".gitattributes").endswith(
        b"data/odd[[:space:]]one.dat filter=lfs diff=lfs merge=lfs -text\n"
    )
    assert files(repo)["data/odd one.dat"].lfs is not None


def very_large() -> None:
    repo = repository("very-large")
    content = os.urandom(VERY_LARGE)
    api.upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=repo)
    assert hashlib.sha256(read(repo, "w.bin")).digest() == hashlib.sha256(content).digest()


def folder() -> None:
    repo = repository("folder")
    given = {
        "README.md": b"---\nlicense: mit\n---\n# hi\n",
        "config.json": b"{}",
        "w.bin": os.urandom(70_000),
        "sub/x.txt": b"x",
        "sub/deep/y.bin": os.urandom(10),
    }
    api.upload_folder(folder_path=folder_of(given), repo_id=repo)
    assert paths(repo) == set(given)
    assert {path: read(repo, path) for path in given} == given
    assert "license:mit" in (api.model_info(repo).tags or [])
    api.upload_folder(folder_path=folder_of({"z.txt": b"z"}), path_in_repo="below", repo_id=repo)
    assert read(repo, "below/z.txt") == b"z"


def folder_with_patterns() -> None:
    repo = repository("patterns")
    given = {"a.txt": b"a", "b.log": b"b", "logs/c.txt": b"c", "keep/d.txt": b"d", ".git/config": b"never"}
    where = folder_of(given)
    api.upload_folder(folder_path=where, repo_id=repo, allow_patterns="*.txt", ignore_patterns=["logs/*"])
    assert paths(repo) == {"a.txt", "keep/d.txt"}
    (where / "a.txt").unlink()
    api.upload_folder(folder_path=where, repo_id=repo, delete_patterns=["*.txt"], ignore_patterns=["logs/*"])
    assert paths(repo) == {"b.log", "keep/d.txt"}


def folder_with_gitignore() -> None:
    repo = repository("gitignore")
    given = {
        ".gitignore": b"*.tmp\nbuild/\n!kept.tmp\n",
        "a.txt": b"a",
        "b.tmp": b"b",
        "kept.tmp": b"k",
        "build/c": b"c",
    }
    api.upload_folder(folder_path=folder_of(given), repo_id=repo)
    assert paths(repo) == {".gitignore", "a.txt", "kept.tmp"}
    # now the one in the repository counts, too
    api.upload_folder(folder_path=folder_of({"d.tmp": b"d", "e.txt": b"e"}), repo_id=repo)
    assert paths(repo) == {".gitignore", "a.txt", "kept.tmp", "e.txt"}


def nothing_new() -> None:
    repo = repository("again")
    where = folder_of({"a.txt": b"a", "w.bin": os.urandom(1000)})
    first = api.upload_folder(folder_path=where, repo_id=repo)
    second = api.upload_folder(folder_path=where, repo_id=repo)
    again = api.upload_file(path_or_fileobj=b"a", path_in_repo="a.txt", repo_id=repo)
    assert first.oid == second.oid == again.oid
    assert len(api.list_repo_commits(repo)) == 2
    # one of two is new: the commit holds that one alone
    (where / "a.txt").write_bytes(b"b")
    api.upload_folder(folder_path=where, repo_id=repo)
    assert read(repo, "a.txt") == b"b"
    assert len(api.list_repo_commits(repo)) == 3


def attributes() -> None:
    repo = repository("attributes")
    own = b"*.bin filter=lfs diff=lfs merge=lfs -text\n*.own filter=lfs diff=lfs merge=lfs -text\n"
    api.upload_file(path_or_fileobj=own, path_in_repo=".gitattributes", repo_id=repo)
    assert read(repo, ".gitattributes") == own
    api.create_commit(
        repo,
        [CommitOperationAdd("a.own", b"mine"), CommitOperationAdd("b.safetensors", b"no pattern is left")],
        commit_message="two",
    )
    found = files(repo)
    assert found["a.own"].lfs is not None
    assert found["b.safetensors"].lfs is None
    assert read(repo, "a.own") == b"mine"
    large_by_size_alone()


def known(repo: str, size: int) -> None:
    """A content that follows from the repository's name: for a test that watches or disturbs how it comes in."""
    content = hashlib.shake_256(repo.encode()).digest(size)
    api.upload_file(path_or_fileobj=content, path_in_repo="w.bin", repo_id=repo)
    assert read(repo, "w.bin") == content
