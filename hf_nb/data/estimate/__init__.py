"""A query answered from a part of a table: what it costs, and between which bounds its answer lies.

asked     which queries can be answered so, taken apart by DuckDB's own parser
quote     the bytes one will move
sample    which blocks are read at each look: one out of each stretch of the table
interval  from what was read to a value with its bounds
counts    a block's share of every total, by DuckDB
run       looks at more and more of it, until exact
"""

from hf_nb.data.estimate.quote import quote
from hf_nb.data.estimate.run import run

__all__ = ["quote", "run"]
