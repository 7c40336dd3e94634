"""Are intervals of samples in clusters honest? Teams are drawn, people of a team think alike; how often do they hold?

For each number of teams drawn, likeness within teams (intraclass correlation) and true share: the coverage and mean
width of the figure's interval, beside those of the interval that would be given if teams were not declared. Also: how
often the test of Rao and Scott, and the same test that forgets the teams, sees a difference between two halves of the
teams where there is none. All simulated. `--draws N` sets how many samples each line has.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from surefoot.estimate import estimate, rao_scott
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Study
from surefoot.study.sampling import Sampling
from surefoot.tally import count

TEAMS, SIZE = 400, (4, 20)
"""Teams in the population, and the fewest and most people in one."""


@dataclass(frozen=True)
class Setting:
    """One line of the printed table."""

    teams: int
    likeness: float
    share: float


SETTINGS = [Setting(t, r, p) for t in (6, 12, 30) for r in (0.02, 0.15) for p in (0.1, 0.4)]


def instrument() -> Instrument:
    """One question, a half to belong to, and the number of one's team."""
    yes_no = [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]
    halves = [{"id": "first", "text": "First"}, {"id": "second", "text": "Second"}]
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "teams",
            "title": "Teams",
            "scale": [{"id": "yes-no", "options": yes_no}, {"id": "half", "options": halves}],
            "question": [
                {"id": "used", "kind": "single", "text": "Used", "scale": "yes-no"},
                {"id": "half", "kind": "single", "text": "Half", "scale": "half"},
                {"id": "team", "kind": "number", "text": "Team"},
            ],
        }
    )


def drawn(asked: Instrument, setting: Setting, rng: np.random.Generator) -> tuple[Responses, float]:
    """The answers of some teams of a population, and the share of yes among everybody in it."""
    sizes = rng.integers(SIZE[0], SIZE[1] + 1, TEAMS)
    together = (1 - setting.likeness) / setting.likeness
    shares = rng.beta(setting.share * together, (1 - setting.share) * together, TEAMS)
    yes = rng.binomial(sizes, shares)
    chosen = rng.choice(TEAMS, setting.teams, replace=False)
    codes = np.concatenate([[0] * yes[t] + [1] * (sizes[t] - yes[t]) for t in chosen])
    team = np.repeat(np.arange(setting.teams), sizes[chosen])
    return responses(asked, {"used": codes, "half": team % 2, "team": team}), float(yes.sum() / sizes.sum())


def line(setting: Setting, study: Study, draws: int, rng: np.random.Generator) -> str:
    """Coverage, width and false differences of one setting, with and without the design."""
    plain = replace(study, sampling=None)
    held, width, found = np.zeros((draws, 2)), np.zeros((draws, 2)), np.zeros((draws, 2))
    for draw in range(draws):
        made, truth = drawn(study.instrument, setting, rng)
        for place, of in enumerate((study, plain)):
            tally = count(made, of)
            figure = next(f for f in estimate(tally, of) if (f.question, f.selector) == ("used", "yes"))
            low, high = figure.low or 0.0, 1.0 if figure.high is None else figure.high
            held[draw, place], width[draw, place] = low <= truth <= high, high - low
            found[draw, place] = rao_scott(tally, "half", study.instrument["used"]).p <= 0.05
    numbers = (part.mean(axis=0)[k] for part in (held, width, found) for k in (0, 1))
    cells = "".join(f"{number:>10.3f}" for number in numbers)
    return f"{setting.teams:>6}{setting.likeness:>9.2f}{setting.share:>7.1f}{cells}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    draws = parser.parse_args().draws
    study = Study("teams", "Teams", instrument(), breakdowns=(Breakdown("half"),), sampling=Sampling(cluster="team"))
    print(f"simulated; {draws} samples a line; each pair of columns: teams declared, then not")
    print(f"{'teams':>6}{'likeness':>9}{'share':>7}{'covered':>15}{'width':>20}{'false difference':>20}")
    rng = np.random.default_rng(11)
    for setting in SETTINGS:
        print(line(setting, study, draws, rng), flush=True)


if __name__ == "__main__":
    main()
