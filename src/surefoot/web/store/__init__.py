"""The only place that turns rows into what the core and the pages know: plain, frozen things without a database."""

from surefoot.web.store.answering import Invited, draft, invited
from surefoot.web.store.governance import (
    SettledItem,
    governance_table,
    privacy_notice,
    settled,
    settled_texts,
    unsigned,
)
from surefoot.web.store.people import Colleague, colleagues, entry_of, history, history_is_whole, memberships_of
from surefoot.web.store.results import released_wave
from surefoot.web.store.studies import (
    Overview,
    instrument,
    materialise,
    organisations,
    overview,
    overviews,
    programme_title,
    shown_instrument,
    study,
)
from surefoot.web.store.waves import WaveSeen, taking_part, wave, waves

__all__ = [
    "Colleague",
    "Invited",
    "Overview",
    "SettledItem",
    "WaveSeen",
    "colleagues",
    "draft",
    "entry_of",
    "governance_table",
    "history",
    "history_is_whole",
    "instrument",
    "invited",
    "materialise",
    "memberships_of",
    "organisations",
    "overview",
    "overviews",
    "privacy_notice",
    "programme_title",
    "released_wave",
    "settled",
    "settled_texts",
    "shown_instrument",
    "study",
    "taking_part",
    "unsigned",
    "wave",
    "waves",
]
