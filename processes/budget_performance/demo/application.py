"""What the results of 2025 do to the budget of 2027 (PROCESSES P10, RULES R10), from the opening records 期初.

ORG.md section 7 gives action and amount, but no dates. The proposal of a result of 2025 has to be there when the budget
of 2027 opens on 1 July 2026 (PROCESSES, year calendar). So the application begins on the day after the results came in,
19 May, and goes through its steps within their deadlines: advice 10, check 3, approval 5 working days. No rectification
is overdue then, which is why the 中 of A03 keeps 90 % and nothing is held back from the 良 of A07 and B02.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine import StartProcessInstance
from processes.budget_performance.demo import fillings
from processes.budget_performance.demo.preparation import project
from processes.budget_performance.demo.stage import Stage

#: Year of the results.
YEAR = 2025
#: Grade -> what the division writes into F-11 beside the amount that R10 proposes.
ADVICE: Mapping[str, Mapping[str, Any]] = {
    "优": {"finance_advice": "priority", "remark": "绩效等级为优，优先保障后续资金。"},
    "良": {"finance_advice": "maintain", "remark": "绩效等级为良，按基数予以保障。"},
    "中": {"finance_advice": "cut"},
    "差": {"finance_advice": "cut"},
}


def applies(stage: Stage, code: str) -> Iterator[str]:
    """The result of 2025 of one object, which the main loop of that year did not know yet."""
    case = f"APP-{YEAR}-{code}"
    yield "2026-05-19 09:00"
    stage.dispatcher.dispatch(
        StartProcessInstance(
            actor=stage.actor_of("fin.perf"),
            process_definition_key="result_application",
            business_key=case,
            variables={"project_code": code, "fiscal_year": Decimal(YEAR)},
            unit_code=project(code)["unit"],
        )
    )
    yield "2026-05-28 10:00"
    stage.act_whoever(case, "advise", advice(stage, case))
    yield "2026-06-01 10:00"
    stage.act_whoever(case, "check", fillings.PASSED)
    yield "2026-06-04 10:00"
    stage.act_whoever(case, "approve", fillings.SIGNED)


def advice(stage: Stage, case: str) -> Mapping[str, Any]:
    """F-11 as the rule proposes: nobody departs from R10."""
    (item,) = [each for each in stage.open_of(case) if each.element_id == "advise"]
    said = ADVICE[stage.variable_of(item.id, "grade")]
    if said["finance_advice"] != "cut":
        return said
    return {**said, "amount": stage.variable_of(item.id, "proposal")["proposal"]}
