"""Cells of tables as the explorer asks for them (`Cell` of its answers.ts).

The words are made in `render.stored`, which the text and the HTML of rows take them from too.
"""

from hf_nb.render.stored import Cell, shown, shown_column, text

__all__ = ["Cell", "shown", "shown_column", "text"]
