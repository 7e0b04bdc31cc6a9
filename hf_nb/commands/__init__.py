"""The command tree. `%hf`, `%%hf` and the terminal's `hf-nb` walk the same one.

A command's body makes one call and returns its value.
"""

from hf_nb.commands.tree import Tree
from hf_nb.plumbing import session
from hf_nb.values import Table

COMMANDS: dict[str, str] = {
    "search": "hf_nb.commands.search:search",
    "info": "hf_nb.commands.info:info",
    "fit": "hf_nb.commands.fit:fit",
    "pick": "hf_nb.commands.pick:pick",
    "pull": "hf_nb.commands.pull:pull",
    "push": "hf_nb.commands.push:push",
    "cache": "hf_nb.commands.cache:cache",
    "preview": "hf_nb.commands.preview:preview",
    "explore": "hf_nb.commands.explore:explore",
    "sql": "hf_nb.commands.sql:sql",
    "describe": "hf_nb.commands.describe:describe",
    "save": "hf_nb.commands.save:save",
    "data": "hf_nb.commands.data:data",
    "refs": "hf_nb.commands.refs:refs",
    "log": "hf_nb.commands.log:log",
    "diff": "hf_nb.commands.diff:diff",
    "discuss": "hf_nb.commands.discuss:discuss",
    "access": "hf_nb.commands.access:access",
    "lock": "hf_nb.commands.lock:lock",
    "infer": "hf_nb.commands.infer:infer",
    "batch": "hf_nb.commands.batch:batch",
    "compare": "hf_nb.commands.compare:compare",
    "chat": "hf_nb.commands.chat:chat",
    "embed": "hf_nb.commands.embed:embed",
    "similar": "hf_nb.commands.similar:similar",
    "stats": "hf_nb.commands.stats:stats",
    "loaded": "hf_nb.commands.loaded:loaded",
    "parity": "hf_nb.commands.parity:parity",
    "advice": "hf_nb.commands.advice:advice",
    "bisect": "hf_nb.commands.bisect:bisect",
    "panel": "hf_nb.commands.panel:panel",
    "login": "hf_nb.commands.login:login",
    "logout": "hf_nb.commands.logout:logout",
    "whoami": "hf_nb.commands.whoami:whoami",
    "tokens": "hf_nb.commands.tokens:tokens",
    "limits": "hf_nb.commands.limits:limits",
    "doctor": "hf_nb.commands.doctor:doctor",
    "settings": "hf_nb.commands.settings:settings",
    "hub": "hf_nb.commands.hub:hub",
    "last": "hf_nb.commands.last:last",
    "tb": "hf_nb.commands.last:traceback",
}

# What most people want first, each runnable on the Hub in use: (line, what it does).
FIRST_STEPS: tuple[tuple[str, str], ...] = (
    ("search models sentiment", "find models"),
    ("search datasets --details", "find datasets, with their rows and columns"),
    ("info {model}", "read a card, its files and its numbers"),
    ('infer "The room was small, but we loved the view."', "run a model on this machine"),
    ("pull {model} --dry-run", "see what a download would bring"),
    ("doctor", "find out why something fails or is slow"),
)
# A model to point at: (on huggingface.co, on the offline Hub).
SHOWN_MODEL = ("google-bert/bert-base-uncased", "hfnb-demo/sentiment-en")

tree = Tree(COMMANDS)


def start(prefix: str = "%hf") -> Table:
    """What the bare word answers: six lines to run."""
    model = SHOWN_MODEL[session.current().settings.endpoint_is_local]
    lines = tuple((f"{prefix} {line.format(model=model)}", what) for line, what in FIRST_STEPS)
    return Table(("type", "to"), (*lines, (f"{prefix} COMMAND --help", "see every option")))
