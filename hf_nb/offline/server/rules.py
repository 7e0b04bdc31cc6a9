"""The failures in force: which request each one strikes, and how often. What they do stands in faults.py."""

from __future__ import annotations

import difflib
import fnmatch
import random
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl

from hf_nb.errors import BadInput
from hf_nb.offline.server import table
from hf_nb.offline.server.outages import OUTAGES
from hf_nb.offline.server.refusals import Refusal

Before = Literal["latency", "refuse", "status", "portal", "empty", "loop"]
Upload = Literal["cut-upload", "stall-upload", "slow-upload", "short-upload"]
After = Literal["lost"]
Body = Literal["cut", "stall", "slow", "corrupt", "wrong-length"]
Stream = Literal["no-end", "error-event"]
Kind = Literal[Before, Upload, After, Body, Stream]
# when a rule is asked: as the request comes, as its body does, as the answer starts, as its body does, as events do
BEFORE, UPLOAD, AFTER, BODY, STREAM = (
    frozenset(get_args(kinds)) for kinds in (Before, Upload, After, Body, Stream)
)
KINDS: tuple[Kind, ...] = get_args(Kind)
ORIGINS = ("hub", "cdn")
_NUMBERS = ("count", "rate", "after", "every", "seconds", "jitter", "at")
_WHOLE = ("count", "after", "every", "seed")
_TEXTS = ("match", "origin", "user", "repo", "code")


@dataclass
class Rule:
    """One kind of failure: where it strikes, how often, and how."""

    id: int
    kind: Kind
    match: str = "*"
    origin: str | None = None
    user: str | None = None
    repo: str | None = None
    count: int | None = None
    rate: float = 1.0
    seed: int = 0
    after: int = 0
    every: int = 1
    status: int | None = None
    code: str | None = None
    seconds: float | None = None
    jitter: float = 0.0
    at: float | None = None
    seen: int = 0
    used: int = 0

    def fits(self, request: Request) -> bool:
        """Whether this is a request it is meant for."""
        return (
            self.origin in (None, request.origin)
            and self.user in (None, request.user)
            and (self.repo is None or self.repo.lower() in request.repos)
            and self._named(request)
        )

    def place(self, length: int) -> int:
        """Where in a body it strikes; always before its end."""
        at = 0.5 if self.at is None else self.at
        return min(int(at * length) if at < 1 else int(at), max(0, length - 1))

    def _named(self, request: Request) -> bool:
        if "{" in self.match:
            method, _, pattern = self.match.rpartition(" ")
            return pattern == request.route and method in ("", "*", request.method)
        alone = self.match.startswith(("/", "*"))
        return fnmatch.fnmatchcase(request.path if alone else f"{request.method} {request.path}", self.match)


@dataclass(frozen=True)
class Request:
    """What a rule can tell requests apart by."""

    origin: str
    method: str
    path: str
    route: str | None
    repos: frozenset[str]  # the repository's id, and the same with its type before it
    user: str = ""


class Rules:
    """All of them, with their counts."""

    def __init__(self) -> None:
        self._rules: dict[int, Rule] = {}
        self._dice: dict[int, random.Random] = {}
        self._number = 0
        self._lock = threading.Lock()

    @property
    def any(self) -> bool:
        """Whether there is a rule at all; without one a request is left alone."""
        return bool(self._rules)

    @property
    def by_user(self) -> bool:
        """Whether somebody needs to know who asks."""
        return any(rule.user is not None for rule in list(self._rules.values()))

    def add(self, given: Mapping[str, Any]) -> Rule:
        """A new failure; nonsense is refused."""
        with self._lock:
            self._number += 1
            rule = _checked(self._number, given)
            self._rules[rule.id] = rule
            self._dice[rule.id] = random.Random(rule.seed)  # noqa: S311 -- the same failures on every run
        return rule

    def remove(self, number: int | None = None) -> None:
        """End one failure, or all of them."""
        with self._lock:
            for id in list(self._rules) if number is None else [number]:
                self._rules.pop(id, None)
                self._dice.pop(id, None)

    def holds(self, rule: Rule) -> bool:
        """Whether it is in force still."""
        return rule.id in self._rules

    def lines(self) -> list[dict[str, Any]]:
        """The rules as they stand."""
        with self._lock:
            return [asdict(rule) for rule in self._rules.values()]

    def pick(self, request: Request, kinds: frozenset[str]) -> list[Rule]:
        """Those of these kinds that strike this request now; each counts as used."""
        with self._lock:
            struck = [
                rule
                for rule in self._rules.values()
                if rule.kind in kinds and rule.fits(request) and self._strikes(rule)
            ]
            for rule in struck:
                rule.used += 1
        return struck

    def _strikes(self, rule: Rule) -> bool:
        rule.seen += 1
        late = rule.seen - rule.after
        return (
            late > 0
            and late % rule.every == 0
            and (rule.count is None or rule.used < rule.count)
            and self._dice[rule.id].random() < rule.rate
        )


