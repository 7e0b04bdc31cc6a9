"""What three clients make of a server that fails: huggingface_hub's InferenceClient, litellm's Router, and ours.

python -m tests.infer.faults.matrix        run them and write matrix.md beside this file

Each is asked the same and told to wait as long for a part. litellm and ours know a second server with the same model.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from hf_nb.errors import HfNbError
from hf_nb.infer.call import Call, Target, Terms
from hf_nb.infer.policies import compose
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing.session import Session
from tests.clients import prepare
from tests.infer.faults.faulty import PATIENCE, TEXT, Faulty, Handler, serving

FAULTS = tuple(Handler.faults)
# They are no failure: the answer is whole.
HARMLESS = ("good", "two-end-marks", "split-utf8")
# The connection held: an error that says no more than that it did not, or nothing, names the wrong thing.
HELD = ("malformed-json", "in-band-object", "in-band-string")
VAGUE = ("UnknownError", "APIConnectionError")
DEADLINE = 10.0
OFFICIAL, LITELLM, OURS, SHOWN = "InferenceClient", "litellm Router", "hf_nb", "hf_nb, shown as it comes"
# The Python that runs it, its script, and the package its own errors are of.
PEERS = {
    OFFICIAL: (Path(sys.executable), "inference_client.py", "huggingface_hub"),
    LITELLM: (prepare.ROUTER / "bin" / "python", "litellm_router.py", "litellm"),
}


@dataclass(frozen=True)
class Result:
    """What one client made of one fault. `home`: the error is of its own; `second`: the second server was asked."""

    text: str
    error: str | None
    home: bool
    seconds: float
    second: bool
    finish: str | None = None
    can_move: bool = True  # it knows another server

    @property
    def words(self) -> str:
        shown = (
            f"{len(self.text.split())} of {len(TEXT.split())} words"
            if self.text != TEXT
            else "the whole answer"
        )
        where = " by the second" if self.second else ""
        if self.error is None:
            return f"{shown}{where}" if self.text == TEXT else f"{shown}, no error, finish={self.finish}"
        return (
            f"{shown}, then {self.error}"
            if self.text
            else f"{self.error}{' after the second' if self.second else ''}"
        )

    def wrong(self, fault: str) -> str:
        """Why this is not right; nothing where it is."""
        if fault == "400":
            if self.second:
                return "a wrong request was sent elsewhere"
            return "" if self.home and self.error else "no error of its own"
        if self.error is None:
            if self.text == TEXT:
                return ""
            return "cut short in silence" if TEXT.startswith(self.text) else "not what was said"
        if fault in HARMLESS:
            return "nothing had failed"
        if not self.home:
            return "another library's error"
        if fault in HELD and self.error in VAGUE:
            return "the error does not say what happened"
        if self.can_move and not self.text:
            return "the second server was not used"
        return ""

    def cell(self, fault: str) -> str:
        wrong = self.wrong(fault)
        return f"{'✗' if wrong else '✓'} {self.words} · {self.seconds:.1f} s{f' ({wrong})' if wrong else ''}"


def ours(server: Faulty, fault: str, *, seen: bool = False) -> tuple[Result, Terms, HfNbError | None]:
    """Two servers of the settings, equal."""
    session = Session()
    session.settings.servers = {name: server.address(name) for name in ("first", "second")}
    targets = [Target(name, fault) for name in ("first", "second")]
    call = Call("chat", fault, None, {"messages": [{"role": "user", "content": "Hello"}]})
    terms = Terms(session.clock, session.clock.now() + DEADLINE, first=PATIENCE, idle=PATIENCE, seen=seen)
    tally, wrong, began, before = Tally(), None, time.monotonic(), server.times("second", fault)
    try:
        for chunk in compose(targets, session).stream(call, terms):
            tally.add(chunk)
    except HfNbError as raised:
        wrong = raised
    seconds = time.monotonic() - began
    second = server.times("second", fault) > before
    error = type(wrong).__name__ if wrong else None
    return Result(tally.text, error, wrong is not None, seconds, second, tally.finish), terms, wrong


def theirs(server: Faulty, name: str) -> dict[str, Result]:
    """Another client, in a process of its own; litellm in its own environment too."""
    python, script, home = PEERS[name]
    before = {fault: server.times("second", fault) for fault in FAULTS}
    places = (server.address("first"), server.address("second"))
    ran = subprocess.run(
        [str(python), str(Path(__file__).with_name(script)), *places, str(PATIENCE), *FAULTS],
        env={
            **os.environ,
            "HF_ENDPOINT": server.address("hub"),
        },  # where the official client asks what agents there are
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    line = next((one for one in ran.stdout.splitlines() if one.startswith("RESULTS ")), None)
    if line is None:
        raise RuntimeError(f"{name} gave no results: {ran.stderr[-2000:]}")
    return {
        fault: Result(
            one["text"],
            one["error"],
            one["module"] == home,
            one["seconds"],
            server.times("second", fault) > before[fault],
            one["finish"],
            can_move=name != OFFICIAL,
        )
        for fault, one in json.loads(line.removeprefix("RESULTS ")).items()
    }


def rows(server: Faulty) -> dict[str, dict[str, Result]]:
    """Fault by fault, client by client. Without litellm installed, its column is left out."""
    peers = [name for name in PEERS if name != LITELLM or prepare.is_ready(prepare.ROUTER)]
    columns = {name: theirs(server, name) for name in peers}
    columns[OURS] = {fault: ours(server, fault)[0] for fault in FAULTS}
    columns[SHOWN] = {fault: ours(server, fault, seen=True)[0] for fault in FAULTS}
    return {fault: {name: column[fault] for name, column in columns.items()} for fault in FAULTS}


def table(found: dict[str, dict[str, Result]]) -> str:
    """As Markdown."""
    clients = list(next(iter(found.values())))
    lines = [f"| fault | {' | '.join(clients)} |", f"|---{'|---' * len(clients)}|"]
    lines += [
        f"| {fault} | {' | '.join(cells[client].cell(fault) for client in clients)} |"
        for fault, cells in found.items()
    ]
    right = [sum(not cells[client].wrong(fault) for fault, cells in found.items()) for client in clients]
    lines.append(f"| **right** | {' | '.join(f'**{count} of {len(found)}**' for count in right)} |")
    return "\n".join(lines)


HEAD = f"""# What three clients make of a server that fails

A real server on this machine; each client waits {PATIENCE} s for a part. litellm and hf_nb know a second server with
the same model; `InferenceClient` knows none, so a clear error of its own is right for it. An answer that is shown as
it comes cannot begin anew elsewhere once a word is out: there the right end is an error, and the words that came.
Made by `python -m tests.infer.faults.matrix`.
"""


def main() -> None:
    """Run, print, write."""
    with serving() as server:
        text = table(rows(server))
    clients = f"huggingface_hub {version('huggingface_hub')}, {prepare.LITELLM.replace('==', ' ')}."
    Path(__file__).with_name("matrix.md").write_text(f"{HEAD}{clients}\n\n{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
