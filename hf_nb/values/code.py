"""A line of `%hf` as the Python that does the same."""

from dataclasses import dataclass

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class Code(Value):
    """Python source; runs as it stands where hf_nb is installed."""

    source: str

    def brief(self) -> list[str]:
        return self.source.splitlines()
