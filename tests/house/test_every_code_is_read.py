"""Every page and picture that carries a QR code, and the tests that read it back at 72, 150 and 300 dpi with a reader
of others (zxing-cpp). Who draws a code in a new place finds it missing here."""

from __future__ import annotations

import ast

from tests.house.source import ROOT

DRAWS = {"draw_verification", "draw_pack_code", "draw_large_code", "qr_png", "qr_picture", "make", "svg_data_uri"}
"""What draws a code when it is called: of `make` and `svg_data_uri` those of segno alone."""
_SIGNED = "rendering/test_codes_on_signed_pages.py::test_the_code_of_a_signed_page_is_read_at_every_resolution"
_MADE_OF = (
    "rendering/test_codes_on_signed_pages.py::"
    "test_the_code_is_read_at_every_resolution_on_what_is_made_of_a_signed_page"
)
_POSTER = "rendering/test_pack_code.py::test_the_poster_and_the_picture_are_read_and_the_list_names_everybody"
READ_BY: dict[str, tuple[str, ...]] = {
    # Letters of every form, documents for people, certified copies; and duplicates, print-outs, stamped and endorsed
    # copies, which are made of them.
    "rendering/frame.py draw_verification": (
        _SIGNED,
        _MADE_OF,
        "rendering/test_issued.py::test_its_qr_reads_back_at_every_resolution_also_on_a_print_out",
        "usecases/test_issuing.py::test_the_seal_stands_in_the_file_alone_or_after_the_signature",
    ),
    "rendering/ready.py draw_verification": (_SIGNED,),
    "rendering/composing.py draw_pack_code": (
        "rendering/test_pack_code.py::test_an_invitation_carries_it_beside_the_verification_code",
    ),
    "rendering/meeting_papers.py draw_large_code": (_POSTER,),
    "rendering/meeting_papers.py qr_png": (_POSTER,),
    # The picture of a meeting's papers on the screen of its secretary, and of a file that a participant handed in.
    "web/meetings.py qr_picture": (_POSTER,),
    "web/packs.py qr_picture": ("web/test_packs.py::test_a_participant_hands_a_file_in_and_sees_what_becomes_of_it",),
    "web/petition_form.py segno": ("browser/test_petitions.py::test_a_citizens_letter_to_its_answer_on_a_telephone",),
    "web/calendar.py segno": (),
}
"""By file and by what it calls."""
NOT_ON_PAPER = {"web/calendar.py segno": "stands on the screen of its person alone, who holds a telephone before it"}
_WITHIN = "rendering/qr.py"
"""Where codes are drawn; what is called there is called by others."""


def _called() -> set[str]:
    found = set()
    for path in (ROOT / "saraban").rglob("*.py"):
        name = path.relative_to(ROOT / "saraban").as_posix()
        if name == _WITHIN:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            to = node.func
            word = to.attr if isinstance(to, ast.Attribute) else to.id if isinstance(to, ast.Name) else ""
            if isinstance(to, ast.Attribute) and isinstance(to.value, ast.Name) and to.value.id == "segno":
                found.add(f"{name} segno")
            elif word in DRAWS - {"make", "svg_data_uri"}:
                found.add(f"{name} {word}")
    return found


def _body_of(test: str) -> str:
    path, _, name = test.partition("::")
    source = (ROOT / "tests" / path).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_source_segment(source, node) or ""
    return ""


def test_whatever_draws_a_code_is_in_the_table() -> None:
    assert _called() == set(READ_BY)


def test_each_is_read_at_all_resolutions_or_says_why_not() -> None:
    for drawn, tests in READ_BY.items():
        assert tests or len(NOT_ON_PAPER.get(drawn, "").split()) > 4, drawn
        for test in tests:
            assert "read_at_all(" in _body_of(test) or "read_picture_at_all(" in _body_of(test), test
