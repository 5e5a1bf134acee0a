from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.question_list import render_questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis

    MakeDiagnosis = Callable[..., Diagnosis]


def test_text_gives_every_question_with_whom_to_ask(diagnosis: MakeDiagnosis) -> None:
    assert render_questions(diagnosis(), "text") == (
        "1 open question about map.yaml, the most telling first:\n"
        "\n"
        "  1. How long does the WMS remember a receipt?\n"
        "     ask      warehouse\n"
        "     fills in dedupe.retention of receipt-to-wms\n"
        "     settles  wms.on_hand\n"
        "     worth    417 per 1,000 orders\n"
        "     place    map.yaml:5:5\n"
        "\n"
        "Worth: what the answer touches. One firm's client figures.\n"
    )


def test_markdown_gathers_them_by_owner_and_keeps_the_rank(diagnosis: MakeDiagnosis) -> None:
    (first,) = diagnosis().questions
    second = first._replace(ask="Who else writes?", owner=None)
    third = first._replace(ask="Which time zone?")
    told = render_questions(diagnosis(questions=(first, second, third)), "md")
    assert told.index("## warehouse") < told.index("**3.** Which time zone?") < told.index("## No owner stated")
    assert told.index("## No owner stated") < told.index("**2.** Who else writes?")


def test_markdown_takes_no_markup_from_a_name(diagnosis: MakeDiagnosis) -> None:
    (question,) = diagnosis().questions
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) `a` | @team https://example.test\n# head"
    told = render_questions(diagnosis(questions=(question._replace(ask=bad, owner=bad),)), "md")
    assert "<script>" not in told
    assert "[x](" not in told
    assert "\n# head" not in told
    assert "https://" not in told


def test_none_is_said_to_be_none(diagnosis: MakeDiagnosis) -> None:
    assert "No open questions" in render_questions(diagnosis(questions=()), "text")
    assert "None:" in render_questions(diagnosis(questions=()), "md")
