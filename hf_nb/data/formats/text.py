"""Plain text: a row for each line, in one column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_nb.data.formats.ends import LineEnds
from hf_nb.data.formats.lined import Lined
from hf_nb.data.formats.lines import Lines
from hf_nb.data.formats.texts import HEAD

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.formats.texts import Text

BOM = b"\xef\xbb\xbf"


class Plaintext(Lined):
    """Lines without their ends; a blank line is a row too."""

    def begin(self, text: Text) -> Lines:
        skip = len(BOM) if text.at(0, 3) == BOM else 0
        return Lines(text, LineEnds(blank=True), skip, HEAD if text.remote else 1_000_000)

    def parsed(self, rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
        import pyarrow

        lines = rows.decode("utf-8", "replace").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        return pyarrow.table(
            {"text": pyarrow.array([line.removesuffix("\r") for line in lines], pyarrow.string())}
        )
