"""A tokenizer: one of the Hub by its model's id, of this disk, or one that is loaded already."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session

NO_LIMIT = 10_000_000  # transformers says "no limit" with a number of thirty digits
_FILES = ("tokenizer.json", "tokenizer_config.json")
_OTHERS = (*_FILES, "config.json", "special_tokens_map.json", "vocab*", "merges.txt", "*.model")


class Pieces:
    """Texts as numbers. `limit`: what its model takes; None where it does not say."""

    def __init__(self, name: str, made: Any, limit: int | None, digest: str) -> None:
        self.name, self._made, self.limit, self.digest = name, made, limit, digest

    def ids(self, texts: Sequence[str], longest: int | None = None) -> list[list[int]]:
        """The tokens of each text, special ones included; with `longest` cut as the tokenizer does it."""
        if hasattr(self._made, "encode_batch"):
            cut = self._made.truncation
            if longest is not None:
                self._made.enable_truncation(longest)
            else:
                self._made.no_truncation()
            try:
                return [one.ids for one in self._made.encode_batch(list(texts))]
            finally:
                self._made.enable_truncation(**cut) if cut else self._made.no_truncation()
        how: dict[str, Any] = (
            {"truncation": True, "max_length": longest} if longest else {"truncation": False}
        )
        return [list(one) for one in self._made(list(texts), verbose=False, **how)["input_ids"]]


def pieces(tokenizer: Any, session: Session | None = None, revision: str | None = None) -> Pieces:
    """What was named."""
    if isinstance(tokenizer, Pieces):
        return tokenizer
    if isinstance(tokenizer, (str, os.PathLike)):
        path = Path(tokenizer).expanduser()
        if path.exists():
            return _of_folder(path, path.name)
        return _of_hub(str(tokenizer), revision, session)
    if hasattr(tokenizer, "encode_batch") and hasattr(tokenizer, "to_str"):
        tokenizers = require("tokenizers", "local", "Counting tokens")
        said = tokenizer.to_str()
        return Pieces("tokenizers.Tokenizer", _bare(tokenizers.Tokenizer.from_str(said)), None, _digest(said))
    if callable(tokenizer) and hasattr(tokenizer, "model_max_length"):
        backend = getattr(tokenizer, "backend_tokenizer", None)
        said = backend.to_str() if backend is not None else repr(tokenizer)
        name = str(getattr(tokenizer, "name_or_path", "") or type(tokenizer).__name__)
        return Pieces(name, tokenizer, _limit(tokenizer.model_max_length), _digest(said))
    raise BadInput(
        f"A {type(tokenizer).__name__} is no tokenizer.",
        "A model's id, a folder, or a tokenizer of transformers",
    )


def _of_hub(model: str, revision: str | None, session: Session | None) -> Pieces:
    from hf_nb.hub.disk.pull import pull

    pulled = pull(model, kind="model", revision=revision, include=_OTHERS, session=session)
    return _of_folder(Path(pulled.path), model)


def _of_folder(path: Path, name: str) -> Pieces:
    file = path if path.is_file() else path / "tokenizer.json"
    limit = _limit(_said(file.with_name("tokenizer_config.json")).get("model_max_length"))
    if file.is_file():
        tokenizers = require("tokenizers", "local", "Counting tokens")
        said = file.read_text("utf-8")
        try:
            made = tokenizers.Tokenizer.from_str(said)
        except Exception as wrong:  # noqa: BLE001 -- the library has no class of its own
            raise BadInput(
                f"The tokenizer of {name} cannot be read: {str(wrong)[:120]}", "Another model's"
            ) from None
        return Pieces(name, _bare(made), limit, _digest(said))
    if not any(path.glob("*token*")) and not any(path.glob("vocab*")):
        raise NotFound(f"{name} holds no tokenizer.", "%hf search models --task text-classification")
    transformers = require("transformers", "local", "This tokenizer")
    try:
        made = transformers.AutoTokenizer.from_pretrained(
            str(path), local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, ImportError) as wrong:
        raise BadInput(
            f"The tokenizer of {name} cannot be loaded: {str(wrong)[:120]}", "Another model's"
        ) from None
    found = pieces(made)
    return Pieces(name, made, limit or found.limit, found.digest)


def _bare(made: Any) -> Any:
    """Without what its owner cut and filled up with."""
    made.no_truncation()
    made.no_padding()
    return made


def _said(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _limit(said: Any) -> int | None:
    return int(said) if isinstance(said, (int, float)) and 0 < said < NO_LIMIT else None


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()
