"""Comments: personal data taken out, harm shown to the safeguarding lead first, themes suggested, named and applied.

A `SuggestedTheme` comes from a machine, a `Theme` from a person; nothing turns one into the other.
"""

from surefoot.themes.agreement import CONVENTION, Agreement, agree, cohen_kappa, krippendorff_alpha
from surefoot.themes.applied import CONSTRUCT, Applied, with_themes
from surefoot.themes.codebook import Codebook, Theme
from surefoot.themes.quotes import ChosenQuote, chosen_quotes
from surefoot.themes.redaction import Redactor, redact, redactor
from surefoot.themes.safeguarding import reasons
from surefoot.themes.suggestion import SuggestedTheme, suggest

__all__ = [
    "CONSTRUCT",
    "CONVENTION",
    "Agreement",
    "Applied",
    "ChosenQuote",
    "Codebook",
    "Redactor",
    "SuggestedTheme",
    "Theme",
    "agree",
    "chosen_quotes",
    "cohen_kappa",
    "krippendorff_alpha",
    "reasons",
    "redact",
    "redactor",
    "suggest",
    "with_themes",
]
