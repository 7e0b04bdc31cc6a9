"""Discussions and pull requests: listed, read, opened, answered. Closing and merging stay the official words.

discuss.list("owner/name")                 discuss.open("owner/name", "A question", "Does it *work*?")
discuss.read("owner/name", 3)              discuss.comment("owner/name", 3, "It does.")
"""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, HfNbError, NotFound, Passing, Refused
from hf_nb.hub import ids
from hf_nb.hub.address import Address, about, asked, get, shown
from hf_nb.hub.client import api
from hf_nb.hub.versions import diff as comparing
from hf_nb.hub.versions import history
from hf_nb.plumbing import http, redact
from hf_nb.plumbing.session import Session, current
from hf_nb.values.diff import Diff
from hf_nb.values.discuss import Discussion, Discussions, Event, Said, Thread

if TYPE_CHECKING:
    from huggingface_hub import HfApi

STATUSES = ("open", "closed", "all")
LONGEST = 65_536
_PR_COMMITS = 500
_SORTS: dict[str, Said] = {
    "comment": "comment",
    "status-change": "status",
    "commit": "commit",
    "title-change": "title",
}


def list(  # noqa: A001 -- discuss.list(…) is what one would type
    repo: str,
    *,
    status: str = "open",
    limit: int = 20,
    kind: str | None = None,
    session: Session | None = None,
) -> Discussions:
    """Discussions and pull requests that are open (`closed`, or `all`), the newest first."""
    if status not in STATUSES:
        raise BadInput(f"There is no status {status!r}.", f"Statuses: {', '.join(STATUSES)}")
    if not 1 <= limit <= 1_000:
        raise BadInput(f"limit must be from 1 to 1,000, not {limit}.")
    session = session or current()

    def ask(hub: HfApi, address: Address) -> builtins.list[Discussion]:
        return builtins.list(islice(_rows(address, status, session), limit + 1))

    with http.verb(session) as seen, session.span("hub.discuss.list", repo=repo), session.ledger.looking():
        address, rows = asked(repo, kind, session, ask)
    return Discussions(
        address.kind,
        address.id,
        status,
        tuple(rows[:limit]),
        len(rows) > limit,
        session.settings.endpoint,
        shown(seen),
    )


def read(repo: str, num: int, *, kind: str | None = None, session: Session | None = None) -> Thread:
    """One thread; of a pull request also what it would change."""
    session = session or current()
    _check_number(num)

    with (
        http.verb(session) as seen,
        session.span("hub.discuss.read", repo=repo, num=num),
        session.ledger.looking(),
    ):
        address, found = asked(repo, kind, session, lambda hub, address: _details(hub, address, num, session))
        thread = _thread(address, found, session)
    note = " ".join(filter(None, (thread.note, shown(seen))))
    return dataclasses.replace(thread, note=note or None)


def open(  # noqa: A001 -- discuss.open(…) is what one would type
    repo: str,
    title: str,
    text: str = "",
    *,
    pull_request: bool = False,
    kind: str | None = None,
    session: Session | None = None,
) -> Thread:
    """Open a discussion, or a pull request (a draft; push to its `refs/pr/N`)."""
    session = session or current()
    if not title.strip():
        raise BadInput("A discussion needs a title.", '%%hf discuss owner/name --title "A question"')
    _check_text(title)
    _check_text(text)
    with session.span("hub.discuss.open", repo=repo), session.ledger.looking():
        address = _writable(repo, kind, session)
        with _posted(f"%hf discuss {address.full}"), about(address, session):
            found = api(session).create_discussion(
                address.id, title, description=text or None, repo_type=address.kind, pull_request=pull_request
            )
        return _thread(address, found, session)


def comment(
    repo: str, num: int, text: str, *, kind: str | None = None, session: Session | None = None
) -> Thread:
    """Say something in a thread."""
    session = session or current()
    _check_number(num)
    _check_text(text)
    if not text.strip():
        raise BadInput(
            "There is nothing to say.", f"Put the comment into the cell: %%hf discuss {repo} {num}"
        )
    with session.span("hub.discuss.comment", repo=repo, num=num), session.ledger.looking():
        address = _writable(repo, kind, session)
        step = f"%hf discuss {address.full} {num}"
        with _posted(step), _there(address, num), about(address, session):
            said = api(session).comment_discussion(address.id, num, text, repo_type=address.kind)
        try:
            with about(address, session):
                found = api(session).get_discussion_details(address.id, num, repo_type=address.kind)
            return _thread(address, found, session)
        except HfNbError as wrong:
            # said is said: an error here would make somebody say it twice
            note = f"Your comment is there; the rest could not be read: {wrong.problem}"
            url = f"{session.settings.endpoint}/{address.full}/discussions/{num}"
            return Thread(
                address.kind, address.id, num, "", "", "", None, False, (_event(said),), url, note=note
            )


