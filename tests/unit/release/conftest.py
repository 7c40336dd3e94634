"""Small studies made by hand, and random ones from the benchmarks."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from surefoot.instrument import Instrument, Option, Question, Scale
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Organisation, Study

EN = {"en": "words"}
Make = Callable[..., tuple[Study, Responses]]


@pytest.fixture(scope="session")
def random_studies() -> ModuleType:
    """The module that makes random studies for the benchmarks."""
    path = Path(__file__).parents[3] / "benchmarks" / "random_studies.py"
    spec = importlib.util.spec_from_file_location("random_studies", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make() -> Make:
    """A study by hand: people by organisation, the group of each person in breakdowns, and answers to questions."""

    def made(
        people: Sequence[int],
        breakdowns: dict[str, Sequence[int]],
        answers: dict[str, Sequence[int]],
        *,
        types: Sequence[str] = (),
        crossed: bool = False,
        questions: Sequence[Question] = (),
        staff: int = 1000,
    ) -> tuple[Study, Responses]:
        columns: dict[str, Any] = {**breakdowns, **answers}
        given = {question.id: question for question in questions}
        asked = [given.get(name) or single(name, max(columns[name]) + 1) for name in columns if "/" not in name]
        asked += [question for name, question in given.items() if name not in columns]
        organisations = tuple(
            Organisation(f"org-{k}", f"Organisation {k}", types[k] if types else "", {"all": staff})
            for k in range(len(people))
        )
        declared = [Breakdown(name) for name in breakdowns]
        declared += [Breakdown(name, "organisation") for name in breakdowns if crossed]
        instrument = Instrument("made", EN, ("en",), (), tuple(asked))
        study = Study("made", "A study by hand", instrument, organisations, tuple(declared))
        where = np.repeat(np.arange(len(people)), people)
        return study, responses(instrument, {"@organisation": where, **columns}, organisations=study.organisation_ids)

    return made


def single(name: str, size: int, sensitive: Sequence[int] = ()) -> Question:
    """A single-choice question with options o0, o1 and so on."""
    options = tuple(Option(f"o{k}", EN, position=k, sensitive_absence=k in sensitive) for k in range(max(size, 2)))
    return Question(name, "single", EN, Scale(name, options))
