"""Who may do what. Each function answers None (yes) or a Refusal that says why and who can.

These are the rights of the spine: one reads the letters of one's unit, those on one's route and, as central clerk, all
open ones of the agency; records officers and administrators read the registers. Who was given something to do about a
letter, or is on its list of readers, reads it. What is not open is read only on its route, by cleared clerks and by the
cleared who have to do with it. The SQL of the screens (`reading/scope.py`) says the same and is tested against this
page.
"""

from saraban.domain.permissions.boards import may_see_board
from saraban.domain.permissions.circulating import (
    may_circulate_incoming,
    may_circulate_letter,
    may_keep_reader_group,
    may_mind_circulation,
    may_see_reader_group,
)
from saraban.domain.permissions.delegations import beyond_order, may_delegate, may_see_delegations
from saraban.domain.permissions.incoming import (
    given_to,
    held_task,
    may_endorse_incoming,
    may_keep_orders,
    may_read_incoming,
    may_take_back,
    may_tell_number,
    may_tend,
    may_work_incoming,
)
from saraban.domain.permissions.letters import (
    forbid_dispatch,
    may_acknowledge,
    may_ask_back,
    may_certify,
    may_change_course,
    may_confirm,
    may_dispatch,
    may_draft,
    may_draft_for,
    may_endorse,
    may_object,
    may_read_letter,
    may_return,
    may_revise,
    may_revise_on_route,
    may_see_tracking,
    may_sign,
)
from saraban.domain.permissions.office import (
    may_administer,
    may_attend,
    may_keep_group,
    may_keep_outsiders,
    may_keep_template,
    may_mind,
    may_see_group,
    may_see_template,
)
from saraban.domain.permissions.reading import REGISTERS_ONLY
from saraban.domain.permissions.refusal import Refusal, require, words_of
from saraban.domain.permissions.registers import (
    may_amend,
    may_audit,
    may_close_year,
    may_enter,
    may_export_journal,
    may_open_scan,
    may_read_registers,
    may_reconcile,
)

__all__ = [
    "REGISTERS_ONLY",
    "Refusal",
    "beyond_order",
    "forbid_dispatch",
    "given_to",
    "held_task",
    "may_acknowledge",
    "may_administer",
    "may_amend",
    "may_ask_back",
    "may_attend",
    "may_audit",
    "may_certify",
    "may_change_course",
    "may_circulate_incoming",
    "may_circulate_letter",
    "may_close_year",
    "may_confirm",
    "may_delegate",
    "may_dispatch",
    "may_draft",
    "may_draft_for",
    "may_endorse",
    "may_endorse_incoming",
    "may_enter",
    "may_export_journal",
    "may_keep_group",
    "may_keep_orders",
    "may_keep_outsiders",
    "may_keep_reader_group",
    "may_keep_template",
    "may_mind",
    "may_mind_circulation",
    "may_object",
    "may_open_scan",
    "may_read_incoming",
    "may_read_letter",
    "may_read_registers",
    "may_reconcile",
    "may_return",
    "may_revise",
    "may_revise_on_route",
    "may_see_board",
    "may_see_delegations",
    "may_see_group",
    "may_see_reader_group",
    "may_see_template",
    "may_see_tracking",
    "may_sign",
    "may_take_back",
    "may_tell_number",
    "may_tend",
    "may_work_incoming",
    "require",
    "words_of",
]
