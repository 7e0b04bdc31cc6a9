"""The standard library's documentation as passages: the reference topics, and docstrings read from the sources.

How much there is differs between Python versions; `passages` takes a fixed number, so row counts never do.
"""

import ast
import hashlib
import inspect
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["topics", "docstrings"]
COUNTS: dict[str, int] = {"topics": 600, "docstrings": 2000}
SHORTEST, LONGEST = 120, 1500
MODULES = """
abc argparse ast asyncio base64 bisect bz2 calendar cmd code codecs collections colorsys compileall concurrent
configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis doctest email
enum filecmp fileinput fnmatch fractions ftplib functools genericpath getopt getpass gettext glob graphlib gzip
hashlib heapq hmac html http imaplib importlib inspect io ipaddress json keyword linecache locale logging lzma
mailbox mimetypes multiprocessing netrc ntpath numbers operator optparse os pathlib pdb pickle pickletools pkgutil
platform plistlib poplib posixpath pprint profile pstats py_compile pyclbr pydoc queue quopri random re reprlib
rlcompleter runpy sched secrets selectors shelve shlex shutil signal smtplib socket socketserver sqlite3 ssl stat
statistics string stringprep struct subprocess symtable sysconfig tabnanny tarfile tempfile textwrap threading
timeit token tokenize tomllib trace traceback tracemalloc tty turtle types typing unittest urllib uuid venv
warnings wave weakref webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zoneinfo
""".split()


@dataclass(frozen=True)
class Passage:
    """A piece of documentation and where it stands: `lambda`, `argparse.ArgumentParser.parse_args`."""

    text: str
    source: str
    split: str = ""


@cache
def passages(kind: Kind) -> list[Passage]:
    """The same number in each split on every Python, in the order of their sources.

    One source stays within one split, but for the two at the borders.
    """
    found = _topics() if kind == "topics" else _docstrings()
    unique = {passage.text: passage for passage in found if SHORTEST <= len(passage.text) <= LONGEST}
    count = COUNTS[kind]
    ranked = sorted(unique.values(), key=lambda passage: _digest(passage.text))
    if len(ranked) < count:
        raise LookupError(f"this Python has only {len(ranked)} of {count} passages of documentation")
    by_source = sorted(ranked[:count], key=lambda passage: (_digest(passage.source), passage.text))
    splits = ["test"] * (count // 10) + ["validation"] * (count // 10)
    splits += ["train"] * (count - len(splits))
    placed = [Passage(p.text, p.source, split) for p, split in zip(by_source, splits, strict=True)]
    return sorted(placed, key=lambda p: (p.source, p.text))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _topics() -> Iterator[Passage]:
    from pydoc_data.topics import topics

    for name, text in topics.items():
        piece = ""
        for paragraph in re.split(r"\n{2,}", text):
            if set(paragraph.strip()) <= set("*=-~ \n"):
                continue
            piece = f"{piece}\n\n{paragraph}" if piece else paragraph.strip("\n")
            if len(piece) >= 300:
                yield Passage(piece.strip(), name)
                piece = ""
        yield Passage(piece.strip(), name)


def _docstrings() -> Iterator[Passage]:
    library = Path(sysconfig.get_paths()["stdlib"])
    for name in MODULES:
        folder = library / name
        files = sorted(folder.rglob("*.py")) if folder.is_dir() else [library / f"{name}.py"]
        for path in files:
            inside = path.relative_to(library).with_suffix("").parts
            if path.exists() and not {"test", "tests", "idle_test"} & set(inside):
                dotted = ".".join(part for part in inside if part != "__init__")
                yield from _in_module(path, dotted)


def _in_module(path: Path, dotted: str) -> Iterator[Passage]:
    tree = ast.parse(path.read_bytes())
    waiting: list[tuple[str, ast.AST]] = [(dotted, tree)]
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text:
                yield Passage(inspect.cleandoc(text), name)
            waiting += [(f"{name}.{child.name}", child) for child in node.body if hasattr(child, "name")]


@cache
def everyday_words() -> list[str]:
    """Ordinary English words without an opinion, most frequent first."""
    from collections import Counter

    counted = Counter(re.findall(r"\b[a-z]{3,12}\b", " ".join(p.text for p in passages("topics"))))
    return [word for word, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:1500]]
