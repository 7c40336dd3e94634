"""What the people of each group are worth in a comparison: sizes of effective samples, by weights and by design."""

from __future__ import annotations

import numpy as np

from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import Measure, measured
from surefoot.interval import Floats, z_value
from surefoot.tally import Tally

LEVEL = 0.95


def effective_sizes(tally: Tally, by: str, of: Measure, design: Design | None = None) -> Floats:
    """For each group of a grouping, how many people drawn one by one would say as much of the mean of a measure.

    By weights alone it is (sum w)^2 / sum w^2 (Kish). In a sample in strata or clusters it is what the variance of the
    mean says, never more than by weights, and cut by (z / t)^2 where there are few clusters, so that normal intervals
    are as wide as those of t; 0 where a group has one cluster only, since nothing shows how far clusters differ.
    design: by default that of the tally without finite population corrections.
    Source: Korn and Graubard 1998, Survey Methodology 24, 193-201.
    """
    found = measured(tally, by, of)
    if len(tally.units) == 1:
        return found.effective
    from scipy.special import stdtrit

    plan = design_of(tally) if design is None else design
    variance, freedom = found.variance(plan), found.freedom(plan)
    certain = freedom > 0
    quantile = stdtrit(np.where(certain, freedom, 1), (1 + LEVEL) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(variance > 0, found.spread / variance, np.inf)
    size = np.minimum(size, found.effective) * (z_value(LEVEL) / quantile) ** 2
    return np.asarray(np.where(certain, size, 0.0))
