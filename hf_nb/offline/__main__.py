"""The child process of `running.start`: told what to do by one line of JSON, it stops when its input ends."""

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from hf_nb.errors import HfNbError
from hf_nb.offline.server.process import Ready, serve


def main() -> None:
    """Serve, say where in one line of JSON, and end with whoever started it."""
    told = json.loads(sys.stdin.readline())
    ended = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(ended,), daemon=True).start()
    try:
        serve(Path(told.pop("root")), ready=_say, until=ended, **told)
    except HfNbError as wrong:
        print(json.dumps({"error": wrong.problem, "next": wrong.next_step}), flush=True)
        sys.exit(1)


def _wait_for_the_end(ended: threading.Event) -> None:
    # not sys.stdin: a thread inside its lock at exit would abort the interpreter
    while os.read(0, 1024):
        pass
    ended.set()


def _say(ready: Ready) -> None:
    print(json.dumps(asdict(ready)), flush=True)


if __name__ == "__main__":
    main()
