"""One answer in a process of its own: a question as JSON goes in, the answer in short as a line of JSON comes out."""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    """Ask, and say it; an error of ours is an answer too."""
    from hf_nb.errors import HfNbError
    from hf_nb.infer.bisect import answers
    from hf_nb.infer.run import run

    question: dict[str, Any] = json.load(sys.stdin)
    question.pop("endpoint")
    given = question.pop("input")
    try:
        value = run(given, provider="local", fresh=True, **question)
    except HfNbError as wrong:
        said: dict[str, Any] = {"error": wrong.problem}
    else:
        said = {
            "brief": value.brief(),
            "numbers": answers.numbers(value),
            "short": answers.short(value),
        }
    sys.stdout.write(f"\n{json.dumps(said)}\n")


if __name__ == "__main__":
    main()
