"""A batch in a process of its own, to be killed.

python -m tests.infer.many.killed FOLDER JOURNAL OUT

Every pass through the model is counted in FOLDER/passed, a line per text, so that what was asked twice is seen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.infer.many.planted import MODEL, rows


def main() -> None:
    folder, journal, out = map(Path, sys.argv[1:4])
    import hf_nb
    from hf_nb.infer.backends.local import Local

    plainly = Local.several

    def several(self: Any, calls: Any, terms: Any) -> Any:
        with (folder / "passed").open("a") as passed:
            for number, said in plainly(self, calls, terms):
                passed.write(f"{json.dumps(calls[number].input)}\n")
                passed.flush()
                yield number, said

    Local.several = several  # type: ignore[method-assign]
    made = hf_nb.infer.batch(rows(), model=MODEL, journal=journal)
    out.write_text(
        json.dumps(
            {
                "rows": made.rows,
                "ok": made.ok,
                "failed": made.failed,
                "there": made.there,
                "values": made.values,
                "errors": [[one.row, one.error, one.problem] for one in made.failures],
                "said": str(made),
            }
        )
    )


if __name__ == "__main__":
    main()
