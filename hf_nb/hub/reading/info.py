"""One repository: its card, files, numbers, licence, and what stands between it and its use.

One request says nearly everything. What else is worth asking (the card's text, whether you have access, what a pickle
would import) is asked at the same time, and what fails of that becomes a note.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from hf_nb.errors import HfNbError, NotFound, Unauthorized
from hf_nb.hub import fits, ids
from hf_nb.hub.client import api
from hf_nb.hub.finding.rows import Tags
from hf_nb.hub.reading import card as cards
from hf_nb.hub.reading import licence, security, weights
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http, reading, token
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Kind, RepoInfo
from hf_nb.values.info import Access, File, Runtime, Security, View

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Answer = TypeVar("Answer")
_CARDLESS = "author createdAt disabled lastModified likes private sha siblings tags".split()
CARDLESS: dict[Kind, list[str]] = {
    "model": [
        *_CARDLESS,
        *"config downloads gated gguf library_name pipeline_tag safetensors spaces".split(),
    ],
    "dataset": [*_CARDLESS, "downloads", "gated"],
    "space": [*_CARDLESS, "runtime", "sdk"],
}
PATIENCE = 10.0  # seconds for what would be good to know, too


def info(
    repo: str,
    *,
    kind: str | None = None,
    revision: str | None = None,
    files: bool = False,
    card: bool = False,
    session: Session | None = None,
) -> RepoInfo:
    """What the Hub knows of `owner/name` (`datasets/owner/name`, `owner/name@v1`, an address of the Hub, or kind=…).

    `files` and `card` change what is shown first, not what is read.
    """
    session = session or current()
    asked = ids.which(repo, kind, revision, session)
    view: View = "files" if files else "card" if card else "summary"
    hub = api(session)
    with http.verb(session) as read, session.span("hub.info", repo=asked.id), session.ledger.looking():
        for one in (asked.kind,) if asked.kind else ids.ORDER:
            try:
                with translated(f"{one} {asked.id}", session.settings):
                    found, odd = _ask(hub, one, asked)
            except NotFound as missing:
                if "revision" in missing.problem:
                    raise NotFound(missing.problem, f"See: %hf refs {_full(one, asked.id)}") from None
                continue
            notes = [f"Shown {read.note}." if read.note else None, odd]
            return _Reading(hub, session, one, found, asked, view, [note for note in notes if note]).info()
        raise ids.missing(asked.id, asked.kind, session)


def _ask(hub: HfApi, kind: Kind, asked: ids.Which) -> tuple[Any, str | None]:
    """What the official client makes of it; a card so odd that it cannot read the answer is left out, with a note."""
    asks: dict[Kind, Callable[..., Any]] = {
        "model": hub.model_info,
        "dataset": hub.dataset_info,
        "space": hub.space_info,
    }
    ask = asks[kind]
    scanned = {"securityStatus": True} if kind == "model" else {}
    # whether a Space runs is worth knowing as of now
    with reading.fresh() if kind == "space" else contextlib.nullcontext():
        try:
            return ask(asked.id, revision=asked.revision, files_metadata=True, **scanned), None
        except (TypeError, AttributeError, KeyError):
            found = ask(asked.id, revision=asked.revision, expand=CARDLESS[kind])
            return found, "What its card states at its top cannot be read."


class _Reading:
    """One repository while it is read."""

    def __init__(
        self,
        hub: HfApi,
        session: Session,
        kind: Kind,
        found: Any,
        asked: ids.Which,
        view: View,
        notes: list[str],
    ) -> None:
        self.hub, self.session, self.kind, self.found = hub, session, kind, found
        self.asked, self.view, self.notes = asked, view, notes
        self.card: dict[str, Any] = found.card_data.to_dict() if found.card_data else {}
        self.files = tuple(File(one.rfilename, one.size, one.lfs is not None) for one in found.siblings or ())

    def info(self) -> RepoInfo:
        """Everything, what needs further requests at once."""
        pool = ThreadPoolExecutor(3, thread_name_prefix="hf-nb-info")
        try:
            text = self._later(pool, self._text)
            checked = self._later(pool, self._security)
            access = self._later(pool, self._access)
            return self._put_together(text.result(), checked.result(), access.result())
        finally:  # the stop button does not wait for what is still on its way
            pool.shutdown(wait=False, cancel_futures=True)

    def _later(self, pool: ThreadPoolExecutor, read: Callable[[], Answer]) -> Future[Answer]:
        def within() -> Answer:
            with reading.scope(PATIENCE):
                return read()

        return pool.submit(contextvars.copy_context().run, within)

    def _put_together(self, text: str, checked: Security | None, access: Access | None) -> RepoInfo:
        found, card, tagged = self.found, self.card, Tags(self.found.tags or ())
        terms = licence.of(found)
        counted, gguf = weights.parameters(found), _dict(getattr(found, "gguf", None))
        config = _dict(getattr(found, "config", None))
        tasks = cards.listed(card.get("task_categories")) or tagged.all("task_categories")
        task = getattr(found, "pipeline_tag", None)
        return RepoInfo(
            kind=self.kind,
            id=found.id,
            hub=self.session.settings.endpoint,
            commit=found.sha,
            revision=self.asked.revision,
            author=found.author,
            created=found.created_at,
            updated=found.last_modified,
            downloads=getattr(found, "downloads", None),
            likes=found.likes,
            gated=getattr(found, "gated", None) or None,
            private=bool(found.private),
            disabled=bool(found.disabled),
            task=task or (tasks[0] if tasks else None),
            tasks=(task,) if task else tasks,
            library=getattr(found, "library_name", None),
            licence=terms.id if terms.id != "unknown" or card.get("license") else None,
            terms=terms,
            languages=tagged.languages(self.kind) or cards.listed(card.get("language")),
            datasets=cards.listed(card.get("datasets")) or tagged.all("dataset"),
            models=cards.listed(card.get("models")) if self.kind == "space" else (),
            spaces=cards.listed(getattr(found, "spaces", None)),
            base_models=cards.listed(card.get("base_model")),
            relation=_relation(card, tagged),
            papers=tagged.all("arxiv"),
            tags=tuple(found.tags or ()),
            architecture=_first(config.get("architectures")) or _word(gguf.get("architecture")),
            context=_count(gguf.get("context_length")),
            parameters=counted,
            memory=weights.memory(counted, _count(gguf.get("total"))) if self.kind == "model" else {},
            fits=self._fits(counted),
            weights=weights.variants(self.files) if self.kind == "model" else (),
            files=self.files,
            scores=tuple(cards.scores(found)) if found.card_data else (),
            subsets=cards.subsets(card) if self.kind == "dataset" else (),
            security=checked,
            access=access,
            sdk=getattr(found, "sdk", None),
            runtime=_runtime(found),
            title=_word(card.get("title")) or _word(card.get("pretty_name")),
            card=text,
            renamed_from=self.asked.id if _renamed(self.asked.id, found.id) else None,
            note=" ".join(self.notes) or None,
            view=self.view,
        )

    def _fits(self, counted: dict[str, int]) -> str | None:
        """Whether a model has room here, by what was read anyway; of packed numbers nobody knows."""
        sizes = weights.memory(counted)
        if self.kind != "model" or "fp32" not in sizes:
            return None
        found = fits.room(sum(counted.values()), sizes.get("stored"))
        return found.sentence if found else None

    def _text(self) -> str:
        text, note = cards.text(self.hub, self.session, self.kind, self.found)
        self.notes += [note] if note else []
        return text

    def _security(self) -> Security | None:
        try:
            return security.read(self.hub, self.session, self.kind, self.found, self.files)
        except HfNbError as wrong:
            self.notes.append(f"The scan of its files could not be read: {wrong.problem}")
            return None

    def _access(self) -> Access | None:
        gated = getattr(self.found, "gated", None)
        if not gated:
            return None
        ask = f"{self.session.settings.endpoint}/{_full(self.kind, self.found.id)}"
        fields = tuple(_dict(self.card.get("extra_gated_fields")))[:20]
        heading = _word(self.card.get("extra_gated_heading")) or ""
        return Access(str(gated), self._granted(), ask, heading, tuple(map(str, fields)))

    def _granted(self) -> bool | None:
        """Has the token in use been let in? Without a token, nobody was."""
        if token.name() is None:
            return False
        try:
            with translated(f"{self.kind} {self.found.id}", self.session.settings):
                self.hub.auth_check(self.found.id, repo_type=self.kind)
        except (Unauthorized, NotFound):
            return False
        except HfNbError:
            return None
        return True


def _full(kind: Kind, id: str) -> str:
    return id if kind == "model" else f"{kind}s/{id}"


def _renamed(asked: str, found: str) -> bool:
    """Another name, not another spelling of the same."""
    return asked.lower() != found.lower()


def _relation(card: dict[str, Any], tagged: Tags) -> str | None:
    """adapter, quantized, merge or finetune: the card says so, or the Hub found out."""
    if word := _word(card.get("base_model_relation")):
        return word
    found = [tag.partition(":")[0] for tag in tagged.all("base_model") if ":" in tag]
    return found[0] if found else None


def _runtime(found: Any) -> Runtime | None:
    runtime = getattr(found, "runtime", None)
    if runtime is None:
        return None
    raw = _dict(runtime.raw)
    message = raw.get("errorMessage")
    return Runtime(
        str(runtime.stage),
        _word(runtime.hardware),
        _word(runtime.requested_hardware),
        _count(runtime.sleep_time),
        message[:20_000] if isinstance(message, str) and message.strip() else None,
        _word(getattr(found, "host", None)),
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _first(value: Any) -> str | None:
    return next(iter(cards.listed(value)), None)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
