"""B7: a panel's question while a cell runs, through a subshell (as JupyterLab sends it) and without one.

`time.sleep` lets other threads run, as most waiting does; the loop in Python gives way only every 5 ms, the worst that
pure Python does to a panel. Measured from the message sent to its answer heard, without a browser.
"""

from __future__ import annotations

import statistics
import time

from tests.kernels import Kernel
from tests.lab.lines import Line, subshell

QUESTIONS = 60
SECONDS = 4
CELLS = {
    "idle": "",
    "time.sleep": "import time; time.sleep(60)",
    "a loop in Python": "while True: sum(range(1000))",
}


def main() -> str:
    """The table."""
    lines = [
        "## B7: a panel while the kernel is busy",
        "",
        f"`hello` asked {QUESTIONS} times. Target: at most 100 ms through a subshell.",
        "",
        "| the cell | p50 ms | p95 ms | most ms |",
        "|---|--:|--:|--:|",
    ]
    with Kernel() as kernel:
        kernel.run("%load_ext hf_nb")
        line = Line(kernel, subshell(kernel))
        line.answer(line.ask("hello"))
        for name, code in CELLS.items():
            cell = kernel.begin(code) if code else None
            if cell:
                kernel.until_running(cell)
            took = sorted(_once(line) * 1000 for _ in range(QUESTIONS))
            if cell:
                kernel.interrupt()
                kernel.finish(cell)
            p95 = took[int(0.95 * len(took))]
            lines.append(f"| {name} | {statistics.median(took):.0f} | {p95:.0f} | {took[-1]:.0f} |")
        plain = Line(kernel)
        cell = kernel.begin(f"import time; time.sleep({SECONDS})")
        kernel.until_running(cell)
        lines += [
            "",
            f"Without a subshell the answer waits for the cell: {_once(plain):.1f} s of {SECONDS} s.",
        ]
    return "\n".join(lines)


def _once(line: Line) -> float:
    began = time.perf_counter()
    line.answer(line.ask("hello"))
    return time.perf_counter() - began


if __name__ == "__main__":
    print(main())
