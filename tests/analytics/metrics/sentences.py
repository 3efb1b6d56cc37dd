"""The rules that decide figures, sentence by sentence, and the tests that hold each at its boundary.

The sentences are those of the domain's first section, in its order. What telephony decides before there is a figure
(what rings, who hears whom, when wrap-up ends) is held by the tests of `tests/telephony`.
"""

from __future__ import annotations

_HERE = "tests/analytics/metrics"
_RINGS, _MINUTES, _HANDLING = (f"{_HERE}/test_{name}.py" for name in ("three_rings", "minutes", "handling"))
_COUNTS, _CUSTOMERS, _STATES = (f"{_HERE}/test_{name}.py" for name in ("counts", "customers", "states"))
_DOMAIN, _PARTS, _QUERY = (f"{_HERE}/test_{name}.py" for name in ("domain", "parts", "query"))
_NOTES, _CADENCES = "tests/analytics/storage/test_notes.py", "tests/config/test_rings.py"
_SOUNDS, _BANDS = f"{_HERE}/test_sounds.py", "tests/config/test_recordings.py"
_CLOCK, _STATES_TOLD = "tests/config/test_minutes.py", "tests/telephony/calls/test_states.py"

SENTENCES: tuple[tuple[str, str, str], ...] = (
    (
        "answered is the first bridge with a human",
        _DOMAIN,
        "test_what_no_human_answered_is_picked_up_and_not_answered",
    ),
    (
        "ring begins when the device alerts",
        _RINGS,
        "test_ring_time_begins_when_the_device_alerts_not_when_it_is_dialled",
    ),
    (
        "without an alert it begins at the dialling",
        _DOMAIN,
        "test_without_an_alert_the_ring_begins_when_the_device_was_dialled",
    ),
    (
        "CN: 14.999 s is within, 15.000 s is late",
        _RINGS,
        "test_with_the_chinese_cadence_the_limit_is_15_seconds_and_equality_is_late",
    ),
    ("US and UK cadences", _RINGS, "test_each_cadence_has_its_own_limit"),
    ("a cycle is the sum of its spans", _CADENCES, "test_three_rings_end_where_the_cadence_says"),
    ("to the end of the third tone: 11.0 s", _RINGS, "test_a_policy_may_end_at_the_third_tone"),
    ("to plain seconds", _RINGS, "test_a_policy_may_count_plain_seconds"),
    ("declined counts, busy stands apart", _DOMAIN, "test_refused_after_the_alert_counts_and_before_it_does_not"),
    ("which offerings count", _RINGS, "test_every_way_by_which_a_customers_call_reaches_an_agent_counts"),
    (
        "a click-to-call's own leg and consultations do not",
        _RINGS,
        "test_consultations_and_the_own_leg_of_a_click_to_call_are_outside",
    ),
    ("nor internal calls", _RINGS, "test_internal_calls_are_outside"),
    ("wrap-up ends early with the next call", _STATES_TOLD, "test_an_agent_is_available_around_his_call"),
    ("no answer counts before the limit too", _RINGS, "test_no_answer_and_declined_count_even_before_the_limit"),
    ("the caller gave up at or after the limit", _RINGS, "test_a_caller_who_gave_up_counts_only_from_the_limit_on"),
    (
        "answered elsewhere, busy, unreachable: nobody is blamed",
        _RINGS,
        "test_what_the_agent_could_not_help_stands_apart",
    ),
    (
        "caller view: first alert to first human",
        _RINGS,
        "test_the_caller_counts_from_the_first_alert_of_any_phone_to_the_first_human",
    ),
    ("never rang is outside the rate", _RINGS, "test_a_caller_for_whom_no_phone_alerted_never_rang"),
    (
        "who may still be rung is not decided",
        _DOMAIN,
        "test_a_caller_is_not_decided_while_a_phone_may_still_ring_for_him",
    ),
    ("a rate over nothing is null", _DOMAIN, "test_every_rate_and_average_over_nothing_is_null"),
    ("a phone minute leaves hold out", _MINUTES, "test_hold_is_cut_out_and_summed_apart"),
    (
        "members behind a Local channel",
        _DOMAIN,
        "test_the_minutes_of_a_local_member_are_those_of_the_person_at_the_phone",
    ),
    ("monitoring is nobody's minutes", _MINUTES, "test_talk_with_colleagues_and_listening_in_is_no_minutes"),
    ("consultation and internal talk apart", _MINUTES, "test_consultation_and_internal_talk_are_shown_apart"),
    ("the policy may add them", _MINUTES, "test_a_policy_may_count_hold_consultation_internal_talk_and_wrap_up"),
    ("integer milliseconds", _MINUTES, "test_durations_are_cut_to_whole_milliseconds"),
    ("exact, per_call_up, per_call_half_up", _DOMAIN, "test_a_call_is_rounded_at_its_edges"),
    ("clock", _MINUTES, "test_the_clock_subtracts_the_start_minute_from_the_end_minute"),
    ("clock over a change of clocks", _CLOCK, "test_a_change_of_summer_time_neither_adds_nor_takes_minutes"),
    ("a rounded call is rounded once, though cut", _DOMAIN, "test_a_rounded_call_over_midnight_is_rounded_once"),
    ("an interval across an edge is cut there", _MINUTES, "test_an_interval_across_midnight_is_cut_there"),
    ("a count belongs where its call began", _DOMAIN, "test_the_month_ends_at_midnight_by_the_centres_clock"),
    ("a count belongs where its offering began", _RINGS, "test_an_offering_belongs_to_the_day_on_which_it_began"),
    ("a hand-over is a count of its call", _PARTS, "test_a_transfer_after_midnight_belongs_to_the_day_of_its_call"),
    ("both changes of clocks", _DOMAIN, "test_on_both_days_when_clocks_change_every_minute_counts_once"),
    (
        "conference: each agent in full, and the result says so",
        _MINUTES,
        "test_in_a_conference_each_agent_has_his_full_time_and_the_result_says_so",
    ),
    ("calls of one agent that overlap", _DOMAIN, "test_of_two_calls_at_once_the_one_on_hold_gives_no_minutes"),
    ("handled: at most 180.000 s", _HANDLING, "test_at_most_180_seconds_from_the_first_human_to_the_customers_end"),
    ("of an agent his own part", _HANDLING, "test_of_an_agent_his_own_part_counts_with_its_hold"),
    ("short calls", _HANDLING, "test_a_short_call_is_left_out"),
    ("short calls leave the averages", _MINUTES, "test_short_calls_are_handled_and_leave_the_averages"),
    ("short calls leave first-contact resolution", _CUSTOMERS, "test_a_short_call_leaves_first_contact_resolution"),
    (
        "speech rate is syllables over the agent's turns, an estimate with its error",
        _SOUNDS,
        "test_the_speech_rate_is_syllables_over_the_time_of_turns",
    ),
    ("mono: not measurable", _SOUNDS, "test_on_one_channel_what_either_said_is_not_measurable"),
    (
        "the band is a target: within the error of an edge it is undecided",
        _BANDS,
        "test_a_rate_within_its_error_of_an_edge_is_undecided",
    ),
    (
        "silent calls, as the audio shows",
        _SOUNDS,
        "test_audio_that_shows_no_speech_of_the_customer_makes_a_silent_call",
    ),
    ("silent calls", _NOTES, "test_a_silent_call_leaves_the_averages_and_stays_in_offered_and_answered"),
    ("service level: N seconds, inclusive", _COUNTS, "test_a_wait_of_exactly_n_seconds_is_within"),
    (
        "an overflow counts in the queue that it left",
        _COUNTS,
        "test_a_caller_who_overflowed_counts_in_the_queue_that_he_left",
    ),
    ("short abandons leave the service level", _COUNTS, "test_a_short_abandon_is_left_out_of_rate_and_level"),
    ("the other formulas by name", _COUNTS, "test_each_formula_gives_its_published_value"),
    (
        "the policy in force when it began",
        _RINGS,
        "test_an_offering_is_judged_by_the_policy_in_force_when_it_began",
    ),
    ("group and tier in force", _QUERY, "test_group_and_tier_are_those_in_force_when_the_call_began"),
    ("the device's mapping in force", _DOMAIN, "test_who_sat_at_the_device_when_the_talk_began_has_its_minutes"),
    ("every figure has an as-of instant", _MINUTES, "test_a_talk_that_goes_on_is_counted_up_to_the_as_of_instant"),
    ("open states up to it", _STATES, "test_states_that_go_on_are_counted_up_to_the_as_of_instant"),
    (
        "withheld and shared numbers",
        _CUSTOMERS,
        "test_a_withheld_or_shared_number_is_no_contact_and_cannot_be_called_back",
    ),
    ("test numbers are in no figure", _RINGS, "test_test_numbers_are_in_no_figure"),
    (
        "in hours, out of hours, holiday",
        _DOMAIN,
        "test_every_answering_figure_is_split_by_the_hours_in_which_it_began",
    ),
    ("a business day that begins at six", _DOMAIN, "test_a_business_day_may_begin_at_six"),
    (
        "a code is correctable with a trace",
        _NOTES,
        "test_a_corrected_service_code_changes_the_figures_by_code_and_leaves_a_trace",
    ),
)
"""Sentence, file, test."""
