"""Surefoot: from staff answers about AI to a decision that can be re-opened.

The Python API for analysts makes the same calls as the command line; everything loads when it is first used.

    import surefoot

    study = surefoot.open_study("our-study")
    analysis = surefoot.analyse_study(study)
    analysis.release.to_polars()                      # released figures, rounded as shown
    surefoot.graph(analysis.release, "balance-productivity", by="organisation")   # drawn in a notebook
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surefoot.analyse import Analysis
    from surefoot.analyse import analyse as analyse_study
    from surefoot.comparison import AnalystView, compare_study
    from surefoot.errors import BadInput, Refused
    from surefoot.findings import Finding
    from surefoot.instrument import Instrument, open_instrument
    from surefoot.publication import Publication, publish
    from surefoot.questionnaires import Questionnaire, open_questionnaire
    from surefoot.readers import Reading, read
    from surefoot.release import Comparison, Figure, Group, Release, read_release
    from surefoot.release.attack import AttackResult
    from surefoot.release.attack import attack as attack_release
    from surefoot.report import graph, table
    from surefoot.study import Study, open_study
    from surefoot.themes.steps import apply_codes, open_comments, suggest_themes
    from surefoot.trace import Trace
    from surefoot.trace import trace as trace_figure
    from surefoot.turnout import Turnout, weigh_study

_HOMES = {
    "Analysis": "analyse",
    "AnalystView": "comparison",
    "AttackResult": "release.attack",
    "BadInput": "errors",
    "Comparison": "release",
    "Figure": "release",
    "Finding": "findings",
    "Group": "release",
    "Instrument": "instrument",
    "Publication": "publication",
    "Questionnaire": "questionnaires",
    "Reading": "readers",
    "Refused": "errors",
    "Release": "release",
    "Study": "study",
    "Trace": "trace",
    "Turnout": "turnout",
    "analyse_study": "analyse",
    "apply_codes": "themes.steps",
    "attack_release": "release.attack",
    "compare_study": "comparison",
    "graph": "report",
    "open_comments": "themes.steps",
    "open_instrument": "instrument",
    "open_questionnaire": "questionnaires",
    "open_study": "study",
    "publish": "publication",
    "read": "readers",
    "read_release": "release",
    "suggest_themes": "themes.steps",
    "table": "report",
    "trace_figure": "trace",
    "weigh_study": "turnout",
}

# A function must not have the name of its module here: importing the module would put it in the function's place.
_INSIDE = {"analyse_study": "analyse", "attack_release": "attack", "trace_figure": "trace"}

__all__ = [
    "Analysis",
    "AnalystView",
    "AttackResult",
    "BadInput",
    "Comparison",
    "Figure",
    "Finding",
    "Group",
    "Instrument",
    "Publication",
    "Questionnaire",
    "Reading",
    "Refused",
    "Release",
    "Study",
    "Trace",
    "Turnout",
    "analyse_study",
    "apply_codes",
    "attack_release",
    "compare_study",
    "graph",
    "open_comments",
    "open_instrument",
    "open_questionnaire",
    "open_study",
    "publish",
    "read",
    "read_release",
    "suggest_themes",
    "table",
    "trace_figure",
    "weigh_study",
]


def __getattr__(name: str) -> Any:
    """Load a name of the API from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'surefoot' has no attribute {name!r}")
    module = importlib.import_module(f"surefoot.{_HOMES[name]}")
    return getattr(module, _INSIDE.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
