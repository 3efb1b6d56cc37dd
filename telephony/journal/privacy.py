"""What each AMI header may hold about a person, so that a scenario can be shown to others; pure.

The rule is deny by default: a header, dialplan variable or application that is not listed here is
replaced whole. Listed are those that Asterisk or FreePBX fill and that tell calls.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache


class Content(Enum):
    """What a value may hold, and so what becomes of it."""

    VOCABULARY = auto()
    """Asterisk's own words, counts and times: kept."""
    IDENTITY = auto()
    """An id: kept, but for a known number within it."""
    TECHNICAL = auto()
    """Channels, extensions, queues, files: numbers, known names and addresses within it are replaced."""
    NAME = auto()
    """A person's name: replaced whole."""
    NUMBER = auto()
    """A telephone number, or what a phone gives for one: digits replaced, words as a name."""
    CALLER_ID = auto()
    """`"Name" <number>`."""
    ASSIGNMENT = auto()
    """`VARIABLE=value`: the value by its variable."""
    VALUE = auto()
    """The value of the variable that the header `Variable` of the same packet names."""
    ARGUMENTS = auto()
    """What was passed to the application that the same packet names."""
    SECRET = auto()
    """Taken away."""
    UNKNOWN = auto()
    """May hold anything: replaced whole, unless it is a small number."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


VOCABULARY = _words("""
    Event Privilege Timestamp Response EventList ListItems Priority Language Cause Cause-txt TechCause
    ChannelState ChannelStateDesc ChannelType DialStatus Digit Direction DurationMs Duration State Status
    StatusText PeerStatus ContactStatus RingTime HoldTime TalkTime Position OriginalPosition Count Calls
    CallsTaken LastCall LastPause LoginTime InCall Penalty Paused Ringinuse Wrapuptime Membership Max Strategy
    Completed Abandoned ServiceLevel ServicelevelPerf ServicelevelPerf2 Weight Wait Result Reason DestType
    IsExternal LocalOptimization AMAFlags Disposition StartTime AnswerTime EndTime EventTime BillableSeconds
    EventName EventVersion EventTV SessionTV Sequence Uptime LastReload Type AppFunction AppLine AppFile
    Module Severity Service UsingPassword CID-CallingPres Attempt Success Control Waiting New Old Available
    Callers LoggedIn LongestHoldTime Timeout ParkingTimeout ParkingDuration BridgeNumChannels BridgeTechnology
    BridgeType BridgeVideoSourceMode Ringing LocalState
""")
VOCABULARY_ENDINGS = (
    "channelstate",
    "channelstatedesc",
    "bridgenumchannels",
    "bridgetechnology",
    "bridgetype",
    "bridgevideosourcemode",
    "language",
    "priority",
)
IDENTITY_ENDINGS = ("uniqueid", "linkedid", "actionid", "callid")
NAME_ENDINGS = ("calleridname", "connectedlinename", "membername", "agentname")
NUMBER_ENDINGS = (
    "calleridnum",
    "connectedlinenum",
    "calleridani",
    "calleridrdnis",
    "calleriddnid",
    "calleridnumber",
)
TECHNICAL_ENDINGS = (
    "channel",
    "exten",
    "extension",
    "context",
    "dialstring",
    "accountcode",
    "bridgename",
    "bridgecreator",
)
TECHNICAL = _words("""
    Interface Location StateInterface Device Queue Peer PeerAccount Endpoint EndpointName AOR Source
    Destination Dialled Forward File Filename Mailbox Agent Hint UserEvent Class MusicClass Application
    LastApplication Feature Variable PausedReason ParkingLot ParkingSpace Conference Extra Message LoginChan
""")
ASSIGNMENT_ENDINGS = ("chanvariable",)
SECRETS = ("secret", "password", "passwd", "challenge", "token", "auth", "md5", "pin")

NAME_VARIABLES = _words("""
    CALLERID(name) CONNECTEDLINE(name) AMPUSERCIDNAME MEMBERNAME CDR(cnam) CDR(outbound_cnam) CDR(dst_cnam)
