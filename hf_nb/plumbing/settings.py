"""Settings, and where each value came from.

    default < team file < the user's config.toml < .env < environment < project < this notebook (an assignment)

A team file may lock a value: then nothing above it counts. `.env` counts in folders the user's own file trusts. A
project may only tighten (`tighter` in a trait's metadata says how); one that names an endpoint, a host or a token is
refused, and nothing is asked of the network before its lines are gone. `sources` reads the files.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from traitlets import Bool, Dict, Enum, Float, HasTraits, Integer, List, TraitError, Unicode, validate

from hf_nb.errors import BadInput, Refused
from hf_nb.plumbing import sources, token

REAL_HUB = "https://huggingface.co"
REAL_ROUTER = "https://router.huggingface.co"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# What a method is called that is no server, so that no server may be called that.
METHODS = frozenset({"auto", "local", "hf", "hashing", "fallback"})

# Variables that set a setting, strongest first; Hugging Face's own names, since the official client reads them too.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "endpoint": ("HF_ENDPOINT", "HUGGINGFACE_BASE_URL"),
    "local_only": ("HF_NB_LOCAL_ONLY",),
    "connect_timeout": ("HF_NB_CONNECT_TIMEOUT",),
    "read_timeout": ("HF_NB_READ_TIMEOUT",),
    "deadline": ("HF_NB_DEADLINE",),
    "inference_deadline": ("HF_NB_INFERENCE_DEADLINE",),
    "first_part_timeout": ("HF_NB_FIRST_PART_TIMEOUT",),
    "idle_timeout": ("HF_NB_IDLE_TIMEOUT",),
    "router": ("HF_NB_ROUTER",),
    "bill_to": ("HF_NB_BILL_TO",),
    "policy": ("HF_NB_POLICY",),
    "personal": ("HF_NB_PERSONAL",),
    "methods": ("HF_NB_METHODS",),
    "accel": ("HF_NB_ACCEL",),
    "model_memory": ("HF_NB_MODEL_MEMORY",),
    "local_at_once": ("HF_NB_LOCAL_AT_ONCE",),
    "local_download_limit": ("HF_NB_LOCAL_DOWNLOAD_LIMIT",),
    "response_cache_minutes": ("HF_NB_RESPONSE_CACHE_MINUTES",),
    "answers_cache": ("HF_NB_ANSWERS_CACHE",),
    "requests_per_minute": ("HF_NB_REQUESTS_PER_MINUTE",),
    "monthly_requests": ("HF_NB_MONTHLY_REQUESTS",),
    "search_limit": ("HF_NB_SEARCH_LIMIT",),
    "search_look": ("HF_NB_SEARCH_LOOK",),
    "download_mbit": ("HF_NB_DOWNLOAD_MBIT",),
    "trace": ("HF_NB_TRACE",),
    "cache_budget": ("HF_NB_CACHE_BUDGET",),
    "lock": ("HF_NB_LOCK",),
    "allowed_licences": ("HF_NB_ALLOWED_LICENCES",),
    "allow_inference": ("HF_NB_ALLOW_INFERENCE",),
    "allow_datasets": ("HF_NB_ALLOW_DATASETS",),
    "allow_spaces": ("HF_NB_ALLOW_SPACES",),
    "allow_upload": ("HF_NB_ALLOW_UPLOAD",),
    "allow_remote": ("HF_NB_ALLOW_REMOTE",),
}
SWITCHES = {
    "inference": "Running models is",
    "datasets": "Datasets are",
    "spaces": "Spaces are",
    "upload": "Changing anything on the Hub is",
    "remote": "Running models on other machines is",
}
# How one of several places that can answer is chosen.
LOCAL_ONLY = "local only"
POLICIES = ("as listed", "free first", LOCAL_ONLY, "fastest seen")
# What is done with personal data in a text for another machine, from the most open to the strictest.
PERSONAL = ("send", "show", "mask", "refuse")
_SERVER = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}


class Setting(NamedTuple):
    """One line of `settings.table()`."""

    name: str
    value: object
    source: str
    help: str
    default: object = None
    locked: bool = False


def lower(asked: Any, here: Any) -> Any:
    """The lower of two limits."""
    return min(_number(asked), here)


def limit(asked: Any, here: Any) -> Any:
    """The lower of two limits where 0 is none."""
    return min((one for one in (_number(asked), here) if one), default=0)


def narrower(asked: Any, here: list[str]) -> list[str]:
    """What two lists both let in, where an empty one lets in everything."""
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        raise TypeError("a list of texts")
    both = [one for one in asked if one in here] if here and asked else asked or here
    if (asked or here) and not both:
        raise TypeError(f"some of {', '.join(here)}")
    return both


def only_local(asked: Any, here: str) -> str:
    """The one policy that is tighter than any other."""
    if asked not in (LOCAL_ONLY, here):
        raise TypeError(f'"{LOCAL_ONLY}"')
    return str(asked)


def _number(asked: Any) -> float:
    if isinstance(asked, bool) or not isinstance(asked, (int, float)):
        raise TypeError("a number")
    return asked


def stricter(asked: Any, here: str) -> str:
    """What lets out less that belongs to somebody."""
    if asked not in PERSONAL:
        raise TypeError(", ".join(PERSONAL))
    return str(max(asked, here, key=PERSONAL.index))


class Settings(HasTraits):
    """The values in force; every one says where it came from."""

    endpoint = Unicode(REAL_HUB, help="The Hub's address.")
    local_only = Bool(False, help="Refuse every request that would leave this machine.").tag(tighter=True)
    connect_timeout = Float(10.0, min=0.1, help="Seconds to wait for a connection.").tag(tighter=lower)
    read_timeout = Float(60.0, min=0.1, help="Seconds to wait for the next bytes of an answer.").tag(
        tighter=lower
    )
    deadline = Float(
        60.0,
        min=0.1,
        help="Seconds one question to the Hub may take, with every try at it; files take their time.",
    ).tag(tighter=lower)
    inference_deadline = Float(
        300.0, min=0.1, help="Seconds a model may take for one answer, with every try at it."
    ).tag(tighter=lower)
    first_part_timeout = Float(
        60.0, min=0.1, help="Seconds to wait for the first part of a model's answer."
    ).tag(tighter=lower)
    idle_timeout = Float(30.0, min=0.1, help="Seconds to wait between two parts of a model's answer.").tag(
        tighter=lower
    )
    router = Unicode(
        help="The address of the inference router; empty: the one that belongs to the Hub in use."
    )
    bill_to = Unicode(help="The organisation that pays for what the router answers; empty: you.")
    # Neither a project nor a variable may add one: texts and keys go there.
    servers = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help='Servers that speak as OpenAI does, by name: {"ollama": "http://127.0.0.1:11434/v1"}.',
    )
    answers_cache = Integer(
        256_000_000,
        min=0,
        help="Bytes on this disk for answers of models: the same question to the same commit is answered at once."
        " 0: none is kept.",
    ).tag(tighter=lower)
    response_cache_minutes = Float(
        15.0, min=0, help="Minutes an answer about repositories is taken from its copy; 0: no copies."
    ).tag(tighter=lower)
    requests_per_minute = Integer(
        0, min=0, help="Requests to the Hub a minute, in this process; 0: no limit."
    ).tag(tighter=limit)
    monthly_requests = Integer(
        0, min=0, help="Requests to one Hub a month, over all your notebooks; 0: no limit."
    ).tag(tighter=limit)
    search_limit = Integer(20, min=1, help="Rows a search shows.").tag(tighter=lower)
    search_look = Integer(
        10_000,
        min=1,
        help="Repositories a search looks at before it stops, where the Hub cannot filter by itself.",
    ).tag(tighter=lower)
    download_mbit = Float(
        100.0,
        min=0.001,
        help="About how fast files arrive here, in Mbit/s: what download times are reckoned with.",
    )
    cache_budget = Integer(
        0, min=0, help="Bytes the cache may take; after a pull the longest unused goes. 0: no limit."
    )
    trace = Bool(True, help="Keep a line per operation in the data folder (inputs and tokens left out).").tag(
        tighter=False
    )
    default_models = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help='The model used for a task when none is named: {"text-classification": "owner/name"}.',
    )
    policy = Enum(
        POLICIES, "as listed", help=f"How a place to run a model is chosen: {', '.join(POLICIES)}."
    ).tag(tighter=only_local)
    personal = Enum(
        PERSONAL,
        "show",
        help="Personal data in a text for a model elsewhere: show (say so, and send it), mask, refuse or send.",
    ).tag(tighter=stricter)
    accel = Enum(
        ("off", "auto"),
        "off",
        help="Batches on this machine: auto lets a quicker copy of the model (bf16, int8, ONNX Runtime) answer, where"
        " measuring finds it 1.3 times as quick and its answers the same: %hf parity ID.",
    )
    methods = List(
        Unicode(),
        ["local", "hf"],
        help="Where models are run, the first choice first: local, hf, names of servers.",
    )
    batch_at_once = Integer(
        4, min=1, help="Rows of a batch that are asked of one server at the same time."
    ).tag(tighter=lower)
    model_memory = Integer(
        0,
        min=0,
        help="Bytes that models may take in memory together; the longest unused goes. 0: half of what is free.",
    ).tag(tighter=limit)
    local_at_once = Integer(
        0, min=0, help="Answers made on this machine at the same time; more wait. 0: by its cores."
    ).tag(tighter=limit)
    trusted_code = List(
        Unicode(),
        help="Models whose own Python may run on this machine, each with its commit: owner/name@COMMIT.",
    )
    local_download_limit = Integer(
        2_000_000_000,
        min=0,
        help="Bytes of weights that are fetched without being asked to, to run a model here.",
    ).tag(tighter=lower)
    allow_inference = Bool(True, help="Models may be run.").tag(tighter=False)
    allow_datasets = Bool(True, help="Datasets may be read.").tag(tighter=False)
    allow_spaces = Bool(True, help="Spaces may be read and used.").tag(tighter=False)
    allow_upload = Bool(
        True, help="Anything may be changed on the Hub: uploads, repositories, comments."
    ).tag(tighter=False)
    allow_remote = Bool(True, help="Models may be run on other machines (inference providers).").tag(
        tighter=False
    )
    lock = Bool(True, help="Hold to the commits and checksums of hf.lock, where a project has one.").tag(
        tighter=True
    )
    allowed_licences = List(
        Unicode(),
        help="Licences let in, as ids or as sorts (open, conditions, non-commercial, custom, unknown); empty: all.",
    ).tag(tighter=narrower)
    trusted_folders = List(Unicode(), help="Folders whose .env counts; any other may be a stranger's.")

    def __init__(self) -> None:
        super().__init__()
        self._sources: dict[str, str] = {}
        self._locks: dict[str, Path] = {}
        self.notes: tuple[str, ...] = ()
        # Set when a project asks for what it may not: the gate then lets nothing pass.
        self.refusal: Refused | None = None
        self._dotenv: dict[str, str] = {}
        for layer in (self._from_teams, self._from_user, self._from_dotenv, self._from_environment):
            layer()
        self._from_project()
        self.observe(self._changed_here)
        self._ready = True

    def __setattr__(self, name: str, value: object) -> None:
        if not self.__dict__.get("_ready") or name.startswith("_"):
            super().__setattr__(name, value)
            return
        self._check_open(name)
        try:
            super().__setattr__(name, value)
        except TraitError as wrong:
            raise _wrong(name, value, "here", wrong) from None

    @validate("endpoint")
    def _endpoint_is_an_address(self, proposal: dict[str, Any]) -> str:
        return _address("endpoint", str(proposal["value"]), REAL_HUB)

    @validate("router")
    def _router_is_an_address(self, proposal: dict[str, Any]) -> str:
        return _address("router", str(proposal["value"]), REAL_ROUTER) if proposal["value"] else ""

    @validate("servers")
    def _servers_are_names_and_addresses(self, proposal: dict[str, Any]) -> dict[str, str]:
        servers = {}
        for name, address in proposal["value"].items():
            if not _SERVER.fullmatch(name):
                raise TraitError(f"a server's name is small letters, figures and -, not {name!r}")
            if name in METHODS:
                raise TraitError(f"no server may be called {name}, which is something else already")
            servers[name] = _address(f"the address of {name}", address, "http://127.0.0.1:11434/v1")
        return servers

    @property
    def router_address(self) -> str:
        """The inference router that is asked: the one named, else the one that belongs to the Hub in use."""
        return self.router or (f"{self.endpoint}/router" if self.endpoint_is_local else REAL_ROUTER)

    @property
    def endpoint_is_local(self) -> bool:
        """The Hub in use is on this machine (the offline Hub)."""
        return urlsplit(self.endpoint).hostname in LOOPBACK

    def source(self, name: str) -> str:
        """Where the value of `name` came from."""
        return self._sources.get(name, "default")

    def lock_of(self, name: str) -> Path | None:
        """The team file that decides `name`, if one does."""
        return self._locks.get(name)

    def table(self) -> list[Setting]:
        """Every setting with its value and source."""
        return [self.about(name) for name in sorted(self.trait_names())]

    def about(self, name: str) -> Setting:
        """One setting."""
        self._check_known(name)
        trait = self.traits()[name]
        default = trait.default()
        return Setting(name, getattr(self, name), self.source(name), trait.help, default, name in self._locks)

    def warnings(self) -> tuple[str, ...]:
        """What was found and is not used, and why."""
        return (*((str(self.refusal),) if self.refusal else ()), *self.notes)

    def check(self) -> None:
        """Refuse everything while a project asks for what it may not."""
        if self.refusal is not None:
            raise Refused(self.refusal.problem, self.refusal.next_step)

    def require(self, switch: str) -> None:
        """Refuse when `inference`, `datasets`, `spaces`, `upload` or `remote` is switched off."""
        name = f"allow_{switch}"
        if getattr(self, name):
            return
        lock = self.lock_of(name)
        step = f"Ask whoever keeps {lock}" if lock else f"To allow it: %hf settings {name}=true"
        raise Refused(f"{SWITCHES[switch]} off here ({name} = false, from {self.source(name)}).", step)

    def read(self, name: str, raw: str) -> object:
        """A value as it is typed, as the setting's own kind."""
        self._check_known(name)
        return _read(self.traits()[name], raw, name)

    def hand_on(self) -> None:
        """Tell the official libraries, which know variables alone, and read HF_ENDPOINT once, when imported."""
        if (
            self.source("endpoint") not in ("default", "this notebook")
            and os.environ.get("HF_ENDPOINT", "").rstrip("/") != self.endpoint
        ):
            os.environ["HF_ENDPOINT"] = self.endpoint
        if any(os.environ.get(one) for one in token.VARIABLES):
            return
        given = next((self._dotenv[one] for one in token.VARIABLES if self._dotenv.get(one)), None)
        if given:
            token.take(given, ".env")
        elif token.name() is None:  # a key for many services: a login of one's own comes before it
            for held, source in ((os.environ, token.API_KEY), (self._dotenv, ".env")):
                if held.get(token.API_KEY):
                    token.take(held[token.API_KEY], source)
                    return

    # -- the layers, weakest first

    def _from_teams(self) -> None:
        for team in sources.teams():
            source = f"team file {team.path}"
            for name, value in team.values.items():
                self._assign(name, value, source)
            for name in sorted(team.locked):
                self._check_known(name, source)
                self._locks.setdefault(name, team.path)

    def _from_user(self) -> None:
        for name, value in sources.user().items():
            self._assign(name, value, sources.FILE)

    def _from_dotenv(self) -> None:
        folder = Path.cwd()
        found = sources.dotenv(folder)
        ours = [one for one in found if one in _VARIABLES]
        if not ours:
            return
        if str(folder.resolve()) not in {
            str(Path(one).expanduser().resolve()) for one in self.trusted_folders
        }:
            unused = f"The .env here sets {', '.join(ours)}: not used, since a copied project could hold it."
            self.notes += (f"{unused} To trust this folder: %hf settings --trust-here",)
            return
        self._dotenv = {one: found[one] for one in ours}
        for name, value in _named(self, self._dotenv):
            self._assign(name, value, ".env")

    def _from_environment(self) -> None:
        for name, value in _named(self, os.environ):
            self._assign(name, value, "environment")

    def _from_project(self) -> None:
        found = sources.project(Path.cwd())
        if found is None:
            return
        for name, value in found.values.items():
            try:
                self._tighten(name, value, found.path)
            except Refused as refusal:
                self.refusal = self.refusal or refusal

    def _tighten(self, name: str, value: Any, path: Path) -> None:
        trait = self.traits().get(name)
        how = trait.metadata.get("tighter") if trait else None
        if trait is None or how is None:
            raise _planted(path, name, "Only a setting of your own may say that.")
        if isinstance(how, bool):
            if value is not how:
                raise _planted(path, name, f"There it may only be {str(how).lower()}.")
        else:
            try:
                value = how(value, getattr(self, name))
            except TypeError as wrong:
                raise _planted(path, name, f"There it may only be {wrong}.") from None
        if value != getattr(self, name):
            self._locks_aside(name, value, f"project {path}")

    def _locks_aside(self, name: str, value: object, source: str) -> None:
        """Tighter than a locked value is still what the lock wants."""
        lock = self._locks.pop(name, None)
        try:
            self._assign(name, value, source)
        finally:
            if lock:
                self._locks[name] = lock

    def _assign(self, name: str, value: object, source: str) -> None:
        self._check_known(name, source)
        if name in self._locks:
            return
        try:
            setattr(self, name, value)
        except TraitError as wrong:
            raise _wrong(name, value, source, wrong) from None
        self._sources[name] = source

    def _check_known(self, name: str, source: str = "") -> None:
        if name in self.trait_names():
            return
        close = get_close_matches(name, self.trait_names(), n=1, cutoff=0.6)
        where = f" (in {source})" if source else ""
        hint = f"Did you mean {close[0]}?" if close else f"Settings: {', '.join(sorted(self.trait_names()))}"
        raise BadInput(f"There is no setting {name!r}{where}.", hint)

    def _check_open(self, name: str) -> None:
        self._check_known(name)
        if lock := self.lock_of(name):
            raise Refused(
                f"The setting {name} is locked by the team file {lock}.", "Ask whoever keeps that file."
            )

    def _changed_here(self, change: Any) -> None:
        self._sources[change["name"]] = "this notebook"


