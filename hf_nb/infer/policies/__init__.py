"""What stands around the backends: a policy is a backend around backends. Composed here, outermost first.

Fallback([ Attempted(backend of a target), … ])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hf_nb.infer.call import Backend, Target
from hf_nb.infer.policies.fallback import Fallback

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

__all__ = ["compose"]


def compose(targets: Sequence[Target], session: Session) -> Backend:
    """One backend that asks these targets, in this order."""
    return Fallback(targets, session)
