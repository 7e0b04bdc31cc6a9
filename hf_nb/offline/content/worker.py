"""One builder process: reads a recipe's slug and folder as a line of JSON, builds, answers with a line of JSON.

A process of its own and not `multiprocessing`, because a spawned child would run the user's script a second time.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO


def main() -> None:
    """Answer orders until there are no more."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # What a library prints must not land among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        _answer(answers, _build(json.loads(line)))


def _end_with(parent: int) -> None:
    """A killed parent cannot say so; half a minute of training for nobody would go on."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _build(order: dict[str, Any]) -> dict[str, Any]:
    from hf_nb.offline.content.catalogue import recipes
    from hf_nb.offline.content.recipe import Context

    began = time.perf_counter()
    recipe = recipes()[order["slug"]]
    _one_thread(recipe.needs)
    context = Context({id: Path(folder) for id, folder in order["built"].items()})
    try:
        summary = recipe.build(Path(order["folder"]), context)
    except Exception as error:  # noqa: BLE001 - it is reported on the other side
        number = error.errno if isinstance(error, OSError) else None
        return {"error": f"{type(error).__name__}: {error}", "errno": number}
    return {"summary": summary, "seconds": time.perf_counter() - began}


def _one_thread(needs: tuple[str, ...]) -> None:
    if "torch" in needs:
        import torch

        torch.set_num_threads(1)


def _answer(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
