"""Skills that nobody has, and relaxations that do not relax."""

from __future__ import annotations

import pytest

from tests.rules.site.site_text import complaint, complaints, sales, site


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            "skills: {englsh: 3}\nrelax: [{after: 20, skill: englsh, level: 0}]",
            "1:14 there is no skill 'englsh' | did you mean 'english'?",
        ),
        (
            "relax: [{after: 20, skill: biling, level: 1}]",
            "1:32 there is no skill 'biling' | did you mean 'billing'?",
        ),
        (
            "skills: {english: 3}\nrelax: [{after: 20, skill: english, level: 4}]",
            "2:48 level 4 asks for more: 3 is enough by then | write less than 3",
        ),
        (
            "skills: {english: 3}\nrelax: [{after: 20, skill: english, level: 3}]",
            "2:48 level 3 of english is enough by then already | "
            "write a lower level, or remove the step",
        ),
        (
            "relax: [{after: 40, skill: english, level: 2}, {after: 20, skill: english, level: 1}]",
            "1:48 level 2 asks for more: 1 is enough by then | write less than 1",
        ),
        (
            "skills: {english: 3}\nmax_wait: 60\nrelax: [{after: 60, skill: english, level: 1}]",
            "3:21 callers are let go after 60 s, so this comes too late | write less than max_wait",
        ),
        (
            "skills: {english: 6}",
            "1:14 no agent of this queue has english 6: its callers would wait in vain | "
            "give an agent the skill, ask for less, or add a step to `relax`",
        ),
        (
            "skills: {english: 5, billing: 1}",
            "1:5 no agent of this queue has all of english 5, billing 1: "
            "its callers would wait in vain | "
            "give an agent the skill, ask for less, or add a step to `relax`",
        ),
        (
            'agents: ["1002"]\nskills: {english: 5}\nrelax: [{after: 9, skill: english, level: 3}]',
            "2:14 no agent of this queue has english 3: its callers would wait in vain | "
            "give an agent the skill, ask for less, or add a step to `relax`",
        ),
    ],
)
def test_refused(rules: str, said: str) -> None:
    assert said in complaints(sales(rules))


def test_one_mistake_is_told_once() -> None:
    rules = "skills: {english: 3}\nrelax: [{after: 20, skill: english, level: 4}]"
    assert complaint(rules).startswith("2:48 ")


def test_an_agents_skill_must_be_one_of_the_sites() -> None:
    (said,) = complaints(sales("").replace("skills: {billing: 3}", "skills: {bililng: 3}"))
    assert said == "-3:51 there is no skill 'bililng' | did you mean 'billing'?"


def test_a_skill_has_its_name_in_every_language() -> None:
    (said,) = complaints(sales("").replace("{zh-CN: 账务, en: Billing}", "{zh-CN: 账务}"))
    assert "the text in en is missing" in said


@pytest.mark.parametrize(
    "rules",
    [
        "skills: {english: 5}",
        "skills: {english: 6}\nrelax: [{after: 20, skill: english, level: 5}]",
        "skills: {english: 6, billing: 9}\nrelax: "
        "[{after: 20, skill: english, level: 2}, {after: 40, skill: billing, level: 0}]",
        # What nobody has is dropped after two minutes.
        "skills: {english: 9}\noverflow: [{name: anyone, when: {waited: 120}, do: widen}]",
        # Asked for by a flow.
        "relax: [{after: 20, skill: billing, level: 2}, {after: 40, skill: billing, level: 0}]",
    ],
)
def test_taken(rules: str) -> None:
    assert site(sales(rules))
