"""The values' own list: complete, lazy, and true."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import hf_nb.values
from hf_nb.values import Value

SOURCE = Path(hf_nb.values.__file__)


def test_what_a_type_checker_sees_is_what_is_there() -> None:
    seen = {
        alias.name
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hf_nb.values.")
        for alias in node.names
    }
    assert seen == set(hf_nb.values.__all__)
    for name in seen:
        assert getattr(hf_nb.values, name) is not None


def test_every_kind_of_value_is_listed() -> None:
    for path in SOURCE.parent.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                module = __import__(f"hf_nb.values.{path.stem}", fromlist=[node.name])
                kind = getattr(module, node.name)
                if isinstance(kind, type) and issubclass(kind, Value):
                    assert node.name in hf_nb.values.__all__, f"{path.name}: {node.name}"


def test_one_name_loads_one_module() -> None:
    code = (
        "import sys; from hf_nb.values import Code; print(*filter(lambda m: 'b.values.' in m, sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"hf_nb.values.code", "hf_nb.values.base"}
