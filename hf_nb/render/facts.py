"""What is worth knowing of a repository, as short facts: name, value, and the exact value behind it."""

from typing import NamedTuple
from urllib.parse import urlsplit

from hf_nb.render import plain, units
from hf_nb.values import RepoInfo
from hf_nb.values.info import Security

STAGES = {
    "RUNNING": "running",
    "SLEEPING": "asleep: the first visit wakes it",
    "PAUSED": "paused by its owner",
    "STOPPED": "stopped",
    "BUILDING": "being built",
    "RUNTIME_ERROR": "stopped by an error",
    "BUILD_ERROR": "its build failed",
    "CONFIG_ERROR": "its card is wrong",
    "NO_APP_FILE": "has no app yet",
}
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
RELATIONS = {
    "adapter": "adapter of",
    "quantized": "quantised from",
    "merge": "merged from",
    "finetune": "fine-tuned from",
    "newversion": "new version of",
}


class Fact(NamedTuple):
    """`exact` is shown on hover."""

    name: str
    value: str
    exact: str = ""


def facts(repo: RepoInfo) -> list[Fact]:
    """Those that have something to say, the likeliest question first."""
    found = {"model": _model, "dataset": _dataset, "space": _space}[repo.kind](repo)
    found += [
        _number("Downloads", repo.downloads, "in the last 30 days"),
        _number("Likes", repo.likes, "likes"),
        Fact("Updated", units.day(repo.updated) if repo.updated else "", str(repo.updated or "")),
        Fact("Commit", (repo.commit or "")[:12], repo.commit or ""),
    ]
    return [fact for fact in found if fact.value]


def licence(repo: RepoInfo) -> str:
    """In one line: its id, its sort, and what it says."""
    if repo.terms is None:
        return repo.licence or ""
    terms = repo.terms
    name = terms.name if terms.id == "unknown" else f"{terms.id} · {terms.words}"
    return f"{name}: {terms.sentence}" if terms.sentence else name


def app(repo: RepoInfo) -> str:
    """Where a Space can be used."""
    page = repo.runtime.page if repo.runtime else None
    return page if page and not is_local(repo.hub) else ""


def is_local(address: str) -> bool:
    """Pages of a Hub on this machine have another port tomorrow, and an output is stored with its notebook."""
    return urlsplit(address).hostname in _LOCAL


def origin(repo: RepoInfo) -> str:
    """What a model was made from."""
    if not repo.base_models:
        return ""
    word = RELATIONS.get(repo.relation or "", "built on")
    return f"{word} {_some(repo.base_models, 3)}"


def stored(repo: RepoInfo) -> str:
    """≈ 1.3 MB as stored (F32), or what its files weigh."""
    if "stored" in repo.memory:
        return f"≈ {units.size(repo.memory['stored'])} as stored"
    sizes = [one.bytes for one in repo.weights if one.bytes]
    if not sizes:
        return ""
    if len(sizes) == 1:
        return (
            f"≈ {units.size(sizes[0])}, {'beside its base' if repo.relation == 'adapter' else 'as its file'}"
        )
    return f"≈ {units.size(min(sizes))} to {units.size(max(sizes))}, by file"


def notes(repo: RepoInfo) -> list[tuple[bool, str]]:
    """(is it bad, sentence): what stands between the reader and using it."""
    found: list[tuple[bool, str]] = []
    if repo.renamed_from:
        found.append((False, f"{repo.renamed_from} is now called {repo.id}."))
    if repo.disabled:
        found.append((True, "The Hub has disabled this repository."))
    if repo.gated:
        found.append((False, gate(repo)))
    if repo.security:
        found += [(True, line) for line in dangers(repo.security)]
    if repo.note:
        found.append((False, repo.note))
    return found


def gate(repo: RepoInfo) -> str:
    """Who decides, and where the reader stands."""
    how = {
        "auto": "Gated: access is granted at once on request.",
        "manual": "Gated: the owner lets people in, one by one.",
    }.get(repo.gated or "", "Gated.")
    access = repo.access
    if access is None:
        return how
    if access.granted:
        return f"{how} You have access."
    stand = " You have no access yet." if access.granted is False else ""
    asks = f" You will be asked for: {_some(access.fields, 4, '; ')}." if access.fields else ""
    return f"{how}{stand}{asks}"


def dangers(security: Security) -> list[str]:
    """What could run, and that nothing here runs it."""
    lines = []
    for issue in security.issues[:3]:
        brings = f" It would bring in {_some(issue.imports, 4)}." if issue.imports else ""
        lines.append(f"The Hub's scan calls {issue.path} {issue.level}.{brings} Nothing here loads it.")
    if len(security.issues) > 3:
        lines.append(f"{len(security.issues) - 3} more files are marked by the Hub's scan.")
    quiet = [path for path in security.pickles if path not in {one.path for one in security.issues}]
    if quiet and not security.issues:
        lines.append(
            f"{_some(quiet, 2)}: a pickle, which can run code when it is loaded. Nothing here loads it."
        )
    if security.code:
        lines.append(
            f"Brings code of its own ({_some(security.code, 3)}): it is never run unless trust_remote_code is named."
        )
    return lines


