"""Sharing an amount out so that the parts add up to it exactly."""

from collections.abc import Sequence


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of the amount in proportion to the weights, by largest remainder; of equals the first.

    Weights are not negative. Raises `ValueError` where there is an amount but no weight to give it to.
    """
    total = sum(weights)
    if not amount:
        return [0] * len(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError(amount, weights)
    parts = [abs(amount) * weight // total for weight in weights]
    remainders = [abs(amount) * weight % total for weight in weights]
    first = sorted(range(len(weights)), key=lambda at: -remainders[at])
    for at in first[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return [-part for part in parts] if amount < 0 else parts
