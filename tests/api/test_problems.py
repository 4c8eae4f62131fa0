"""Refusals at the edge: every code speaks both languages, every kind has a status."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from werkzeug import exceptions
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    ImATeapot,
    MethodNotAllowed,
    RequestedRangeNotSatisfiable,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    UnprocessableEntity,
)

import api
import engine
import forms
import processes
from api.identity.refusals import FormNotFromHere, NotSignedIn, SignInFailed, TooManyAttempts
from api.problems import problem_of, status_of
from api.texts import problem_texts, say
from engine.model.errors import (
    EngineError,
    ExecutionFailed,
    Fault,
    Invalid,
    NotFound,
    NotPermitted,
    Stale,
    UserTaskAlreadyCompleted,
    WrongState,
)


def all_errors() -> set[type[EngineError]]:
    """Every refusal of the house, whichever room it lives in."""
    for room in (engine, forms, processes, api):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return {each for each in subclasses(EngineError) if each.__module__.split(".")[0] != "tests"}


def subclasses(of: type[EngineError]) -> Iterator[type[EngineError]]:
    yield of
    for each in of.__subclasses__():
        yield from subclasses(each)


def test_every_refusal_of_the_house_has_a_text_in_both_languages():
    codes = {each.code for each in all_errors()}

    missing = {
        (code, language)
        for code in codes
        for language in ("zh", "en")
        if not problem_texts().get(code, {}).get(language)
    }

    assert missing == set()


def test_every_text_speaks_both_languages_with_the_same_facts():
    for code, texts in problem_texts().items():
        assert set(texts) == {"zh", "en"}, code
        assert re.search("[\u4e00-\u9fff]", texts["zh"]), code
        assert not re.search("[\u4e00-\u9fff]", texts["en"]), code


def test_no_two_refusals_share_a_code():
    """Except a class and those below it that do not name their own."""
    own: dict[str, set[str]] = {}
    for each in all_errors():
        if "code" in vars(each):
            own.setdefault(each.code, set()).add(each.__qualname__)

    assert {code: names for code, names in own.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotSignedIn("x"), 401),
        (SignInFailed("x"), 401),
        (NotPermitted("x"), 403),
        (FormNotFromHere(), 403),
        (NotFound("x"), 404),
        (WrongState("x"), 409),
        (UserTaskAlreadyCompleted("x"), 409),
        (Stale("x"), 412),
        (Invalid("x"), 422),
        (ExecutionFailed("x"), 422),
        (TooManyAttempts(3), 429),
        (EngineError("x"), 400),
    ],
)
def test_the_nearest_class_of_an_error_gives_its_status(error, status):
    assert status_of(error) == status


def test_chinese_comes_by_code_with_the_facts_put_in():
    error = UserTaskAlreadyCompleted("Expected …", name="提交方案", completed_by="li.wei", completed_at="10:00")

    assert problem_of(error, "zh").detail == "任务“提交方案”已由 li.wei 于 10:00 办结。"
    assert problem_of(error, "en").detail == "Expected …"


def test_a_code_without_a_text_speaks_as_the_kind_it_belongs_to():
    class Unheard(WrongState):
        code = "unheard-of"

    assert problem_of(Unheard("Expected …"), "zh").detail == "当前状态不允许此操作，请刷新后查看。"


def test_faults_speak_the_readers_language_and_keep_their_facts():
    faults = (
        Fault("password-length", "Expected 10 …", "password", shortest=10, longest=200),
        Fault("sum", "Expected a sum", "total", message_zh="合计应等于各行之和", message_en="The total is off"),
        Fault("never-heard", "Expected something", "x"),
    )
    error = Invalid("…", faults)

    zh = [fault["message"] for fault in problem_of(error, "zh").faults]
    en = [fault["message"] for fault in problem_of(error, "en").faults]

    assert zh == ["密码长度应为 10 至 200 个字符。", "合计应等于各行之和", "Expected something"]
    assert en == ["Expected 10 …", "The total is off", "Expected something"]


def test_http_refusals_keep_their_headers():
    problem = problem_of(MethodNotAllowed(valid_methods=["GET"]), "zh")

    assert (problem.status, problem.code, problem.headers["Allow"]) == (405, "method-not-allowed", "GET")


def test_a_status_without_a_text_keeps_its_own_words():
    problem = problem_of(ImATeapot(), "zh")

    assert (problem.status, problem.title, problem.detail) == (418, "I'm a Teapot", "请求无法完成。")
    assert problem_of(ImATeapot(), "en").detail == "Server refuses to brew coffee because it is a teapot."


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadRequest, "bad-request"),
        (Forbidden, "forbidden"),
        (exceptions.NotFound, "not-found"),
        (MethodNotAllowed, "method-not-allowed"),
        (RequestEntityTooLarge, "request-entity-too-large"),
        (RequestedRangeNotSatisfiable, "requested-range-not-satisfiable"),
        (UnprocessableEntity, "unprocessable-entity"),
        (TooManyRequests, "too-many-requests"),
        (ServiceUnavailable, "service-unavailable"),
    ],
)
def test_what_http_refuses_has_a_stable_code_and_is_said_in_both_languages(error, code):
    zh, en = problem_of(error(), "zh"), problem_of(error(), "en")

    assert zh.code == en.code == code
    for said in (zh.title, zh.detail):
        assert re.search("[\u4e00-\u9fff]", said) and said != say(["engine-error"], "zh", {})
    assert en.detail == problem_texts()[code]["en"]


def test_facts_cannot_reach_into_objects():
    assert say(["user-not-found"], "en", {"user_id": "{__class__}"}) == "There is no account {__class__}."