def request(origin: str, method: str, path: str, user: str = "", query: str = "") -> Request:
    """A request as rules see it."""
    try:
        found = table.match("GET" if method == "HEAD" else method, path)
        # a file's address on the other origin is the Hub's own for it
        named = found or table.match("GET", path)
    except Refusal:
        found = named = None
    names = named.names if named else {}
    repos: set[str] = set()
    if "name" in names:
        id = f"{names['ns']}/{names['name'].removesuffix('.git')}".lower()
        repos = {id, f"{names.get('types', 'models')}/{id}"}
    elif path.startswith("/datasets-server/"):  # the viewer is asked about a dataset in the query
        id = dict(parse_qsl(query)).get("dataset", "").lower()
        repos = {id, f"datasets/{id}"} if id else set()
    route = found.pattern if found and origin == "hub" else None
    return Request(origin, method, path, route, frozenset(repos), user)


def _checked(number: int, given: Mapping[str, Any]) -> Rule:
    said = {name: value for name, value in given.items() if value is not None}
    if said.keys() - {"kind", *_NUMBERS, *_WHOLE, *_TEXTS, "status"} or said.get("kind") not in KINDS:
        raise BadInput(f"No such fault: {dict(given)!r}", f"Kinds: {', '.join(KINDS)}")
    for name, value in said.items():
        negative = isinstance(value, int | float) and not value >= 0
        if isinstance(value, bool) or not isinstance(value, _wanted(name)) or negative:
            raise BadInput(f"A fault's {name} cannot be {value!r}.")
    rule = Rule(number, **said)
    rule.every = max(1, rule.every)
    _check_status(rule)
    _check_match(rule)
    return rule


def _wanted(name: str) -> tuple[type, ...]:
    if name in _WHOLE or name == "status":
        return (int,)
    return (int, float) if name in _NUMBERS else (str,)


def _check_status(rule: Rule) -> None:
    if rule.kind == "status" or (rule.kind == "lost" and rule.status is not None):
        if rule.status not in OUTAGES:
            raise BadInput(
                f"No such status: {rule.status!r}", f"Statuses: {', '.join(map(str, sorted(OUTAGES)))}"
            )
        if rule.code is not None and rule.code not in OUTAGES[rule.status]:
            raise BadInput(
                f"The Hub sends no {rule.code!r} with {rule.status} {HTTPStatus(rule.status).phrase}.",
                f"Codes: {', '.join(filter(None, OUTAGES[rule.status])) or 'none'}",
            )
    elif rule.status is not None or rule.code is not None:
        raise BadInput(f"A {rule.kind} has no status.", "Kinds with one: status, lost.")


def _check_match(rule: Rule) -> None:
    if rule.origin not in (None, *ORIGINS):
        raise BadInput(f"No such origin: {rule.origin!r}", f"Origins: {', '.join(ORIGINS)}")
    if "{" not in rule.match:
        return
    method, _, pattern = rule.match.rpartition(" ")
    methods = {"GET" if method == "HEAD" else method} if method not in ("", "*") else set(table.ROUTES)
    known = {route for name in methods for route in table.ROUTES.get(name, {})}
    if pattern not in known:
        close = difflib.get_close_matches(pattern, known, n=1, cutoff=0.3)
        raise BadInput(
            f"No such route: {rule.match!r}",
            f"The nearest is {f'{method} {close[0]}'.strip()}" if close else "",
        )
