"""Who belongs to the unit where work is done, and who may transfer it there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.identity.colleagues import colleagues_at
from api.identity.directory import Directory, Person
from api.identity.units import Unit, UnitTree
from engine.model.transfer import Colleagues, ColleaguesRequest
from tests.api.district import CATALOGUE, CONTENT, TENANT

#: Who is no more than at home in a unit: no posts.
CLERK = ("edu1.clerk", "示范一中科员", "2101", ())
MORE: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    CLERK,
    ("edu1.fin", "示范一中财务", "2101", (("unit_finance", "2101"),)),
    ("edu2.head", "示范二小校长", "2102", (("unit_head", "2102"),)),
    # at home in the bureau, with a post in the school
    ("edu.both", "教育局项目干部", "21", (("project_owner", "2101"),)),
    ("edu1.perf", "示范一中绩效员", "2101", (("dept_perf", "21"),)),
    ("firm", "示范会计师事务所", "2101", (("third_party", "2101"),)),
)


@pytest.fixture
def directory() -> Directory:
    units = {
        each["code"]: Unit(code=each["code"], name=each["name"], kind=each["kind"], parent=each.get("parent"))
        for each in CONTENT["units"]
    }
    users = CONTENT["users"]
    listed = [(each["username"], each["title"], each["unit"], ((each["role"], each["unit"]),)) for each in users]
    people = {
        user_id: Person(user_id=user_id, title=title, unit_code=unit_code, language=None, posts=posts)
        for user_id, title, unit_code, posts in (*listed, *MORE)
    }
    return Directory(tree=UnitTree(units), people=people, division_scopes={})


def ask(directory: Directory, user_id: str, **about: Any) -> Colleagues:
    request = ColleaguesRequest(
        tenant_id=TENANT, user_id=user_id, assignee=None, candidate_groups=(), candidate_users=(), roles=()
    )
    return colleagues_at(directory, CATALOGUE, replace(request, **about))


def free(found: Colleagues) -> list[str]:
    """Those whose roles go with the work."""
    return [each.user_id for each in found.people if each.conflict is None]


def test_the_people_of_the_unit_those_with_the_role_first(directory: Directory) -> None:
    found = ask(directory, "edu1.head", candidate_groups=("project_owner@2101",))
    assert found.is_within_reach
    assert free(found) == ["edu.both", "edu1.proj", "edu1.head", "edu1.clerk", "edu1.fin"]
    assert (found.people[0].title, found.people[0].unit_code) == ("教育局项目干部", "21")
    assert "health.head" in found.accounts and "firm" not in [each.user_id for each in found.people]


def test_roles_that_may_not_meet_are_told_with_their_reason(directory: Directory) -> None:
    found = ask(directory, "edu1.head", candidate_groups=("project_owner@2101",))
    (barred,) = [each for each in found.people if each.conflict is not None]
    assert barred.user_id == "edu1.perf" and barred.conflict is not None
    assert (barred.conflict.held, barred.conflict.wanted) == ("dept_perf", "project_owner")
    assert (barred.conflict.zh, barred.conflict.en) == (
        "填报项目的人不得审核项目",
        "who files a project may not review it",
    )


def test_technical_staff_receive_no_business(directory: Directory) -> None:
    found = ask(directory, "fin.dir", candidate_groups=("finance_perf@1002",))
    assert free(found) == ["fin.perf", "fin.lead"]
    assert {each.user_id: each.conflict.wanted for each in found.people if each.conflict is not None} == {
        "admin": "finance_perf",
        "designer": "finance_perf",
    }


@pytest.mark.parametrize(
    ("user_id", "is_within_reach"),
    [
        ("edu1.head", True),
        # the department above the unit
        ("edu.head", True),
        ("edu2.head", False),
        ("health.head", False),
        ("fin.dir", False),
        ("edu1.proj", False),
        ("admin", False),
        ("gov.lead", False),
        ("nobody", False),
    ],
)
def test_it_reaches_the_posts_unit_and_those_below(directory: Directory, user_id: str, is_within_reach: bool) -> None:
    found = ask(directory, user_id, candidate_groups=("project_owner@2101",))
    assert found.is_within_reach is is_within_reach
    assert bool(found.people) is is_within_reach


def test_a_head_below_does_not_reach_the_department(directory: Directory) -> None:
    assert not ask(directory, "edu1.head", candidate_groups=("dept_perf@21",)).is_within_reach
    assert free(ask(directory, "edu.head", candidate_groups=("dept_perf@21",))) == ["edu.perf", "edu1.perf", "edu.head"]


def test_work_offered_to_two_units_is_done_where_it_was_taken(directory: Directory) -> None:
    both = ("unit_head@2101", "unit_head@2102")
    offered = ask(directory, "edu2.head", candidate_groups=both)
    assert free(offered) == ["edu2.head"]
    taken = {"candidate_groups": both, "assignee": "edu1.head"}
    assert not ask(directory, "edu2.head", **taken).is_within_reach
    assert "edu2.head" not in free(ask(directory, "edu.head", **taken))


def test_work_given_by_name_is_done_where_the_person_has_the_post_it_is_for(directory: Directory) -> None:
    named = {"assignee": "edu.both", "roles": ("project_owner",)}
    assert "edu1.proj" in free(ask(directory, "edu1.head", **named))
    assert "edu.perf" not in free(ask(directory, "edu.head", **named))


def test_work_given_by_name_to_whoever_has_no_post_for_it_is_done_at_home(directory: Directory) -> None:
    assert ask(directory, "edu1.head", assignee="edu1.clerk", roles=("project_owner",)).is_within_reach
    assert not ask(directory, "edu2.head", assignee="edu1.clerk", roles=("project_owner",)).is_within_reach


def test_without_roles_of_the_diagram_those_of_the_assignee_count(directory: Directory) -> None:
    found = ask(directory, "edu1.head", assignee="edu1.proj")
    assert "edu1.perf" not in free(found) and "edu1.fin" in free(found)


def test_work_offered_to_people_by_name_is_done_in_their_units(directory: Directory) -> None:
    assert ask(directory, "edu1.head", candidate_users=("edu1.fin", "closed")).is_within_reach


@pytest.mark.parametrize(
    "about",
    [
        {"candidate_groups": ("expert@00",)},
        {"assignee": "exp.a", "roles": ("expert",)},
        {"assignee": "firm", "roles": ("third_party",)},
        {"assignee": "closed"},
        {},
    ],
    ids=["expert", "expert by name", "third party", "closed account", "nobody"],
)
def test_what_outsiders_or_nobody_has_is_done_in_no_unit(directory: Directory, about: dict[str, Any]) -> None:
    assert not ask(directory, "edu1.head", **about).is_within_reach
    assert not ask(directory, "edu.head", **about).is_within_reach


def test_three_roles_transfer() -> None:
    may = {key for key, role in CATALOGUE.roles.items() if "transfer" in role.permissions}
    assert may == {"unit_head", "dept_head", "finance_director"}
