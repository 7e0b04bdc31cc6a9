"""The lock file comes with a cloned project: what is in it is read with suspicion, and written the same way twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_nb import errors
from hf_nb.plumbing import lockfile
from hf_nb.plumbing.lockfile import Asset, Lockfile, Mark

COMMIT, OTHER = "a" * 40, "b" * 40
GOOD: dict[str, Any] = {
    "format": 1,
    "strict": False,
    "assets": [
        {
            "kind": "model",
            "id": "demo/tiny",
            "revision": COMMIT,
            "asked": ["main"],
            "licence": "mit",
            "files": {"config.json": {"digest": f"git:{OTHER}", "size": 12}},
        }
    ],
}


def bent(**how: Any) -> dict[str, Any]:
    """The good one with some fields of its asset changed."""
    return {**GOOD, "assets": [{**GOOD["assets"][0], **how}]}


def file(**how: Any) -> dict[str, Any]:
    return bent(files={"config.json": {"digest": None, "size": 1, **how}})


def named(path: str) -> dict[str, Any]:
    return bent(files={path: {"digest": None, "size": 1}})


HOSTILE: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "a list": b"[]",
    "deep": b"[" * 200_000,
    "NaN": b'{"format": NaN}',
    "no format": {"assets": []},
    "a later format": {**GOOD, "format": 2},
    "true as format": {**GOOD, "format": True},
    "assets as a map": {**GOOD, "assets": {}},
    "an asset as text": {**GOOD, "assets": ["x"]},
    "strict as text": {**GOOD, "strict": "no"},
    "another kind": bent(kind="bucket"),
    "a kind as a list": bent(kind=["model"]),
    "an id that climbs": bent(id="../../etc"),
    "an id with an address": bent(id="http://evil"),
    "an id with a query": bent(id="a/b?x=1"),
    "an id with a percent sign": bent(id="a/%2e%2e"),
    "an id of three parts": bent(id="a/b/c"),
    "a branch as revision": bent(revision="main"),
    "a path as revision": bent(revision="../" * 14),
    "a number as revision": bent(revision=1),
    "a short revision": bent(revision="abc"),
    "asked as text": bent(asked="main"),
    "asked with numbers": bent(asked=[1]),
    "a licence as a list": bent(licence=["mit"]),
    "files as a list": bent(files=[]),
    "a path that climbs": named("../x"),
    "a path that climbs inside": named("a/../../x"),
    "a path from the root": named("/etc/passwd"),
    "a path with backslashes": named("a\\..\\b"),
    "a path with control characters": named("a\x1b[2Jb"),
    "an empty path": named(""),
    "a digest of another kind": file(digest="md5:abc"),
    "a digest as a number": file(digest=3),
    "a negative size": file(size=-1),
    "a size as text": file(size="1"),
    "true as a size": file(size=True),
    "an endless size": file(size=10**400),
    "twice": {**GOOD, "assets": GOOD["assets"] * 2},
    "one name for two commits": {
        **GOOD,
        "assets": [GOOD["assets"][0], {**GOOD["assets"][0], "revision": OTHER}],
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_three_lines(name: str, tmp_path: Path) -> None:
    given_ = HOSTILE[name]
    path = tmp_path / lockfile.NAME
    path.write_bytes(given_ if isinstance(given_, bytes) else json.dumps(given_).encode())
    with pytest.raises(errors.BadInput) as wrong:
        lockfile.read(path)
    assert lockfile.NAME in str(wrong.value)
    lines = wrong.value._render_traceback_()
    assert len(lines) <= 3
    assert max(map(len, lines)) < 400
    assert all(line.isprintable() for line in lines)


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / lockfile.NAME
    with path.open("wb") as file_:
        file_.truncate(100_000_000)
    with pytest.raises(errors.BadInput, match="larger than"):
        lockfile.read(path)


def test_a_folder_or_nothing_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(errors.BadInput, match="no lock file"):
        lockfile.read(tmp_path / lockfile.NAME)
    (tmp_path / lockfile.NAME).mkdir()
    with pytest.raises(errors.BadInput, match="no lock file"):
        lockfile.read(tmp_path / lockfile.NAME)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(COMMIT),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD, *GOOD["assets"][0], "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(raw=plain, field=st.sampled_from([*GOOD, *GOOD["assets"][0]]))
def test_any_json_is_a_lock_or_a_value_error(raw: Any, field: str) -> None:
    whole = {**GOOD, field: raw} if field in GOOD else bent(**{field: raw})
    for one in (raw, whole):
        try:
            read = lockfile.parse(one)
        except ValueError:
            continue
        assert lockfile.parse(json.loads(read.text())) == Lockfile(
            tuple(sorted(read.assets, key=lambda asset: (asset.kind, asset.id, asset.revision))), read.strict
        ) or any(list(asset.asked) != sorted(asset.asked) for asset in read.assets)


def test_the_same_content_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    files = {"b.json": Mark(None, 1), "a.json": Mark(f"git:{COMMIT}", 2)}
    one = Asset("model", "x/y", COMMIT, ("v1", "main"), "mit", files)
    two = Asset("dataset", "x/y", OTHER, ("main",), None, {})
    again = Asset("model", "x/y", COMMIT, ("main", "v1"), "mit", dict(reversed(files.items())))
    assert Lockfile((one, two)).text() == Lockfile((two, again)).text()
    path = tmp_path / lockfile.NAME
    assert lockfile.write(path, Lockfile((one, two)))
    before = path.stat().st_mtime_ns
    assert not lockfile.write(path, Lockfile((two, again)))
    assert path.stat().st_mtime_ns == before
    assert lockfile.read(path).assets == (two, again)


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / lockfile.NAME
    lockfile.write(path, Lockfile())
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(errors.TooLarge, match="cannot be written") as wrong:
        lockfile.write(path, Lockfile(strict=True))
    assert "No space left" in str(wrong.value)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [lockfile.NAME]


def test_it_is_found_above_up_to_the_root_of_the_project(tmp_path: Path) -> None:
    deep = tmp_path / "project" / "notebooks" / "week"
    deep.mkdir(parents=True)
    (tmp_path / lockfile.NAME).write_text("outside")
    (tmp_path / "project" / "pyproject.toml").touch()
    assert lockfile.find(deep) is None
    inside = tmp_path / "project" / lockfile.NAME
    inside.write_text("inside")
    assert lockfile.find(deep) == inside
