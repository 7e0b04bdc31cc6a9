"""Search the Hub: one verb for models, datasets and Spaces.

search ── filters.plan     what the Hub answers itself, what is checked here
       ── paging.Listing   page by page, on from where it stopped
       ── Hunt             both: rows that pass, until there are enough, the list ends or the limit of looking
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from typing import Any

from hf_nb.errors import BadInput, HfNbError, TooLarge
from hf_nb.hub.client import kind_of
from hf_nb.hub.finding import rows, words
from hf_nb.hub.finding.details import detailed
from hf_nb.hub.finding.filters import PLURALS, Plan, Wanted, plan
from hf_nb.hub.finding.paging import Listing
from hf_nb.plumbing import progress
from hf_nb.plumbing.progress import Progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Kind, Row, SearchResult

# A sort: the Hub's word for it. The Hub lists the most first; the other way round is sorted here.
SORTS: dict[str, str] = {
    "trending": "trendingScore",
    "downloads": "downloads",
    "likes": "likes",
    "updated": "lastModified",
    "created": "createdAt",
    "parameters": "num_parameters",
    "size": "mainSize",
}
_ONLY: dict[str, tuple[Kind, ...]] = {
    "downloads": ("model", "dataset"),
    "parameters": ("model",),
    "size": ("dataset",),
}
_KEYS = {"size": "bytes"}
MOST_ROWS = 10_000
# Where rows are checked here, a first page for a short answer, and longer ones after it.
FIRST_PAGE, LATER_PAGE = 100, 500


def search(
    text: str | None = None,
    *,
    kind: str = "models",
    author: str | None = None,
    task: str | None = None,
    category: str | None = None,
    domain: str | None = None,
    library: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    license: str | None = None,  # noqa: A002 -- the American spelling of the same
    tags: Sequence[str] = (),
    dataset: str | None = None,
    model: str | None = None,
    modality: str | None = None,
    file_format: str | None = None,
    size: str | None = None,
    max_bytes: int | str | None = None,
    sdk: str | None = None,
    hardware: str | None = None,
    status: str | None = None,
    min_parameters: int | str | None = None,
    max_parameters: int | str | None = None,
    fits: bool = False,
    min_likes: int | str | None = None,
    min_downloads: int | str | None = None,
    gated: bool | None = None,
    warm: bool = False,
    provider: str | None = None,
    app: str | None = None,
    sort: str = "trending",
    limit: int | None = None,
    look: int | None = None,
    details: bool = False,
    session: Session | None = None,
) -> SearchResult:
    """Models (or datasets, or Spaces) whose name holds `text` and that pass every filter.

    >>> search("sentiment", language="en").ids
    ['hfnb-demo/sentiment-en', ...]
    """
    session = session or current()
    wanted = Wanted(
        author=author,
        task=task,
        category=category,
        domain=domain,
        library=library,
        language=language,
        licence=licence or license,
        tags=(tags,) if isinstance(tags, str) else tuple(tags),
        dataset=dataset,
        model=model,
        modality=modality,
        file_format=file_format,
        size=size,
        max_bytes=max_bytes,
        sdk=sdk,
        hardware=hardware,
        status=status,
        min_parameters=min_parameters,
        max_parameters=max_parameters,
        fits=fits,
        min_likes=min_likes,
        min_downloads=min_downloads,
        gated=gated,
        warm=warm,
        provider=provider,
        app=app,
    )
    hunt = Hunt(session, kind_of(kind), text, wanted, sort, details=details)
    hunt.limit = _checked("limit", session.settings.search_limit if limit is None else limit)
    hunt.look = _checked("look", session.settings.search_look if look is None else look, 10**9)
    _last[:] = [hunt]
    return hunt.take()


def search_more(
    limit: int | None = None, *, look: int | None = None, session: Session | None = None
) -> SearchResult:
    """The next rows of the last search, as many as it showed unless `limit` says otherwise."""
    session = session or current()
    if not _last or _last[0].session is not session:
        raise BadInput(
            "There is no search here to go on with.", "%hf search models WORD --limit 100 shows more at once"
        )
    hunt = _last[0]
    hunt.limit = hunt.limit if limit is None else _checked("limit", limit)
    hunt.look = hunt.look if look is None else _checked("look", look, 10**9)
    return hunt.latest.next() if hunt.latest else hunt.take()


class Hunt:
    """A search under way: what it asks, the rows found and not handed out yet, and where the list goes on."""

    def __init__(
        self,
        session: Session,
        kind: Kind,
        text: str | None,
        wanted: Wanted,
        sort: str,
        *,
        details: bool = False,
        providers: bool = False,
    ) -> None:
        self.session, self.kind, self.providers = session, kind, providers
        self.sort, self.upward = _sort(kind, sort)
        self.plan: Plan = plan(kind, wanted)
        self.details = _details(kind) if details else False
        said = {"text": text, **wanted.said(), "sort": self.sort + (":asc" if self.upward else "")}
        self.query = {name: value for name, value in said.items() if value}
        self.query |= {"gated": wanted.gated} if wanted.gated is not None else {}
        self.listing = Listing(session, kind, self._asked(text, wanted))
        self.waiting: list[Row] = []
        self.given = 0
        self.done = False
        self.limit, self.look = session.settings.search_limit, session.settings.search_look
        self.latest: SearchResult | None = None
        self._alone = threading.Lock()

    def take(self) -> SearchResult:
        """Further rows; whatever stops this, those found so far are handed out now or the next time."""
        with self._alone, self.session.span("hub.search", kind=self.kind) as span:
            stopped = None
            if self.upward:
                self._fill_all()
            else:
                stopped = self._fill()
            found = self.waiting[: self.limit]
            if self.details:
                found, lacking = detailed(found, self.session, carded=not self.plan.tests)
                stopped = stopped or lacking
            self.waiting = self.waiting[self.limit :]
            span.set(rows=len(found), looked=self.listing.looked)
        before, self.given = self.given, self.given + len(found)
        self.latest = SearchResult(
            self.kind,
            {**self.query, "limit": self.limit},
            tuple(found),
            more=bool(self.waiting) or not self._over,
            hub=self.session.settings.endpoint,
            looked=self.listing.looked,
            checked=tuple(test.what for test in self.plan.tests),
            before=before,
            stopped=stopped,
            note=self.listing.note,
            mbit=self.session.settings.download_mbit,
            further=functools.cache(self.take),
        )
        return self.latest

    @property
    def _over(self) -> bool:
        return self.done or self.listing.over

    def _asked(self, text: str | None, wanted: Wanted) -> dict[str, Any]:
        expand = [*rows.EXPAND[self.kind]]
        if wanted.warm or wanted.provider or self.providers:
            expand.append("inferenceProviderMapping")
        if self.sort == "parameters" or {"min_parameters", "max_parameters", "fits"} & wanted.said().keys():
            expand.append("gguf")
        # the list brings the cards along; where most rows are not shown, only the shown ones' are asked for
        if self.details and not self.plan.tests:
            expand.append("cardData")
        return {
            **self.plan.asked,
            **({"search": text} if text else {}),
            "sort": SORTS[self.sort],
            "expand": expand,
        }

    def _fill(self) -> str | None:
        """Read on until there is a row more than asked for (it says whether there are further ones)."""
        until = self.listing.read + (self.look if self.plan.tests else 2 * MOST_ROWS)
        try:
            while len(self.waiting) <= self.limit and not self._over and self.listing.read < until:
                self._read(until)
        except HfNbError as trouble:
            if not self.waiting:
                raise
            return trouble.problem
        return None

    def _fill_all(self) -> None:
        """The other way round nothing is certain before the end of the list."""
        if self.given or self.done:
            return
        while not self.listing.over and self.listing.read < self.look:
            self._read(self.look)
        if not self.listing.over:
            raise TooLarge(
                f"The Hub lists the other way round, and its list is longer than the {self.look:,} looked at.",
                f"Add a filter, or look further: --look {self.look * 10}",
            )
        key = _KEYS.get(self.sort, self.sort)
        known = [row for row in self.waiting if getattr(row, key) is not None]
        unknown = [row for row in self.waiting if getattr(row, key) is None]
        self.waiting = [*sorted(known, key=lambda row: getattr(row, key)), *unknown]
        self.done = True

    def _read(self, until: int) -> None:
        if self.listing.read and (self.plan.tests or self.upward):
            found = f"{len(self.waiting):,} found"
            looked, kinds = self.listing.looked, PLURALS[self.kind]
            progress.show(Progress("Looking through the Hub", looked, unit=kinds, detail=found))
        mbit = self.session.settings.download_mbit
        for item in self.listing.page(min(self._size(), until - self.listing.read)):
            row = rows.row(self.kind, item, mbit)
            if self.plan.passes(row):
                self.waiting.append(row)
            elif not self.upward and self.plan.ends(row, self.sort):
                self.done = True

    def _size(self) -> int:
        if self.upward:
            return LATER_PAGE
        if not self.plan.tests:
            return self.limit + 1 - len(self.waiting)
        return LATER_PAGE if self.listing.read or self.limit > FIRST_PAGE // 2 else FIRST_PAGE


# The last search, for "more of it".
_last: list[Hunt] = []


def _sort(kind: Kind, said: str) -> tuple[str, bool]:
    fitting = {word: theirs for word, theirs in SORTS.items() if kind in _ONLY.get(word, (kind,))}
    bare = said.partition(":")[0]
    if bare in _NOUNS and bare not in fitting:
        raise BadInput(
            f"{PLURALS[kind].capitalize()} have no {_NOUNS[bare]} to sort by.", f"Sorts: {', '.join(fitting)}"
        )
    word, upward = words.sort(said, fitting)
    if upward and word == "trending":
        raise BadInput(
            "What trends least is not worth a list.", "The other way round: created:asc, likes:asc"
        )
    return word, upward


_NOUNS = {"downloads": "download count", "parameters": "parameters", "size": "size"}


def _details(kind: Kind) -> bool:
    if kind != "dataset":
        raise BadInput(
            "Only datasets have details to fetch.", f"%hf info owner/name tells all about one {kind}."
        )
    return True


def _checked(name: str, value: int, most: int = MOST_ROWS) -> int:
    if not 1 <= value <= most:
        raise BadInput(f"{name} must be from 1 to {most:,}, not {value}.")
    return value
