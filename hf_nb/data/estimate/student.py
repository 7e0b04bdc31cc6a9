"""Student's quantiles, without a package for them."""

from __future__ import annotations

import math
from statistics import NormalDist


def student(outside: float, freedom: float) -> float:
    """How many standard errors hold all but `outside` of what may come (both sides), given `freedom` degrees.

    G. W. Hill, Algorithm 396 (1970), good to five digits for any freedom from 1.
    """
    n, p = max(1.0, freedom), outside
    if n > 1e6:
        return NormalDist().inv_cdf(1 - p / 2)
    if n < 1.0001:
        return 1 / math.tan(p * math.pi / 2)
    a = 1 / (n - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * p) ** (2 / n)
    if y > 0.05 + a:
        x = NormalDist().inv_cdf(p / 2)
        y = x * x
        if n < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y * y)
    else:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (
            n + 1
        ) / (n + 2) + 1 / y
    return math.sqrt(n * y)
