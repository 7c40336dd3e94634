"""Post-stratification, raking and trimming, worked out by svy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from surefoot.errors import BadInput, Refused

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Classes = tuple[str, Integers, Floats]
"""A margin: its name, the class of every row, and the total that the weights of each class must add up to."""
CLOSE, ROUNDS, FITS = 1e-9, 1000, 1e-4
"""Raking stops when all margins are this close, or after so many rounds; it is refused where one is off by more."""


def post_stratified(base: Floats, places: Integers, totals: Floats) -> Floats:
    """Weights that add up to each class's total, in proportion to the base weights within it."""
    sample = _sample(base, {"cell": places})
    controls = {str(place): float(total) for place, total in enumerate(totals)}
    made = sample.weighting.poststratify(controls=controls, cells="cell", wgt_name="made")
    return np.asarray(made.data["made"].to_numpy(), dtype=np.float64)


def raked(base: Floats, margins: Sequence[Classes], *, close: float = CLOSE) -> Floats:
    """Weights that meet several margins at once. Raises Refused, naming the margin that does not fit.

    close: how far a class may be from its total, as a share of the total, when raking stops.
    """
    names = [f"m{number}" for number in range(len(margins))]
    sample = _sample(base, {name: places for name, (_, places, _) in zip(names, margins, strict=True)})
    controls = {
        name: {str(place): float(total) for place, total in enumerate(totals)}
        for name, (_, _, totals) in zip(names, margins, strict=True)
    }
    made = sample.weighting.rake(
        controls=controls, wgt_name="made", tol=close, max_iter=ROUNDS, on_nonconvergence="ignore"
    )
    weights = np.asarray(made.data["made"].to_numpy(), dtype=np.float64)
    _check_fit(weights, margins)
    return weights


def _check_fit(weights: Floats, margins: Sequence[Classes]) -> None:
    misfits = [misfit(weights, places, totals) for _, places, totals in margins]
    worst = int(np.argmax(misfits))
    if not misfits[worst] <= FITS:
        reason = f'the margin "{margins[worst][0]}" does not fit with the others: {misfits[worst]:.0%} off'
        raise Refused(
            "raking meets every margin",
            f"{reason} after {ROUNDS:,} rounds",
            "Check its headcounts, join its options into fewer, or leave the margin out.",
        )


def misfit(weights: Floats, places: Integers, totals: Floats) -> float:
    """How far the weights of a class are from its total at most, as a share of the total."""
    inside = places >= 0
    found = np.bincount(places[inside], weights=weights[inside], minlength=len(totals))
    return float(np.max(np.abs(found - totals) / totals))


def trimmed(weights: Floats, most: float) -> Floats:
    """Weights of at most so many times their mean; what is cut off is spread over the others in proportion."""
    mean = float(weights.mean())
    if float(weights.max()) <= most * mean * (1 + 1e-12):
        return weights
    sample = _sample(weights, {})
    made = sample.weighting.trim(upper=most * mean, min_cell_size=1, max_iter=ROUNDS, wgt_name="made")
    return np.asarray(made.data["made"].to_numpy(), dtype=np.float64)


def _sample(base: Floats, classes: Mapping[str, Integers]) -> Any:
    try:
        import svy
    except ImportError:
        command = "pip install 'surefoot[weights]'"
        raise BadInput("weights", "no library svy, which works weights out", f"svy, installed by: {command}") from None
    columns = {name: [str(place) for place in places.tolist()] for name, places in classes.items()}
    return svy.Sample(pl.DataFrame({"base": base, **columns}), svy.Design(wgt="base"))
