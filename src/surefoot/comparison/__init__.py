"""Comparisons for the analyst: planned ones first, then raw beside pooled, exploration, and change between waves.

No part of a release: nobody but the analyst sees it, and still nothing that the release hides is in it.
"""

from surefoot.comparison.files import write_view
from surefoot.comparison.lines import lines
from surefoot.comparison.view import ONLY_ANALYST, AnalystView, compare_study

__all__ = ["ONLY_ANALYST", "AnalystView", "compare_study", "lines", "write_view"]
