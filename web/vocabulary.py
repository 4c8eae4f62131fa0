"""What people call the things the engine names by key: deeds, states, rungs of the ladder, steps of routing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from web.words import say

#: History event -> what was done, before the name of the step.
DEEDS: Mapping[str, str] = {
    "InstanceStarted": "发起了",
    "InstanceEnded": "流程结束：",
    "UserTaskCreated": "事项到达：",
    "UserTaskClaimed": "认领了",
    "UserTaskReleased": "放回了",
    "UserTaskCompleted": "办结了",
    "UserTaskReturned": "退回了",
    "UserTaskTransferred": "转办了",
    "UserTaskCancelled": "事项取消：",
    "UserTaskWithdrawn": "撤回了",
    "WithdrawalAsked": "申请撤回了",
    "WithdrawalAnswered": "撤回答复：",
    "ExtensionAsked": "申请延长",
    "ExtensionAnswered": "延期答复：",
    "OpinionAsked": "征求意见",
    "OpinionGiven": "加签意见：",
    "DueMoved": "到期日调整：",
    "MessageThrown": "发出消息：",
    "MessageDelivered": "收到消息：",
    "DecisionMade": "作出判定：",
    "IncidentOpened": "出现异常：",
    "IncidentResolved": "异常已排除：",
    "RungFired": "督办升级：",
    "ProcessSuspended": "挂起了流程",
    "ProcessResumed": "恢复了流程",
}
STATES: Mapping[str, str] = {
    "active": "办理中",
    "suspended": "已挂起",
    "completed": "已办结",
    "cancelled": "已作废",
}
#: Rung of the standard ladder (PROCESSES 0.4) -> its name.
RUNGS: Mapping[str, str] = {
    "remind-5": "提前 5 个工作日提醒",
    "remind-2": "提前 2 个工作日提醒",
    "due": "到期当天提醒",
    "yellow": "黄色预警",
    "orange": "橙色预警",
    "red": "红色预警",
    "interview": "约谈",
    "pre-check": "问责预审",
}

#: Why a user task was closed without being done.
ENDS: Mapping[str, str] = {
    "return": "工作被退回",
    "withdrawal": "提交人已撤回",
    "cancel": "流程已作废",
    "retry": "排除异常后重来",
    "incident": "流程出现异常",
    "completion-condition": "其他人的办理已经足够",
}


def end_of_user_task(cause: str, language: str) -> str:
    """Causes are words of the engine, or the id of the element that interrupted it."""
    return say(ENDS.get(cause, "流程已往下走"), language)


def deed(kind: str, language: str) -> str:
    return say(DEEDS.get(kind, kind), language)


def happens(kind: str) -> bool:
    """Whether it came about rather than being somebody's deed: who set it off is no part of the sentence."""
    return DEEDS.get(kind, "").endswith("：")


def status(key: str, language: str) -> str:
    return say(STATES.get(key, key), language)


def rung(key: str, language: str) -> str:
    return say(RUNGS.get(key, key), language)


def routing(
    step: Mapping[str, Any],
    role_name: Callable[[str], str],
    unit_name: Callable[[str], str],
    person_name: Callable[[str], str],
    language: str,
) -> str:
    """One step of the people port as a sentence: which rule, which role, which unit, who was found or passed over."""
    rule, role, unit = str(step.get("rule", "")), step.get("role") or "", step.get("unit") or ""
    found = say("、", language).join(person_name(each) for each in step.get("found") or ())
    place = " ".join(part for part in (unit_name(unit) if unit else "", role_name(role) if role else "") if part)
    if not found:
        return say("%(place)s 空缺，向上一级寻找", language, place=place or rule)
    if rule in ("assignee", "named"):
        return say("流程指定：%(people)s", language, people=found)
    if rule == "taken-back":
        return say("撤回后由提交人接着办理：%(people)s", language, people=found)
    if rule in ("head", "stand-in"):
        return say("代为办理：%(place)s（%(people)s）", language, place=place, people=found)
    return say("%(place)s：%(people)s", language, place=place or rule, people=found)
