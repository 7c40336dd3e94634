"""The proportional-odds model against statsmodels, on made data."""

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from surefoot.estimate.proportional_odds import proportional_odds

TABLES = {
    "five levels": [[12, 30, 40, 25, 8], [30, 42, 35, 14, 5]],
    "no difference": [[20, 20, 20], [31, 29, 30]],
    "small against large": [[1, 4, 6, 2], [120, 260, 310, 90]],
    "an effect that is not proportional": [[25, 5, 30], [10, 40, 12]],
    "an empty level": [[10, 0, 14, 6], [20, 0, 15, 3]],
    "two levels": [[10, 20], [30, 15]],
}


@pytest.mark.parametrize("name", TABLES)
def test_fit_is_that_of_statsmodels(name: str) -> None:
    """Effect, standard error, thresholds and likelihood of OrderedModel, to five digits."""
    counts = np.array(TABLES[name])
    rows, levels = np.indices(counts.shape)
    repeated = [np.repeat(part.ravel(), counts.ravel()) for part in (levels, rows)]
    model = OrderedModel(repeated[0], 1.0 - repeated[1][:, None], distr="logit")
    theirs = model.fit(method="newton", disp=False, maxiter=200)
    ours = proportional_odds(counts.astype(float))
    assert ours is not None
    assert ours.effect == pytest.approx(theirs.params[0], abs=1e-5)
    assert ours.error == pytest.approx(theirs.bse[0], abs=1e-5)
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-7)
    assert ours.thresholds == pytest.approx(model.transform_threshold_params(theirs.params)[1:-1], abs=1e-5)
