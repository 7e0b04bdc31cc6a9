"""A stand-in for the engine, run as a process and spoken to as one: it says what it was given, word by word.

Words of its input tell it more: `slowly`, `endless`, `crash`, `busy`, `midway` (an error after two words). What it was
told to stop, and how many parts it got rid of, stands in a file beside it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

NOTES = Path("parrot.txt")
AHEAD = 32
lock = threading.Lock()
stopped: dict[int, threading.Event] = {}
room: dict[int, threading.Semaphore] = {}


def say(number: int, **what: Any) -> None:
    with lock:
        sys.stdout.write(json.dumps({"id": number, **what}) + "\n")
        sys.stdout.flush()


def note(line: str) -> None:
    with lock, NOTES.open("a", encoding="utf-8") as notes:
        notes.write(line + "\n")


def words_of(ask: dict[str, Any]) -> str:
    given = ask["input"]
    if isinstance(given, dict):
        given = given["messages"][-1]["content"] if "messages" in given else json.dumps(given)
    return given if isinstance(given, str) else " ".join(given)


def answer(number: int, ask: dict[str, Any]) -> None:
    text = words_of(ask)
    if "crash" in text:
        os._exit(3)
    if "busy" in text:
        say(number, wrong={"kind": "Busy", "problem": "Too much to do.", "next_step": "", "after": 7.0})
        return
    if "parameters" in text:
        text = json.dumps(ask["params"], sort_keys=True)
    if ask["task"] == "feature-extraction":
        texts = ask["input"] if isinstance(ask["input"], list) else [ask["input"]]
        say(number, part={"output": [[float(len(one)), 0.5] for one in texts], "finish": "stop"})
        return
    if ask["task"] not in ("chat", "text-generation"):
        say(
            number,
            part={"output": [{"label": "a", "score": 0.25}, {"label": "b", "score": 0.75}], "finish": "stop"},
        )
        return
    said = 0
    while True:
        for word in text.split(" "):
            room[number].acquire()
            if stopped[number].is_set():
                note(f"stopped {number} after {said}")
                return
            if "midway" in text and said == 2:
                say(
                    number,
                    wrong={"kind": "OutOfMemory", "problem": "No room.", "next_step": "", "after": None},
                )
                return
            say(number, part={"text": word + " "})
            said += 1
            if "slowly" in text:
                stopped[number].wait(0.05)
        if "endless" not in text:
            break
    calls = [{"id": "call_1", "name": "look", "arguments": "{}"}] if ask["params"].get("tools") else []
    finish = "tool_calls" if calls else "stop"
    say(number, part={"calls": calls, "finish": finish, "usage": {"read": 3, "written": said}})


def main() -> None:
    note(f"began {os.getpid()} {time.time()}")
    for line in sys.stdin:
        told = json.loads(line)
        number = told["id"]
        if "ask" in told:
            stopped[number], room[number] = threading.Event(), threading.Semaphore(AHEAD)
            threading.Thread(target=answer, args=(number, told["ask"]), daemon=True).start()
        elif told.get("stop"):
            stopped[number].set()
            room[number].release()
        else:
            room[number].release(told["more"])
    os._exit(0)


if __name__ == "__main__":
    main()
