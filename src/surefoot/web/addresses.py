"""Every address of the server, with the view that answers it."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from surefoot.web.views import (
    account,
    answering,
    api,
    governance,
    instrument,
    mailing,
    moving,
    paper,
    people,
    posters,
    programme,
    publishing,
    results,
    retention,
    signing,
    studies,
    tokens,
    waves,
)


class Rest(StringConverter):
    """All that follows, line breaks too: what is no address of the interface is a problem in JSON, not a page."""

    regex = r"[\s\S]+"


register_converter(Rest, "rest")

STUDY = "studies/<slug:study>/"
WAVE = f"{STUDY}waves/<slug:wave>/"

urlpatterns = [
    path("", programme.home, name="home"),
    path("programme", programme.rename, name="rename"),
    path("programme/stages/<slug:stage>", programme.stage, name="stage"),
    path("programme/files", moving.files, name="programme-files"),
    path("programme/export", moving.export, name="export-programme"),
    path("programme/import", moving.bring, name="import-programme"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/revoke", tokens.revoke, name="revoke-token"),
    path("api/v1/", api.listed, name="api-list"),
    path("api/v1/openapi.json", api.openapi, name="api-document"),
    path("api/v1/<rest:rest>", api.api, name="api"),
    path("anonymity", programme.anonymity, name="anonymity"),
    path("health", programme.health, name="health"),
    path("sign-in", signing.sign_in, name="account_login"),  # names with "_" are those that allauth looks up
    path("sign-in/second", account.second, name="mfa_authenticate"),
    path("sign-in/passkey", account.passkey, name="mfa_login_webauthn"),
    path("sign-in/provider/cancelled", account.identity_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/provider/<slug:provider_id>", account.identity, name="openid_connect_login"),
    path("sign-in/provider/<slug:provider_id>/back", account.identity_back, name="openid_connect_callback"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("enter/<slug:entry>", signing.enter, name="enter"),
    path("account", account.account, name="mfa_index"),
    path("account/password", account.password, name="account_change_password"),
    path("account/again", account.again, name="account_reauthenticate"),
    path("account/again/code", account.again_code, name="mfa_reauthenticate"),
    path("account/again/passkey", account.again_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/codes", account.add_codes, name="mfa_activate_totp"),
    path("account/codes/remove", account.remove_codes, name="mfa_deactivate_totp"),
    path("account/passkeys/add", account.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove", account.remove_passkey, name="mfa_remove_webauthn"),
    path("account/recovery", account.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery/new", account.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("people", people.people, name="people"),
    path("people/end", people.end, name="end-person"),
    path("people/role/end", people.end_role, name="end-role"),
    path("people/link", people.link, name="renew-entry"),
    path("people/second-factor", people.second_factor, name="require-second-factor"),
    path("audit", people.audit, name="audit"),
    path("studies/new", studies.new, name="new-study"),
    path("studies/import", studies.bring, name="import-study"),
    path(STUDY, studies.study, name="study"),
    path(f"{STUDY}retention", retention.retention, name="retention"),
    path(f"{STUDY}instrument", instrument.instrument, name="instrument"),
    path(f"{STUDY}instrument/choose", instrument.choose, name="choose-instrument"),
    path(f"{STUDY}organisations", studies.organisations, name="organisations"),
    path(f"{STUDY}paper", paper.paper, name="paper"),
    path(f"{STUDY}paper/print", paper.printed, name="print-paper"),
    path(f"{STUDY}export", studies.export, name="export"),
    path(f"{STUDY}waves/new", waves.new, name="new-wave"),
    path(WAVE, waves.wave, name="wave"),
    path(f"{WAVE}before", governance.before, name="before"),
    path(f"{WAVE}before/<slug:item>", governance.item, name="before-item"),
    path(f"{WAVE}invitations", waves.invitations, name="invitations"),
    path(f"{WAVE}mailing", mailing.mailing, name="mailing"),
    path(f"{WAVE}mailing/<slug:step>", mailing.step, name="mailing-step"),
    path(f"{WAVE}posters", posters.posters, name="posters"),
    path(f"{WAVE}posters/<slug:organisation>", posters.poster, name="poster"),
    path(f"{WAVE}open", waves.open_now, name="open-wave"),
    path(f"{WAVE}reminded", waves.reminded, name="reminded"),
    path(f"{WAVE}paper", paper.enter, name="enter-paper"),
    path(f"{WAVE}close", waves.close, name="close-wave"),
    path(f"{WAVE}publish", publishing.publish, name="publish"),
    path(f"{WAVE}draft/prepare", publishing.prepare_draft, name="prepare-draft"),
    path(f"{WAVE}draft", publishing.draft, name="draft"),
    path(f"{WAVE}release", results.landing, name="release"),
    path(f"{WAVE}release/files", results.files, name="release-files"),
    path("privacy/<slug:study>/<slug:wave>", governance.privacy, name="privacy"),
    path(f"{WAVE}release/report", results.whole, name="release-report"),
    path(f"{WAVE}release/downloads", results.downloads, name="release-downloads"),
    path(f"{WAVE}release/organisations/<slug:organisation>", results.organisation, name="release-organisation"),
    path(f"{WAVE}release/findings/<slug:finding>", results.finding, name="release-finding"),
    path(f"{WAVE}release/<slug:part>", results.part, name="release-part"),
    path("results.css", results.stylesheet, name="results-style"),
    path("p/<str:secret>", posters.scan, name="scan"),
    path("a/<str:link>", answering.begin, name="begin"),
    path("a/<str:link>/check", answering.check, name="check"),
    path("a/<str:link>/sent", answering.sent, name="sent"),
    path("a/<str:link>/q/<str:question>", answering.question, name="question"),
]

handler400 = "surefoot.web.views.errors.bad"
handler403 = "surefoot.web.views.errors.forbidden"
handler404 = "surefoot.web.views.errors.missing"
handler500 = "surefoot.web.views.errors.broken"
