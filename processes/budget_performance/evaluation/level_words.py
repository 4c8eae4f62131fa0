"""Words by which offices say how far an expectation was met (R06.4: met, partly, not)."""

from __future__ import annotations

import re

from processes.budget_performance.evaluation.printed_numbers import plain
from processes.budget_performance.evaluation.printed_values import Achievement

#: In the order they are tried: what was not met is said with the words for what was.
_WORDS = (
    (
        Achievement.NOT,
        r"未(?:能)?(?:完成|达成|达到|达标|实现|开展|实施|启动|落实|合格|及时|按[时期]).*"
        r"|没有?(?:完成|达成|达到|实现|开展).*|不(?:合格|达标|及时|明显|满意|好)|较差|很差|差|否|效果(?:较差|不明显|差)",
    ),
    (
        Achievement.PARTLY,
        r"(?:部分|基本|大部分|大致)(?:完成|达成|达到|达标|实现|落实|满意|合格).*|(?:效果)?(?:一般|较为明显|有所.*)|中",
    ),
    (
        Achievement.MET,
        r"(?:已|已经|均|全部|全面|全|按时|按期|及时|如期|顺利|圆满|按质按量)*(?:完成|达成|达到|达标|实现|落实|合格)"
        r"(?:预期)?(?:年度)?(?:指标|目标|效果|任务)?|达预期|是|有|优|优秀|良|良好|较好|好|满意|及时|按时|按期"
        r"|(?:效果|成效)?(?:较|非常|十分)?(?:明显|显著|良好|好)|(?:持续|稳步|逐步|有效|明显|显著|不断|进一步)"
        r"(?:提升|提高|改善|增强|促进|推动|推进|保障|加强)",
    ),
)
_PATTERNS = tuple((achievement, re.compile(words)) for achievement, words in _WORDS)

_NOT_APPLICABLE = re.compile(r"(?:本年度?|当年)?(?:不适用|不涉及|不考核|未涉及|无此项)(?:该?指标|此?项|本项目)?")


def achievement_of(compact: str) -> Achievement | None:
    """What a text says by itself, or None where it describes a state: "达成预期指标" → met, "出台制度" → None."""
    words = compact.rstrip("。.;,!")
    return next((achievement for achievement, pattern in _PATTERNS if pattern.fullmatch(words)), None)


def is_inapplicable(text: str) -> bool:
    """Whether a result says that the indicator does not apply: 不适用, 本年度不涉及."""
    return _NOT_APPLICABLE.fullmatch(plain(text)) is not None
