"""Every address of the server, with the view that answers it."""

from __future__ import annotations

from django.urls import path

from surefoot.web.views import (
    answering,
    governance,
    people,
    programme,
    publishing,
    results,
    signing,
    studies,
    waves,
)

STUDY = "studies/<slug:study>/"
WAVE = f"{STUDY}waves/<slug:wave>/"

urlpatterns = [
    path("", programme.home, name="home"),
    path("programme", programme.rename, name="rename"),
    path("anonymity", programme.anonymity, name="anonymity"),
    path("health", programme.health, name="health"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("enter/<slug:entry>", signing.enter, name="enter"),
    path("people", people.people, name="people"),
    path("people/end", people.end, name="end-person"),
    path("audit", people.audit, name="audit"),
    path("studies/new", studies.new, name="new-study"),
    path("studies/import", studies.bring, name="import-study"),
    path(STUDY, studies.study, name="study"),
    path(f"{STUDY}instrument", studies.instrument, name="instrument"),
    path(f"{STUDY}instrument/choose", studies.choose, name="choose-instrument"),
    path(f"{STUDY}organisations", studies.organisations, name="organisations"),
    path(f"{STUDY}export", studies.export, name="export"),
    path(f"{STUDY}waves/new", waves.new, name="new-wave"),
    path(WAVE, waves.wave, name="wave"),
    path(f"{WAVE}before", governance.before, name="before"),
    path(f"{WAVE}before/<slug:item>", governance.item, name="before-item"),
    path(f"{WAVE}invitations", waves.invitations, name="invitations"),
    path(f"{WAVE}open", waves.open_now, name="open-wave"),
    path(f"{WAVE}reminded", waves.reminded, name="reminded"),
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
    path("a/<str:link>", answering.begin, name="begin"),
    path("a/<str:link>/check", answering.check, name="check"),
    path("a/<str:link>/sent", answering.sent, name="sent"),
    path("a/<str:link>/q/<str:question>", answering.question, name="question"),
]

handler400 = "surefoot.web.views.errors.bad"
handler403 = "surefoot.web.views.errors.forbidden"
handler404 = "surefoot.web.views.errors.missing"
handler500 = "surefoot.web.views.errors.broken"
