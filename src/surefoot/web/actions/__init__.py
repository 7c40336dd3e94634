"""The only place that writes: verbs, keyword-only, each one transaction with one audit event.

A respondent's answering writes no audit event: nothing says who came when.
"""

from surefoot.web.actions.answering import (
    save_page,
    submit,
)
from surefoot.web.actions.closing import (
    close_wave,
    finish_closing,
)
from surefoot.web.actions.governance import (
    Signature,
    settle,
    settle_simulated,
)
from surefoot.web.actions.importing import (
    import_study,
)
from surefoot.web.actions.mailing import (
    begin_sending,
    invite_by_mail,
    queue_reminders,
    send_failed_again,
    stop_sending,
    take_failed_back,
    write_letters,
)
from surefoot.web.actions.paper import (
    enter_paper,
)
from surefoot.web.actions.people import (
    add_person,
    choose_password,
    end_person,
    first_administrator,
    require_second_factor,
    take_role,
)
from surefoot.web.actions.planning import (
    plan_stage,
)
from surefoot.web.actions.posters import (
    close_poster,
    make_poster,
    open_poster,
    take_link,
)
from surefoot.web.actions.programme import (
    import_programme,
    note_export,
)
from surefoot.web.actions.publishing import (
    prepare_release,
    publish_wave,
    work_off,
)
from surefoot.web.actions.restoring import (
    note_backup,
    restore_backup,
)
from surefoot.web.actions.retention import delete_expired, drop_old_sessions, set_retention
from surefoot.web.actions.sending import (
    Outgoing,
    end_turn,
    message_refused,
    message_sent,
    message_waits,
    next_message,
    note_trouble,
    take_turn,
)
from surefoot.web.actions.signing import (
    change_password,
    forget_claims,
    member,
    note_account,
    note_failed,
    renew_entry,
)
from surefoot.web.actions.studies import (
    add_study,
    choose_instrument,
    found_programme,
    set_organisations,
)
from surefoot.web.actions.tokens import (
    make_token,
    revoke_token,
)
from surefoot.web.actions.waves import (
    begin_second_phase,
    invite,
    open_wave,
    plan_wave,
)

__all__ = [
    "Outgoing",
    "Signature",
    "add_person",
    "add_study",
    "begin_second_phase",
    "begin_sending",
    "change_password",
    "choose_instrument",
    "choose_password",
    "close_poster",
    "close_wave",
    "delete_expired",
    "drop_old_sessions",
    "end_person",
    "end_turn",
    "enter_paper",
    "finish_closing",
    "first_administrator",
    "forget_claims",
    "found_programme",
    "import_programme",
    "import_study",
    "invite",
    "invite_by_mail",
    "make_poster",
    "make_token",
    "member",
    "message_refused",
    "message_sent",
    "message_waits",
    "next_message",
    "note_account",
    "note_backup",
    "note_export",
    "note_failed",
    "note_trouble",
    "open_poster",
    "open_wave",
    "plan_stage",
    "plan_wave",
    "prepare_release",
    "publish_wave",
    "queue_reminders",
    "renew_entry",
    "require_second_factor",
    "restore_backup",
    "revoke_token",
    "save_page",
    "send_failed_again",
    "set_organisations",
    "set_retention",
    "settle",
    "settle_simulated",
    "stop_sending",
    "submit",
    "take_failed_back",
    "take_link",
    "take_role",
    "take_turn",
    "work_off",
    "write_letters",
]
