"""How each number of the queue report is made, in the words that the report prints."""

from __future__ import annotations

from collections.abc import Mapping

FORMULAS: Mapping[str, Mapping[str, str]] = {
    "offered": {
        "zh-CN": "时段内进入队列的来电数；一通来电进入两个队列时各计一次",
        "en": "calls that entered the queue in the period; a call in two queues counts in each",
    },
    "answered": {"zh-CN": "由坐席接起的来电数", "en": "calls connected to an agent"},
    "abandoned": {
        "zh-CN": "接起之前主叫挂断或线路中断的来电数",
        "en": "calls hung up or lost before an agent answered",
    },
    "short_abandoned": {
        "zh-CN": "其中等待不足短时放弃秒数的来电数（已包含在放弃数中，不从进线数扣除）",
        "en": "of these, under the short abandon time (part of abandoned, not subtracted)",
    },
    "released": {
        "zh-CN": "未经坐席而回到流程的来电数：超时、无坐席、队满、非工作时间、按键退出、溢出规则",
        "en": "back into the flow without an agent: timed out, no agents, full, closed, exit key, "
        "overflow rule",
    },
    "overflowed": {
        "zh-CN": "按溢出规则转入其他队列的来电数；在新队列中再计一次进线",
        "en": "moved to another queue by an overflow rule; offered there once more",
    },
    "called_back": {
        "zh-CN": "挂机等待回呼的来电数",
        "en": "callers who hung up to be called back",
    },
    "callbacks": {
        "zh-CN": "时段内预约的回呼数（不计入进线）",
        "en": "callbacks asked for in the period (not part of offered)",
    },
    "callbacks_answered": {
        "zh-CN": "其中客户与坐席已通话的回呼数",
        "en": "of these, those in which customer and agent talked",
    },
    "callbacks_given_up": {
        "zh-CN": "其中未通话而结束的回呼数：多次未接通、过期、取消；回呼 = 接通 + 未接通 + 待回呼",
        "en": "of these, ended without a talk: attempts used up, expired, cancelled; "
        "callbacks = connected + given up + still to be made",
    },
    "callbacks_open": {"zh-CN": "其中尚待回呼的数量", "en": "of these, still to be made"},
    "waiting": {"zh-CN": "仍在排队的来电数", "en": "calls still in the queue"},
    "service_level": {
        "zh-CN": "目标秒数内接起数 ÷ 进线数",
        "en": "answered within the target seconds ÷ offered",
    },
    "asa_s": {
        "zh-CN": "已接来电等待时长之和 ÷ 接起数",
        "en": "wait of the answered calls ÷ answered",
    },
    "aht_s": {
        "zh-CN": "（通话 + 保持 + 话后整理）÷ 已处理来电数（含回呼）",
        "en": "(talk + hold + wrap-up) ÷ handled calls, callbacks included",
    },
    "longest_wait_s": {
        "zh-CN": "最长的一次等待，含仍在排队的来电",
        "en": "the longest wait, calls still in the queue included",
    },
}

BALANCE: Mapping[str, str] = {
    "zh-CN": "进线数 = 接起 + 放弃 + 退出队列 + 转队 + 转回呼 + 等待中",
    "en": "offered = answered + abandoned + released + overflowed + called back + waiting",
}


def formulas(language: str) -> dict[str, str]:
    """Metric -> formula; English for a language that has none."""
    return {metric: texts.get(language, texts["en"]) for metric, texts in FORMULAS.items()}
