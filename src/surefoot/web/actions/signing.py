"""Writing how people sign in: passwords, one-time links, what who leaves loses, and the events of signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.actions.entries import make_entry
from surefoot.web.audit import written


def note_account(*, action: str, email: str, **details: Any) -> None:
    """Note that somebody signed in, failed to, or changed a factor: what allauth did, and told afterwards."""
    with written(action, email, by=email, **details):
        pass


def note_failed(*, email: str) -> None:
    """Note a failed sign-in. Of an address that nobody here has only that it failed: it may be a password, mistyped."""
    person = member(email=email)
    with written("sign-in-failed", person.email if person else "unknown address", by="nobody"):
        pass


def member(*, email: str) -> models.Person | None:
    """Somebody with a role, by the address; None where nobody has it."""
    return models.Person.objects.filter(email=email, is_active=True, memberships__isnull=False).first()


def forget_claims(*, identity: Any) -> None:
    """Keep of an identity of another provider only whose it is; allauth keeps all that the provider told. No event."""
    identity.save(update_fields=["extra_data"])


def change_password(*, email: str, old: str, new: str, by: str) -> models.Person:
    """Let somebody change their own password; every other session of theirs ends. Raises BadInput."""
    with written("change-password", email, by=by):
        person = models.Person.objects.get(email=email, is_active=True)
        if not person.check_password(old):
            raise BadInput("password now", "one that is not yours", "the password with which you sign in")
        try:
            validate_password(new, person)
        except ValidationError as problem:
            raise BadInput("new password", "one easy to guess", " ".join(problem.messages).rstrip(".")) from None
        person.set_password(new)
        person.save()
    return person


def renew_entry(*, email: str, factors: bool, now: datetime, by: str) -> str:
    """A one-time link for somebody who lost their password, or (factors) what they sign in with beside it.

    From now on the old password, every session and every token of theirs are void. Raises BadInput, Refused.
    """
    with written("renew-entry", email, by=by, factors="taken away" if factors else "kept"):
        if email == by:
            reason = "this is you, and a link would pass by your own password"
            raise Refused("nobody renews their own sign-in", reason, "Change your password, or ask another lead.")
        person = member(email=email)
        if person is None:
            raise BadInput("e-mail address", f'"{email}"', "the address of somebody with a role")
        forget_sign_in(person, factors=factors)
        return make_entry(person, now)


def forget_sign_in(person: models.Person, *, factors: bool) -> None:
    """Void somebody's password, links, tokens and sessions, and their factors and identities where `factors` says so.

    To be called inside of an action.
    """
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    person.set_unusable_password()
    person.save()
    models.Entry.objects.filter(person=person).delete()
    models.Token.objects.filter(person=person).delete()
    if factors:
        Authenticator.objects.filter(user_id=person.pk).delete()
        SocialAccount.objects.filter(user_id=person.pk).delete()
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
