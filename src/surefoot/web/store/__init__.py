"""The only place that turns rows into what the core and the pages know: plain, frozen things without a database."""

from surefoot.web.store.answering import Invited, draft, invited
from surefoot.web.store.backup import Backup, check_backup, write_backup
from surefoot.web.store.governance import (
    SettledItem,
    governance_table,
    privacy_notice,
    settled,
    settled_texts,
    unsigned,
)
from surefoot.web.store.people import Colleague, colleagues, entry_of, history, history_is_whole, memberships_of
from surefoot.web.store.results import (
    Prepared,
    any_under_way,
    draft_of,
    preparation,
    release_key,
    released_wave,
)
from surefoot.web.store.studies import (
    Overview,
    has_wave,
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
    "Backup",
    "Colleague",
    "Invited",
    "Overview",
    "Prepared",
    "SettledItem",
    "WaveSeen",
    "any_under_way",
    "check_backup",
    "colleagues",
    "draft",
    "draft_of",
    "entry_of",
    "governance_table",
    "has_wave",
    "history",
    "history_is_whole",
    "instrument",
    "invited",
    "materialise",
    "memberships_of",
    "organisations",
    "overview",
    "overviews",
    "preparation",
    "privacy_notice",
    "programme_title",
    "release_key",
    "released_wave",
    "settled",
    "settled_texts",
    "shown_instrument",
    "study",
    "taking_part",
    "unsigned",
    "wave",
    "waves",
    "write_backup",
]
