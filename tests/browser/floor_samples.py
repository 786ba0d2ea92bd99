"""A busy floor and the reasons of two offers; all invented."""

from __future__ import annotations

from tests.browser.samples import QUEUES, Json, Moment


def _agents(ready: int, talking: int, wrap_up: int, not_ready: int, logged_out: int) -> Json:
    return {
        "ready": ready,
        "offered": 0,
        "talking": talking,
        "wrap_up": wrap_up,
        "not_ready": not_ready,
        "logged_out": logged_out,
    }


def _queue(queue: str, **more: object) -> Json:
    calm = {
        "queue": queue,
        "title": QUEUES[queue],
        "state": "open",
        "weight": 0,
        "waiting": 0,
        "late": 0,
        "service_level_s": 20.0,
        "longest_since": None,
        "expected": None,
        "announced": True,
        "score": {"held": 0, "of": 0, "trusted": False},
        "agents": _agents(0, 0, 0, 0, 4),
        "unreachable": 0,
        "callbacks": {"waiting": 0, "sleeping": 0},
        "trend": [0] * 60,
        "today": {"offered": 0, "answered": 0, "abandoned": 0, "service_level": None},
    }
    return {**calm, **more}


def _wait(low_s: float, high_s: float, low_min: int, high_min: int | None) -> Json:
    return {"low_s": low_s, "high_s": high_s, "low_min": low_min, "high_min": high_min}


def call(
    moment: Moment, name: str, queue: str, position: int, ago_s: float, **more: object
) -> Json:
    plain = {
        "call_id": name,
        "queue": queue,
        "position": position,
        "state": "waiting",
        "queued_at": moment(ago_s),
        "expected": None,
        "need": None,
        "callback": False,
        "number": "138****0001",
        "vip_level": "",
    }
    return {**plain, **more}


def empty_floor(moment: Moment) -> Json:
    queues = [_queue(queue) for queue in QUEUES]
    return {
        "type": "floor",
        "at": moment(0),
        "queues": queues,
        "calls": [],
        "more": 0,
        "today": None,
    }


def busy_floor(moment: Moment) -> Json:
    """Support is late, sales is calm and trusted, the operator has callers and nobody at work."""
    rising = [0] * 20 + [1, 1, 2, 2, 3, 2, 3, 4, 3, 4] * 4
    english = {"skills": [{"skill": "english", "level": 2}], "level": None, "only": None}
    return {
        "type": "floor",
        "at": moment(0),
        "more": 12,
        "today": {"offered": 156, "answered": 139, "abandoned": 11, "service_level": 0.724},
        "queues": [
            _queue(
                "sales",
                waiting=2,
                longest_since=moment(14),
                expected=_wait(100, 170, 1, 3),
                score={"held": 41, "of": 50, "trusted": True},
                agents=_agents(0, 6, 1, 1, 2),
                trend=[0, 0, 1, 2, 1, 0, 0, 1] * 7 + [1, 1, 2, 2],
                today={"offered": 60, "answered": 57, "abandoned": 2, "service_level": 0.912},
            ),
            _queue(
                "support",
                waiting=4,
                late=3,
                longest_since=moment(96),
                score={"held": 28, "of": 50, "trusted": False},
                agents=_agents(2, 5, 2, 3, 1),
                unreachable=1,
                callbacks={"waiting": 1, "sleeping": 3},
                trend=rising,
                today={"offered": 96, "answered": 82, "abandoned": 9, "service_level": 0.687},
            ),
            _queue("operator", waiting=1, late=1, longest_since=moment(35)),
        ],
        "calls": [
            call(
                moment,
                "c-vip",
                "support",
                1,
                62,
                vip_level="gold",
                number="139****2222",
                state="offered",
            ),
            call(
                moment,
                "c-en",
                "support",
                2,
                96,
                need={**english, "until": moment(-24)},
                number="138****7788",
            ),
            call(moment, "c-cb", "support", 3, 240, callback=True, number=""),
            call(moment, "c-s1", "sales", 1, 14, expected=_wait(20, 55, 0, 1)),
            call(
                moment,
                "c-only",
                "sales",
                2,
                9,
                expected=_wait(70, 150, 1, 3),
                need={"skills": [], "level": None, "only": "1001", "until": moment(-21)},
            ),
            call(moment, "c-op", "operator", 1, 35),
        ],
    }


