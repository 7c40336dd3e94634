"""The demo's five exports hold the same answers as its simulation."""

from pathlib import Path

import numpy as np

from surefoot.demo import simulate, study_of, write_programme
from surefoot.demo.files import TOOLS
from surefoot.readers import read_study
from surefoot.responses import ORGANISATION
from surefoot.study import open_study


def test_five_tools_hold_the_same_answers(tmp_path: Path) -> None:
    """Every answer, every organisation and everybody who broke off: read from five exports as they were simulated."""
    study = open_study(write_programme(tmp_path))
    made, accounts = read_study(study)
    truth = simulate(study_of())
    order = np.argsort(truth.codes(ORGANISATION), kind="stable")
    assert made.organisations == truth.organisations
    assert made.codes(ORGANISATION).tolist() == truth.codes(ORGANISATION)[order].tolist()
    for question, item in truth.instrument.items:
        if not question.derived:
            assert made.codes(item).tolist() == truth.codes(item)[order].tolist(), item
    assert made.read == truth.read
    assert made.simulated
    assert len({account.dialect for account in accounts}) == len(TOOLS) == len(study.organisations)


def test_the_demo_keeps_its_mappings(tmp_path: Path) -> None:
    """Each source of the study names its mapping, which decides every cell."""
    study = open_study(write_programme(tmp_path))
    from surefoot.readers import open_mapping

    assert study.folder is not None
    mappings = [open_mapping(study.folder / str(source.mapping)) for source in study.sources]
    assert [mapping.undecided for mapping in mappings] == [{}] * len(study.sources)
