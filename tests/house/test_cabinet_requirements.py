"""What the cabinet's resolutions ask of such a system, in 27 requirements, and where each is shown to hold: the tests
by name, and a sentence where a part of it is no matter of software."""

from __future__ import annotations

import ast
from functools import cache

from tests.house.source import ROOT

SHOWN: dict[str, tuple[str, ...]] = {
    "D1 an official proof is issued as an electronic document": (
        "usecases/test_issuing.py::test_a_document_goes_from_its_form_to_a_signed_file_that_says_what_it_is",
        "usecases/test_issuing.py::test_the_seal_stands_in_the_file_alone_or_after_the_signature",
        "rendering/test_issued.py::test_the_file_is_pdfa_3_with_its_data_inside_and_its_thai_is_read_back",
    ),
    "D2 a kind is off, on trial or on, with counts": (
        "usecases/test_issuing.py::test_a_trial_ends_with_its_number_and_what_is_off_is_not_issued",
    ),
    "D3 a register of exceptions with rank, urgency, readiness and end": (
        "usecases/test_deferring.py::test_a_service_is_entered_changed_and_one_day_ready",
        "domain/test_progress.py::test_an_exception_is_flagged_when_its_end_comes_near_and_when_it_is_over",
        "web/test_progress.py::test_the_report_stands_on_the_page_on_paper_in_a_sheet_and_for_programs",
    ),
    "D4 a line that is cut loses nothing": (
        "journeys/test_relay_troubles.py::test_a_relay_that_is_down_keeps_the_letter_waiting_until_it_is_back",
        "journeys/test_killed_worker.py::test_workers_and_the_mail_server_killed_at_random_lose_nothing_and_double_nothing",
    ),
    "D5 a second agency verifies without the issuer's screen": (
        "web/test_lookups.py::test_a_second_agency_checks_the_same_document_by_api_without_the_issuers_screen",
        "stranger/test_lookups_with_a_stranger.py::test_the_stranger_asks_and_gets_state_and_file",
    ),
    "D6 tampered is invalid, revoked is revoked, unknown is untrusted": (
        "crypto/test_page_verdicts.py::test_an_altered_octet_leaves_the_file_not_whole_and_the_key_as_it_was",
        "crypto/test_page_verdicts.py::test_an_unknown_root_is_told_and_leaves_the_first_kind",
        "browser/test_public_verification.py::test_from_a_scan_to_the_verdict_then_revoked_and_a_forged_file_on_a_phone",
    ),
    "D7 one published schema, a manual, a validator that others run": (
        "exchange/test_issued_data.py::test_both_say_the_same_and_are_as_their_schemas_have_it",
        "cli/test_document.py::test_the_documented_steps_check_it_without_this_software",
    ),
    "D8 storage, speed and safety of the mailbox": (
        "usecases/test_fetching.py::test_the_quota_is_kept_by_day_and_not_asked_for_all_the_time",
        "domain/test_growth.py::test_the_levels_of_warning",
        "reading/test_progress.py::test_medians_are_those_of_signed_times_of_the_receivers_and_of_our_own",
        "usecases/test_quarantine.py::test_an_infected_mail_is_kept_apart_and_gives_out_no_byte",
    ),
    "D9 no signing without fresh proof of the signer": (
        "usecases/test_signing.py::test_a_wrong_passphrase_takes_no_number",
        "usecases/test_issuing.py::test_a_wrong_passphrase_takes_no_number_and_only_the_signer_signs",
    ),
    "D10 a progress report of each agency": (
        "web/test_progress.py::test_the_report_stands_on_the_page_on_paper_in_a_sheet_and_for_programs",
    ),
    "D11 the share of letters by system, by mail and on paper": (
        "reading/test_progress.py::test_letters_are_counted_by_way_month_and_unit",
    ),
    "D12 licences with number, holder, dates, state and a public page": (
        "usecases/test_issuing.py::test_anybody_learns_what_the_kind_allows_and_nothing_else",
        "web/test_public_register.py::test_an_administrator_opens_it_and_anybody_finds_a_licence_and_how_it_stands",
        "web/test_public_register.py::test_open_data_tells_what_is_shown_and_holds_no_formula",
        "web/test_public_register.py::test_what_its_holder_does_not_want_shown_leaves_every_page_and_the_data",
        "reading/test_public_register.py::test_how_a_document_stands_is_told_with_its_day_and_is_looked_for",
        "api/test_public_register.py::test_a_program_reads_the_register_and_an_officer_withholds_a_document",
        "browser/test_public_register.py::test_anybody_looks_for_a_licence_on_a_telephone_and_checks_it",
    ),
    "D13 no copies of what the state itself has issued": (
        "domain/test_no_copies.py::test_a_field_that_asks_for_a_copy_is_refused_and_the_way_to_the_issuer_is_offered",
        "web/test_petition_form.py::test_no_copy_of_a_state_document_is_asked_for_and_none_is_certified",
        "web/test_lookups.py::test_a_licence_is_looked_up_from_form_to_file_and_no_page_asks_for_a_copy",
    ),
    "D14 a copy that is needed is made and certified by the officer, free": (
        "usecases/test_copying.py::test_a_copy_in_place_of_a_citizens_says_so_and_costs_nothing",
    ),
    "D15 copies that are sent need no certification": (
        "web/test_petition_form.py::test_no_copy_of_a_state_document_is_asked_for_and_none_is_certified",
    ),
    "D16 meeting papers behind a QR code": (
        "web/test_packs.py::test_a_pack_opens_on_a_phone_by_item_with_new_editions_marked",
        "web/test_packs.py::test_a_restricted_pack_opens_with_the_code_of_the_mail_and_for_nobody_else",
    ),
    "D17 participants hand in by link or by mail": (
        "web/test_packs.py::test_a_participant_hands_a_file_in_and_sees_what_becomes_of_it",
        "web/test_meetings.py::test_a_participants_mail_with_the_mark_is_offered_and_one_press_hands_its_files_to_the_secretary",
    ),
    "D18 the invitation says so, and pages are counted": (
        "usecases/test_meetings.py::test_an_invitation_begins_as_a_draft_with_time_place_agenda_and_the_address",
        "usecases/test_meetings.py::test_what_was_not_printed_is_summed_by_month",
    ),
    "D19 explanations in Thai": ("browser/test_every_page.py",),
    "D20 a public page to follow a letter, without personal data": (
        "web/test_petition_form.py::test_only_states_and_dates_are_told",
    ),
    "D21 verification by anybody, the file's hash computed in the browser": (
        "browser/test_public_verification.py::test_a_dropped_file_is_told_to_match_or_not_and_is_sent_nowhere",
        "usecases/test_verifying.py::test_the_code_of_an_issued_letter_is_on_its_signed_page",
    ),
    "D22 verification outlives the issuer": (
        "cli/test_document.py::test_the_documented_steps_check_it_without_this_software",
        "crypto/test_page_verdicts.py::test_poppler_and_openssl_agree_about_good_and_altered_files",
    ),
    "D23 a print-out says when and by whom": (
        "usecases/test_issuing.py::test_a_print_out_says_when_it_was_printed_and_by_whom",
        "rendering/test_issued.py::test_a_print_out_says_from_which_system_when_and_by_whom_on_every_page",
    ),
    "D24 codes cannot be guessed, unknown and restricted are alike": (
        "usecases/test_verifying.py::test_two_letters_have_codes_of_nothing_in_common",
        "web/test_public_under_attack.py::test_at_every_door_unknown_and_restricted_answer_the_same",
        "web/test_public_under_attack.py::test_a_header_that_lies_about_the_address_gains_no_tries",
    ),
    "D25 what is revoked or replaced says so; an old QR answers": (
        "usecases/test_issuing.py::test_what_is_suspended_revoked_and_replaced_still_answers_and_says_so",
    ),
    "D26 the QR of a hostile letter is named before it is opened": (
        "domain/test_links.py::test_any_other_host_is_named_as_programs_write_it_and_asks_first",
        "domain/test_links.py::test_what_can_be_read_in_two_ways_or_is_no_page_is_never_opened",
    ),
    "D27 Thai text is right and can be read out of the file": (
        "rendering/test_issued.py::test_the_file_is_pdfa_3_with_its_data_inside_and_its_thai_is_read_back",
        "rendering/test_thai.py::test_sara_am_in_two_pieces_and_marks_in_the_wrong_order_are_put_right",
        "rendering/test_thai.py::test_digits_are_thai_except_in_addresses_and_latin_names",
    ),
}
NOT_SOFTWARE = {
    "D3": "that an extension was agreed is a letter of the OPDC: its number is a field of the register",
    "D8": "how large and fast the provider's mailbox is, is his affair: we measure it and warn",
    "D19": "videos are made by people; the help page, in Thai, is looked at with every page",
    "D20": "three months are a date of 2564; the page is there",
}
"""Of these requirements a part cannot be shown by a test, and why."""


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def test_each_of_the_27_requirements_names_tests_that_there_are() -> None:
    assert [name.split()[0] for name in SHOWN] == [f"D{number}" for number in range(1, 28)]
    gone = []
    for requirement, names in SHOWN.items():
        assert names, requirement
        for path, _, test in (name.partition("::") for name in names):
            known = _tests_of(path)
            if test not in known and (test or not known):
                gone.append(f"{requirement}: {path}::{test}")
    assert gone == []


def test_a_sentence_says_what_is_no_matter_of_software() -> None:
    known = {name.split()[0] for name in SHOWN}

    assert set(NOT_SOFTWARE) <= known and all(len(words.split()) > 4 for words in NOT_SOFTWARE.values())
