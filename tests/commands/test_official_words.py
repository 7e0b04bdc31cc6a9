"""A huggingface_hub other than the one tree.json was read from: its own words count as soon as they were read, once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.commands import official
from hf_nb.commands.official import index, kept
from hf_nb.magics import offers
from hf_nb.plumbing import folders, session
from hf_nb.plumbing.session import Session

GONE, NEW = "bygone", "webhooks"
# a TAB in a fresh process, and whether the official client was imported for it
TAB = f"""
import sys
from pathlib import Path
from hf_nb.commands.official import index
from hf_nb.magics import offers
index.FILE = Path(sys.argv[1])
print([one.text for one in offers.on_line("{NEW[:4]}", {{}})[1]], "huggingface_hub" in sys.modules)
"""
VERSION = """
import sys
from hf_nb.commands.official import kept
print(kept.version(), "huggingface_hub" in sys.modules, "importlib.metadata" in sys.modules)
"""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Words of a version that knew one the installed one does not, and not yet one that it does."""
    read = json.loads(index.FILE.read_text(encoding="utf-8"))
    words = read["tree"]["words"]
    words[GONE] = words.pop(NEW)
    file = tmp_path / "tree.json"
    file.write_text(json.dumps(read | {"huggingface_hub": "2.0.1"}), encoding="utf-8")
    monkeypatch.setattr(index, "FILE", file)
    monkeypatch.setattr(index, "_at_hand", [])
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    return file


@pytest.fixture
def here(hub: Any, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    session.use(Session())
    return hub


def offered(text: str) -> list[str]:
    return [one.text for one in offers.on_line(text, {})[1]]


def fresh(code: str, *words: str) -> str:
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_tab_offers_the_words_shipped_until_the_others_were_read(shipped: Path) -> None:
    assert offered(GONE[:4]) == [GONE]
    assert offered(NEW[:4]) == []
    assert not index.is_current(), "TAB imports nothing to find out"


def test_a_word_the_installed_version_has_is_official(here: Any) -> None:
    assert official.knows(NEW, "create")
    assert not official.knows(GONE)
    assert (offered(NEW[:4]), offered(GONE[:4])) == ([NEW], [])


def test_a_word_it_has_no_more_is_an_error_that_says_so(here: Any) -> None:
    with pytest.raises(errors.BadInput, match=f"No such command '{GONE}'"):
        official.run([GONE, "ls"])
    assert not official.knows(GONE)


def test_an_official_command_brings_them_to_tab_and_to_the_next_process(here: Any, shipped: Path) -> None:
    official.run(["version"])
    assert offered(NEW[:4]) == [NEW]
    assert fresh(TAB, str(shipped)) == f"['{NEW}'] False"


def test_they_are_read_once(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    index.learn()
    index._at_hand.clear()
    monkeypatch.setattr(index, "read", lambda: pytest.fail("read again"))
    index.learn()
    assert official.knows(NEW)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"huggingface_hub": "%s", "tree": 3}', '{"tree": {}}']
)
def test_a_file_that_is_not_what_was_kept_is_read_anew(text: str, here: Any) -> None:
    index.learn()
    (file,) = folders.cache().glob("official-*.json")
    file.write_text(text.replace("%s", kept.version()))
    index._at_hand.clear()
    assert offered(GONE[:4]) == [GONE]
    assert official.knows(NEW)
    assert json.loads(file.read_text(encoding="utf-8"))["tree"]["words"]


def test_where_nothing_can_be_kept_they_are_read_for_this_process(
    here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "file"))
    assert official.knows(NEW)
    assert index.is_current()


def test_the_version_is_found_without_importing_anything_for_it() -> None:
    import huggingface_hub

    assert fresh(VERSION) == f"{huggingface_hub.__version__} False False"


def test_with_the_version_they_were_read_from_nothing_is_read_or_kept(
    hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = json.loads(index.FILE.read_text(encoding="utf-8"))
    if kept.version() != shipped["huggingface_hub"]:
        pytest.skip("another version is installed")
    monkeypatch.setattr(index, "_at_hand", [])
    monkeypatch.setattr(index, "read", lambda: pytest.fail("read"))
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    assert not official.knows("modles")
    assert not list(tmp_path.iterdir())
