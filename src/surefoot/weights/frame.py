"""What weights must meet: people of the frame by class, and the class of every row; small classes are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from surefoot.errors import BadInput
from surefoot.responses import ORGANISATION, Responses
from surefoot.study import ALL, Organisation, Study
from surefoot.study.margins import POST_STRATIFY, Margin, Weights

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
BY_ORGANISATION = "organisation"


@dataclass(frozen=True, eq=False)
class Target:
    """One margin that weights must meet.

    name: what its classes are. places: the class of every row, -1 where it is not known. people: of the frame, by
    class. joined: how many classes with few answers were joined with others.
    """

    name: str
    places: Integers
    people: Floats
    joined: int = 0

    @property
    def sizes(self) -> Integers:
        """People who answered, by class."""
        return np.asarray(np.bincount(self.places[self.places >= 0], minlength=len(self.people)))


@dataclass(frozen=True, eq=False)
class Cells:
    """Organisations cut by staff group: the target, and the organisation (or joined organisations) of every row.

    blocks: of every row, -1 for people of no organisation; staff: headcount by block.
    """

    target: Target
    blocks: Integers
    staff: Floats


def targets(responses: Responses, study: Study, weights: Weights, minimum: int, out: Sequence[str]) -> list[Target]:
    """The margins that raking must meet: organisation and staff group where they were counted, then further ones.

    minimum: the fewest answers of a class; smaller ones are joined. out: organisations whose people are in no figure.
    """
    counted = _counted(study, out)
    found = []
    if counted:
        names, people = [o.id for o in counted], np.array([o.staff for o in counted], dtype=np.float64)
        found.append(joined_target(BY_ORGANISATION, _organisations(responses, names), people, minimum))
        totals = _group_totals(study, counted)
        if totals and study.headcount_by not in {margin.question for margin in weights.margins}:
            found.append(_question_target(responses, Margin(str(study.headcount_by), totals), minimum))
    return [*found, *(_question_target(responses, margin, minimum) for margin in weights.margins)]


def frame_cells(responses: Responses, study: Study, minimum: int, out: Sequence[str] = ()) -> Cells | None:
    """The cells of post-stratification: each organisation's staff groups; None where nobody counted the staff.

    A group with fewer answers than the minimum is joined with the next smallest of its organisation until each has
    enough; organisations with too few answers are joined with each other, and stay whole.
    """
    counted = _counted(study, out)
    if not counted:
        return None
    staff = np.array([o.staff for o in counted], dtype=np.float64)
    places = _organisations(responses, [o.id for o in counted])
    merged = _join(np.bincount(places[places >= 0], minlength=len(staff)), staff, minimum)
    blocks, block_staff = _moved(places, merged), _added(staff, merged)
    cells, joined = np.full(len(places), -1, dtype=np.int64), len(staff) - len(block_staff)
    codes = _groups(responses, study, counted, minimum)
    people: list[float] = []
    for block in range(len(block_staff)):
        members = [organisation for organisation, own in zip(counted, merged, strict=True) if own == block]
        inside = np.flatnonzero(blocks == block)
        part = _block(responses, study, members, inside, minimum, codes)
        cells[inside] = np.where(part.places >= 0, part.places + len(people), -1)
        people += part.people.tolist()
        joined += part.joined
    name = f"{BY_ORGANISATION} and {study.headcount_by}" if study.headcount_by else BY_ORGANISATION
    return Cells(Target(name, cells, np.array(people), joined), blocks, block_staff)


def one_margin(responses: Responses, weights: Weights, minimum: int) -> Target:
    """The only margin of a study without headcounts that is post-stratified."""
    if weights.method != POST_STRATIFY or len(weights.margins) != 1:
        raise ValueError("post-stratification takes one margin")
    return _question_target(responses, weights.margins[0], minimum)


def _groups(responses: Responses, study: Study, counted: Sequence[Organisation], minimum: int) -> Integers:
    """Each person's staff group; a few people whose group is not known count with the smallest."""
    if not study.headcount_by:
        return np.full(len(responses), -1, dtype=np.int64)
    known = tuple(dict.fromkeys(group for organisation in counted for group in organisation.headcount))
    return with_few_unknown(responses, study.headcount_by, known, minimum)


def _block(  # noqa: PLR0917  what a block of cells is made of
    responses: Responses,
    study: Study,
    members: Sequence[Organisation],
    rows: Integers,
    minimum: int,
    codes: Integers,
) -> Target:
    """The cells of one organisation; of several together, or one whose groups nobody counted, a single cell."""
    total = float(sum(member.staff or 0 for member in members))
    whole = Target(BY_ORGANISATION, np.zeros(len(rows), dtype=np.int64), np.array([total]))
    if len(members) != 1 or not study.headcount_by or ALL in members[0].headcount:
        return whole
    margin = Margin(study.headcount_by, members[0].headcount)
    part = _question_target(responses, margin, minimum, codes[rows])
    return part if len(part.people) > 1 else replace(whole, joined=part.joined)


