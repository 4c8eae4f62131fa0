"""A small district for tests: enough units to climb, two finance divisions, every scope, and some vacant lanes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.identity.attempts import AttemptLimits
from api.identity.front_desk import FrontDeskRules
from api.identity.organisation import Organisation, read_organisation
from api.identity.roles import RoleCatalogue, read_role_file
from api.identity.sessions import SessionLifetimes

TENANT = "default"
#: 10:00 in Shanghai, a Tuesday.
NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
ROLE_FILE = Path("processes/budget_performance/roles.toml")

CONTENT: dict[str, Any] = {
    "units": [
        {"code": "21", "name": "区教育局", "kind": "department", "parent": "00"},
        {"code": "2101", "name": "示范一中", "kind": "unit", "parent": "21"},
        {"code": "2102", "name": "示范二小", "kind": "unit", "parent": "21"},
        {"code": "22", "name": "区卫生健康局", "kind": "department", "parent": "00"},
        {"code": "2201", "name": "示范区人民医院", "kind": "unit", "parent": "22"},
        {"code": "00", "name": "示范区人民政府", "kind": "government"},
        {"code": "10", "name": "区财政局", "kind": "finance", "parent": "00"},
        {"code": "1002", "name": "绩效管理科", "kind": "section", "parent": "10"},
        {"code": "1003", "name": "业务一科", "kind": "section", "parent": "10"},
        {"code": "1004", "name": "业务二科", "kind": "section", "parent": "10"},
        {"code": "0005", "name": "区审计局", "kind": "audit", "parent": "00"},
        {"code": "0004", "name": "区纪委监委", "kind": "discipline"},
    ],
    "users": [
        {"username": "gov.lead", "title": "区政府主要负责人", "unit": "00", "role": "district_leader"},
        {"username": "fin.dir", "title": "财政局局长", "unit": "10", "role": "finance_director"},
        {"username": "fin.perf", "title": "绩效科经办", "unit": "1002", "role": "finance_perf"},
        {"username": "fin.lead", "title": "绩效科科长", "unit": "1002", "role": "finance_perf_lead"},
        {"username": "fin.div1", "title": "业务一科经办", "unit": "1003", "role": "finance_division"},
        {"username": "edu.head", "title": "教育局主要负责人", "unit": "21", "role": "dept_head"},
        {"username": "edu.perf", "title": "教育局绩效经办", "unit": "21", "role": "dept_perf"},
        {"username": "edu1.head", "title": "示范一中校长", "unit": "2101", "role": "unit_head"},
        {"username": "edu1.proj", "title": "示范一中项目责任人", "unit": "2101", "role": "project_owner"},
        {"username": "health.head", "title": "卫健局主要负责人", "unit": "22", "role": "dept_head"},
        {"username": "health.proj", "title": "医院项目责任人", "unit": "2201", "role": "project_owner"},
        {"username": "audit.staff", "title": "审计局财政审计岗", "unit": "0005", "role": "auditor"},
        {"username": "disc.recv", "title": "信访线索岗", "unit": "0004", "role": "discipline"},
        {"username": "exp.a", "title": "专家A", "unit": "00", "role": "expert"},
        {"username": "designer", "title": "流程设计员", "unit": "1002", "role": "process_designer"},
        {"username": "admin", "title": "系统管理员", "unit": "1002", "role": "sysadmin"},
    ],
    "divisions": {"1003": ["21"], "1004": ["22"]},
}

CATALOGUE: RoleCatalogue = read_role_file(ROLE_FILE)
ORGANISATION: Organisation = read_organisation(CONTENT, CATALOGUE)

RULES = FrontDeskRules(
    tenant_id=TENANT,
    lifetimes=SessionLifetimes(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
    limits=AttemptLimits(window=timedelta(minutes=15), per_account=5, per_address=30),
    token_lifetime=timedelta(days=365),
    secret="a secret that is long enough for the tests",
)
