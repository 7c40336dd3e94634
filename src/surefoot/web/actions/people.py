"""Writing people and their roles. Nobody's password is known to anybody else: a link, used once, lets each choose."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.actions.entries import make_entry
from surefoot.web.actions.signing import forget_sign_in
from surefoot.web.audit import written
from surefoot.web.roles import LEAD, ROLES

_UNNAMED = {"slug": "programme", "title": "This programme"}


def first_administrator(*, now: datetime) -> str | None:
    """A one-time link for the first programme lead; None where somebody leads the programme already.

    Started again before it is used, the server makes another, and the earlier one no longer opens.
    """
    leads = models.Membership.objects.filter(role=LEAD)
    if any(one.person.has_usable_password() for one in leads.select_related("person")):
        return None
    with written("first-administrator", LEAD, by="server"):
        person = _person("first@administrator.invalid", "First administrator")
        models.Membership.objects.get_or_create(person=person, role=LEAD, organisation="")
        return make_entry(person, now)


def add_person(*, email: str, name: str, role: str, organisation: str, now: datetime, by: str) -> str:
    """Give somebody a role, in one organisation or ("") in the whole programme; a one-time link comes out.

    Raises BadInput for an address or a role that cannot be.
    """
    try:
        validate_email(email)
    except ValidationError:
        raise BadInput("e-mail address", f'"{email}"', "an address such as name@example.org") from None
    if role not in ROLES:
        raise BadInput("role", f'"{role}"', f"one of {', '.join(ROLES)}")
    if organisation and not ROLES[role].of_one_organisation:
        raise BadInput("organisation", f'"{organisation}"', "none: the role is for all of them")
    if not organisation and not ROLES[role].of_all:
        raise BadInput("organisation", '""', "an organisation: the role is for one of them")
    with written("add-person", email, by=by, role=role, organisation=organisation):
        person = _person(email, name)
        models.Membership.objects.get_or_create(person=person, role=role, organisation=organisation)
        return make_entry(person, now)


def choose_password(*, entry: str, email: str, name: str, password: str, now: datetime) -> None:
    """Let the owner of a one-time link set their name, address and password; the link is used up. Raises BadInput."""
    key = hashlib.sha256(entry.encode()).hexdigest()
    found = models.Entry.objects.select_related("person").filter(key=key, expires__gt=now).first()
    if found is None:
        raise Refused("a link opens once", "this link was used or is too old", "Ask for another.")
    person = found.person
    person.email, person.name = models.Person.objects.normalize_email(email.strip()), name.strip()
    _check_person(person, password)
    with written("choose-password", person.email, by=person.email):
        person.set_password(password)
        person.save()
        found.delete()


def end_person(*, email: str, by: str) -> None:
    """Take away all roles of somebody, and all by which they could enter: links, sessions, factors, identities, tokens.

    What they did stays in the audit log. Raises Refused.
    """
    with written("end-person", email, by=by):
        if email == by:
            raise Refused("nobody shuts the door behind themselves", "this is you", "Ask another programme lead.")
        person = models.Person.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise BadInput("e-mail address", f'"{email}"', "the address of somebody with a role")
        person.is_active = False
        person.memberships.all().delete()
        forget_sign_in(person, factors=True)


def take_role(*, email: str, role: str, organisation: str, by: str) -> None:
    """Take one role of somebody away; at once, since rights are looked up for each page. Raises BadInput, Refused."""
    with written("take-role", email, by=by, role=role, organisation=organisation):
        if email == by and role == LEAD:
            raise Refused("nobody shuts the door behind themselves", "this is you", "Ask another programme lead.")
        found = models.Membership.objects.filter(person__email=email, role=role, organisation=organisation)
        if not found.exists():
            raise BadInput("role", f'"{role}"', "a role that this person has")
        if models.Membership.objects.filter(person__email=email).count() == 1:
            reason = "this is the only role of this person"
            raise Refused("somebody without a role does not sign in", reason, "Take all roles away instead.")
        found.delete()


def require_second_factor(*, required: bool, by: str) -> None:
    """Ask a second factor of everybody with a role, or no longer."""
    with written("require-second-factor", "yes" if required else "no", by=by):
        programme, _ = models.Programme.objects.get_or_create(id=1, defaults=_UNNAMED)
        programme.second_factor = required
        programme.save()


def _check_person(person: models.Person, password: str) -> None:
    try:
        validate_email(person.email)
    except ValidationError:
        raise BadInput("e-mail address", f'"{person.email}"', "an address such as name@example.org") from None
    if not person.name:
        raise BadInput("name", "nothing", "your name, as colleagues know it")
    if models.Person.objects.filter(email=person.email).exclude(pk=person.pk).exists():
        raise BadInput("e-mail address", "an address that somebody else has", "your own")
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise BadInput("password", "one that is easy to guess", " ".join(problem.messages).rstrip(".")) from None


def _person(email: str, name: str) -> models.Person:
    address = models.Person.objects.normalize_email(email.strip())
    person = models.Person.objects.filter(email=address).first()
    if person is None:
        person = models.Person(email=address, name=name.strip() or address)
        person.set_unusable_password()
    person.is_active = True
    person.save()
    return person
