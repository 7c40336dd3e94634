"""The table `[weights]` of a study."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput
from surefoot.study import open_study, recipe_id

Tiny = Callable[..., Path]


def study_with(tiny: Tiny, weights: Any) -> Path:
    """The folder of a small study with a table `[weights]`."""
    return tiny(change=lambda table: table.update(weights=weights))


def test_weights_are_read_and_shape_the_recipe(tiny: Tiny) -> None:
    """Method, trim and margins come in, and another trim makes another recipe."""
    margin = {"question": "used", "headcount": {"yes": 10, "no": 90}}
    study = open_study(study_with(tiny, {"method": "rake", "trim": 4, "margin": [margin]}))
    assert study.weights is not None
    assert (study.weights.method, study.weights.trim, study.weights.margins[0].question) == ("rake", 4.0, "used")
    other = open_study(study_with(tiny, {"method": "rake", "trim": 3, "margin": [margin]}))
    assert recipe_id(study) != recipe_id(other)


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({}, "method"),
        ({"method": "guess"}, "guess"),
        ({"method": "rake", "trim": 1}, "trim"),
        ({"method": "rake", "trim": True}, "trim"),
        ({"method": "rake", "trims": 3}, "trims"),
        ({"method": "rake", "margin": {}}, "margin"),
        ({"method": "rake", "margin": [{"question": "used"}]}, "headcount"),
        ({"method": "rake", "margin": [{"question": "useless", "headcount": {"yes": 1}}]}, "useless"),
        ({"method": "rake", "margin": [{"question": "used", "headcount": {"maybe": 1}}]}, "maybe"),
        ({"method": "rake", "margin": [{"question": "used", "headcount": {"yes": -1}}]}, "-1"),
        ({"method": "rake", "margin": [{"question": "used", "headcount": {"yes": 0}}]}, "nobody"),
        ({"method": "rake", "margin": [{"question": "used", "headcount": {"yes": 1}}] * 2}, "two margins"),
        ({"method": "post-stratify", "margin": [{"question": "used", "headcount": {"yes": 1}}]}, "several margins"),
    ],
)
def test_what_is_no_frame_is_refused(tiny: Tiny, weights: Any, found: str) -> None:
    """One sentence that names the key and what was expected."""
    with pytest.raises(BadInput, match=found):
        open_study(study_with(tiny, weights))
