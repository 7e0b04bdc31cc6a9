"""HfFileSystem, which writes a commit for every file that is closed."""

from __future__ import annotations

import os

import pytest
from huggingface_hub import HfFileSystem

from tests.clients.people import YOU_TOKEN
from tests.clients.writing.client import paths, read, repository


def write() -> None:
    repo, other = repository("fs"), repository("fs")
    fs = HfFileSystem()
    weights = os.urandom(40_000)
    with fs.open(f"{repo}/a.txt", "w") as text:
        text.write("one\n")
        text.write("two\n")
    with fs.open(f"hf://{repo}/deep/w.bin", "wb") as binary:
        binary.write(weights)
    assert read(repo, "a.txt") == b"one\ntwo\n"
    assert read(repo, "deep/w.bin") == weights
    fs.cp_file(f"{repo}/deep/w.bin", f"{repo}/copy.bin")
    fs.cp_file(f"{repo}/a.txt", f"{other}/a.txt")
    fs.mv(f"{repo}/a.txt", f"{repo}/moved.txt")
    fs.rm(f"{repo}/deep", recursive=True)
    assert paths(repo) == {"copy.bin", "moved.txt"}
    assert read(repo, "copy.bin") == fs.cat_file(f"{repo}/copy.bin") == weights
    assert read(repo, "moved.txt") == read(other, "a.txt") == b"one\ntwo\n"
    assert not fs.exists(f"{repo}/a.txt")
    with pytest.raises(OSError), HfFileSystem(token=YOU_TOKEN).open(f"{repo}/b.txt", "w") as text:
        text.write("not mine")
    assert paths(repo) == {"copy.bin", "moved.txt"}
