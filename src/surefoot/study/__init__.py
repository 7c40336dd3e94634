"""Who is asked: Study, Organisation, Breakdown, Source, Wave and Programme, read from TOML files in a folder."""

from surefoot.study.margins import Margin, Weights
from surefoot.study.opening import SCHEMA, open_study, read_toml
from surefoot.study.programme import PROGRAMME_SCHEMA, Programme, open_programme
from surefoot.study.sampling import Sampling
from surefoot.study.study import (
    ALL,
    ORGANISATION,
    SERVICE_TYPE,
    WAVE,
    Breakdown,
    Comments,
    Counted,
    Organisation,
    Phase,
    Source,
    Study,
    recipe_id,
)

__all__ = [
    "ALL",
    "ORGANISATION",
    "PROGRAMME_SCHEMA",
    "SCHEMA",
    "SERVICE_TYPE",
    "WAVE",
    "Breakdown",
    "Comments",
    "Counted",
    "Margin",
    "Organisation",
    "Phase",
    "Programme",
    "Sampling",
    "Source",
    "Study",
    "Weights",
    "open_programme",
    "open_study",
    "read_toml",
    "recipe_id",
]