def _address(what: str, raw: str, like: str) -> str:
    address = raw.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise TraitError(f"{what} must look like {like}, without a user name in it")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise TraitError(f"{what} must be https unless it is on this machine")
    return address


def _named(settings: Settings, variables: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, known in ENVIRONMENT.items():
        variable = next((one for one in known if variables.get(one)), None)
        if variable:
            yield name, _read(settings.traits()[name], variables[variable], variable)


def _read(trait: Any, raw: str, name: str) -> object:
    readers: dict[type, Callable[[str], object]] = {
        Float: float,
        Integer: int,
        Bool: lambda word: _WORDS[word.lower()],
        List: _several,
        Dict: lambda word: dict(pair.split("=", 1) for pair in _several(word)),
    }
    reader = next((one for kind, one in readers.items() if isinstance(trait, kind)), str)
    try:
        return None if trait.allow_none and raw.lower() in ("", "none") else reader(raw)
    except (ValueError, KeyError):
        raise BadInput(f"{name}={raw!r} is not a value of its kind.", _kinds(trait)) from None


def _several(raw: str) -> list[str]:
    return [part.strip() for part in raw.split(",") if part.strip()]


def _kinds(trait: Any) -> str:
    if isinstance(trait, Bool):
        return "true or false"
    if isinstance(trait, Dict):
        return "name=value, several with commas"
    return "a number" if isinstance(trait, (Float, Integer)) else ""


def _wrong(name: str, value: object, source: str, wrong: TraitError) -> BadInput:
    return BadInput(
        f"The setting {name!r} from {source} cannot be {value!r}: {wrong}", f"See: %hf settings {name}"
    )


def _planted(path: Path, name: str, why: str) -> Refused:
    return Refused(
        f"This project may not set {name} for hf_nb ({path}). {why} Nothing was sent.",
        f"Delete {name} from [tool.hf_nb] in that file and restart the kernel.",
    )


_VARIABLES = (*(one for known in ENVIRONMENT.values() for one in known), *token.VARIABLES, token.API_KEY)
