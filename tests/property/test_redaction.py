"""Redaction, on any text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from surefoot.themes import redact

PIECES = st.sampled_from(
    re.split(
        r"\|",
        "Sarah|sarah|Mrs|Smith|said|in|Leeds|House|07700 900123|a@b.org|LS1 4AP|3 May|the|manager|registered|my|and|.|"
        ",|[name]|Will|1975|born|Zbynek|O'Brien",
    )
)


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=60))
def test_redacting_again_changes_nothing(text: str) -> None:
    """Whatever the text, what is left after redaction is left as it is."""
    once = redact(text, ("Oakfield Care Homes",))
    assert redact(once, ("Oakfield Care Homes",)) == once
