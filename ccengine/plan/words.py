"""The plan's words in both languages."""

from __future__ import annotations

from ccengine.ids import QueueId
from ccengine.plan.estimate import Estimate
from ccengine.plan.figures import TOTAL
from ccengine.site.model import Site

METRICS: dict[str, dict[str, str]] = {
    "offered": {"zh-CN": "进线", "en": "offered"},
    "answered": {"zh-CN": "接起", "en": "answered"},
    "abandoned": {"zh-CN": "放弃", "en": "abandoned"},
    "abandoned_share": {"zh-CN": "放弃率", "en": "abandoned, share"},
    "released": {"zh-CN": "退出队列", "en": "released"},
    "overflowed": {"zh-CN": "溢出到其他队列", "en": "overflowed"},
    "called_back": {"zh-CN": "转为回呼", "en": "to be called back"},
    "waiting": {"zh-CN": "仍在等待", "en": "still waiting"},
    "service_level": {"zh-CN": "服务水平", "en": "service level"},
    "asa_s": {"zh-CN": "平均应答速度", "en": "ASA"},
    "p50_s": {"zh-CN": "等待中位数", "en": "wait, p50"},
    "p90_s": {"zh-CN": "等待 90 分位", "en": "wait, p90"},
    "longest_wait_s": {"zh-CN": "最长等待", "en": "wait, longest"},
    "vip_offered": {"zh-CN": "VIP 进线", "en": "VIP: offered"},
    "vip_asa_s": {"zh-CN": "VIP 平均应答速度", "en": "VIP: ASA"},
    "vip_p90_s": {"zh-CN": "VIP 等待 90 分位", "en": "VIP: wait, p90"},
    "ordinary_offered": {"zh-CN": "普通进线", "en": "ordinary: offered"},
    "ordinary_asa_s": {"zh-CN": "普通平均应答速度", "en": "ordinary: ASA"},
    "ordinary_p90_s": {"zh-CN": "普通等待 90 分位", "en": "ordinary: wait, p90"},
    "calls": {"zh-CN": "接听数", "en": "calls"},
    "occupancy": {"zh-CN": "占用率", "en": "occupancy"},
}

_SHARES = frozenset({"service_level", "abandoned_share", "occupancy"})

