"""What all verdicts on a letter come to in one sentence: the sender's seal, the signature on the letter and those in
the files that go with it. "ถูกต้อง" stands over the whole only where every part of every one holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from saraban.domain.page_signature import SignedFile, Standing, all_but
from saraban.domain.signature import SignatureStatus

_SEAL = {
    Standing.GOOD: "ตราของผู้ส่งถูกต้อง",
    Standing.DOUBTFUL: "ตราของผู้ส่งยืนยันได้ไม่ครบ",
    Standing.BAD: "ตราของผู้ส่งใช้ยืนยันไม่ได้",
}
_PAGE = {
    Standing.GOOD: "ลายมือชื่อในตัวหนังสือถูกต้อง",
    Standing.DOUBTFUL: "ลายมือชื่อในตัวหนังสือยืนยันได้ไม่ครบ",
    Standing.BAD: "ลายมือชื่อในตัวหนังสือใช้ยืนยันไม่ได้",
}
_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@dataclass(frozen=True)
class Summary:
    """The worst of all verdicts, and the sentence."""

    standing: Standing
    words: str


def standing_of(status: SignatureStatus) -> Standing:
    """What the four parts of a seal's verdict come to."""
    values = [part.value for part in (status.intact, status.valid, status.trusted, status.in_time)]
    if False in values:
        return Standing.BAD
    return Standing.GOOD if all(values) else Standing.DOUBTFUL


def standing_of_file(file: SignedFile) -> Standing | None:
    """What the signatures of a PDF come to; None for one without any."""
    standings = [one.standing for one in file.signatures]
    if file.problem:
        standings.append(Standing.DOUBTFUL)
    return worst(standings) if standings else None


def worst(standings: Sequence[Standing]) -> Standing:
    """The worst of these; good for none."""
    order = (Standing.BAD, Standing.DOUBTFUL)
    return next((one for one in order if one in standings), Standing.GOOD)


def sum_up(seal: SignatureStatus | None, page: SignedFile | None, others: Sequence[SignedFile]) -> Summary | None:
    """The sentence over all verdicts; None when there is nothing to judge. `page` is the letter itself, `others` the
    PDFs that go with it; what was signed in vain is none of them."""
    clauses: list[tuple[Standing, str]] = []
    if seal is not None:
        standing = standing_of(seal)
        clauses.append((standing, _SEAL[standing]))
    if page is not None and (of_page := standing_of_file(page)) is not None:
        except_for = all_but(page.lacks)
        clauses.append((of_page, f"ลายมือชื่อในตัวหนังสือ{except_for}" if except_for else _PAGE[of_page]))
    elif page is not None and seal is None:
        clauses.append((Standing.DOUBTFUL, "ตัวหนังสือไม่มีลายมือชื่อดิจิทัล"))
    found = [standing_of_file(one) for one in others]
    for standing, words in (
        (Standing.BAD, "มีลายมือชื่อที่ใช้ไม่ได้"),
        (Standing.DOUBTFUL, "ยืนยันลายมือชื่อได้ไม่ครบ"),
        (Standing.GOOD, "ลายมือชื่อถูกต้อง"),
    ):
        if count := found.count(standing):
            clauses.append((standing, f"ไฟล์แนบ {str(count).translate(_DIGITS)} ไฟล์{words}"))
    if not clauses:
        return None
    whole = worst([standing for standing, _ in clauses])
    sentence = clauses[0][1]
    for before, (standing, words) in pairwise(clauses):
        turns = (before[0] is Standing.GOOD) != (standing is Standing.GOOD)
        sentence += f" {'แต่' if turns else 'และ'}{words}"
    return Summary(whole, sentence)
