"""Making answers ready for counting: items and groupings as places on axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Condition, Question, item_id
from surefoot.responses import (
    CLUSTER,
    DEFAULT_WEIGHT_SCALE,
    MISSING,
    NUMBER_MISSING_BASE,
    ORGANISATION,
    STRATUM,
    WEIGHT,
    Missing,
    Responses,
)
from surefoot.study import ALL, SERVICE_TYPE, Study
from surefoot.study import ORGANISATION as BY_ORGANISATION
from surefoot.tally.tally import (
    MOST_INTEGER,
    MOST_PEOPLE,
    MOST_WEIGHT,
    PROFILE,
    Axis,
    Column,
    Integers,
    Rows,
    lanes_of,
)


def prepare(responses: Responses, study: Study) -> Rows:
    """Turn answers into places on axes. Raises BadInput where a weight is out of range.

    The question that says in which cluster somebody is has no table: clusters are never shown.
    """
    responses = with_sampling(with_derived(responses), study)
    weight = responses.codes(WEIGHT)
    check_weights(weight, responses.weight_scale)
    unit, units = units_of(responses)
    groupings = tuple(groupings_of(responses, study))
    clusters = study.sampling.cluster if study.sampling else None
    shown = ((question, item) for question, item in responses.instrument.items if question.id != clusters)
    items = tuple(_narrow(item_column(responses, question, item)) for question, item in shown)
    groupings = tuple(_narrow(column) for column in (*groupings, profiles(groupings)))
    return Rows(items, groupings, weight, responses.weight_scale, unit, units)


def _narrow(column: Column) -> Column:
    """The same places in the smallest whole numbers that hold them: a large study must fit into memory."""
    kind = np.int8 if len(column.axis) < 2**7 else np.int16 if len(column.axis) < 2**15 else np.int64
    return Column(column.axis, column.places.astype(kind))


def with_derived(responses: Responses) -> Responses:
    """Answers with the columns of derived questions filled in from the answers that they follow from."""
    derived = [question for question in responses.instrument.questions if question.derived]
    columns = [pl.Series(question.id, _derive(responses, question), dtype=pl.Int16) for question in derived]
    return replace(responses, table=responses.table.with_columns(columns)) if columns else responses


def _derive(responses: Responses, question: Question) -> Integers:
    """0 (the first option) where any condition holds, 1 where none does, missing where the base question is."""
    holds = np.zeros(len(responses), dtype=bool)
    for condition in question.derived:
        holds |= _holds(responses, condition)
    source = responses.instrument[str(question.derived_base)]
    base = responses.codes(source.items[0])
    if source.kind != "single":
        base = np.where(base == Missing.UNTICKED, 0, base)  # a box left empty in a question that was answered
    return np.where(base < 0, base, np.where(holds, 0, 1))


def _holds(responses: Responses, condition: Condition) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    asked = responses.instrument[condition.question]
    if asked.kind == "single":
        wanted = [code for code, option in enumerate(asked.options) if option.id in condition.any_of]
        return np.isin(responses.codes(asked.id), wanted)
    ticks = [responses.codes(item_id(asked.id, option)) == 1 for option in condition.any_of]
    return np.asarray(np.any(ticks, axis=0))


def with_sampling(responses: Responses, study: Study) -> Responses:
    """Answers with the strata and clusters in which a study says that people were drawn.

    People who did not say in which stratum or cluster they are form one of their own.
    """
    sampling = study.sampling
    if sampling is None:
        return responses
    columns = []
    for column, name in ((STRATUM, sampling.stratum), (CLUSTER, sampling.cluster)):
        if name is not None:
            by_organisation = name == BY_ORGANISATION
            codes = organisation_column(responses, study).places if by_organisation else responses.codes(name)
            if not by_organisation and study.instrument[name].kind == "number":
                codes = np.where(codes > NUMBER_MISSING_BASE // 2, codes, -1)
            columns.append(pl.Series(column, np.maximum(codes, -1), dtype=pl.Int64))
    return replace(responses, table=responses.table.with_columns(columns))


def check_weights(weight: Integers, weight_scale: int = DEFAULT_WEIGHT_SCALE) -> None:
    """Refuse weights whose sums, or the sums of whose squares, could overflow 64 bits. Raises BadInput."""
    if len(weight):
        check_range(len(weight), int(weight.min()), int(weight.max()), weight_scale)


def check_range(people: int, least: int, most: int, weight_scale: int) -> None:
    """Refuse so many people with weights from least to most, as `check_weights` does. Raises BadInput."""
    if people >= MOST_PEOPLE:
        raise BadInput("answers", f"{people} people", f"fewer than {MOST_PEOPLE} people in one tally")
    if least < 0:
        raise BadInput("weights", "a negative weight", "fixed-point weights of 0 or more")
    found = f"{people} weights of up to {most} on a scale of {weight_scale}"
    if lanes_of(weight_scale) == 3 and people * most**2 >= MOST_INTEGER:
        finer = weight_scale * (MOST_WEIGHT // max(most, 1))
        fits = (
            f"use a scale of {min(finer, 2**20)}" if finer > DEFAULT_WEIGHT_SCALE else "divide them all by their mean"
        )
        raise BadInput("weights", found, f"weights whose squares add up within 63 bits; {fits}")
    if most > MOST_WEIGHT:
        raise BadInput("weights", found, f"weights of at most {MOST_WEIGHT} each; use a coarser scale")


def groupings_of(responses: Responses, study: Study) -> Iterable[Column]:
    """The groupings in which a study is counted: all people first, then organisation, service type and breakdowns."""
    rows = len(responses)
    yield Column(Axis(ALL, (ALL,)), np.zeros(rows, dtype=np.int64))
    if study.organisations:
        yield organisation_column(responses, study)
        yield from _service_types(responses, study)
    for breakdown in study.breakdowns:
        column = _question_column(responses, breakdown.question)
        if breakdown.crossed_with is None:
            yield column
            continue
        by_organisation = breakdown.crossed_with == BY_ORGANISATION
        outer = organisation_column(responses, study) if by_organisation else None
        yield cross(outer or _question_column(responses, breakdown.crossed_with), column, breakdown.id)


def organisation_column(responses: Responses, study: Study) -> Column:
    """Each row's organisation, on the axis of the study's organisations."""
    place = {name: index for index, name in enumerate(study.organisation_ids)}
    lookup = np.array([place.get(name, -1) for name in responses.organisations] + [-1], dtype=np.int64)
    return Column(Axis(BY_ORGANISATION, study.organisation_ids), lookup[responses.codes(ORGANISATION)])


def _service_types(responses: Responses, study: Study) -> Iterable[Column]:
    types = tuple(dict.fromkeys(o.service_type for o in study.organisations if o.service_type))
    if len(types) < 2:
        return
    lookup = [types.index(o.service_type) if o.service_type else -1 for o in study.organisations]
    place = np.array([*lookup, -1], dtype=np.int64)
    yield Column(Axis(SERVICE_TYPE, types), place[organisation_column(responses, study).places])


def _question_column(responses: Responses, name: str) -> Column:
    question = responses.instrument[name]
    codes = responses.codes(name)
    return Column(Axis(name, tuple(o.id for o in question.options)), np.where(codes >= 0, codes, -1))


def cross(outer: Column, inner: Column, name: str) -> Column:
    """Two groupings crossed: group labels are joined by a full stop; -1 in either is -1."""
    labels = tuple(f"{a}.{b}" for a in outer.axis.labels for b in inner.axis.labels)
    places = outer.places * len(inner.axis) + inner.places
    return Column(Axis(name, labels), np.where((outer.places < 0) | (inner.places < 0), -1, places))


def profiles(groupings: Iterable[Column]) -> Column:
    """The finest grouping: people who share every group share a profile; labels are their groups, joined by "|"."""
    columns = tuple(groupings)
    first, places = _distinct_rows(columns)
    distinct = np.stack([column.places[first] for column in columns], axis=1)
    labels = tuple("|".join(map(str, row)) for row in distinct.tolist())
    return Column(Axis(PROFILE, labels), places)


def _distinct_rows(columns: tuple[Column, ...]) -> tuple[Integers, Integers]:
    """A row of each distinct combination of places, and the rank of every row's own, in the order of the places.

    One column at a time: ranks so far times the next length, ranked again, stay small and need no sort of whole rows.
    """
    ranks = np.zeros(len(columns[0].places), dtype=np.int64)
    first = np.zeros(0, dtype=np.int64)
    for column in columns:
        keys = ranks * (len(column.axis) + 1) + column.places + 1
        _, first, ranks = np.unique(keys, return_index=True, return_inverse=True)
    return first, ranks.astype(np.int64)


def item_column(responses: Responses, question: Question, item: str) -> Column:
    """One item's answers as places: codes (or distinct values of a number) first, then the four kinds of missing."""
    codes = responses.codes(item)
    if question.kind == "number":
        return _number_column(item, codes)
    labels = item_labels(question)
    places = np.where(codes >= 0, codes, len(labels) - 1 - codes)
    return Column(Axis(item, labels + _MISSING_LABELS), places)


