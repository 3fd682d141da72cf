"""How evenly something is shared: pure functions over one number per person."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def gini(values: Sequence[float]) -> float | None:
    """Gini's coefficient: 0 where everybody has the same, near 1 where one has all.

    The mean difference of all pairs over twice the mean, ``sum_ij |x_i - x_j| / (2 n^2 mean)`` (C. Gini, Variabilità e mutabilità, 1912;
    in this form A. Sen, On Economic Inequality, 1973, 2.3), worked out on the sorted values as ``sum_i (2 i - n - 1) x_i / (n sum x)``
    for i from 1 to n, which is the same sum (FAO, EASYPol 040, 2005). Of n people one who has all gives ``(n - 1) / n``.

    Args:
        values: one per person, none below 0.

    Returns:
        From 0 to below 1; None where nobody has anything.
    """
    total, count = sum(values), len(values)
    if not total:
        return None
    return sum((2 * place - count - 1) * value for place, value in enumerate(sorted(values), start=1)) / (count * total)


def most_to_median(values: Sequence[float]) -> float | None:
    """How many times the median person's share the largest one is: 1 where all have the same; None where the median has nothing."""
    middle = median(values) if values else 0
    return max(values) / middle if middle else None
