"""One request, and what its handler may want to know of it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from hf_nb.offline import history, people
from hf_nb.offline.clock import Clock
from hf_nb.offline.engine import Engine
from hf_nb.offline.people import ANYBODY, Caller
from hf_nb.offline.server import refusals
from hf_nb.offline.server.promises import Promised
from hf_nb.offline.store import Store
from hf_nb.offline.xet.cas import Cas

if TYPE_CHECKING:
    from hf_nb.offline.server.viewer.making import Conversions

FOLDERS = {"model": "", "dataset": "datasets/", "space": "spaces/"}
CONVERTED = "refs/convert/parquet"


@dataclass(frozen=True)
class Site:
    """What all requests share."""

    store: Store
    url: str
    cdn_url: str
    secret: bytes
    cas: Cas
    clock: Clock = field(default_factory=Clock)
    engine: Engine | None = None  # what answers questions to models
    viewer: "Conversions | None" = None  # datasets as Parquet, and what reads their rows


@dataclass
class Ask:
    """One request. `names` holds what the route's pattern caught, already decoded."""

    site: Site
    method: str
    path: str  # as it came, still encoded
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""
    file: IO[bytes] | None = None  # of a long body, instead of `body`
    who: Caller = ANYBODY
    names: dict[str, str] = field(default_factory=dict)
    repo_span: tuple[int, int] = (0, 0)  # where "namespace/name" stands in the path

    @property
    def database(self) -> Any:
        """The store's tables."""
        return self.site.store.database

    @property
    def sql(self) -> sqlite3.Connection:
        """This thread's connection."""
        return self.site.store.database.connection

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The parameters; `expand[]` counts as `expand`."""
        try:
            pairs = parse_qsl(self.query_string, keep_blank_values=True, max_num_fields=2000, errors="strict")
        except (ValueError, UnicodeDecodeError):
            raise refusals.bad_request("Invalid query string") from None
        if any("\0" in value for _, value in pairs):
            raise refusals.bad_request("Invalid query string")
        return [(name.removesuffix("[]"), value) for name, value in pairs]

    def one(self, name: str) -> str | None:
        """The last value of a parameter."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    def many(self, name: str, *, commas: bool = False) -> list[str]:
        """Every value of a parameter."""
        values = [value for key, value in self.query if key == name]
        return [piece for value in values for piece in value.split(",") if piece] if commas else values

    def flag(self, name: str) -> bool:
        """A true/false parameter."""
        value = (self.one(name) or "false").lower()
        if value not in ("true", "false", "1", "0", ""):
            raise refusals.bad_request(f'"{name}" must be true or false')
        return value in ("true", "1")

    def number(self, name: str, default: int, most: int, least: int = 1) -> int:
        """A whole number, no larger than `most`."""
        value = self.one(name)
        if value is None:
            return default
        if (
            not value.lstrip("-").isascii()
            or not value.lstrip("-").isdigit()
            or len(value) > 12
            or int(value) < least
        ):
            raise refusals.bad_request(f'"{name}" must be a number of at least {least}')
        return min(int(value), most)

    def form(self) -> dict[str, list[str]]:
        """The body as fields, sent as a form (Python's client) or as JSON (JavaScript's)."""
        if "json" in self.headers.get("content-type", ""):
            found = self.json()
            return {
                key: [str(item) for item in (value if isinstance(value, list) else [value])]
                for key, value in found.items()
            }
        try:
            pairs = parse_qsl(
                self.body.decode("utf-8"), keep_blank_values=True, max_num_fields=5000, errors="strict"
            )
        except (ValueError, UnicodeDecodeError):
            raise refusals.bad_request("Invalid form") from None
        fields: dict[str, list[str]] = {}
        for key, value in pairs:
            fields.setdefault(key.removesuffix("[]"), []).append(value)
        return fields

    def json(self) -> dict[str, Any]:
        """The body as a JSON object."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise refusals.bad_request("Invalid JSON") from None
        if not isinstance(found, dict):
            raise refusals.bad_request("Invalid JSON: an object is expected")
        return found

    def lines(self) -> Iterator[bytes]:
        """The body line by line."""
        return iter(self.file or self.body.splitlines(keepends=True))

    def next_link(self, **changes: str) -> dict[str, str]:
        """The header that leads to the next page: the same address with some parameters changed."""
        kept = [
            (name, value)
            for name, value in parse_qsl(self.query_string, keep_blank_values=True)
            if name not in changes
        ]
        return {"link": f'<{self.site.url}{self.path}?{urlencode([*kept, *changes.items()])}>; rel="next"'}

    # -- the repository the path names

    @cached_property
    def type(self) -> str:
        """model, dataset or space."""
        return self.names.get("types", "models").removesuffix("s")

    @cached_property
    def repo(self) -> sqlite3.Row:
        """The repository, if this caller may know of it; its present name and case by redirect."""
        wanted = f"{self.names['ns']}/{self.names['name']}"
        row: sqlite3.Row | None = self.database.one(
            "SELECT * FROM repos WHERE type = ? AND folded = ?", self.type, wanted.lower()
        )
        if row is None:
            row = self.database.one(
                "SELECT r.* FROM aliases a JOIN repos r ON r.rid = a.rid WHERE a.type = ? AND a.folded = ?",
                self.type,
                wanted.lower(),
            )
        if row is None or (row["private"] and not self.who.rank(row["namespace"])):
            raise refusals.repo_not_found(self.who)
        if row["id"] != wanted:
            raise refusals.Redirect(self.renamed(row["id"]))
        if row["promised"]:
            raise Promised(row["promised"])
        return row

    def renamed(self, id: str) -> str:
        """This same address for another repository id."""
        start, end = self.repo_span
        return (
            self.path[:start]
            + quote(id)
            + self.path[end:]
            + (f"?{self.query_string}" if self.query_string else "")
        )

    def readable(self) -> sqlite3.Row:
        """The repository, if this caller may read its files."""
        row = self.repo
        if row["disabled"]:
            raise refusals.disabled()
        if row["gated"] and not people.granted(self.sql, row["rid"], row["namespace"], self.who):
            raise refusals.gated(row["type"], row["id"], self.page_url(row), self.who)
        return row

    def writable(self) -> sqlite3.Row:
        """The repository, if this caller may change it."""
        row = self.repo
        if not self.may_write(row):
            raise refusals.not_allowed() if self.who.name else refusals.needs_login()
        return row

    def may_write(self, row: sqlite3.Row) -> bool:
        """Whether this caller may change a repository."""
        return self.who.may_write(row["namespace"], row["creator"])

    def participant(self) -> str:
        """The caller's name, if they may say or propose anything at all."""
        if self.who.name is None:
            if "name" in self.names:
                _ = self.repo  # what may not be known of is said not to be there, also to nobody
            raise refusals.needs_login()
        if not self.who.takes_part:
            raise refusals.not_allowed("This token may only read")
        return self.who.name

    def now(self) -> datetime:
        """The time of whatever is written for this request."""
        return self.site.clock.now()

    def commit(self, row: sqlite3.Row) -> history.Commit:
        """The commit the path's {rev} means."""
        revision = self.names.get("rev", "HEAD")
        if revision == CONVERTED and row["type"] == "dataset" and self.site.viewer is not None:
            self.site.viewer.of(self, row)
        found = history.resolve(self.sql, row["rid"], revision)
        if found is None:
            raise refusals.revision_not_found(revision)
        return found

    def page_url(self, row: sqlite3.Row) -> str:
        """The repository's own page."""
        return f"{self.site.url}/{FOLDERS[row['type']]}{row['id']}"
