"""The plan of a release: planted leaks are mended, and ordinary studies keep most of their groups."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from surefoot.estimate import EVERYONE, Group
from surefoot.instrument import Condition, Option, Question, Scale
from surefoot.release import Plan, left_out, plan
from surefoot.release.protection import ALIKE, CROSS, SECONDARY, SMALL, UNPROVED
from surefoot.responses import Missing
from surefoot.study import Weights
from surefoot.tally import count

EN = {"en": "words"}


def mixed(n: int, options: int = 3, shift: int = 0) -> list[int]:
    """Answers that go round the options."""
    return [(k * 7 + k // 5 + shift) % options for k in range(n)]


def planned(make, people, breakdowns, answers=None, **kwargs) -> Plan:
    """The plan of a study by hand."""
    study, made = make(people, breakdowns, answers or {"q": mixed(sum(people))}, **kwargs)
    return plan(count(made, study), study)


def test_few_people_in_small_organisations_are_left_out(make) -> None:
    """Organisations under eleven that are together under eleven go into no figure."""
    study, made = make([40, 50, 4, 5], {}, {"q": mixed(99)})
    assert left_out(count(made, study)) == ("org-2", "org-3")


def test_organisation_without_answers_is_treated_as_one_with_few(make) -> None:
    """Left out with the others or merged with them: no headcount of a total says where nobody answered."""
    study, made = make([40, 50, 0, 5], {}, {"q": mixed(95)})
    assert left_out(count(made, study)) == ("org-2", "org-3")
    study, made = make([40, 50, 6, 9, 0], {}, {"q": mixed(105)})
    tally = count(made, study)
    assert left_out(tally) == ()
    assert plan(tally, study).strata == (("org-0",), ("org-1",), ("org-2", "org-3", "org-4"))


def test_enough_people_in_small_organisations_stay_in_the_total(make) -> None:
    """Organisations under eleven that are together eleven or more stay in the totals, as one stratum."""
    study, made = make([40, 50, 6, 9], {}, {"q": mixed(105)})
    tally = count(made, study)
    assert left_out(tally) == ()
    assert plan(tally, study).strata == (("org-0",), ("org-1",), ("org-2", "org-3"))


def test_one_small_organisation_hides_another(make) -> None:
    """What a total less its published parts leaves has at least eleven people, and is no single organisation."""
    found = planned(make, [40, 50, 30, 5], {}, {"q": mixed(125)})
    assert found.hidden[Group("organisation", "org-3")] == SMALL
    assert found.hidden[Group("organisation", "org-2")] == SECONDARY
    assert found.strata[-1] == ("org-2", "org-3")


def test_study_under_the_minimum_shows_nothing(make) -> None:
    """Ten people in all: even everybody is hidden."""
    assert EVERYONE in planned(make, [10], {}, {"q": mixed(10)}).hidden


def test_small_base_of_one_question_hides_that_question(make) -> None:
    """A group that is large enough but in which six answered is hidden for that question, with one more."""
    role = [0] * 50 + [1] * 40 + [2] * 20
    answers = mixed(104) + [int(Missing.NOT_ANSWERED)] * 6
    answers[90:104] = mixed(6) + [int(Missing.NOT_ANSWERED)] * 8
    found = planned(make, [110], {"role": role}, {"q": answers})
    assert found.hidden == {}
    assert found.hidden_questions[Group("role", "o2"), "q"] == SMALL
    assert found.hidden_questions[Group("role", "o1"), "q"] == SECONDARY


@pytest.mark.parametrize("rare", [0, 1])
def test_group_that_answers_alike_is_hidden(make, rare: int) -> None:
    """Where all of a group, or all but one, gave one answer, the question is hidden there, and cannot be subtracted."""
    role = [0] * 50 + [1] * 40 + [2] * 20
    answers = mixed(90) + [0] * (20 - rare) + [1] * rare
    found = planned(make, [110], {"role": role}, {"q": answers})
    assert found.hidden_questions[Group("role", "o2"), "q"] == ALIKE
    assert (Group("role", "o1"), "q") in found.hidden_questions


def test_absence_is_hidden_only_where_it_is_sensitive(make) -> None:
    """Nobody in a group chose an option: shown as a true zero, unless the option says that its absence tells."""
    role = [0] * 50 + [1] * 40 + [2] * 30
    answers = mixed(90) + mixed(30, 2)
    shown = planned(make, [120], {"role": role}, {"q": answers})
    assert not any(question == "q" for _, question in shown.hidden_questions)
    options = tuple(Option(f"o{k}", EN, sensitive_absence=k == 2) for k in range(3))
    question = Question("q", "single", EN, Scale("q", options))
    hidden = planned(make, [120], {"role": role}, {"q": answers}, questions=[question])
    assert hidden.hidden_questions[Group("role", "o2"), "q"] == ALIKE


def test_unticked_box_is_no_group_disclosure(make) -> None:
    """That nobody ticked a box is a true zero; that everybody did tells of each."""
    options = (Option("a", EN), Option("b", EN))
    question = Question("tools", "multi", EN, Scale("tools", options))
    role = [0] * 50 + [1] * 40 + [2] * 20
    unticked = int(Missing.UNTICKED)
    b = [1 if k % 3 else unticked for k in range(90)]
    never = {"tools/a": [unticked] * 110, "tools/b": b + [1 if k % 2 else unticked for k in range(20)]}
    study, made = make([110], {"role": role}, never, questions=[question])
    assert not plan(count(made, study), study).hides(Group("role", "o2"), "tools")
    always = {"tools/a": [unticked] * 110, "tools/b": b + [1] * 20}
    study, made = make([110], {"role": role}, always, questions=[question])
    assert plan(count(made, study), study).hides(Group("role", "o2"), "tools")


def test_breakdown_question_is_no_undeclared_table(make) -> None:
    """A question that makes groups is not broken down by other groups, and not shown at all where a group is hidden."""
    found = planned(make, [60, 60], {"role": [0, 1, 2] * 40})
    assert found.hidden_questions[Group("organisation", "org-0"), "role"] == CROSS
    assert (EVERYONE, "role") not in found.hidden_questions
    small = planned(make, [60, 60], {"role": [0] * 60 + [1] * 55 + [2] * 5})
    assert small.hidden_questions[EVERYONE, "role"] == CROSS


def test_cross_of_small_cells_is_mended(make) -> None:
    """In a declared cross, no cell is the difference of its organisation and the cells beside it."""
    role = [0] * 30 + [1] * 30 + [2] * 4 + [0] * 40 + [1] * 30 + [2] * 20
    found = planned(make, [64, 90], {"role": role}, {"q": mixed(154)}, crossed=True)
    assert found.hidden[Group("organisation.role", "org-0.o2")] == SMALL
    hidden = {group.code for group in found.hidden if group.breakdown == "organisation.role"}
    assert (
        len([code for code in hidden if code.startswith("org-0")]) >= 2
        or Group("organisation", "org-0") in found.hidden
    )


def test_derived_question_does_not_give_its_source_away(make) -> None:
    """Where the source of a derived question is hidden, so is the question that counts the same people."""
    yes_no = Scale("yes-no", (Option("yes", EN), Option("no", EN)))
    used = Question("used", "single", EN, yes_no)
    purpose = Question("purpose", "single", EN, yes_no, show_if=(Condition("used", ("yes",)),))
    work = Question("work", "single", EN, yes_no, derived=(Condition("purpose", ("yes",)),), derived_base="used")
    role = [0] * 60 + [1] * 50 + [2] * 40
    users = [k % 2 for k in range(110)] + [0 if k < 6 else 1 for k in range(40)]
    purposes = [(-1 if used else (k // 2) % 2) for k, used in enumerate(users)]
    study, made = make([150], {"role": role}, {"used": users, "purpose": purposes}, questions=[used, purpose, work])
    found = plan(count(made, study), study)
    assert not found.hides(Group("role", "o2"), "used")
    assert found.hidden_questions[Group("role", "o2"), "purpose"] == SMALL
    for group in {group for group, question in found.hidden_questions if question == "purpose"}:
        assert found.hides(group, "work")


def test_routed_question_does_not_count_the_answer_that_it_is_asked_after(make) -> None:
    """Where 29 of 30 say yes, that is hidden; a question for those who said yes would have a base of 29 there."""
    yes_no = Scale("yes-no", (Option("yes", EN), Option("no", EN)))
    used = Question("used", "single", EN, yes_no)
    liked = Question("liked", "single", EN, yes_no, show_if=(Condition("used", ("yes",)),))
    more = Question("more", "single", EN, yes_no, show_if=(Condition("liked", ("yes", "no")),))
    users = [0] * 29 + [1] + mixed(150, 2)
    answers = [-1 if used else place % 2 for place, used in enumerate(users)]
    columns = {"used": users, "liked": answers, "more": answers}
    study, made = make([30, 40, 50, 60], {}, columns, questions=[used, liked, more])
    found = plan(count(made, study), study)
    groups = {question: {g for g, q in found.hidden_questions if q == question} for question in columns}
    assert Group("organisation", "org-0") in groups["used"]
    assert groups["used"] <= groups["liked"] <= groups["more"]
    assert not found.hides(Group("organisation", "org-3"), "more")


def test_question_asked_of_one_role_is_no_table_of_roles_by_organisation(make) -> None:
    """Its base in an organisation would count the role there, a table that the study did not declare."""
    yes_no = Scale("yes-no", (Option("yes", EN), Option("no", EN)))
    asked = Question("asked", "single", EN, yes_no, show_if=(Condition("role", ("o0",)),))
    role = [0] * 98 + [1] * 2 + [0] * 50 + [1] * 50
    columns = {"asked": [-1 if other else place % 2 for place, other in enumerate(role)]}
    study, made = make([100, 100], {"role": role}, columns, questions=[asked])
    found = plan(count(made, study), study)
    assert all(found.hides(Group("organisation", name), "asked") for name in ("org-0", "org-1"))
    assert not found.hides(EVERYONE, "asked")
    assert not found.hides(Group("role", "o0"), "asked")


def test_out_of_time_hides_instead_of_hoping(make) -> None:
    """What is not proved safe in time is hidden: breakdowns and questions, for every group."""
    role = [0] * 50 + [1] * 40 + [2] * 5
    study, made = make([95], {"role": role}, {"q": mixed(95)})
    found = plan(count(made, study), study, seconds=0)
    assert "role" in found.coarsened
    assert all(found.hides(Group("role", code)) for code in ("o0", "o1", "o2"))
    assert found.hidden_questions[EVERYONE, "q"] == UNPROVED


def test_cache_gives_the_same_plan(make, tmp_path: Path) -> None:
    """A plan made with the cache of an earlier one is equal, and the cache's names tell nothing."""
    role = [0] * 50 + [1] * 40 + [2] * 20 + [3] * 5
    study, made = make([115], {"role": role}, {"q": mixed(115)})
    study = type(study)(**{**vars(study), "folder": tmp_path})
    tally = count(made, study)
    first = plan(tally, study, cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) >= 1
    assert plan(tally, study, cache=tmp_path / "cache") == first


