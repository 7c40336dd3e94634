"""Weights as whole numbers on a scale, so that every way of counting gives the same sums."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from surefoot.errors import BadInput

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SCALE = 2**20
"""What stands for a weight of one: fine enough that sums keep eight digits."""
FINEST_PARTS = 512
"""A weight is at least this many parts of the scale, or rounding would change it by more than 0.1 %."""


def fixed(weights: Floats) -> tuple[Integers, int]:
    """Weights, made to have the mean one, as integers on a scale, and that scale.

    Equal weights stay equal, so the order of people does not matter; each weight, and so each sum of weights, is
    within 0.1 % of what was asked for. Raises BadInput for weights that are no positive numbers, or too fine.
    """
    if not len(weights):
        return np.zeros(0, dtype=np.int64), SCALE
    _check(weights)
    relative = weights / weights.mean()
    parts = np.floor(relative * SCALE + 0.5).astype(np.int64)
    if int(parts.min()) < FINEST_PARTS:
        finest = f"weights of at least {FINEST_PARTS / SCALE:.3g} times the mean"
        raise BadInput("weights", f"a weight of {relative.min():.3g} times the mean, which is too fine", finest)
    return parts, SCALE


def _check(weights: Floats) -> None:
    for wrong, found in (
        (np.isnan(weights), "a weight that is no number"),
        (np.isinf(weights), "an infinite weight"),
        (weights < 0, "a negative weight"),
        (weights == 0, "a weight of nothing"),
    ):
        if bool(wrong.any()):
            raise BadInput("weights", found, "a positive number for everybody")
