"""Run by test_doors: tries every door of `hf_nb.plumbing.doors.DOORS`, and prints which of them reached out.

    python reaching.py DOOR…        what stands here is the notebook's own code

The watcher is put there after hf_nb's own hook: what that refuses it never hears of, and what it hears of would have
left. It stops that, so nothing ever leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

FAR = "192.0.2.1"  # an address of documentation (RFC 5737): nobody's
HEARD: list[str] = []
_EVENTS = (
    "socket.connect",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "subprocess.Popen",
)


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    said = str(arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0])
    if event == "subprocess.Popen":
        if "git" in said:
            HEARD.append(said)
            raise FileNotFoundError(said)
    elif FAR in said or "invalid" in said:
        HEARD.append(f"{event} {said}")
        raise OSError(101, "Network is unreachable (the watcher)")


def library(name: str, lines: str) -> None:
    """These lines as if they stood in that library."""
    exec(compile(lines, f"{name}.py", "exec"), {"__name__": name, "FAR": FAR})  # noqa: S102 -- the lines below


def in_a_thread(function: Callable[..., Any], *given: Any) -> None:
    """Of nobody's: no frame of this file stands in it."""
    thread = threading.Thread(target=function, args=given, daemon=True)
    thread.start()
    thread.join(20)


def client() -> None:
    from huggingface_hub import HfApi, InferenceClient, hf_hub_download

    import hf_nb

    for one in (
        lambda: hf_hub_download("owner/name", "config.json"),
        lambda: HfApi().model_info("owner/name"),
        lambda: InferenceClient(token="hf_no_token_at_all").text_classification("x", model="owner/name"),
        lambda: hf_nb.search("x"),
        lambda: hf_nb.info("owner/name"),
        lambda: hf_nb.pull("owner/name"),
        lambda: hf_nb.infer.run(
            "x", model="owner/name", task="text-classification", provider="hf", timeout=1
        ),
        lambda: hf_nb.data.preview("owner/name"),
    ):
        before = len(HEARD)
        said = told(one)
        SAID.append(f"{said} {len(HEARD) - before}")


def async_client() -> None:
    from huggingface_hub import AsyncInferenceClient

    asked = AsyncInferenceClient(provider="hf-inference", token="hf_no_token_at_all")
    asyncio.run(asked.text_classification("x", model="owner/name"))


def duckdb() -> None:
    import hf_nb

    hf_nb.data.sql(f"SELECT * FROM read_parquet('https://{FAR}/x.parquet')")  # noqa: S608 -- an address


def telemetry() -> None:
    from huggingface_hub.utils import _telemetry, send_telemetry

    send_telemetry("hf_nb/test")
    _telemetry._TELEMETRY_QUEUE.join()


def conversion() -> None:
    from transformers.safetensors_conversion import auto_conversion

    auto_conversion("owner/name", cache_dir=None)


def sockets() -> None:
    attempts = (
        "import urllib.request\nurllib.request.urlopen(f'https://{FAR}/x', timeout=5)",
        "import requests\nrequests.get(f'https://{FAR}/x', timeout=5)",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', (FAR, 53))",
        "import socket\nsocket.getaddrinfo('hub.invalid', 443)",
    )
    SAID.extend(told(functools.partial(library, "datasets.elsewhere", lines)) for lines in attempts)


def threads() -> None:
    in_a_thread(socket.create_connection, (FAR, 443), 5)
    in_a_thread(socket.getaddrinfo, "hub.invalid", 443)


def programs() -> None:
    library("huggingface_hub.fake", "import subprocess\nsubprocess.run(['git', '--version'], check=True)")


def children() -> None:
    """One that knows nothing of hf_nb."""
    from hf_nb.plumbing import doors

    lines = f"""
import sys, urllib.request
def watch(event, given):
    if event in ("socket.connect", "socket.getaddrinfo") and {FAR!r} in str(given):
        print("heard", given, flush=True)
        raise OSError(101, "the watcher")
sys.addaudithook(watch)
urllib.request.urlopen("https://{FAR}/x", timeout=3)
"""
    done = subprocess.run(
        [sys.executable, "-c", lines],
        env=doors.environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    HEARD.extend(done.stdout.splitlines())
    SAID.append(done.stderr[-80:])


def xet() -> None:
    """The Hub is on this machine, and says that its files are elsewhere."""
    from huggingface_hub import hf_hub_download

    SAID.append(open(hf_hub_download("owner/name", "weights.bin"), "rb").read().decode())  # noqa: SIM115, PTH123


def own() -> None:
    urllib.request.urlopen(f"https://{FAR}/x", timeout=5)


def told(one: Callable[[], Any]) -> str:
    try:
        one()
    except BaseException as wrong:  # noqa: BLE001 -- it is said
        return f"{type(wrong).__name__}: {wrong}"[:200]
    return "done"


SAID: list[str] = []
TRIES = {
    "client": client,
    "async client": async_client,
    "Xet": xet,
    "DuckDB": duckdb,
    "telemetry": telemetry,
    "conversion": conversion,
    "sockets": sockets,
    "threads": threads,
    "programs": programs,
    "children": children,
    "own": own,
}


def main() -> None:
    from hf_nb.plumbing import arrival, http
    from hf_nb.plumbing.session import current
    from hf_nb.plumbing.transports import retry

    retry.FIRST = 0.01
    rest = time.sleep
    time.sleep = lambda seconds: rest(min(float(seconds), 0.01))  # between the tries of whoever tries again
    current()
    arrival.watch()
    http.install()
    threading.excepthook = lambda wrong: SAID.append(f"{wrong.exc_type.__name__}: {wrong.exc_value}"[:200])
    sys.addaudithook(watch)
    made = {}
    for name in sys.argv[1:]:
        HEARD.clear()
        SAID.clear()
        with contextlib.redirect_stdout(sys.stderr):
            began = time.perf_counter()
            said = told(TRIES[name])
        print(name, round(time.perf_counter() - began, 1), file=sys.stderr)
        made[name] = {"heard": [*HEARD], "said": [*SAID, said]}
    print(json.dumps(made))


if __name__ == "__main__":
    main()
