"""A query answered from a part of a table: what it costs, and between which bounds its answer lies.

asked nodes     which queries can be answered so, taken apart by DuckDB's own parser
terms           what an answer is made of: totals, and arithmetic between them
quote cost      the looks, the reads of each, and the bytes they move
sample          which blocks a look reads: one out of each stretch of the table
counts          a block's share of every total, by DuckDB
interval        from what was read to a value with its bounds        spread tails student     what it stands on
answer          the lines of an answer, sorted and cut
run             looks at more and more of the table, until exact
"""

from hf_nb.data.estimate.quote import known, quote
from hf_nb.data.estimate.run import run

__all__ = ["known", "quote", "run"]
