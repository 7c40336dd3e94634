"""Random studies for trying the release: five organisations, service types, breakdowns, and made-up answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surefoot.instrument import Condition, Instrument, Option, Question, Scale
from surefoot.responses import Missing, Responses, responses
from surefoot.study import Breakdown, Organisation, Study

EN = {"en": "words"}


@dataclass(frozen=True)
class Shape:
    """How a random study is made: sizes of organisations, response, groups of each breakdown, kinds of questions."""

    staff: tuple[int, int] = (60, 900)
    organisations: int = 5
    response: float = 0.6
    breakdowns: tuple[int, ...] = (8, 5)
    singles: int = 25
    multis: int = 4
    boxes: int = 6
    routed: int = 5
    nonresponse: float = 0.01
    unplaced: float = 0.0
    cross: bool = False


def random_study(seed: int, shape: Shape = Shape()) -> tuple[Study, Responses]:
    """A study and its answers, from a seed; questions are sometimes skipped, breakdowns only if so wanted."""
    rng = np.random.default_rng(seed)
    instrument = _instrument(shape)
    staff = np.exp(rng.uniform(*np.log(shape.staff), size=shape.organisations)).astype(int)
    organisations = tuple(
        Organisation(
            f"org-{k}", f"Organisation {k}", ("social-care", "primary-care", "community")[k % 3], {"all": int(n)}
        )
        for k, n in enumerate(staff)
    )
    breakdowns = tuple(Breakdown(f"b{k}") for k in range(len(shape.breakdowns)))
    breakdowns += (Breakdown("b1", "organisation"),) if shape.cross else ()
    study = Study("random", "Random study", instrument, organisations, breakdowns, policy={}, simulated=True)
    people = rng.binomial(staff, shape.response)
    where = np.repeat(np.arange(shape.organisations), people)
    columns: dict[str, np.ndarray] = {"@organisation": where}
    for question in instrument.questions:
        columns |= _column(rng, question, where, columns, shape)
    return study, responses(instrument, columns, organisations=study.organisation_ids, simulated=True)


def two_waves(seed: int, shape: Shape = Shape()) -> tuple[Study, Responses]:
    """A study asked twice: of those who answered first, six in ten answer again, others are new.

    Whoever answers again is in the same groups. Three in ten answers are new, as another of the organisation gave them.
    """
    study, first = random_study(seed, shape)
    rng = np.random.default_rng([seed, 2])
    n, where = len(first), first.codes("@organisation")
    again = np.flatnonzero(rng.random(n) < 0.6)
    new = rng.choice(n, size=int(0.35 * n)) if n else np.zeros(0, dtype=int)
    rows = np.concatenate([again, new])
    columns = {}
    for block in _blocks(study.instrument):
        changed = rng.random(len(rows)) < (0.0 if block[0].startswith("b") else 0.3)
        changed |= np.arange(len(rows)) >= len(again) if not block[0].startswith("b") else False
        taken = np.where(changed, _colleague(rng, where, rows), rows)
        columns |= {item: np.concatenate([first.codes(item), first.codes(item)[taken]]) for item in block}
    columns["@organisation"] = np.concatenate([where, where[rows]])
    columns["@wave"] = np.repeat([0, 1], [n, len(rows)])
    made = responses(study.instrument, columns, organisations=study.organisation_ids, waves=("1", "2"), simulated=True)
    return study, made


def _blocks(instrument: Instrument) -> list[tuple[str, ...]]:
    """Items that are answered together: a question's own, and routed questions with the one they are asked after."""
    routed = [item for q in instrument.questions if q.show_if for item in q.items]
    asked = [q for q in instrument.questions if not q.show_if]
    return [(*q.items, *(routed if q.id == "s0" else ())) for q in asked]


def _colleague(rng: np.random.Generator, where: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Another row of the same organisation for each row."""
    order = np.argsort(where, kind="stable")
    starts, counts = np.searchsorted(where[order], where[rows]), np.bincount(where)[where[rows]]
    return order[starts + (rng.random(len(rows)) * counts).astype(int)]


def _instrument(shape: Shape) -> Instrument:
    def scale(name: str, size: int) -> Scale:
        return Scale(name, tuple(Option(f"o{k}", EN, position=k) for k in range(size)), ordered=True)

    questions = [Question(f"b{k}", "single", EN, scale(f"b{k}", size)) for k, size in enumerate(shape.breakdowns)]
    questions += [Question(f"s{k}", "single", EN, scale(f"s{k}", 3 + k % 5)) for k in range(shape.singles)]
    questions += [Question(f"m{k}", "multi", EN, scale(f"m{k}", shape.boxes)) for k in range(shape.multis)]
    condition = (Condition("s0", ("o0",)),)
    questions += [Question(f"r{k}", "single", EN, scale(f"r{k}", 4), show_if=condition) for k in range(shape.routed)]
    return Instrument("random", EN, ("en",), (), tuple(questions))


def _column(
    rng: np.random.Generator, question: Question, where: np.ndarray, made: dict[str, np.ndarray], shape: Shape
) -> dict[str, np.ndarray]:
    n, size = len(where), len(question.options)
    lost = rng.random(n) < (shape.unplaced if question.id.startswith("b") else shape.nonresponse)
    if question.kind == "multi":
        rates = rng.beta(1, 4, size=size)
        ticked = np.where(rng.random((size, n)) < rates[:, None], 1, int(Missing.UNTICKED))
        return {item: np.where(lost, int(Missing.NOT_ANSWERED), ticked[k]) for k, item in enumerate(question.items)}
    spread = 0.6 if question.id.startswith("b") else 1.5
    shares = (
        rng.dirichlet(np.full(size, spread), size=where.max(initial=0) + 1) * 0.4 + rng.dirichlet(np.ones(size)) * 0.6
    )
    codes = (rng.random(n)[:, None] > shares.cumsum(axis=1)[where]).sum(axis=1).clip(0, size - 1)
    codes = np.where(lost, int(Missing.NOT_ANSWERED), codes)
    for condition in question.show_if:
        codes = np.where(made[condition.question] == 0, codes, int(Missing.NOT_ASKED))
    return {question.id: codes}
