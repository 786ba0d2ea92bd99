"""The reasons of a choice, in the languages of those who ask."""

from __future__ import annotations

from ccengine.acd.explanation import AgentTerms, CallTerms, Explanation, Why, WhyBehind

LANGUAGES = ("zh-CN", "en")

STATES_ZH = {
    "logged_out": "未登录",
    "not_ready": "示忙",
    "ready": "就绪",
    "offered": "振铃",
    "talking": "通话中",
    "wrap_up": "话后",
}
PHONES_ZH = {"unreachable": "不可达", "idle": "空闲", "ringing": "正在振铃", "busy": "占线"}
STRATEGIES_ZH = {
    "ring_all": "全部振铃",
    "round_robin": "轮流",
    "round_robin_memory": "记忆轮流",
    "least_recent": "最久未接",
    "fewest_calls": "接听最少",
    "random": "随机",
    "linear": "固定顺序",
    "weighted_random": "加权随机",
    "most_skilled": "技能最高",
}
COULD = frozenset({Why.CHOSEN, Why.BEHIND, Why.HIGHER_LEVEL})
"""Those who could have been rung."""


def said_of_agent(terms: AgentTerms, why: Explanation) -> dict[str, str]:
    """Why it was chosen or was not, one sentence for each language."""
    return {"zh-CN": _agent_zh(terms, why), "en": terms.because}


def said_of_call(terms: CallTerms) -> dict[str, str]:
    """Why another call was the one that the agent got, or was not."""
    return {"zh-CN": _call_zh(terms), "en": terms.because}


def strategy(name: str, language: str) -> str:
    return STRATEGIES_ZH.get(name, name) if language == "zh-CN" else name.replace("_", " ")


def _agent_zh(terms: AgentTerms, why: Explanation) -> str:
    match terms.why:
        case Why.CHOSEN:
            return _chosen_zh(terms, why)
        case Why.LOGGED_OUT:
            return "未登录"
        case Why.NOT_READY:
            return f"示忙：{terms.reason}" if terms.reason else "示忙"
        case Why.BUSY:
            return f"正忙（{STATES_ZH[terms.state.value]}），通话 {terms.call_id}"
        case Why.PHONE:
            return f"话机{PHONES_ZH[terms.phone.value]}"
        case Why.PAUSED:
            return "话机刚才不可达，暂停派单"
        case Why.NOT_PREFERRED:
            return f"来电在等上次服务该客户的坐席 {why.call.only}"
        case Why.LACKS_SKILL:
            return f"技能不足：需要 {_needs(why.call)}，现有 {_has(terms)}"
        case Why.LEVEL_NOT_OPEN:
            return f"优先级别 {terms.level} 尚未开放（已开放到 {why.call.levels_to}）"
        case Why.TRIED:
            return _tried_zh(terms, why)
        case Why.HIGHER_LEVEL:
            return f"优先级别 {terms.level}，有更靠前级别的坐席空闲"
        case Why.BEHIND:
            return _behind_zh(terms, why)


def _chosen_zh(terms: AgentTerms, why: Explanation) -> str:
    if why.call.only is not None:
        return "上次服务过该客户，且空闲"
    if terms.tried_until is not None:
        return "其他人都不可振铃，暂停已过，再次振铃"
    if sum(one.why in COULD for one in why.agents) == 1:
        return "唯一可振铃的坐席"
    return f"按“{strategy(why.strategy, 'zh-CN')}”选中"


def _tried_zh(terms: AgentTerms, why: Explanation) -> str:
    rest_s = 0.0 if terms.tried_until is None else terms.tried_until - why.at
    if rest_s > 0:
        return f"本次来电曾振铃未果，{rest_s:.1f} 秒内不再振铃"
    return "本次来电曾振铃未果，另有其他坐席"


def _behind_zh(terms: AgentTerms, why: Explanation) -> str:
    if not why.chosen:
        return "可以振铃，下一个事件时派单"
    order = f"，排第 {terms.rank}" if terms.rank is not None else ""
    return f"按“{strategy(why.strategy, 'zh-CN')}”，{why.chosen[0]} 在前{order}"


def _call_zh(terms: CallTerms) -> str:
    match terms.why_behind:
        case WhyBehind.CHOSEN:
            return "在该坐席的所有队列中排在最前"
        case WhyBehind.TRIED:
            return "该坐席曾为它振铃未果"
        case WhyBehind.NEEDS_OTHER:
            return f"需要其他坐席：{_needs(terms)}"
        case WhyBehind.WEIGHT:
            return f"队列权重较低（{terms.weight}）"
        case WhyBehind.STANDING:
            return f"排序值较低（{terms.standing_s:.1f} 秒）"
        case WhyBehind.CAME_LATER:
            return "排序值相同，进队较晚"


def _needs(call: CallTerms) -> str:
    needs = list(call.requires)
    if call.only is not None:
        needs.append(f"坐席 {call.only}")
    if call.levels_to is not None:
        needs.append(f"级别 {call.levels_to} 以内")
    return "、".join(needs) or "无"


def _has(terms: AgentTerms) -> str:
    return "、".join(f"{skill}:{level}" for skill, level in terms.skills.items()) or "无"