_MISSING_LABELS = tuple(kind.name.lower() for kind in MISSING)


def item_labels(question: Question) -> tuple[str, ...]:
    """The codes of an item of a question: its options; for a box "" and "ticked"; for a rank "", "1", "2" and so on."""
    if question.kind == "single":
        return tuple(option.id for option in question.options)
    if question.kind == "multi":
        return ("", "ticked")
    return ("", *(str(rank) for rank in range(1, len(question.options) + 1)))


def _number_column(item: str, codes: Integers) -> Column:
    """Distinct values are the codes of a number, so means and quantiles stay functions of exact counts."""
    answered = codes > NUMBER_MISSING_BASE // 2
    values, inverse = np.unique(codes[answered], return_inverse=True)
    places = np.empty(len(codes), dtype=np.int64)
    places[answered] = inverse
    kinds = np.where(codes[~answered] < NUMBER_MISSING_BASE // 2, codes[~answered] - NUMBER_MISSING_BASE, -1)
    places[~answered] = len(values) - 1 - kinds
    return Column(Axis(item, tuple(str(value) for value in values) + _MISSING_LABELS), places)


def units_of(responses: Responses) -> tuple[Integers, tuple[tuple[str, str], ...]]:
    """Each row's sampling unit, and the (stratum, cluster) of each; "" for what the design does not have."""
    names = [name for name in (STRATUM, CLUSTER) if name in responses.table.columns]
    if not names:
        return np.zeros(len(responses), dtype=np.int64), (("", ""),)
    pairs = np.stack([responses.codes(name) for name in names], axis=1)
    distinct, places = np.unique(pairs, axis=0, return_inverse=True)
    labels = [dict(zip(names, row, strict=True)) for row in distinct.tolist()]
    units = tuple((str(label.get(STRATUM, "")), str(label.get(CLUSTER, ""))) for label in labels)
    return places.reshape(-1).astype(np.int64), units
