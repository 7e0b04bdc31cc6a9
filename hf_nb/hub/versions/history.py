"""Branches, tags, pull requests and commits of a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.hub import ids
from hf_nb.hub.address import Address, asked, quoted, shown
from hf_nb.hub.headers import headers
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session, current
from hf_nb.values.history import Commit, Log, Ref, Refs, Sort

if TYPE_CHECKING:
    from huggingface_hub import HfApi

MAIN = "main"
PAGE = 100
MOST_COMMITS = 10_000
_BACK = re.compile(r"(?P<name>.*?)(?:~(?P<count>\d*)|\^)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def refs(repo: str, *, kind: str | None = None, session: Session | None = None) -> Refs:
    """Every branch, tag and pull request, with the commit it stands at."""
    session = session or current()

    def ask(hub: HfApi, address: Address) -> Any:
        return hub.list_repo_refs(address.id, repo_type=address.kind, include_pull_requests=True)

    with http.verb(session) as read, session.span("hub.refs", repo=repo), session.ledger.looking():
        address, found = asked(repo, kind, session, ask)
    return Refs(address.kind, address.id, tuple(_refs(found)), session.settings.endpoint, shown(read))


def log(
    repo: str,
    revision: str | None = None,
    *,
    limit: int = 20,
    kind: str | None = None,
    session: Session | None = None,
) -> Log:
    """Commits of a branch, tag or commit, the newest first; only as many pages are asked for as `limit` needs."""
    if not 1 <= limit <= MOST_COMMITS:
        raise BadInput(f"limit must be from 1 to {MOST_COMMITS:,}, not {limit}.")
    session = session or current()
    revision = revision or ids.which(repo, kind, None, session).revision

    def ask(hub: HfApi, address: Address) -> list[Commit]:
        found = list(islice(_from(address, revision, limit + 1, session), limit + 1))
        return found or [commit_at(address, revision, session)]

    with http.verb(session) as read, session.span("hub.log", repo=repo) as span, session.ledger.looking():
        address, found = asked(repo, kind, session, ask)
        span.set(commits=min(len(found), limit))
    older = found[limit].id if len(found) > limit else None
    return Log(
        address.kind,
        address.id,
        revision or MAIN,
        tuple(found[:limit]),
        older,
        session.settings.endpoint,
        shown(read),
    )


def commit_at(address: Address, revision: str | None, session: Session) -> Commit:
    """The commit a revision means: a branch, a tag, an id, `refs/pr/3`, `main~2`, or a day."""
    found = next(_from(address, revision, 1, session), None)
    if found is None:
        raise NotFound(f"{address} has no commit at {revision or MAIN}.", f"%hf log {address.full}")
    return found


def commits(address: Address, revision: str, most: int, session: Session) -> Iterator[Commit]:
    """Newest first, a page at a time."""
    from huggingface_hub.utils import paginate

    url = f"{session.settings.endpoint}{address.api}/commits/{quoted(revision)}"
    for item in paginate(url, params={"limit": min(most, PAGE)}, headers=headers()):
        yield _commit(item)


def _from(address: Address, revision: str | None, most: int, session: Session) -> Iterator[Commit]:
    """Commits from the one that `revision` means onwards."""
    name = revision or MAIN
    if back := _BACK.fullmatch(name):
        count = int(back["count"] or 1)
        if count > MOST_COMMITS:
            raise BadInput(f"{name} is further back than the {MOST_COMMITS:,} commits that are looked at.")
        yield from islice(commits(address, back["name"] or MAIN, most + count, session), count, count + most)
    elif _DATE.fullmatch(name):
        end = _end_of(name)
        found = commits(address, MAIN, PAGE, session)
        yield from islice((one for one in found if one.date and one.date < end), most)
    else:
        yield from commits(address, name, most, session)


def _end_of(day: str) -> datetime:
    """The first moment that is later than what was named: a day is meant whole."""
    try:
        when = datetime.fromisoformat(day)
    except ValueError:
        raise BadInput(f"{day!r} is no date.", "Dates look like 2026-11-21") from None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when + (timedelta(days=1) if len(day) == 10 else timedelta(seconds=1))


def _commit(item: dict[str, Any]) -> Commit:
    from huggingface_hub.utils import parse_datetime

    authors = tuple(str(one.get("user") or "deleted") for one in item.get("authors") or ())
    return Commit(
        item["id"], item.get("title") or "", item.get("message") or "", authors, parse_datetime(item["date"])
    )


def _refs(found: Any) -> Iterator[Ref]:
    sorts: tuple[tuple[Sort, Any], ...] = (
        ("branch", found.branches),
        ("tag", found.tags),
        ("pull request", found.pull_requests or ()),
        ("convert", found.converts),
    )
    for sort, some in sorts:
        for one in some:
            plain = sort in ("branch", "tag")
            yield Ref(sort, one.name, one.name if plain else one.ref, one.target_commit)
