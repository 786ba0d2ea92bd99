"""The explanation of a call for the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ccengine.acd.explanation import AgentTerms, CallTerms, Explanation, Why
from ccengine.clock import moment
from ccengine.journal.facts import CallAbandoned, CallAnswered, CallQueued, OfferEnded
from ccengine.replay.run import Ending
from ccengine.replay.why import Chosen, When, WhyCall
from ccengine.replay.words import said_of_agent, said_of_call, strategy
from ccengine.reports.table import width

WORDS = {
    "zh-CN": {
        "call": "通话",
        "offer": "派单",
        "queue": "队列",
        "strategy": "振铃策略",
        "rules": "规则版本",
        "need": "要求",
        "anyone": "不限",
        "only": "只等坐席 {}",
        "levels": "级别 {} 以内",
        "standing": "排序值",
        "waited": "已等",
        "head_start": "优先",
        "ageing": "老化",
        "weight": "权重",
        "position": "第 {} 位",
        "by_agent": "坐席 {} 空闲后取来电",
        "by_call": "来电寻找坐席",
        "rang": "振铃",
        "became": "结果",
        "pending": "尚无结果",
        "agent": "坐席",
        "why": "原因",
        "level": "级别",
        "answered": "接听",
        "last_talk": "上次通话结束",
        "never": "无",
        "rank": "次序",
        "competing": "同时等待、该坐席也可接的来电",
        "entered": "进队，没有坐席可振铃",
        "changed": "等待中，没有坐席可振铃",
        "left": "离开前，没有坐席可振铃",
        "last_seen": "流水到此为止，仍在等待",
        "cut": "流水在此中断：引擎仍在运行或被终止。",
        "lost": "此后的输入未能保存，流水到此为止。",
        "differs": "注意：自 {} 起重放结果与当时不同（程序版本不同），以下说明未必是当时的原因。",
        "ago": "{:.0f} 秒前",
    },
    "en": {
        "call": "call",
        "offer": "offer",
        "queue": "queue",
        "strategy": "strategy",
        "rules": "rules",
        "need": "needs",
        "anyone": "anyone",
        "only": "agent {} alone",
        "levels": "levels up to {}",
        "standing": "standing",
        "waited": "waited",
        "head_start": "head start",
        "ageing": "ageing",
        "weight": "weight",
        "position": "position {}",
        "by_agent": "agent {} became free and looked for a call",
        "by_call": "the call looked for an agent",
        "rang": "rang",
        "became": "became",
        "pending": "not known yet",
        "agent": "agent",
        "why": "why",
        "level": "level",
        "answered": "answered",
        "last_talk": "last talk ended",
        "never": "never",
        "rank": "rank",
        "competing": "calls that waited in the agent's queues",
        "entered": "entered, nobody could be rung",
        "changed": "waits, nobody could be rung",
        "left": "about to leave, nobody could be rung",
        "last_seen": "the journal ends here, the call still waits",
        "cut": "The journal ends here: the engine runs, or was killed.",
        "lost": "Inputs after this could not be kept: the journal ends here.",
        "differs": "CAREFUL: from {} on the replay says something else than the engine did (another"
        " version of the program); what follows may not be why it was.",
        "ago": "{:.0f} s ago",
    },
}
RESULTS_ZH = {
    "missed": "未接",
    "refused": "拒接",
    "unreachable": "不可达",
    "withdrawn": "撤回",
    "answered": "接通",
}


def why_table(told: WhyCall, language: str) -> str:
    """All offers and waits of the call, in the order of time."""
    page = _Page(language)
    parts: list[tuple[float, list[str]]] = []
    for chosen in told.offers:
        parts.append((chosen.explanation.at, page.offer(chosen)))
    for wait in told.waits:
        parts.append((wait.explanation.at, page.wait(wait.when, wait.explanation)))
    lines = [f"{page.words['call']} {told.call_id}  ({', '.join(told.files)})"]
    if told.differs_at:
        lines += ["", page.words["differs"].format(told.differs_at)]
    for _, part in sorted(parts, key=lambda part: part[0]):
        lines += ["", *part]
    lines += ["", *page.facts(told)]
    if told.ending is not Ending.CLOSED:
        lines += ["", page.words[told.ending.value]]
    return "\n".join(lines)


class _Page:
    def __init__(self, language: str) -> None:
        self.language = language
        self.words = WORDS[language]

    def offer(self, chosen: Chosen) -> list[str]:
        why, words = chosen.explanation, self.words
        how = words["by_call"] if why.freed is None else words["by_agent"].format(why.freed)
        lines = [
            f"{_clock(why.at)}  {words['offer']} {chosen.number}  {why.offer_id}  "
            f"{words['rang']} {', '.join(why.chosen)}  ({how})",
            *self._terms(why),
            f"  {words['became']}: {self._became(chosen)}",
            *self._agents(why),
        ]
        others = [call for call in why.calls if call.call_id != why.call.call_id]
        if others:
            lines += ["", f"  {words['competing']}:", *self._calls(others)]
        return lines

    def wait(self, when: When, why: Explanation) -> list[str]:
        head = f"{_clock(why.at)}  {self.words[when.value]}"
        return [head, *self._terms(why), *self._agents(why)]

    def facts(self, told: WhyCall) -> list[str]:
        lines = []
        for fact in told.facts:
            match fact:
                case CallQueued(queue=queue, position=position):
                    said = f"{queue}, {self.words['position'].format(position)}"
                case CallAbandoned(reason=reason):
                    said = reason.value
                case CallAnswered(agent_id=agent):
                    said = str(agent)
                case OfferEnded(agent_id=agent, result=result, rang_s=rang_s):
                    said = f"{agent} {self._result(result.value)} {rang_s:.1f} s"
                case _:
                    said = ""
            lines.append(f"{_clock(fact.at)}  {fact.kind}  {said}".rstrip())
        return lines

    def _terms(self, why: Explanation) -> list[str]:
        words, call = self.words, why.call
        version = why.rules or "-"
        return [
            f"  {words['queue']} {why.queue}  {words['strategy']} "
            f"{strategy(why.strategy, self.language)}  {words['rules']} {version}",
            f"  {words['need']} {self._needs(call)}  "
            f"{words['position'].format(why.position)}  {words['waited']} {call.waited_s:.1f} s",
            f"  {words['standing']} {call.standing_s:.1f} s = {words['head_start']} "
            f"{call.head_start_s:g} s + {words['ageing']} {call.ageing:g} x {call.waited_s:.1f} s  "
            f"{words['weight']} {call.weight}",
        ]

    def _needs(self, call: CallTerms) -> str:
        if call.only is not None:
            return self.words["only"].format(call.only)
        needs = list(call.requires)
        if call.levels_to is not None:
            needs.append(self.words["levels"].format(call.levels_to))
        return ", ".join(needs) or self.words["anyone"]

    def _became(self, chosen: Chosen) -> str:
        ended = []
        for fact in chosen.ended:
            result = "answered" if isinstance(fact, CallAnswered) else fact.result.value
            after_s = fact.at - chosen.explanation.at
            ended.append(f"{fact.agent_id} {self._result(result)} ({after_s:.1f} s)")
        return ", ".join(ended) or self.words["pending"]

    def _result(self, result: str) -> str:
        return RESULTS_ZH.get(result, result) if self.language == "zh-CN" else result

    def _agents(self, why: Explanation) -> list[str]:
        words = self.words
        heads = [words[key] for key in ("agent", "rank", "level", "answered", "last_talk", "why")]
        rows = [self._agent(terms, why) for terms in why.agents]
        return ["", *_aligned([["  ", *heads], *rows])]

    def _agent(self, terms: AgentTerms, why: Explanation) -> list[str]:
        ended = terms.last_talk_ended_at
        last = self.words["never"] if ended is None else self.words["ago"].format(why.at - ended)
        return [
            " >" if terms.why is Why.CHOSEN else "  ",
            str(terms.agent_id),
            "-" if terms.rank is None else str(terms.rank),
            str(terms.level),
            str(terms.answered),
            last,
            said_of_agent(terms, why)[self.language],
        ]

    def _calls(self, calls: Sequence[CallTerms]) -> list[str]:
        return _aligned(
            [
                [
                    "  ",
                    str(call.call_id),
                    str(call.queue),
                    f"{self.words['standing']} {call.standing_s:.1f} s",
                    said_of_call(call)[self.language],
                ]
                for call in calls
            ]
        )


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _clock(at: float) -> str:
    local: datetime = moment(at).astimezone()
    return local.strftime("%Y-%m-%d %H:%M:%S.") + f"{local.microsecond // 1000:03d}"
