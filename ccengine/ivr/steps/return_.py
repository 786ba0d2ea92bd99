"""``return``: back to the step that entered this flow, with a result."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.model import Branch, Leave, Result, Scene, Stay, Step


class ReturnStep(Step):
    """In a flow that a number leads to, and that no other has entered, the call ends here."""

    type: Literal["return"]
    result: Result

    def ways(self) -> tuple[Branch, ...]:
        return ()

    def returns(self) -> str:
        return self.result

    def enter(self, scene: Scene) -> Stay | Leave:
        return Leave(result=self.result, to=None, returns=self.result)
