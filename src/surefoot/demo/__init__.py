"""The demo programme: five providers that do not exist, with answers simulated from a seed and truths that are known.

No person gave these answers; every file and page that holds them says so. The same simulation, with other truths, is
what the findings are tested on.
"""

from surefoot.demo.commented import write_comment_study
from surefoot.demo.files import study_table, write_programme, write_two_waves
from surefoot.demo.released import write_released
from surefoot.demo.simulate import SEED, answering, simulate, simulate_staff, study_of
from surefoot.demo.truths import DESIGN, DEVIATING, EDGE, LATER, NULL, PROVIDERS, REVERSED, SMALL, TRUTHS, Truth

__all__ = [
    "DESIGN",
    "DEVIATING",
    "EDGE",
    "LATER",
    "NULL",
    "PROVIDERS",
    "REVERSED",
    "SEED",
    "SMALL",
    "TRUTHS",
    "Truth",
    "answering",
    "simulate",
    "simulate_staff",
    "study_of",
    "study_table",
    "write_comment_study",
    "write_programme",
    "write_released",
    "write_two_waves",
]
