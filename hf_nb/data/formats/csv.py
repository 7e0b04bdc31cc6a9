"""CSV: cells between commas, tabs, semicolons or bars; quoted or not; with a header or without."""

from __future__ import annotations

import csv as dialect
import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.data.formats.ends import CR, LF, LineEnds, QuotedEnds
from hf_nb.data.formats.lined import Lined
from hf_nb.data.formats.lines import Lines
from hf_nb.data.formats.texts import HEAD
from hf_nb.data.formats.widening import distinct

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File
    from hf_nb.data.formats.texts import Text

DELIMITERS = ",\t;|"
LARGEST_CELL = 256_000_000
SAMPLE = 100  # rows of them
BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"[+-]?(\d[\d_ ]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s*\Z")
# What pandas, and so `datasets`, takes for nothing.
NOTHING = (
    " #N/A #N/A|N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null"
).split(" ")
NOTHING = [word.replace("|", " ") for word in NOTHING]


class Csv(Lined):
    """`how`: what a card says of it, as `datasets` calls it: sep, header, names, quotechar, encoding, skiprows."""

    def __init__(self, file: File, how: Mapping[str, Any] | None = None) -> None:
        super().__init__(file)
        self._how = dict(how or {})
        self._delimiter, self._quote, self._encoding = ",", '"', "utf-8"
        self._names: list[str] = []

    def begin(self, text: Text) -> Lines:
        head = text.at(0, HEAD)
        skip = len(BOM) if head.startswith(BOM) else 0
        end = CR if b"\r" in head and b"\n" not in head else LF
        said = str(self._how.get("encoding") or "")
        self._encoding = said if _known(said) else _encoding(head)
        quote = self._how.get("quotechar", '"')
        self._quote = quote if isinstance(quote, str) and len(quote) == 1 and quote.isascii() else ""
        sample = _rows(head[skip:], self._encoding, whole=len(head) < HEAD)
        self._delimiter = self._said_delimiter() or _delimiter(sample, self._quote, text.name)
        ends = QuotedEnds(self._delimiter, self._quote, end=end) if self._quote else LineEnds(end=end)
        skip += self._skipped(head[skip:], ends)
        rows = list(
            _cells(_rows(head[skip:], self._encoding, whole=len(head) < HEAD), self._delimiter, self._quote)
        )
        if self._headed(rows):
            found = ends(head[skip:], last=len(head) < HEAD)
            if not len(found) and rows:  # a header beyond all measure
                found = ends(text.at(skip, 16_000_000), last=True)
            skip += int(found[0]) if len(found) else 0
        self._names = self._named(rows)
        return Lines(text, ends, skip, HEAD if text.remote else 1_000_000)

    def parsed(self, rows: bytes, schema: pyarrow.Schema | None) -> pyarrow.Table:
        import pyarrow
        import pyarrow.csv

        if not self._names:
            return pyarrow.table({})
        types = {field.name: field.type for field in schema or ()}
        try:
            return self._arrow(rows, types)
        except pyarrow.ArrowInvalid as wrong:
            said = str(wrong)
            if "Expected" in said and "columns" in said:
                rows = self._even(rows)
            elif "UTF8" in said or "UTF-8" in said or "utf-8" in said:
                rows = rows.decode("utf-8", "replace").encode()
                self.note("Some text is not UTF-8: what could not be read is shown as �.")
            else:
                raise
            return self._arrow(rows, types)

    def _arrow(self, rows: bytes, types: Mapping[str, pyarrow.DataType]) -> pyarrow.Table:
        import pyarrow
        import pyarrow.csv

        if not rows.strip():
            empty = {name: types.get(name, pyarrow.null()) for name in self._names}
            return pyarrow.schema(list(empty.items())).empty_table()
        return pyarrow.csv.read_csv(
            pyarrow.BufferReader(rows),
            pyarrow.csv.ReadOptions(
                column_names=self._names, block_size=len(rows) + 1, encoding=self._encoding, use_threads=False
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self._delimiter, quote_char=self._quote or False, newlines_in_values=True
            ),
            pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=NOTHING),
        )

    def _even(self, rows: bytes) -> bytes:
        """Rows with as many cells as there are columns."""
        text = rows.decode(self._encoding, "replace")
        width, kept, uneven = len(self._names), io.StringIO(), 0
        writer = dialect.writer(kept, delimiter=self._delimiter, lineterminator="\n")
        for cells in _cells(text, self._delimiter, self._quote):
            uneven += len(cells) != width
            writer.writerow((cells + [""] * width)[:width])
        self.note(
            f"{uneven:,} or more rows have more or fewer cells than the header: some cells are empty or left out."
        )
        return kept.getvalue().encode(self._encoding, "replace")

    def _said_delimiter(self) -> str | None:
        said = self._how.get("sep") or self._how.get("delimiter")
        return said if isinstance(said, str) and len(said) == 1 and said.isascii() else None

    def _skipped(self, head: bytes, ends: LineEnds) -> int:
        lines = self._how.get("skiprows")
        if not isinstance(lines, int) or isinstance(lines, bool) or lines <= 0:
            return 0
        found = ends(head, last=False)
        return int(found[min(lines, len(found)) - 1]) if len(found) else 0

    def _headed(self, rows: list[list[str]]) -> bool:
        """Whether the first row names the columns."""
        if "header" in self._how and self._how["header"] != "infer":
            return self._how["header"] is not None
        if self._how.get("names") or self._how.get("column_names"):
            return False
        return not _only_values(rows)

    def _named(self, rows: list[list[str]]) -> list[str]:
        given = self._how.get("names") or self._how.get("column_names")
        if isinstance(given, list) and given:
            return distinct([str(name) for name in given])
        if not rows:
            return []
        if self._headed(rows):
            names = [name.strip("\ufeff") for name in rows[0]]
            return distinct([name or f"Unnamed: {at}" for at, name in enumerate(names)])
        self.note("The first line is read as data: it does not look like a header.")
        return [f"column_{at}" for at in range(len(rows[0]))]


