"""How evenly the staff answered: one number over the cells of the frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.weights.frame import frame_cells


def r_indicator(responses: Responses, study: Study, minimum: int, out: Sequence[str] = ()) -> float | None:
    """1 less twice the standard deviation of response rates between cells of the frame: 1 where all are alike.

    Cells are those of post-stratification (organisation by staff group, small ones joined). The variance that chance
    alone would make is taken off. It says nothing about people who differ within a cell. None with fewer than two
    cells, or where somebody outside of the frame answered.
    Source: Schouten, Cobben and Bethlehem 2009, Survey Methodology 35, 101-113.
    """
    if not all(o.staff for o in study.organisations if o.id not in out):
        return None
    cells = frame_cells(responses, study, minimum, out)
    if cells is None or len(cells.target.people) < 2:
        return None
    people, answered = cells.target.people, cells.target.sizes
    if bool((answered > people).any()) or int(answered.min()) < minimum:
        return None
    rate, share = answered / people, people / people.sum()
    mean = float((share * rate).sum())
    between = float((share * (rate - mean) ** 2).sum())
    chance = float((share * (1 - share) * rate * (1 - rate) / people).sum())
    return 1 - 2 * float(np.sqrt(max(0.0, between - chance)))
