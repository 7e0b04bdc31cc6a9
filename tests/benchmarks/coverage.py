"""How often the bounds of progressive aggregates hold the truth: `python -m tests.benchmarks.coverage [QUERIES]`.

About 2,000 queries of every kind of table (shuffled, sorted, drifting, heavy-tailed; `tests/data/estimate/simulated.py`
has them), each looked at four times from about 2 % on. Bounds promise 95 %; an answer without bounds is counted apart,
and an answer from all rows not at all.
"""

import sys
import time
from collections.abc import Sequence
from statistics import median

from tests.data.estimate.simulated import AGGREGATES, FILES, Key, Score, gathered, tried

LOOKS = 4
SEEDS = (1, 2, 3)  # other tables and other draws, fewer of them


def line(name: str, score: Score) -> str:
    """Name, coverage, answers without bounds, width beside the answer, queries."""
    width = median(score.widths) if score.widths else float("nan")
    return f"| {name} | {score.coverage:.1%} | {score.declined:.1%} | ±{width:.2%} | {score.asked:,} |"


def table(title: str, scores: Sequence[tuple[Key, Score]], *keys: int) -> list[str]:
    """Coverage by some parts of the key, in the order in which they are written down."""
    by = gathered(iter(scores), lambda key: tuple(key[at] for at in keys))
    order = {name: at for at, name in enumerate(["all", *FILES, *AGGREGATES])}
    lines = ["", f"| {title} | held | no bounds | half width | asked |", "|---|--:|--:|--:|--:|"]
    for key in sorted(by, key=lambda key: [order.get(part, part) for part in key]):
        words = [f"look {part + 1}" if isinstance(part, int) else part for part in key]
        lines.append(line(" · ".join(words), by[key]))
    return lines


def main(queries: int = 2000) -> str:
    """The tables."""
    began, each = time.monotonic(), max(1, round((queries / 32) ** 0.5))
    scores = list(tried(each, each, looks=LOOKS, blocks=(300, 1000)))
    asked = sum(score.asked for key, score in scores if key[3] == 0)
    few = list(tried(each, each, looks=LOOKS, blocks=(22, 60), seed=7))
    again = [
        ((key[0], str(seed), "", 0), score)
        for seed in SEEDS
        for key, score in tried(each, max(1, each // 3), looks=LOOKS, blocks=(300, 1000), seed=seed)
    ]
    lines = [
        "## D5: bounds of progressive aggregates",
        "",
        (
            f"{asked:,} queries over tables of 300 to 1,000 blocks, {LOOKS} looks each, in "
            f"{time.monotonic() - began:.0f} s. Promised: 95 % of the bounds hold the truth. Answers without bounds "
            "are counted apart, answers from all rows not at all."
        ),
        *table("kind", [(("all", *key[1:]), score) for key, score in scores] + scores, 0),
        *table("kind · look", scores, 0, 3),
        *table("kind · aggregate", scores, 0, 2),
    ]
    for look in (0, 2):
        seen = [one for one in scores if one[0][3] == look]
        lines += table(f"kind · aggregate, look {look + 1}", seen, 0, 2)
    lines += table("kind · values", [(("", key[0], key[1], 0), score) for key, score in scores], 1, 2)
    lines += table("kind · seed", again, 0, 1)
    lines += table("tables of 22 to 60 blocks · look", few, 0, 3)
    return "\n".join(lines)


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
