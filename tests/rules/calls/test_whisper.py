"""What may stand in Dial's options, and what is left out instead."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Offer
from ccengine.calls.offer import dial_argument
from ccengine.calls.whisper import LONGEST_S, Whisper, whisper_of
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.ivr.speech import PromptMissingError
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Queue
from tests.rules.calls.conftest import small_site

SALES = QueueId("sales")
OFFER = Offer(
    offer_id=OfferId("b-7"),
    call_id=CallId("c-1"),
    queue=SALES,
    agents=(AgentId("1001"), AgentId("1002")),
    ring_timeout_s=15.0,
    decided_at=0.0,
)


class Folder:
    """Titles as sound files."""

    def __init__(self, paths: dict[str, str], seconds: float = 1.0) -> None:
        self._paths = paths
        self._seconds = seconds

    def path(self, prompt: Prompt) -> str:
        if prompt.language not in self._paths:
            raise PromptMissingError(prompt)
        return self._paths[prompt.language]

    def duration(self, prompt: Prompt) -> float:
        return self._seconds


def _queue(**changes: object) -> Queue:
    return small_site(whisper=True, **changes).queues["sales"]


def test_the_title_stands_behind_the_offer() -> None:
    whisper = whisper_of(SALES, _queue(), Folder({"zh-CN": "/p/zh/1", "en": "/p/en/2"}))
    assert whisper == Whisper(zh="/p/zh/1", en="/p/en/2", seconds=1.0)
    assert "U(cc-connect^b-7^/p/zh/1^/p/en/2)" in dial_argument(OFFER, "default", whisper)
    assert "U(cc-connect^b-7)m(" in dial_argument(OFFER, "default")


def test_one_language_is_better_than_none() -> None:
    whisper = whisper_of(SALES, _queue(), Folder({"en": "/p/en/2"}))
    assert whisper is not None
    assert (whisper.zh, whisper.en) == ("/p/en/2", "/p/en/2")


@pytest.mark.parametrize(
    "folder",
    [
        Folder({}),
        Folder({"zh-CN": "/p/1", "en": "/p/2"}, seconds=LONGEST_S + 0.1),
        *(
            Folder({"zh-CN": f"/p{odd}/1", "en": "/p/2"})
            for odd in ("^", ",", ")", "(", "&", "$", "{", "|", " ", "\n", '"', "销售")
        ),
    ],
)
def test_what_dial_would_read_otherwise_is_not_whispered(folder: Folder) -> None:
    assert whisper_of(SALES, _queue(), folder) is None


def test_a_queue_that_does_not_whisper() -> None:
    folder = Folder({"zh-CN": "/p/1", "en": "/p/2"})
    assert whisper_of(SALES, small_site().queues["sales"], folder) is None
    assert whisper_of(SALES, None, folder) is None
