"""What is in each column: `summaries(source, wanted, columns)`, as soon as something is known.

tell     which answers come, and when        whole few footer             of all rows, of some, of none
way      what of a column is measured        measure shape edges words    figures, bars, where they begin, in words
"""

from hf_nb.data.stats.tell import summaries

__all__ = ["summaries"]
