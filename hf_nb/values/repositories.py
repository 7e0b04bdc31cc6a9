"""What became of a repository."""

from dataclasses import dataclass

from hf_nb.values.base import Kind, Value


@dataclass(frozen=True, repr=False)
class Repository(Value):
    """A repository that was created, renamed, copied, shown, hidden or gated; `done` says which."""

    kind: Kind
    id: str
    done: str
    url: str

    def brief(self) -> list[str]:
        return [self.id]