def test_progress_counts_questions(make) -> None:
    """Progress is told once a question."""
    study, made = make([60], {}, {"q": mixed(60), "r": mixed(60, 2)})
    seen: list[tuple[int, int]] = []
    plan(count(made, study), study, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_strata_merge_organisations_hidden_for_a_question() -> None:
    """An organisation hidden for one question is no stratum of its own for that question."""
    pairs = {(Group("organisation", "a"), "q"): ALIKE, (Group("organisation", "b"), "q"): SECONDARY}
    found = Plan(strata=(("a",), ("b",), ("c",)), hidden_questions=pairs)
    assert found.strata_of("q") == (("c",), ("a", "b"))
    assert found.strata_of("r") == (("a",), ("b",), ("c",))


@pytest.mark.parametrize("seed", [0, 3])
def test_ordinary_studies_keep_most_groups(random_studies: ModuleType, seed: int) -> None:
    """At least four fifths of the base-weighted groups of an ordinary study are shown."""
    shape = random_studies.Shape(singles=4, multis=1, routed=1)
    study, answers = random_studies.random_study(seed, shape)
    tally = count(answers, study)
    found = plan(tally, study, left_out=left_out(tally))
    from surefoot.release.incidence import incidence

    who = incidence(tally)
    kept = np.array([not found.hides(group) for group in who.groups])
    assert who.sizes[1:][kept[1:]].sum() >= 0.8 * who.sizes[1:].sum()


@pytest.mark.parametrize("weighed", [False, True])
def test_share_of_a_group_does_not_tell_how_it_is_spread_over_organisations(make, weighed: bool) -> None:
    """Seven of 47 and 30 of 87: by headcount, only seven in the first give the share; pooled, it is 37 of 134."""
    role = [0] * 40 + [1] * 7 + [0] * 57 + [1] * 30
    study, made = make([47, 87], {"role": role}, {"used": [place % 2 for place in range(134)]})
    study = replace(study, weights=Weights("post-stratify") if weighed else None)
    found = plan(count(made, study), study, stage_b=False)
    assert found.few_in_cells == {"role"}
    assert found.hides(EVERYONE, "role") is weighed
    assert found.strata_of("role") == () != found.strata_of("used")
