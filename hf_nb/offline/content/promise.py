"""A repository that search knows before it is built: what its recipe says goes through the Hub's own derivation."""

import json
import struct

import yaml

from hf_nb.offline.blobs import Blob
from hf_nb.offline.content.recipe import Recipe
from hf_nb.offline.derive import Facts, Snapshot, derive


def facts(recipe: Recipe) -> Facts:
    """What the Hub will say of it, as far as its card, its file names and its size tell."""
    contents = {"README.md": _card(recipe), **{path: _content(recipe, path) for path in recipe.expected}}
    blobs = {path: Blob(path, len(content)) for path, content in contents.items()}
    found = derive(recipe.type, recipe.id, Snapshot(blobs, lambda blob, most: contents[blob.oid][:most]))
    found.parameters = found.parameters or recipe.parameters
    return found


def _card(recipe: Recipe) -> bytes:
    return f"---\n{yaml.safe_dump(dict(recipe.front or {}), sort_keys=False)}---\n".encode()


def _content(recipe: Recipe, path: str) -> bytes:
    """One tensor of the size they all will have together."""
    if not path.endswith(".safetensors"):
        return b""
    header = json.dumps({"all": {"dtype": "F32", "shape": [recipe.parameters or 0]}}).encode()
    return struct.pack("<Q", len(header)) + header