def _counted(study: Study, out: Sequence[str]) -> list[Organisation]:
    """The organisations whose people are in figures. Raises BadInput where some were counted and others not."""
    taken = [organisation for organisation in study.organisations if organisation.id not in out]
    if not any(organisation.headcount for organisation in taken):
        return []
    for organisation in taken:
        if not organisation.staff:
            where = f'study, organisation "{organisation.id}", headcount'
            raise BadInput(where, "nobody counted", "its staff: the others are weighted to theirs")
    return taken


def _group_totals(study: Study, counted: Sequence[Organisation]) -> Mapping[str, int]:
    """Staff by group over all organisations; nothing where one of them was not counted by group."""
    if not study.headcount_by or any(ALL in organisation.headcount for organisation in counted):
        return {}
    groups = dict.fromkeys(group for organisation in counted for group in organisation.headcount)
    return {group: sum(organisation.headcount.get(group, 0) for organisation in counted) for group in groups}


def _organisations(responses: Responses, names: Sequence[str]) -> Integers:
    """The place of every row's organisation among some names, -1 where it is none of them."""
    lookup = [names.index(name) if name in names else -1 for name in responses.organisations]
    places: Integers = np.array([*lookup, -1], dtype=np.int64)[responses.codes(ORGANISATION)]
    return places


def with_few_unknown(responses: Responses, question: str, known: Sequence[str], minimum: int) -> Integers:
    """Each person's option, -1 where it is not known; a few people who are not known count with the smallest group.

    Else weights would tell the size of that group, and so how few the others are. known: options that were counted.
    """
    options = [option.id for option in responses.instrument[question].options]
    codes = responses.codes(question)
    counted = np.array([option in known for option in options])
    places = np.where((codes >= 0) & counted[np.maximum(codes, 0)], codes, -1)
    unknown = places < 0
    sizes = np.bincount(places[~unknown], minlength=len(options))
    if not 0 < int(unknown.sum()) < minimum or not sizes.any():
        return places
    smallest = int(np.argmin(np.where(sizes > 0, sizes, sizes.sum() + 1)))
    return np.where(unknown, smallest, places)


def _question_target(responses: Responses, margin: Margin, minimum: int, codes: Integers | None = None) -> Target:
    """The target of one question. codes: each person's option, where they were placed before."""
    options = [option.id for option in responses.instrument[margin.question].options]
    counted = [option for option in options if option in margin.headcount]
    lookup = np.array([counted.index(o) if o in counted else -1 for o in options] + [-1], dtype=np.int64)
    if codes is None:
        codes = with_few_unknown(responses, margin.question, counted, minimum)
    people = np.array([margin.headcount[option] for option in counted], dtype=np.float64)
    return joined_target(margin.question, lookup[np.where(codes >= 0, codes, -1)], people, minimum)


def joined_target(name: str, places: Integers, people: Floats, minimum: int) -> Target:
    """A target whose classes all have the minimum of answers, and people in the frame, as far as joining helps."""
    merged = _join(np.bincount(places[places >= 0], minlength=len(people)), people, minimum)
    moved, added = _moved(places, merged), _added(people, merged)
    return Target(name, moved, added, len(people) - len(added))


def _join(sizes: Integers, people: Floats, minimum: int) -> Integers:
    """The new class of each class: the smallest is joined with the next smallest until each has enough.

    Ties are decided by order. A class without people in the frame is too small, whoever answered.
    """
    parts = [([place], int(size), float(staff)) for place, (size, staff) in enumerate(zip(sizes, people, strict=True))]
    while len(parts) > 1:
        parts.sort(key=lambda part: (part[1] if part[2] else -1, part[0]))
        least, next_one, *rest = parts
        if least[1] >= minimum and least[2] > 0:
            break
        parts = [(sorted(least[0] + next_one[0]), least[1] + next_one[1], least[2] + next_one[2]), *rest]
    merged = np.zeros(len(sizes), dtype=np.int64)
    for number, (places, _, _) in enumerate(sorted(parts, key=lambda part: part[0])):
        merged[places] = number
    return merged


def _moved(places: Integers, merged: Integers) -> Integers:
    moved: Integers = np.append(merged, -1)[places]
    return moved


def _added(people: Floats, merged: Integers) -> Floats:
    return np.asarray(np.bincount(merged, weights=people, minlength=int(merged.max(initial=-1)) + 1), dtype=np.float64)


def unknown_apart(target: Target) -> tuple[Integers, Floats]:
    """Classes and their shares of the whole, with people of unknown class as a class of their own.

    That class keeps its share of those who answered, so its people are weighted by the other margins alone.
    """
    unknown = target.places < 0
    share = float(unknown.mean()) if len(unknown) else 0.0
    shares = target.people / target.people.sum() * (1 - share)
    places = np.where(unknown, len(shares), target.places)
    return places, np.append(shares, share) if share else shares
