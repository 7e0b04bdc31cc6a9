"""What stands around the backends: a policy is a backend around backends. Composed here, outermost first.

Fallback([ Breaking( Tried( a target's backend ) ), … ])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hf_nb.infer.call import Target
from hf_nb.infer.policies import breaker
from hf_nb.infer.policies.attempt import Tried
from hf_nb.infer.policies.breaker import Breaking
from hf_nb.infer.policies.fallback import Fallback

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

__all__ = ["compose"]


def compose(targets: Sequence[Target], session: Session) -> Fallback:
    """One backend that asks these targets, in this order."""
    return Fallback(
        [(one, Breaking(Tried(one, session), breaker.of(one.method, one.model, session))) for one in targets]
    )
