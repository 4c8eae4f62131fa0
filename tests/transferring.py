"""People of one unit, and short ways to transfer work among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.commands import SaveDraft, TransferUserTask
from engine.model.clock import FixedClock
from engine.model.transfer import Colleague, RoleConflict
from engine.queries import user_task_detail
from tests.doubles import MONDAY, FixedLadder, ListedForms, OneUnit, collaborators, person
from tests.house import House

TRANSFER = frozenset({"transfer"})
LI, ZHAO = person("li.wei", "clerk@21"), person("zhao.min", "clerk@21")
#: Of the unit, but of no group that the work is offered to, and with no data scope.
SUN = person("sun.lei")
WANG = person("wang.fang", "head@21", units=frozenset({"21"}), permissions=TRANSFER)
#: Sees the work and answers for another unit.
NEIGHBOUR = person("chen.jie", "head@22", units=None, permissions=TRANSFER)
FOREIGN = person("ma.li", "head@22", units=frozenset({"22"}), permissions=TRANSFER)
A_PLAN = {"measure": "重新招标"}
TYPED = {"measure": "打到一半的字"}
REASON = "李伟病假两周"
APART = RoleConflict(held="owner", wanted="clerk", zh="填报的人不得审核", en="who files may not review")
LADDER = FixedLadder({"due-2": timedelta(days=-2), "yellow": timedelta(days=1)})


def unit() -> OneUnit:
    names = {"li.wei": "李伟", "zhao.min": "赵敏", "sun.lei": "孙磊", "wang.fang": "王芳"}
    people = [Colleague(user_id=user_id, title=title, unit_code="21") for user_id, title in names.items()]
    owner = Colleague(user_id="gu.qi", title="顾琪", unit_code="21", conflict=APART)
    return OneUnit(frozenset({"wang.fang"}), (*people, owner), elsewhere=("chen.jie",))


def make(build: Callable[..., House], people: OneUnit | None = None) -> House:
    forms = ListedForms({"F-12": ("measure",)})
    return build(collaborators(FixedClock(MONDAY), forms=forms, ladder=LADDER, people=people or unit()))


def transfer(house: House, user_task_id: str, to: str = "zhao.min", *, actor=WANG, reason: str = REASON, **how: Any):
    command = TransferUserTask(actor=actor, user_task_id=user_task_id, to=to, reason=reason)
    return house.dispatcher.dispatch(command, **how)


def save(house: House, actor, user_task_id: str, content=TYPED) -> None:
    house.dispatcher.dispatch(SaveDraft(actor=actor, user_task_id=user_task_id, content=content))


def detail(house: House, user_task_id: str, actor=WANG) -> Any:
    return house.ask(user_task_detail, actor, user_task_id)


def rows(house: House, table: Any) -> list[Any]:
    with house.database.connect() as connection:
        return list(connection.execute(table.select()))
