"""What is in each column: `summaries(source, wanted, columns)`, as soon as something is known.

tell     which answers come, and when        whole few footer viewed      of all rows, of some, of none, by the Hub
way      what of a column is measured        measure shape edges words    figures, bars, where they begin, in words
figures  the viewer's, checked
"""

from hf_nb.data.stats.tell import summaries

__all__ = ["summaries"]
