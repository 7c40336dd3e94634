"""Agreement of coders, equal to figures that others published.

Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability" (Annenberg School for Communication): example A, binary
data and two observers, 0.095; B, nominal data and two observers, 0.692; C, nominal data, four observers and missing
values, 0.743. Cohen's kappa: the textbook table of fifty grant proposals (20 both yes, 15 both no, 5 and 10 apart),
0.40.
"""

import pytest

from surefoot.themes import cohen_kappa, krippendorff_alpha

MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def units(*observers: str) -> list[list[str]]:
    """The values of each unit, without those that are missing."""
    return [[value for value in unit if value != "."] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "alpha"), [((MEG, OWEN), 0.095), ((BEN, GERRY), 0.692), (FOUR, 0.743)], ids=["A", "B", "C"]
)
def test_alpha_is_krippendorffs(observers: tuple[str, ...], alpha: float) -> None:
    """The three nominal examples of the paper, to the digits printed."""
    found = krippendorff_alpha(units(*observers))
    assert found is not None
    assert round(found, 3) == alpha


def test_kappa_is_cohens() -> None:
    """0.70 observed and 0.50 by chance are 0.40."""
    first, second = [1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_kappa_equals_scikit_learn() -> None:
    """On values that are not binary, too."""
    from sklearn.metrics import cohen_kappa_score

    assert cohen_kappa(BEN, GERRY) == pytest.approx(cohen_kappa_score(list(BEN), list(GERRY)))
