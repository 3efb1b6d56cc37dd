"""The scenarios whose recordings are worth a voice: who talks changes, pauses, or is written in another way."""

FEW = ("recording_whole", "recording_muted", "recording_continued", "transfer_attended_refer")
"""Less than a minute, for every run of the tests."""

_BOTH = """
    direct_answered queue_first_agent queue_ringall_local_members
    transfer_blind_refer transfer_blind_feature_code outbound_call_transferred
    transfer_attended_refer transfer_attended_refer_reversed transfer_attended_local_member
    transfer_attended_feature_code transfer_attended_direct_call transfer_attended_abandoned
    transfer_attended_cancelled_code three_way_by_code
    hold_unhold hold_twice hold_until_customer_leaves
    agent_outbound_manual click_to_call ami_redirect_and_hangup
    park_and_retrieve park_time_out_comes_back conference_customer_and_two_agents
"""
_PLAIN = """
    queue_ring_no_answer_then_second internal_call_transferred
    transfer_attended_while_ringing_refer transfer_attended_while_ringing_code transfer_attended_cancelled_refer
    campaign_to_queue campaign_local_answered pickup_of_queue_call forward_302_to_colleague supervisor_whispers
    recording_stereo recording_whole recording_whole_transferred recording_muted recording_continued
    recording_begun_anew recording_of_the_agents_channel_too recording_by_key
    recording_two_and_one_stopped
"""
_FREEPBX = """
    transfer_blind_into_queue agent_to_agent fpbx_ring_group_one_of_three fpbx_inbound_route_recorded
    fpbx_queue_to_queue fpbx_click_to_call_local
"""
MANY = {"plain": tuple((_BOTH + _PLAIN).split()), "freepbx": tuple((_BOTH + _FREEPBX).split())}
"""All of them. In the plain configuration a transfer into a queue begins a second recording in the same file, in which
nothing is placed."""
