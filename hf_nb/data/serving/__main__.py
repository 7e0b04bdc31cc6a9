"""Read questions, answer each in a thread of its own, and end when the input does."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from hf_nb.data.serving import convert, rows, search, statistics, table
from hf_nb.data.serving.asked import Asked, Wrong

AT_ONCE = 3
KINDS: Mapping[str, Callable[[Asked], Any]] = {
    "convert": convert.convert,
    "first-rows": rows.first,
    "rows": rows.page,
    "cell": rows.cell,
    "filter": table.matching,
    "search": search.matching,
    "statistics": statistics.statistics,
}


class Desk:
    """Who is being answered."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._lock = out, threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)
        self._asked: dict[int, Asked] = {}

    def read(self, lines: IO[bytes]) -> None:
        """Until there are no more."""
        for line in lines:
            message = json.loads(line)
            number = message["id"]
            if "ask" in message:
                asked = self._asked[number] = Asked(message["ask"])
                threading.Thread(target=self._answer, args=(number, asked), daemon=True).start()
            elif message.get("stop") and (asked_there := self._asked.get(number)):
                asked_there.stop()

    def _answer(self, number: int, asked: Asked) -> None:
        try:
            with self._turns:
                asked.check()
                found = KINDS[asked.kind](asked)
            self._say(number, part={"output": found, "finish": "stop"})
        except Wrong as wrong:
            self._say(number, wrong={"kind": wrong.kind, "problem": str(wrong)})
        except Exception as wrong:  # noqa: BLE001 -- whoever waits must hear of it
            self._say(number, wrong={"kind": type(wrong).__name__, "problem": str(wrong)[:500]})
        finally:
            self._asked.pop(number, None)

    def _say(self, number: int, **what: Any) -> None:
        line = json.dumps({"id": number, **what}, ensure_ascii=False, allow_nan=False)
        with self._lock:
            self._out.write(line.encode("utf-8", "replace") + b"\n")
            self._out.flush()


def main() -> None:
    """Answer until nobody asks any more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
    Desk(out).read(sys.stdin.buffer)
    os._exit(0)  # a thread in the midst of a table is not waited for


if __name__ == "__main__":
    main()
