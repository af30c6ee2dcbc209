"""One sentence over all verdicts of a letter: green only where every part of every one holds."""

from __future__ import annotations

import pytest

from saraban.domain.page_signature import PageSignature, SignedFile, Standing
from saraban.domain.signature import Answer, SignatureStatus
from saraban.domain.summing_up import sum_up

YES, NO, UNTOLD = Answer(True, "ใช่"), Answer(False, "ไม่"), Answer(None, "บอกไม่ได้")


def seal(last: Answer = YES) -> SignatureStatus:
    return SignatureStatus(YES, YES, YES, last)


def signed(last: Answer = YES) -> SignedFile:
    return SignedFile((PageSignature("a", 1, YES, YES, YES, YES, YES, last),))


NONE = SignedFile()


@pytest.mark.parametrize(
    ("of_seal", "page", "others", "standing", "words"),
    [
        (seal(), signed(), [], "good", "ตราของผู้ส่งถูกต้อง และลายมือชื่อในตัวหนังสือถูกต้อง"),
        (seal(), signed(), [signed()], "good", "ตราของผู้ส่งถูกต้อง และลายมือชื่อในตัวหนังสือถูกต้อง และไฟล์แนบ ๑ ไฟล์ลายมือชื่อถูกต้อง"),
        (seal(), NONE, [signed(NO), NONE], "bad", "ตราของผู้ส่งถูกต้อง แต่ไฟล์แนบ ๑ ไฟล์มีลายมือชื่อที่ใช้ไม่ได้"),
        (seal(NO), NONE, [], "bad", "ตราของผู้ส่งใช้ยืนยันไม่ได้"),
        (seal(UNTOLD), NONE, [], "doubtful", "ตราของผู้ส่งยืนยันได้ไม่ครบ"),
        (seal(), NONE, [SignedFile(problem="เปิดไม่ได้")], "doubtful", "ตราของผู้ส่งถูกต้อง แต่ไฟล์แนบ ๑ ไฟล์ยืนยันลายมือชื่อได้ไม่ครบ"),
        (
            None,
            signed(UNTOLD),
            [signed(NO)],
            "bad",
            "ลายมือชื่อในตัวหนังสือผ่านครบ เว้นแต่ยังไม่มีตราประทับเวลาที่ยืนยันได้ และไฟล์แนบ ๑ ไฟล์มีลายมือชื่อที่ใช้ไม่ได้",
        ),
        (None, NONE, [], "doubtful", "ตัวหนังสือไม่มีลายมือชื่อดิจิทัล"),
    ],
)
def test_the_sentence_is_as_bad_as_the_worst_part(
    of_seal: SignatureStatus | None, page: SignedFile, others: list[SignedFile], standing: str, words: str
) -> None:
    found = sum_up(of_seal, page, others)

    assert found is not None and (found.standing, found.words) == (Standing(standing), words)


def test_nothing_to_judge_is_no_sentence() -> None:
    assert sum_up(None, None, []) is None


@pytest.mark.parametrize(
    ("certificate", "time", "exception"),
    [
        (YES, UNTOLD, "ยังไม่มีตราประทับเวลาที่ยืนยันได้"),
        (UNTOLD, YES, "ยังบอกไม่ได้ว่าใบรับรองใช้ได้ขณะลงนาม"),
        (UNTOLD, UNTOLD, "ยังบอกไม่ได้ว่าใบรับรองใช้ได้ขณะลงนาม และยังไม่มีตราประทับเวลาที่ยืนยันได้"),
    ],
)
def test_a_letter_that_only_lacks_a_stamp_or_lists_says_so_and_stays_doubtful(
    certificate: Answer, time: Answer, exception: str
) -> None:
    one = PageSignature("a", 1, YES, YES, YES, YES, certificate, time)
    found = sum_up(None, SignedFile((signed().signatures[0], one)), [])

    assert found is not None and found.standing is Standing.DOUBTFUL
    assert found.words == f"ลายมือชื่อในตัวหนังสือผ่านครบ เว้นแต่{exception}"
    assert one.verdict == f"ผ่านครบ เว้นแต่{exception}"


@pytest.mark.parametrize(
    "other",
    [
        PageSignature("b", 2, YES, YES, YES, UNTOLD, YES, UNTOLD),
        PageSignature("b", 2, YES, NO, YES, YES, YES, UNTOLD),
    ],
)
def test_another_flaw_is_never_called_all_but(other: PageSignature) -> None:
    found = sum_up(None, SignedFile((*signed(UNTOLD).signatures, other)), [])

    assert found is not None and "ผ่านครบ" not in found.words
    assert other.verdict == other.standing.thai
