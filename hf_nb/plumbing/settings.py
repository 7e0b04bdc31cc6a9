"""Settings, and where each value came from.

    default  <  the user's config.toml  <  environment  <  this notebook (an assignment)

A cloned project never sets an endpoint, a host or a token: only the user's own folder and environment do.
"""

import os
import tomllib
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from traitlets import Bool, Float, HasTraits, Integer, TraitError, Unicode, validate

from hf_nb.errors import BadInput
from hf_nb.plumbing import folders

REAL_HUB = "https://huggingface.co"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FILE = "config.toml"

# Variables that set a setting, strongest first; Hugging Face's own names, since the official client reads them too.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "endpoint": ("HF_ENDPOINT", "HUGGINGFACE_BASE_URL"),
    "local_only": ("HF_NB_LOCAL_ONLY",),
    "connect_timeout": ("HF_NB_CONNECT_TIMEOUT",),
    "read_timeout": ("HF_NB_READ_TIMEOUT",),
    "search_limit": ("HF_NB_SEARCH_LIMIT",),
    "trace": ("HF_NB_TRACE",),
}
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


class Settings(HasTraits):
    """The values in force; every one says where it came from."""

    endpoint = Unicode(REAL_HUB, help="The Hub's address.")
    local_only = Bool(False, help="Refuse every request that would leave this machine.")
    connect_timeout = Float(10.0, help="Seconds to wait for a connection.")
    read_timeout = Float(60.0, help="Seconds to wait for the next bytes of an answer.")
    search_limit = Integer(20, min=1, help="Rows a search shows.")
    trace = Bool(True, help="Keep a line per operation in the data folder (inputs and tokens left out).")

    def __init__(self) -> None:
        super().__init__()
        self._sources: dict[str, str] = {}
        for source, values in (("config.toml", _from_file()), ("environment", _from_environment(self))):
            for name, value in values.items():
                self._assign(name, value, source)
        self.observe(self._changed_here)

    @validate("endpoint")
    def _endpoint_is_an_address(self, proposal: dict[str, Any]) -> str:
        address = str(proposal["value"]).rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise TraitError(f"endpoint must look like {REAL_HUB}, without a user name in it")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise TraitError("endpoint must be https unless it is on this machine")
        return address

    @property
    def endpoint_is_local(self) -> bool:
        """The Hub in use is on this machine (the offline Hub)."""
        return urlsplit(self.endpoint).hostname in LOOPBACK

    def source(self, name: str) -> str:
        """Where the value of `name` came from."""
        return self._sources.get(name, "default")

    def table(self) -> list[Setting]:
        """Every setting with its value and source."""
        traits = self.traits()
        return [
            Setting(name, getattr(self, name), self.source(name), traits[name].help)
            for name in sorted(traits)
        ]

    def hand_on(self) -> None:
        """Tell the official libraries of an endpoint from config.toml: they read the variable, once, when imported."""
        if self.source("endpoint") == "config.toml":
            os.environ["HF_ENDPOINT"] = self.endpoint

    def _assign(self, name: str, value: object, source: str) -> None:
        if name not in self.trait_names():
            raise BadInput(
                f"There is no setting {name!r} (in {source}).",
                f"Settings: {', '.join(sorted(self.trait_names()))}",
            )
        try:
            setattr(self, name, value)
        except TraitError as wrong:
            raise BadInput(f"The setting {name!r} from {source} cannot be {value!r}: {wrong}") from None
        self._sources[name] = source

    def _changed_here(self, change: Any) -> None:
        self._sources[change["name"]] = "this notebook"


def _from_file() -> dict[str, object]:
    path = folders.config() / FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as wrong:
        raise BadInput(f"{FILE} cannot be read: {wrong}", f"Mend or delete {path}") from None


def _from_environment(settings: Settings) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, variables in ENVIRONMENT.items():
        variable = next((one for one in variables if os.environ.get(one)), None)
        if variable:
            found[name] = _read(settings.traits()[name].__class__, os.environ[variable], variable)
    return found


def _read(kind: type, raw: str, variable: str) -> object:
    readers: dict[type, Callable[[str], object]] = {
        Float: float,
        Integer: int,
        Bool: lambda word: _WORDS[word.lower()],
    }
    try:
        return readers.get(kind, str)(raw)
    except (ValueError, KeyError):
        raise BadInput(f"{variable}={raw!r} is not a value of its kind.") from None
