"""Where the programme stands: six stages, each with its state, next action, owner, date and blocker.

One function a stage, all of them of what was seen: a stage that gets pages of its own says more here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from surefoot.web.roles import CHANGE, FACILITATOR, LEAD, PARTICIPATION, RESULTS, ROLES
from surefoot.web.store import Overview, PlannedStage, Prepared, WaveSeen

DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Stage:
    """One of the six stages.

    purpose: what it is for. action: what is next in it, link: where that is done, and right: what that needs. owner: a
    person, or the role whose it is. due: by when. blocker: what is missing. late: whether the day is over.
    """

    key: str
    name: str
    purpose: str
    state: str = LATER
    action: str = ""
    link: str = ""
    right: str = CHANGE
    owner: str = ROLES[LEAD].title
    due: date | None = None
    blocker: str = ""
    late: bool = False


@dataclass(frozen=True)
class Seen:
    """What the stages are judged by.

    waves, unsigned, prepared: by the slug of a study (and the name of a wave): its waves, what nobody has signed, the
    final release that is being prepared. plans: owners and days that the lead has set, by stage.
    """

    today: date
    studies: Sequence[Overview] = ()
    waves: Mapping[str, Sequence[WaveSeen]] = field(default_factory=dict)
    unsigned: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    prepared: Mapping[tuple[str, str], Prepared] = field(default_factory=dict)
    plans: Mapping[str, PlannedStage] = field(default_factory=dict)

    @property
    def every_wave(self) -> list[WaveSeen]:
        """The waves of all studies, by their opening."""
        return sorted((wave for waves in self.waves.values() for wave in waves), key=lambda wave: wave.opens)

    @property
    def unreleased(self) -> list[tuple[str, str]]:
        """Waves that could have a final release and have none: study and name."""
        brought = [(study.slug, wave) for study in self.studies for wave in study.imported]
        closed = [(wave.study, wave.name) for wave in self.every_wave if wave.state == "closed"]
        return [one for one in (*brought, *closed) if one not in self.released]

    @property
    def released(self) -> list[tuple[str, str]]:
        """Waves with a final release, the latest last."""
        return [(study.slug, wave) for study in self.studies for wave in study.released]


def stages(seen: Seen) -> Sequence[Stage]:
    """The six stages, with the owners and days that the lead has set."""
    return [_planned(judge(seen, stage), seen) for stage, judge in STAGES]


def _planned(stage: Stage, seen: Seen) -> Stage:
    plan = seen.plans.get(stage.key)
    owner = plan.owner if plan and plan.owner else stage.owner
    due = plan.due if plan and plan.due else stage.due
    late = stage.state == NOW and due is not None and due < seen.today
    return replace(stage, owner=owner, due=due, late=late)


def address(study: str, wave: str, page: str = "") -> str:
    """The address of a page of a wave."""
    return f"/studies/{study}/waves/{wave}/{page}"


# One function a stage ---------------------------------------------------------------------------------------------


def _ask(seen: Seen, stage: Stage) -> Stage:
    """Governance, links, opening, watching and closing of the wave that comes next."""
    if not seen.studies:
        return replace(stage, state=NOW, action="Add a study", link="/studies/new", blocker="There is no study yet.")
    going = next((wave for wave in seen.every_wave if wave.state != "closed"), None)
    if going is not None:
        return _going(seen, replace(stage, state=NOW), going)
    if any(study.imported for study in seen.studies) or seen.every_wave:
        return replace(stage, state=DONE, action="Plan another wave", link=f"/studies/{seen.studies[-1].slug}/")
    link = f"/studies/{seen.studies[-1].slug}/"
    return replace(stage, state=NOW, action="Plan a wave", link=link, blocker="No wave is planned.")


def _going(seen: Seen, stage: Stage, wave: WaveSeen) -> Stage:
    here = address(wave.study, wave.name)
    if wave.state == "planned":
        return _before_opening(seen, replace(stage, due=wave.opens), wave)
    if wave.state == "closing" or wave.ended(seen.today):
        blocker = "The last day is over: no answer is taken any more."
        return replace(stage, action=f"Close wave {wave.name}", link=here, due=wave.closes, blocker=blocker)
    action = f"Watch who takes part in wave {wave.name}"
    return replace(stage, action=action, link=here, right=PARTICIPATION, due=wave.closes)


def _before_opening(seen: Seen, stage: Stage, wave: WaveSeen) -> Stage:
    here, unsigned = address(wave.study, wave.name), seen.unsigned.get((wave.study, wave.name), ())
    if unsigned:
        many = f"{len(unsigned)} {'item is' if len(unsigned) == 1 else 'items are'} not signed, {unsigned[0]} first."
        return replace(stage, action="Settle and sign what must be", link=f"{here}before", blocker=many)
    if not wave.invitations:
        return replace(stage, action="Invite people", link=here, blocker="Nobody is invited yet.")
    return replace(stage, action=f"Open wave {wave.name}", link=here)


def _understand(seen: Seen, stage: Stage) -> Stage:
    """The release of each closed wave."""
    if seen.unreleased:
        study, wave = seen.unreleased[-1]
        stage = replace(stage, state=NOW, action=f"Publish the results of wave {wave}")
        stage = replace(stage, link=address(study, wave, "publish"))
        return replace(stage, blocker=_of_preparing(seen.prepared.get((study, wave))))
    if seen.released:
        link = address(*seen.released[-1], "release")
        return replace(stage, state=DONE, action="Read the results", link=link, right=RESULTS)
    return replace(stage, blocker="No wave is closed.")


def _of_preparing(prepared: Prepared | None) -> str:
    if prepared is None:
        return ""
    return "It is being prepared." if prepared.under_way else f"It was refused: {prepared.problem}"


def _deliberate(seen: Seen, stage: Stage) -> Stage:
    """The leadership workshop."""
    stage = replace(stage, owner=ROLES[FACILITATOR].title)
    if not seen.released:
        return replace(stage, blocker="There are no results to deliberate on.")
    link = address(*seen.released[-1], "release/findings")
    return replace(stage, state=NOW, action="Put the findings before the leaders", link=link, right=RESULTS)


def _waits(what: str) -> Callable[[Seen, Stage], Stage]:
    return lambda seen, stage: replace(stage, blocker=f"It waits for: {what}.")


STAGES: Iterable[tuple[Stage, Callable[[Seen, Stage], Stage]]] = (
    (Stage("ask", "Ask", "Ask staff, so that nobody can be recognised"), _ask),
    (Stage("understand", "Understand", "Count honestly, protect small groups, say what is not known"), _understand),
    (Stage("deliberate", "Deliberate", "Leaders weigh what staff said, and disagree well"), _deliberate),
    (Stage("test", "Test", "Put the kinds of AI use that are on the table to the test"), _waits("Deliberate")),
    (Stage("decide", "Decide", "Decide what to do, with reasons and a day to look again"), _waits("Test")),
    (Stage("guard", "Guard", "Watch what was decided: risks, controls, stops"), _waits("Decide")),
)
"""The stages in order: what each is, and the function that judges it."""
