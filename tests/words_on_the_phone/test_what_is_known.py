"""What a flow knows is heard: in pieces that were rendered beforehand, or spoken in the call."""

from __future__ import annotations

import pytest

from tests.kit.centre import Centre
from tests.words_on_the_phone.conftest import PIECES

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_balance_is_heard_piece_by_piece_after_a_name_spoken_now(centre: Centre) -> None:
    call = await centre.callers.call("6001", ani="13960010001")
    assert await call.hears(2000, within=20)  # the words between the name and the sum
    for hz in PIECES.values():
        assert await call.hears(hz, within=5)
    assert await call.hears(2300, within=5)
    await call.ended(within=10)

    story = await centre.story("13960010001", lambda s: "call.ended" in s.kinds())
    steps = [(f["flow"], f["step"], f["result"]) for f in story.all("flow.stepped")]
    assert steps == [
        ("account", "which", "when_1"),
        ("account", "account", "set"),
        ("account", "known", "known"),
        ("balance", "account", "known"),
        ("balance", "told", "played"),
        ("balance", "bye", "farewell"),
        ("farewell", "bye", "hung_up_by_flow"),
    ]
    spoken = list((centre.settings.prompts / "live").glob("*.wav"))
    assert len(spoken) == 1
    assert f"Playing '{spoken[0].with_suffix('')}" in centre.asterisk.log_text()
    assert "王6001先生" not in centre.log_text()


async def test_another_result_of_the_other_flow_leads_elsewhere(centre: Centre) -> None:
    call = await centre.callers.call("6003", ani="13960010002")
    await call.ended(within=15)
    story = await centre.story("13960010002", lambda s: "call.ended" in s.kinds())
    assert story.one("flow.ended")["step"] == "unknown"
    assert "prompt.missing" not in centre.log_text()