def _model(repo: RepoInfo) -> list[Fact]:
    total = sum(repo.parameters.values())
    precision = ", ".join(sorted(repo.parameters, key=lambda kind: -repo.parameters[kind])[:3])
    formats = dict.fromkeys(one.format for one in repo.weights)
    return [
        Fact("Task", repo.task or ""),
        Fact("Parameters", f"{units.count(total)} ({precision})" if total else "", f"{total:,} parameters"),
        Fact("Memory", stored(repo), "the weights alone"),
        Fact("On this machine", repo.fits or "", f"with how fast it is: %hf fit {repo.id}"),
        Fact("Formats", ", ".join(formats)),
        Fact("Library", repo.library or ""),
        Fact("Languages", _some(repo.languages, 5), ", ".join(repo.languages)),
        Fact("Origin", origin(repo)),
        Fact("Trained on", _some(repo.datasets, 3), ", ".join(repo.datasets)),
        Fact("Stated result", _best(repo)),
        Fact("Context", f"{repo.context:,} tokens" if repo.context else ""),
        Fact("Security", _security(repo.security)),
    ]


def _dataset(repo: RepoInfo) -> list[Fact]:
    rows = [one.rows for one in repo.subsets if one.rows is not None]
    columns = {name for one in repo.subsets for name in one.columns}
    size = sum(one.bytes or 0 for one in repo.subsets)
    download = sum(one.download or 0 for one in repo.subsets) or repo.bytes
    category = next((tag[16:] for tag in repo.tags if tag.startswith("size_categories:")), None)
    modality = [tag[9:] for tag in repo.tags if tag.startswith("modality:")]
    formats = [tag[7:] for tag in repo.tags if tag.startswith("format:")]
    return [
        Fact("Task", _some(repo.tasks, 2), ", ".join(repo.tasks)),
        Fact(
            "Rows",
            units.count(sum(rows)) if rows else units.range_of(category) if category else "",
            f"{sum(rows):,}" if rows else "",
        ),
        Fact("Columns", f"{len(columns):,}" if columns else ""),
        Fact("Subsets", f"{len(repo.subsets):,}" if len(repo.subsets) > 1 else ""),
        Fact("Download", units.size(download) if download else "", f"{download:,} bytes"),
        Fact("In memory", f"≈ {units.size(size)}" if size else "", f"{size:,} bytes"),
        Fact("Format", ", ".join(formats)),
        Fact("Holds", ", ".join(modality)),
        Fact("Languages", _some(repo.languages, 5), ", ".join(repo.languages)),
    ]


def _space(repo: RepoInfo) -> list[Fact]:
    runtime = repo.runtime
    found = [Fact("SDK", repo.sdk or "")]
    if runtime:
        stage = STAGES.get(runtime.stage, runtime.stage.lower().replace("_", " "))
        wanted = runtime.requested if runtime.requested != runtime.hardware else None
        found += [
            Fact("Status", stage, runtime.stage),
            Fact("Hardware", runtime.hardware or (f"asked for {wanted}" if wanted else "")),
            Fact("Sleeps after", _hours(runtime.sleeps_after), f"{runtime.sleeps_after} s"),
        ]
    return [
        *found,
        Fact("Models", _some(repo.models, 3), ", ".join(repo.models)),
        Fact("Datasets", _some(repo.datasets, 3), ", ".join(repo.datasets)),
    ]


def _hours(seconds: int | None) -> str:
    if not seconds or seconds < 0:
        return ""
    return f"{seconds // 3600} h idle" if seconds >= 3600 else f"{seconds // 60} min idle"


def _best(repo: RepoInfo) -> str:
    """The first result the card states: what a reader looks for."""
    if not repo.scores:
        return ""
    first = repo.scores[0]
    return f"{first.metric} {value(first.value)} on {first.dataset}"


def _security(found: Security | None) -> str:
    if found is None or found.status == "unscanned":
        return "not scanned" if found else ""
    return "no problem found" if found.status == "safe" else found.status


def _number(name: str, count: int | None, what: str) -> Fact:
    return Fact(name, units.count(count) if count is not None else "", f"{count or 0:,} {what}")


def _some(words: tuple[str, ...] | list[str], most: int, glue: str = ", ") -> str:
    more = f"{glue}{len(words) - most} more" if len(words) > most else ""
    return plain.clean(glue.join(words[:most])) + more


def value(number: float | str) -> str:
    """A result as a card states it: three figures are enough."""
    if not isinstance(number, float):
        return str(number)
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
