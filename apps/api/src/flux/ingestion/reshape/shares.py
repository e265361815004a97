"""Sharing an amount out, and rounding several, so that the parts add up exactly."""

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


def round_together(amounts: Sequence[int], step: int) -> list[int]:
    """The amounts in units of `step`, by largest remainder, so that they add up to their sum, rounded half up."""
    parts = [amount // step for amount in amounts]
    missing = (2 * sum(amounts) + step) // (2 * step) - sum(parts)
    for at in sorted(range(len(amounts)), key=lambda at: -(amounts[at] % step))[:missing]:
        parts[at] += 1
    return parts
