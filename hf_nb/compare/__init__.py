"""Several models, settings or prompts on the same inputs: what each answers, and which is better.

contenders            who takes part, out of whatever the caller names     asking   what each is asked
running               all of them on all rows: lanes (one of them) copies purse; drawn (one prompt, while it comes)
journal               where each contender's answers are written down
scoring judging judge what labels, votes and a model as judge say    likeness slicing  how alike; parts of the rows
exports report        a frame, JSON lines and back, pairs for DPO          a page
live                  several answers to one prompt side by side, as they come

from hf_nb import compare
compare.run(["owner/a", "owner/b"], inputs=texts, labels=labels).verdict
"""

from hf_nb.compare.contenders import contenders
from hf_nb.compare.exports import load
from hf_nb.compare.running import run

__all__ = ["contenders", "load", "run"]