_TEXTS: dict[str, dict[str, str]] = {
    "was": {"zh-CN": "实际", "en": "as it was"},
    "before": {"zh-CN": "现行（模拟）", "en": "before (simulated)"},
    "after": {"zh-CN": "改后（模拟）", "en": "after (simulated)"},
    "was_short": {"zh-CN": "实际", "en": "was"},
    "before_short": {"zh-CN": "现行", "en": "before"},
    "after_short": {"zh-CN": "改后", "en": "after"},
    "change": {"zh-CN": "变化", "en": "difference"},
    "total": {"zh-CN": "合计", "en": "Total"},
    "agents": {"zh-CN": "坐席负荷", "en": "Load per agent"},
    "agent": {"zh-CN": "坐席", "en": "agent"},
    "like": {"zh-CN": "参照", "en": "like"},
    "title": {"zh-CN": "方案预演", "en": "Plan"},
    "waits": {"zh-CN": "等待时长分布（通数）", "en": "Calls by how long they waited"},
    "levels": {"zh-CN": "每 {minutes} 分钟服务水平", "en": "Service level by {minutes} minutes"},
    "seconds": {"zh-CN": "秒", "en": "s"},
    "days": {
        "zh-CN": "{calls} 通来电，各模拟 {seeds} 天；方括号内为十天中九天所在的区间。",
        "en": "{calls} calls, {seeds} simulated days each; nine days in ten lie in the brackets.",
    },
    "trusted": {
        "zh-CN": "可信：用现行站点文件模拟出的这一天，与实际相符（在容差之内）。",
        "en": "To be trusted: simulated under the file in force, the day comes out as it was, "
        "within the tolerance.",
    },
    "not_trusted": {
        "zh-CN": "不可信：用现行站点文件模拟出的这一天，与实际不符，下列数字请勿作为依据：",
        "en": "NOT TO BE TRUSTED: simulated under the file in force, the day does not come out "
        "as it was:",
    },
    "doubt": {
        "zh-CN": "{queue}：{metric} 实际 {was}，模拟 {mean} [{low} … {high}]",
        "en": "{queue}: {metric} was {was}, simulated {mean} [{low} … {high}]",
    },
    "queues_gone": {
        "zh-CN": "新文件中没有的队列：{names}。进入这些队列的 {calls} 通来电立即被转出，"
        "不计入「改后」。",
        "en": "queues that the new file does not have: {names}. Their {calls} calls are let go "
        'at once and stand nowhere in "after"; do not compare the totals.',
    },
    "queues_new": {
        "zh-CN": "新增队列：{names}。没有历史来电，只有溢出规则会把来电送进去。",
        "en": "new queues: {names}. No call of the past entered them; only overflow rules lead "
        "there.",
    },
    "agents_gone": {
        "zh-CN": "新文件中没有的坐席：{names}。其工作时间在「改后」中没有人顶替。",
        "en": "agents that the new file does not have: {names}. Nobody works their hours in "
        '"after".',
    },
    "agents_new": {
        "zh-CN": "没有历史的坐席：{names}。按括号中坐席的在岗时间和接听习惯推算"
        "（可用 --like 指定）。",
        "en": "agents without a past: {names}. They are given the hours and habits of the agent "
        "in brackets (--like chooses another).",
    },
    "agents_absent": {
        "zh-CN": "该时段未登录的坐席：{names}。在模拟中同样缺席。",
        "en": "agents who were not at work in the period: {names}. They are absent here too.",
    },
    "agents_unknown": {
        "zh-CN": "流水中有、现行站点文件中没有的坐席：{names}。他们的来电由其他坐席承担，"
        "「现行」因此偏慢。",
        "en": "agents of the journal whom the file in force does not have: {names}. Others take "
        'their calls, so "before" is slower than it was.',
    },
    "no_patience": {
        "zh-CN": "该时段没有人挂机放弃：无法预计放弃数，模拟中所有人都一直等下去。",
        "en": "nobody hung up while waiting in this period: abandons cannot be foretold, and "
        "everybody waits without end here.",
    },
    "no_arrival": {
        "zh-CN": "{calls} 通来电的主叫不明：VIP 等级按当时的优先秒数推算，不随新文件变化。",
        "en": "{calls} calls whose caller the facts do not name: they keep the head start of "
        "the time, whatever the new file says.",
    },
}


def text(key: str, language: str) -> str:
    return _TEXTS[key][language]


def shown(metric: str, value: float | None, *, signed: bool = False) -> str:
    """A figure as people read it: shares in percent, their changes in percentage points."""
    if value is None:
        return "–"
    sign = "+" if signed else ""
    if metric in _SHARES:
        return f"{value * 100:{sign}.1f} {'pp' if signed else '%'}"
    if metric.endswith("_s"):
        return f"{value:{sign}.1f} s"
    return f"{value:{sign}.0f}" if value == int(value) else f"{value:{sign}.1f}"


def shown_estimate(metric: str, found: Estimate | None, *, signed: bool = False) -> str:
    """Mean and interval; an interval without breadth is left out."""
    if found is None or found.mean is None:
        return "–"
    mean = shown(metric, found.mean, signed=signed)
    low = shown(metric, found.low, signed=signed)
    high = shown(metric, found.high, signed=signed)
    if low == high:
        return mean
    unit = mean[mean.rfind(" ") :] if " " in mean else ""
    return f"{mean} [{low.removesuffix(unit)} … {high.removesuffix(unit)}]"


def shown_queue(queue: QueueId, site: Site, language: str) -> str:
    """Its title in this language; a queue that the file does not have, by its name."""
    if queue == TOTAL:
        return text("total", language)
    known = site.queues.get(queue)
    titles = {str(spoken): title for spoken, title in known.title.items()} if known else {}
    return titles.get(language) or next(iter(titles.values()), str(queue))