def _known(encoding: str) -> bool:
    """An encoding whose line ends and commas are those of ASCII; UTF-16 was turned into UTF-8 before."""
    try:
        return ',\n"'.encode(encoding) == b',\n"'
    except (LookupError, UnicodeError):
        return False


def _encoding(head: bytes) -> str:
    for cut in range(4):  # the last character may be cut
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "utf-8"
    return "cp1252" if not any(byte in head for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)) else "latin-1"


def _rows(head: bytes, encoding: str, *, whole: bool) -> str:
    text = head.decode(encoding, "replace")
    return text if whole else text[: text.rfind("\n") + 1] or text


def _cells(text: str, delimiter: str, quote: str) -> list[list[str]]:
    dialect.field_size_limit(LARGEST_CELL)
    reader = dialect.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=dialect.QUOTE_MINIMAL if quote else dialect.QUOTE_NONE,
    )
    return [row for row in reader if row]


def _delimiter(sample: str, quote: str, name: str) -> str:
    """What cuts the first rows into the same number of cells, more than one; a comma where several do."""
    if name.removesuffix(".gz").endswith(".tsv"):
        return "\t"
    best = (0.0, ",")
    for candidate in DELIMITERS:
        rows = _cells(sample, candidate, quote)[:SAMPLE]
        (width, often), *_ = Counter(len(row) for row in rows).most_common(1) or [(1, 0)]
        if width > 1 and often / len(rows) > best[0] + 0.1:
            best = (often / len(rows), candidate)
    return best[1]


def _only_values(rows: list[list[str]]) -> bool:
    """No header: every column of numbers has one in the first row too, and not years or a count from one up."""
    if len(rows) < 2:
        return False
    first, rest = rows[0], rows[1:SAMPLE]
    numbers = [
        at
        for at in range(len(first))
        if all(len(row) > at and _NUMBER.match(row[at]) for row in rest if len(row) > at and row[at])
        and any(len(row) > at and row[at] for row in rest)
    ]
    if not numbers or not all(_NUMBER.match(first[at]) for at in numbers):
        return False
    heads = [first[at].strip() for at in numbers]
    years = all(head.isdigit() and 1800 <= int(head) <= 2200 for head in heads)
    counted = [head for head in heads if head.isdigit()] == [str(n) for n in range(len(heads))]
    return not (years or counted)
