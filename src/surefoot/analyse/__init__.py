"""The job as one sentence: read, weigh, count, estimate, release, find. The command line and the Python API call it."""

from surefoot.analyse.analyse import Analysis, analyse, analyse_responses
from surefoot.analyse.counted import Counted
from surefoot.analyse.steps import Progress
from surefoot.analyse.told import IN_NO_FIGURE
from surefoot.analyse.waves import asked_otherwise

__all__ = ["IN_NO_FIGURE", "Analysis", "Counted", "Progress", "analyse", "analyse_responses", "asked_otherwise"]
