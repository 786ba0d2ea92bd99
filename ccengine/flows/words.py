"""What steps and their ways are called in pictures."""

from __future__ import annotations

from collections.abc import Mapping

_TYPES: Mapping[str, tuple[str, str]] = {
    "play": ("播放", "play"),
    "language": ("语言", "language"),
    "menu": ("菜单", "menu"),
    "collect": ("收号", "collect"),
    "hours": ("时间", "hours"),
    "branch": ("判断", "branch"),
    "set": ("赋值", "set"),
    "lookup": ("查询", "lookup"),
    "route": ("业务路由", "route"),
    "knowledge": ("知识库", "knowledge"),
    "enqueue": ("排队", "queue"),
    "transfer": ("转接", "transfer"),
    "ring_group": ("振铃组", "ring group"),
    "voicemail": ("留言", "voicemail"),
    "callback": ("回呼", "callback"),
    "survey": ("满意度", "survey"),
    "conference": ("会议", "conference"),
    "record": ("录音", "record"),
    "flow": ("子流程", "flow"),
    "return": ("返回", "return"),
    "goto": ("跳转", "go to"),
    "hangup": ("挂机", "hang up"),
}

_WAYS: Mapping[str, tuple[str, str]] = {
    "no_input": ("无按键", "no input"),
    "invalid": ("按键无效", "invalid"),
    "open": ("上班时间", "open"),
    "closed": ("下班时间", "closed"),
    "found": ("找到", "found"),
    "nothing": ("未找到", "nothing found"),
    "helped": ("已解决", "helped"),
    "not_helped": ("未解决", "not helped"),
    "served": ("通话结束", "served"),
    "timed_out": ("等待超时", "timed out"),
    "no_agents": ("无坐席", "no agents"),
    "full": ("队列已满", "full"),
    "voicemail": ("留言", "voicemail"),
    "callback": ("已约回呼", "callback"),
    "else": ("其他", "else"),
    "failed": ("失败", "failed"),
    "not_found": ("查无记录", "not found"),
    "no_answer": ("无人接听", "no answer"),
    "answered": ("已接听", "answered"),
    "busy": ("忙", "busy"),
    "unreachable": ("无法接通", "unreachable"),
    "not_allowed": ("不允许", "not allowed"),
    "arranged": ("已约定", "arranged"),
    "declined": ("未约定", "declined"),
    "next": ("下一步", "next"),
    "step": ("下一步", "next"),
}

_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "says": ("play", "language"),
    "asks": ("menu", "collect", "knowledge", "survey", "record"),
    "decides": ("hours", "branch", "set", "lookup", "route"),
    "people": ("enqueue", "transfer", "ring_group", "voicemail", "callback", "conference"),
    "leads": ("flow", "goto", "return"),
    "ends": ("hangup",),
}
_FAMILY = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds}

MINOR = frozenset(
    (
        *("no_input", "invalid", "timed_out", "no_agents", "full", "closed", "failed", "nothing"),
        *("not_found", "no_answer", "busy", "unreachable", "not_allowed", "declined", "late"),
        *("refused", "not_helped"),
    )
)
"""Ways that callers take when something did not go as meant: drawn lighter."""


def type_word(step_type: str, language: str) -> str:
    return _in(_TYPES.get(step_type), language) or step_type.replace("_", " ")


def way_word(name: str, language: str) -> str:
    return _in(_WAYS.get(name), language) or name.replace("_", " ")


def family(step_type: str) -> str:
    """Which colour: what the step is to the caller."""
    return _FAMILY.get(step_type, "decides")


def _in(words: tuple[str, str] | None, language: str) -> str:
    return "" if words is None else words[0] if language == "zh-CN" else words[1]