def _terms(name: str, **more: object) -> Json:
    plain = {
        "call_id": name,
        "queue": "support",
        "why_behind": "chosen",
        "because": {"zh-CN": "在该坐席的所有队列中排在最前", "en": "is the first it may take"},
        "requires": ["english:3"],
        "levels_to": None,
        "only": None,
        "weight": 0,
        "head_start_s": 60.0,
        "ageing": 1.0,
        "waited_s": 12.0,
        "standing_s": 72.0,
    }
    return {**plain, **more}


def _agent(agent_id: str, why: str, zh: str, en: str, rank: int | None = None) -> Json:
    return {
        "agent_id": agent_id,
        "why": why,
        "because": {"zh-CN": zh, "en": en},
        "state": "ready",
        "skills": {"english": 4 if rank else 0},
        "level": 0,
        "answered": 7,
        "last_talk_ended_at": None,
        "rank": rank,
    }


def _moment_of(moment: Moment, chosen: list[str], agents: list[Json], ago_s: float) -> Json:
    return {
        "at": moment(ago_s),
        "rules": "3f2a91c0",
        "queue": "support",
        "strategy": "most_skilled",
        "chosen": chosen,
        "call": _terms("call-0"),
        "position": 1,
        "freed": "1002" if chosen else None,
        "agents": agents,
        "calls": [],
    }


def why(moment: Moment) -> Json:
    """Rung in vain at one, answered by the next; before that, nobody could be rung."""
    away = [
        _agent(
            "1003", "lacks_skill", "技能不足：需要 english:3，现有 english:0", "lacks english:3"
        ),
        _agent("1004", "logged_out", "未登录", "is logged out"),
        _agent("1005", "logged_out", "未登录", "is logged out"),
    ]
    tried = _agent("1001", "tried", "本次来电曾振铃未果", "was rung in vain for this call")
    first = _moment_of(
        moment,
        ["1001"],
        [
            _agent("1001", "chosen", "按“技能最高”选中", "is chosen by most skilled", 1),
            _agent("1002", "behind", "按“技能最高”，1001 在前，排第 2", "comes after 1001", 2),
            *away,
        ],
        70,
    )
    second = _moment_of(
        moment,
        ["1002"],
        [
            _agent("1002", "chosen", "唯一可振铃的坐席", "is the only one who can be rung", 1),
            tried,
            *away,
        ],
        50,
    )
    rival = {"zh-CN": "排序值较低（9.0 秒）", "en": "has a lower standing (9.0 s)"}
    second["calls"] = [
        _terms("call-0"),
        _terms("call-rival", why_behind="standing", because=rival, waited_s=9.0, standing_s=9.0),
    ]
    missed = {"kind": "offer.ended", "at": moment(55), "agent_id": "1001", "result": "missed"}
    return {
        "call_id": "call-0",
        "offers": [
            {**first, "number": 1, "ended": [{**missed, "rang_s": 15.0}]},
            {
                **second,
                "number": 2,
                "ended": [{"kind": "call.answered", "at": moment(45), "agent_id": "1002"}],
            },
        ],
        "waits": [{**_moment_of(moment, [], [tried, *away], 82), "when": "entered"}],
        "facts": [],
        "files": ["acd.jsonl"],
        "ending": "closed",
        "differs_at": None,
    }


def why_nobody(moment: Moment) -> Json:
    """The caller left before anybody could be rung."""
    told = why(moment)
    return {**told, "offers": [], "waits": [*told["waits"], {**told["waits"][0], "when": "left"}]}


def facts_of_a_wait(moment: Moment) -> list[Json]:
    """What rules, time and the caller did to one wait."""
    support: Json = {"at": moment(60), "queue": "support", "waited_s": 30.0}
    expected = {"plain_s": 100.0, "low_s": 80.0, "high_s": 150.0, "vip": False, "told": True}
    attempt = {"attempt": 1, "result": "no_answer", "next_at": moment(-600)}
    moved = {"queue": "operator", "moved_from": "support", "position": 1, "requires": []}
    overflowed = {"rule": "too_long", "action": "queue", "to_queue": "operator"}
    return [
        {**support, "kind": "wait.expected", **expected},
        {**support, "kind": "need.relaxed", "requires": ["english:2"], "levels_to": 1},
        {**support, "kind": "call.overflowed", **overflowed},
        {**support, "kind": "call.queued", **moved},
        {**support, "kind": "callback.asked", "number": "13800000001", "chosen_at": None},
        {**support, "kind": "callback.attempted", **attempt},
        {**support, "kind": "callback.ended", "result": "gave_up", "attempts": 3},
    ]
