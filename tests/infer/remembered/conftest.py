"""What these tests share.

there    answers are kept, in a folder of this test's own
folder   a model's folder whose settings draw nothing
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the file is."""
    monkeypatch.setenv("HF_NB_ANSWERS_CACHE", "20000000")
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "answers" / "answers.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model that a script answers for."""
    return model(tmp_path / "model")


def model(folder: Path, **generation: object) -> Path:
    """With its own settings for writing."""
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    (folder / "generation_config.json").write_text(json.dumps(generation))
    return folder
