"""Weighing: answers in, the same answers with weights out, and an account of what the weights do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from surefoot.errors import BadInput, Refused
from surefoot.responses import WEIGHT, Responses
from surefoot.study import Study
from surefoot.study.margins import POST_STRATIFY, Weights
from surefoot.weights.fit import post_stratified, raked, trimmed
from surefoot.weights.fixed import fixed
from surefoot.weights.frame import Cells, Target, frame_cells, one_margin, targets, unknown_apart

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weighing:
    """Answers with their weights, and what was done.

    method, trim: as the study asked. margins: names of what was weighted to. joined: classes that had too few answers
    and were joined with others. trimmed: people whose weight was cut. misfit: how far, in percentage points, the
    weighted share of a class is from that of the frame at most; trimming and rounding leave some. The other numbers
    are of the weights as they were rounded: effective_base and design_effect (Kish), least and greatest as multiples
    of the mean.
    """

    responses: Responses
    method: str
    margins: tuple[str, ...]
    trim: float
    joined: int
    trimmed: int
    misfit: float
    effective_base: float
    design_effect: float
    least: float
    greatest: float


def weigh(responses: Responses, study: Study, minimum: int, *, left_out: Sequence[str] = ()) -> Weighing | None:
    """Weight the answers of one wave to the frame of a study; None where the study does not ask for it.

    minimum: the fewest answers of a class; smaller ones are joined. left_out: organisations whose people are in no
    figure, and whose answers are not among these. Weights that the answers have already are where it starts from.
    Raises BadInput where the frame or a weight cannot be used, Refused where raking does not fit.
    """
    weights = study.weights
    if weights is None or not len(responses):
        return None
    base = responses.codes(WEIGHT).astype(np.float64)
    if not (base > 0).all():
        raise BadInput("answers, weights", "a weight of nothing", "a positive weight for everybody")
    base = base / base.mean()
    made, met = _made(responses, study, weights, minimum, left_out, base)
    cut = trimmed(made, weights.trim)
    parts, scale = fixed(cut)
    column = pl.Series(WEIGHT, parts, dtype=pl.Int64)
    answers = replace(responses, table=responses.table.with_columns(column), weight_scale=scale)
    return _account(answers, parts.astype(np.float64), weights, met, int((cut < made * (1 - 1e-9)).sum()))


def _made(  # noqa: PLR0917  what weights are made of, in order
    responses: Responses, study: Study, weights: Weights, minimum: int, out: Sequence[str], base: Floats
) -> tuple[Floats, list[Target]]:
    """Weights that meet the frame, before trimming, and the targets that they meet."""
    if weights.method != POST_STRATIFY:
        met = targets(responses, study, weights, minimum, out)
        _check_classes(met, minimum)
        apart = [(target.name, *unknown_apart(target)) for target in met]
        return raked(base, [(name, places, shares * base.sum()) for name, places, shares in apart]), met
    cells = frame_cells(responses, study, minimum, out) or _one_block(one_margin(responses, weights, minimum))
    _check_classes([cells.target], minimum)
    return _post(cells, base), [cells.target]


def _one_block(target: Target) -> Cells:
    """A margin as the cells of one organisation."""
    return Cells(target, np.zeros(len(target.places), dtype=np.int64), np.array([target.people.sum()]))


def _check_classes(met: Sequence[Target], minimum: int) -> None:
    """After joining, a class has too few answers only where all of its margin have."""
    for target in met:
        if int(target.sizes.min()) < minimum:
            raise Refused(
                "weights stand on enough answers",
                f"of fewer than {minimum} people who answered it is known: {target.name}",
                "Wait for more answers, or take [weights] out of study.toml.",
            )


def _post(cells: Cells, base: Floats) -> Floats:
    """Post-stratified weights; people of unknown cell have their organisation's, of unknown organisation their own."""
    made = base.copy()
    placed = cells.blocks >= 0
    in_block = np.bincount(cells.blocks[placed], weights=base[placed], minlength=len(cells.staff))
    total = float(base[placed].sum())
    goal = cells.staff / cells.staff.sum() * total
    made[placed] = base[placed] * (goal / in_block)[cells.blocks[placed]]
    known = cells.target.places >= 0
    places, blocks = cells.target.places[known], cells.blocks[known]
    block_of = np.zeros(len(cells.target.people), dtype=np.int64)
    block_of[places] = blocks
    reached = np.bincount(blocks, weights=made[known], minlength=len(cells.staff))
    people = np.bincount(block_of, weights=cells.target.people, minlength=len(cells.staff))
    totals = cells.target.people / people[block_of] * reached[block_of]
    made[known] = post_stratified(made[known], places, totals)
    return made


def _account(answers: Responses, weight: Floats, weights: Weights, met: list[Target], cut: int) -> Weighing:
    relative = weight / weight.mean()
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    return Weighing(
        responses=answers,
        method=weights.method,
        margins=tuple(target.name for target in met),
        trim=weights.trim,
        joined=sum(target.joined for target in met),
        trimmed=cut,
        misfit=max(_points(relative, target) for target in met),
        effective_base=effective,
        design_effect=len(weight) / effective,
        least=float(relative.min()),
        greatest=float(relative.max()),
    )


def _points(weight: Floats, target: Target) -> float:
    """The greatest distance of a class's weighted share of those whose class is known from its share of the frame."""
    known = target.places >= 0
    found = np.bincount(target.places[known], weights=weight[known], minlength=len(target.people))
    return float(100 * np.max(np.abs(found / found.sum() - target.people / target.people.sum())))
