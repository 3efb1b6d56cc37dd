"""Recordings that are not simply begun before the queue: without option b, muted, stopped, begun by others."""

from tests.lab.ami import get
from tests.lab.registry import scenario
from tests.lab.scenarios.consultations import attended_refer
from tests.lab.scenarios.steps import customer_talks_to, hang_up, sleep
from tests.lab.world import World

FOLDER = "/var/spool/asterisk/monitor"


def recorded_file(w: World, channel: str) -> str:
    """The file that this channel's newest recording goes to."""
    return [
        get(p, "Value")
        for _, p in w.ami.packets
        if get(p, "Channel") == channel and get(p, "Variable") == "MIXMONITOR_FILENAME"
    ][-1]


def answered(w: World, *steps: float, did: str) -> None:
    """1001 answers, talks, holds, talks, …: seconds of each."""
    w.pause_others(["1001"])
    call, agent = customer_talks_to(w, did, "1001", ring=2.0, seconds=steps[0])
    for n, seconds in enumerate(steps[1:]):
        agent.unhold() if n % 2 else agent.hold()
        sleep(seconds)
    hang_up(call)
    w.record(call, "answered", queue="support")
    w.pause_others(["1001"], paused=False)


@scenario(only="plain")
def recording_whole(w: World) -> None:
    """Without option b: the queue's music is in the file, and so is the hold's."""
    answered(w, 2.0, 1.5, 2.0, did="442079460112")


@scenario(only="plain")
def recording_whole_transferred(w: World) -> None:
    """Without option b, through a consultation and a transfer."""
    w.pause_others(["1001"])
    attended_refer(w, "442079460112", "1001", queue="support")
    w.pause_others(["1001"], paused=False)


@scenario(only="plain")
def recording_muted(w: World) -> None:
    """Silence is written for two seconds in the middle of the talk, then for one in one direction only."""
    call, _ = customer_talks_to(w, "442079460003", "1003")
    channel = w.channel_of(str(call.caller))
    for direction, seconds in (("both", 2.0), ("write", 1.0)):
        w.ami.action("MixMonitorMute", Channel=channel, Direction=direction, State="1")
        sleep(seconds)
        w.ami.action("MixMonitorMute", Channel=channel, Direction=direction, State="0")
        sleep(1.5)
    hang_up(call)
    w.record(call, "answered")


def stopped_and_begun_again(w: World, did: str, options: str) -> None:
    """A manager stops the recording and begins it anew, under the same name."""
    w.pause_others(["1001"])
    call, _ = customer_talks_to(w, did, "1001")
    channel = w.channel_of(str(call.caller))
    file = recorded_file(w, channel)
    w.ami.action("StopMixMonitor", Channel=channel)
    sleep(1.5)
    w.ami.action("MixMonitor", Channel=channel, File=file, Options=options)
    hang_up(call, after=2.5)
    w.record(call, "answered", queue="support")
    w.pause_others(["1001"], paused=False)


@scenario(only="plain")
def recording_continued(w: World) -> None:
    """With option a the file goes on where it was."""
    stopped_and_begun_again(w, "442079460113", "ab")


@scenario(only="plain")
def recording_begun_anew(w: World) -> None:
    """Without it what was recorded before is gone."""
    stopped_and_begun_again(w, "442079460100", "b")


@scenario(only="plain")
def recording_of_the_agents_channel_too(w: World) -> None:
    """A manager records the agent's channel as well, from the middle of the talk on."""
    call, agent = customer_talks_to(w, "442079460001", "1001")
    channel = w.newest_channel("PJSIP/1001-")
    w.ami.action("MixMonitor", Channel=channel, File=f"{FOLDER}/second-{agent.call_id[:8]}.wav", Options="b")
    hang_up(call, after=2.5)
    w.record(call, "answered")


@scenario(only="plain")
def recording_by_key(w: World) -> None:
    """The agent presses *4 in a call that is not recorded."""
    call, agent = customer_talks_to(w, "442079460114", "1003")
    agent.dtmf("*4")
    hang_up(call, after=4)
    w.record(call, "answered")


@scenario(only="plain")
def recording_two_and_one_stopped(w: World) -> None:
    """A manager begins a second recording of the customer's channel, and stops one without saying which."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    channel = w.channel_of(str(call.caller))
    w.ami.action("MixMonitor", Channel=channel, File=f"{FOLDER}/newer-{agent.call_id[:8]}.wav", Options="b")
    sleep(1.5)
    w.ami.action("StopMixMonitor", Channel=channel)
    hang_up(call, after=2)
    w.record(call, "answered")
