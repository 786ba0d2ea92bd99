"""People, calls and articles for the pages to show; all invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Moment = Callable[[float], str]

CSRF = "a-token"
PEOPLE: dict[str, Json] = {
    "wangfang": {"name": "王芳", "role": "agent", "agent_id": "1001"},
    "zhaolei": {"name": "赵蕾", "role": "supervisor", "agent_id": None},
    "lina": {"name": "李娜", "role": "administrator", "agent_id": None},
}
QUEUES = {
    "sales": {"zh-CN": "销售", "en": "Sales"},
    "support": {"zh-CN": "技术支持", "en": "Support"},
    "operator": {"zh-CN": "人工台", "en": "Operator"},
}
SITE: Json = {
    "name": {"zh-CN": "示范客服中心", "en": "Example Contact Centre"},
    "languages": ["zh-CN", "en"],
    "queues": QUEUES,
    "not_ready_reasons": {
        "break": {"zh-CN": "小休", "en": "Break"},
        "meal": {"zh-CN": "用餐", "en": "Meal"},
        "training": {"zh-CN": "培训", "en": "Training"},
    },
    "dispositions": {
        "solved": {"zh-CN": "已解决", "en": "Solved"},
        "follow_up": {"zh-CN": "需跟进", "en": "Follow up"},
        "sale": {"zh-CN": "成交", "en": "Sale"},
        "complaint": {"zh-CN": "投诉", "en": "Complaint"},
        "wrong_number": {"zh-CN": "打错", "en": "Wrong number"},
    },
    "vip_levels": {
        "gold": {"zh-CN": "金卡", "en": "Gold"},
        "silver": {"zh-CN": "银卡", "en": "Silver"},
    },
    "skills": {"english": {"zh-CN": "英语", "en": "English"}},
    "agents": {"1001": "王芳", "1002": "李强", "1003": "陈静", "1004": "刘洋", "1005": "赵敏"},
}

_REFUND = "退款会在 3 个工作日内原路退回您的付款账户，银行卡可能再延迟 1–2 天。"
ARTICLES: dict[str, Json] = {
    "refund": {
        "id": "refund",
        "title": "退款多久到账？",
        "language": "zh-CN",
        "body": f"适用范围：网上商城和电话下单的订单。\n\n{_REFUND}\n\n"
        "如果超过 5 个工作日仍未到账，请核对：\n"
        "1. 付款账户是否已注销；\n2. 订单是否使用了优惠券（优惠券不退现金）；\n"
        "3. 银行是否有退回记录。\n\n仍无法确认的，登记“需跟进”并转财务组。",
    },
    "invoice": {
        "id": "invoice",
        "title": "如何开具电子发票",
        "language": "zh-CN",
        "body": "在“我的订单”中点“申请发票”。电子发票会发到预留邮箱。",
    },
    "address": {
        "id": "address",
        "title": "下单后能修改收货地址吗？",
        "language": "zh-CN",
        "body": "未发货的订单可以在线修改地址；已发货的请联系快递改派。",
    },
}
_ANSWERS = {
    "refund": _REFUND,
    "invoice": "电子发票会发到预留邮箱。",
    "address": "未发货的订单可以在线修改地址；已发货的请联系快递改派。",
}


def me(username: str) -> Json:
    return {"username": username, "csrf": CSRF, "site": SITE, **PEOPLE[username]}


def find(q: str) -> list[Json]:
    found = [a for a in ARTICLES.values() if any(word in a["title"] + a["body"] for word in q)]
    return [
        {"id": a["id"], "title": a["title"], "sentence": _ANSWERS[a["id"]], "score": 0.8}
        for a in found
        if q in a["title"] + a["body"]
    ]


def pop(moment: Moment, offer: str = "offer-1", call: str = "call-live") -> Json:
    """A gold customer who pressed 2 and has called before."""
    return {
        "type": "pop",
        "offer_id": offer,
        "call_id": call,
        "queue": "support",
        "ani": "13800000001",
        "ani_verified": True,
        "dnis": "4001",
        "language": "zh-CN",
        "vip_level": "gold",
        "customer": {
            "customer_id": 7,
            "name": "周晓岚",
            "vip_level": "gold",
            "tags": ["企业客户", "杭州"],
            "note": "偏好上午联系；去年签了三年维保，合同号尾号 0417。",
        },
        "path": [
            {"step": "welcome", "result": "zh-CN"},
            {"step": "hours", "result": "open"},
            {
                "step": "menu",
                "result": "2",
                "title": {"zh-CN": "主菜单", "en": "Main menu"},
                "led_to": {"zh-CN": "技术支持", "en": "Support"},
            },
        ],
        "waited_s": 42.0,
        "history": [
            _past(
                moment, 86_400 * 2, "support", "李强", "follow_up", "退款未到账，已登记财务核查。"
            ),
            _past(moment, 86_400 * 9, "sales", "王芳", "sale", "续签维保一年，发票寄公司地址。"),
            {**_past(moment, 86_400 * 30, "support", "", "", ""), "outcome": "abandoned"},
        ],
        "articles": [
            {"article_id": key, "title": a["title"], "sentence": _ANSWERS[key], "score": 0.9}
            for key, a in ARTICLES.items()
        ],
    }


def stranger(moment: Moment, offer: str = "offer-2", call: str = "call-stranger") -> Json:
    """Nobody we know, from a line that proves nothing."""
    return {
        **pop(moment, offer, call),
        "ani": "02155550123",
        "ani_verified": False,
        "vip_level": "",
        "customer": None,
        "path": [],
        "waited_s": 4.0,
        "history": [],
        "articles": [],
    }


def _past(moment: Moment, ago_s: float, queue: str, agent: str, code: str, note: str) -> Json:
    return {
        "call_id": f"past-{ago_s:.0f}",
        "at": moment(ago_s),
        "queue": queue,
        "agent_name": agent,
        "outcome": "answered",
        "disposition": code,
        "note": note,
    }


def calls(moment: Moment) -> list[Json]:
    people = [("13800000001", "周晓岚", "gold"), ("13912345678", "", ""), ("02155550123", "", "")]
    people += [("13800000002", "陈伟", "silver")]
    rows = []
    for index in range(14):
        ani, name, vip = people[index % 4]
        answered = index % 5 != 3
        queue = ("support", "sales", "operator")[index % 3]
        since = 300.0 + index * 1300
        rows.append(
            {
                "call_id": f"call-{index}",
                "ani": ani,
                "dnis": "4001",
                "customer_id": 7 if name else None,
                "customer_name": name,
                "vip_level": vip,
                "flow": "main",
                "queue": queue,
                "agent_id": "1001" if answered else None,
                "agent_name": "王芳" if answered else None,
                "arrived_at": moment(since),
                "queued_at": moment(since - 12),
                "answered_at": moment(since - 30) if answered else None,
                "ended_at": moment(since - 130),
                "outcome": "answered" if answered else "abandoned",
                "waited_s": 18.0 + index,
                "talk_s": 92.5 + 7 * index if answered else None,
                "hold_s": 0.0 if answered else None,
                "wrap_up_s": 14.0 if answered else None,
                "disposition": "solved" if answered and index != 1 else None,
                "note": "客户确认已到账。" if index == 0 else "",
                "recording": answered,
                "pop_latency_ms": 38.0 if answered else None,
                "last_step": "menu",
            }
        )
    return rows


def facts(call: Json, moment: Moment) -> list[Json]:
    story: list[tuple[float, str, Json]] = [
        (0, "call.arrived", {"ani": call["ani"], "dnis": "4001", "trunk": "carrier"}),
        (0.1, "flow.entered", {"flow": "main", "version": "1", "language": "zh-CN"}),
        (6.2, "flow.stepped", {"flow": "main", "step": "menu", "step_type": "menu", "result": "2"}),
        (6.4, "call.queued", {"queue": call["queue"], "position": 1, "head_start_s": 120}),
        (19.4, "offer.made", {"agents": ["1002"], "strategy": "least_recent", "waited_s": 13}),
        (34.4, "offer.ended", {"agent_id": "1002", "result": "missed", "rang_s": 15}),
        (34.5, "offer.made", {"agents": ["1001"], "strategy": "least_recent", "waited_s": 28}),
        (34.54, "pop.delivered", {"agent_id": "1001", "latency_ms": 38, "before_ring": True}),
        (38.0, "call.answered", {"agent_id": "1001", "queue": call["queue"], "waited_s": 31.6}),
        (130.5, "talk.ended", {"talk_s": 92.5, "by": "caller"}),
        (131.0, "recording.stored", {"duration_s": 92.5, "sha256": "…"}),
        (140.0, "disposition.set", {"disposition": "solved", "note": "客户确认已到账。"}),
        (144.5, "call.ended", {"outcome": "answered", "by": "caller"}),
    ]
    return [{"at": moment(600 - at), "kind": kind, **fields} for at, kind, fields in story]


def report() -> Json:
    rows = [
        _row("sales", 42, 38, 3, 1, 1, 0, 0.857, 11.2, 214.0, 71.0),
        _row("support", 96, 79, 12, 4, 2, 3, 0.687, 24.8, 341.0, 203.0),
        _row("operator", 18, 10, 7, 5, 1, 0, 0.444, 38.1, 96.0, 188.0),
    ]
    total = _row("total", 156, 127, 22, 10, 4, 3, 0.705, 21.9, 283.0, 203.0)
    return {
        "rows": rows,
        "total": {**total, "service_level_s": None},
        "formulas": {
            "service_level": "规定秒数内接起数 ÷ 进线数",
            "asa_s": "已接来电等待时长之和 ÷ 接起数",
        },
        "balanced": True,
    }


CALLBACKS = {
    "callbacks": 6,
    "callbacks_answered": 4,
    "callbacks_given_up": 1,
    "callbacks_open": 1,
}


def survey_row(queue: str | None, agent: str | None, answers: int, mean: float, low: int) -> Json:
    return {
        "survey": "after_talk",
        "of": 5,
        "queue": queue,
        "agent_id": agent,
        "answers": answers,
        "mean": mean,
        "lowest": low,
    }


def surveys() -> Json:
    rows = [
        survey_row("sales", "1001", 12, 4.583, 0),
        survey_row("support", "1002", 31, 4.097, 2),
        survey_row(None, None, 2, 3.5, 0),
    ]
    return {"rows": rows, "totals": [survey_row(None, None, 45, 4.2, 2)]}


STORY_FLOWS: Json = {
    "main": {
        "title": {"zh-CN": "总机", "en": "Main number"},
        "steps": {"menu": {"zh-CN": "主菜单", "en": "Main menu"}},
    }
}


def flow_facts(moment: Moment) -> list[Json]:
    """What flows did with callers beyond menus."""
    story: list[tuple[str, Json]] = [
        (
            "outside.asked",
            {"source": "billing", "result": "late", "took_ms": 2003.4, "cached": False},
        ),
        ("outside.asked", {"source": "customer", "result": "found", "took_ms": 1.2}),
        ("article.read", {"article_id": "broadband", "helped": False}),
        ("survey.answered", {"survey": "s", "score": 4, "of": 5, "agent_id": "1001"}),
        ("transfer.began", {"to": "13912345678", "outside": True}),
        (
            "call.transferred",
            {
                "to": "13912345678",
                "result": "not_allowed",
                "why": "too_many_today",
                "rang_s": 0.0,
                "talk_s": 0.0,
            },
        ),
        ("message.left", {"purpose": "voicemail", "mailbox": "sales", "duration_s": 21.4}),
        ("call.teleported", {"note": {"a": 1}, "where": [1, {"b": 2}]}),
    ]
    at = moment(440)
    return [
        {"at": at, "kind": kind, "flow": "main", "step": "menu", **fields} for kind, fields in story
    ]


def _row(queue: str, *figures: float) -> Json:
    names = ("offered", "answered", "abandoned", "short_abandoned", "released", "waiting")
    names += ("service_level", "asa_s", "aht_s", "longest_wait_s")
    title = QUEUES.get(queue, {"zh-CN": "合计", "en": "Total"})
    return {
        "queue": queue,
        "title": title,
        "service_level_s": 20,
        "overflowed": 0,
        "called_back": 0,
        "callbacks": 0,
        "callbacks_answered": 0,
        "callbacks_given_up": 0,
        "callbacks_open": 0,
        **dict(zip(names, figures, strict=True)),
    }