""")
NUMBER_VARIABLES = _words("""
    CALLERID(num) CALLERID(number) CALLERID(ani) CALLERID(dnid) CALLERID(rdnis) CONNECTEDLINE(num) CDR(cnum)
    CDR(did) CDR(outbound_cnum) REALCALLERIDNUM FROMQUEUEEXTEN
""")
TECHNICAL_VARIABLES = _words("""
    DIALSTATUS QUEUESTATUS QUEUENUM QEHOLDTIME QEORIGINALPOS QUEUEPOSITION HANGUPCAUSE
    ANSWEREDTIME DIALEDTIME DIALEDPEERNAME BRIDGEPEER BLINDTRANSFER ATTENDEDTRANSFER MEMBERINTERFACE
    MIXMONITOR_FILENAME RECORDING CALLFILENAME CDR(recordingfile) CALL_ID REC_STATUS RECORD_ID PICKUPMARK
    NODEST FROMQ IVR_CONTEXT VMSTATUS DIALEDPEERNUMBER AMPUSER FROM_DID FROMEXTEN OUTNUM DIAL_NUMBER
    EXTTOCALL DEXTEN QAGENT
""")
OUR_VARIABLES = "threerings"
APPLICATIONS = _words("""
    Queue Dial AppDial AppDial2 AppQueue VoiceMail VoiceMailMain MixMonitor StopMixMonitor Playback Background
    Read Goto AddQueueMember RemoveQueueMember PauseQueueMember UnpauseQueueMember ChanSpy ExtenSpy Park
    ParkedCall Pickup PickupChan Record Hangup Answer Wait WaitExten Ringing Progress Busy Congestion
    MusicOnHold Bridge ConfBridge Originate Transfer AgentLogin
""")
ASSIGNING = _words("Set MSet")
# Callers' names that tell nobody's, while replacing them would break channels' and contexts' names.
NOBODY = _words("""
    <unknown> unknown anonymous unavailable restricted withheld private none asterisk local pjsip sip iax2 dahdi
    queue agent dial default internal external trunk from pstn did s h i t
""")


@lru_cache(maxsize=4096)
def content_of(header: str) -> Content:
    """What a header may hold. The prefix (Dest, Transferer, LocalOne …) does not matter."""
    name = header.lower().partition("(")[0]
    if name in VOCABULARY:
        return Content.VOCABULARY
    if any(secret in name for secret in SECRETS):
        return Content.SECRET
    exact = _EXACT.get(name)
    if exact is not None:
        return exact
    if name in TECHNICAL:
        return Content.TECHNICAL
    return next((content for endings, content in _ENDINGS if name.endswith(endings)), Content.UNKNOWN)


@lru_cache(maxsize=4096)
def content_of_variable(name: str) -> Content:
    """What a dialplan variable may hold; leading underscores say how it is inherited."""
    name = name.strip().lstrip("_").lower()
    if name in NAME_VARIABLES:
        return Content.NAME
    if name in NUMBER_VARIABLES:
        return Content.NUMBER
    if any(secret in name for secret in SECRETS):
        return Content.SECRET
    if name in TECHNICAL_VARIABLES or name.startswith(OUR_VARIABLES):
        return Content.TECHNICAL
    return Content.UNKNOWN


def content_of_arguments(application: str) -> Content:
    """What an application's arguments may hold."""
    application = application.lower()
    if application in ASSIGNING:
        return Content.ASSIGNMENT
    return Content.TECHNICAL if application in APPLICATIONS else Content.UNKNOWN


_EXACT = {
    "name": Content.NAME,
    "callerid": Content.CALLER_ID,
    "value": Content.VALUE,
    "appdata": Content.ARGUMENTS,
    "lastdata": Content.ARGUMENTS,
}
_ENDINGS = (
    (VOCABULARY_ENDINGS, Content.VOCABULARY),
    (IDENTITY_ENDINGS, Content.IDENTITY),
    (NAME_ENDINGS, Content.NAME),
    (NUMBER_ENDINGS, Content.NUMBER),
    (ASSIGNMENT_ENDINGS, Content.ASSIGNMENT),
    (TECHNICAL_ENDINGS, Content.TECHNICAL),
)