def _rows(address: Address, status: str, session: Session) -> Iterator[Discussion]:
    """The official listing leaves out how many comments there are, so the pages are read here."""
    from huggingface_hub.utils import parse_datetime

    page, seen = 0, 0
    while True:
        told = get(address, "/discussions", session, p=page, status=status)
        for one in told["discussions"]:
            yield Discussion(
                one["num"],
                one["title"],
                one["status"],
                (one.get("author") or {}).get("name", "deleted"),
                parse_datetime(one["createdAt"]),
                one["isPullRequest"],
                one.get("numComments"),
            )
        seen += len(told["discussions"])
        if not told["discussions"] or seen >= told["count"]:
            return
        page += 1


def _details(hub: HfApi, address: Address, num: int, session: Session) -> Any:
    with _there(address, num), about(address, session):
        return hub.get_discussion_details(address.id, num, repo_type=address.kind)


@contextlib.contextmanager
def _there(address: Address, num: int) -> Iterator[None]:
    """The Hub says 404 for a wrong number as for a wrong repository; only the latter has a class of its own."""
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        yield
    except NotFound as missing:
        if isinstance(missing.__cause__, RepositoryNotFoundError):
            raise
        step = f"Those there are: %hf discuss {address.full} --status all"
        raise NotFound(f"{address} has no discussion {num}.", step) from None


def _thread(address: Address, found: Any, session: Session) -> Thread:
    conflicts = found.conflicting_files
    changes, note = _changes(address, found, session) if found.is_pull_request else (None, None)
    return Thread(
        address.kind,
        address.id,
        found.num,
        found.title,
        found.status,
        found.author,
        found.created_at,
        found.is_pull_request,
        tuple(_event(one) for one in found.events),
        found.url,
        target=(found.target_branch or "").removeprefix("refs/heads/") or None,
        conflicts=tuple(conflicts)
        if isinstance(conflicts, builtins.list)
        else ("(not listed)",) * bool(conflicts),
        merged_as=found.merge_commit_oid,
        diff=changes,
        note=note,
    )


def _changes(address: Address, found: Any, session: Session) -> tuple[Diff | None, str | None]:
    """From where the pull request left its branch to where it stands now; the branch may have moved on since."""
    own = {one.oid for one in found.events if one.type == "commit"}
    if not own:
        return None, f"It changes nothing yet: push to {found.git_reference}."
    ref = found.git_reference
    try:
        with about(address, session):
            commits = builtins.list(islice(history.commits(address, ref, _PR_COMMITS, session), _PR_COMMITS))
            base = next((one for one in commits if one.id not in own), None)
            if base is None:
                return None, "What it changes could not be found among its commits."
            names = (found.target_branch or "main").removeprefix("refs/heads/"), ref
            return comparing.between(address, base, commits[0], session, names=names), None
    except HfNbError as wrong:
        return None, f"What it changes could not be read: {wrong.problem}"


def _event(one: Any) -> Event:
    sort = _SORTS.get(one.type, "other")
    match sort:
        case "comment":
            hidden = bool(one.hidden)
            return Event(
                sort,
                one.author,
                one.created_at,
                "" if hidden else one.content,
                edited=bool(one.edited),
                hidden=hidden,
            )
        case "status":
            return Event(sort, one.author, one.created_at, one.new_status)
        case "commit":
            return Event(sort, one.author, one.created_at, one.summary, commit=one.oid)
        case "title":
            return Event(sort, one.author, one.created_at, f"{one.old_title} → {one.new_title}")
        case _:
            return Event("other", one.author, one.created_at, one.type)


def _writable(repo: str, kind: str | None, session: Session) -> Address:
    """Where to write: without a kind the repository is looked for, since a guess would be posted."""
    bare, only, _ = ids.which(repo, kind, None, session)
    if only:
        return Address(only, bare)
    return asked(repo, None, session, lambda hub, address: hub.repo_info(address.id, repo_type=address.kind))[
        0
    ]


@contextlib.contextmanager
def _posted(step: str) -> Iterator[None]:
    """An answer that got lost does not say whether the question arrived: look before saying it again."""
    try:
        yield
    except Passing as passing:
        passing.next_step = f"It may have arrived: look before trying again: {step}"
        raise


def _check_number(num: int) -> None:
    if isinstance(num, bool) or not isinstance(num, int) or num < 1:
        raise BadInput(f"{num!r} is no number of a discussion.", "Numbers: %hf discuss owner/name")


def _check_text(text: str) -> None:
    if redact.has_hub_token(text):
        raise Refused("There is a Hub token in the text, and everybody could read it.", "Take it out first.")
    if len(text) > LONGEST:
        raise BadInput(f"A comment has at most {LONGEST:,} characters, not {len(text):,}.")
