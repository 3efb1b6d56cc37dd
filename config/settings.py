"""The installation's settings as frozen objects: what `threerings.toml` and the environment say.

Read by `config.loader`. Secrets are never in these objects: only where each one is to be read from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from config.dialling import Dialling
from config.hooks import Hook
from config.language import Language as Language
from config.notices import NoticeSettings
from config.secrets import SecretSource

DEFAULT_DATA_DIR = Path("/var/lib/threerings")


class TokenRule(StrEnum):
    """Whether the API asks for a token."""

    AUTO = "auto"  # where the service listens beyond loopback
    OFF = "off"  # never
    REQUIRED = "required"  # always


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Where the service listens, whether the API asks for tokens, how long a log-in lasts. Port 0 takes any free port.

    proxied: whether a proxy in front ends TLS: cookies are sent by https alone, and who asks is its X-Forwarded-For.
    """

    host: str = "127.0.0.1"
    port: int = 8333
    tokens: TokenRule = TokenRule.AUTO
    proxied: bool = False
    session_idle_minutes: int = 720
    session_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSettings:
    """How long the journal keeps what arrived, and how often it makes it durable."""

    retention_days: int = 30
    commit_ms: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSettings:
    """How recordings' files are found and listened to beside the service; each 0 turns its part off.

    workers: processes that listen. scan_seconds: between two looks through the newest folders. archive: whether what
    was recorded more than a day before it was found is listened to as well. file_minutes: what one file may take.
    """

    workers: int = 1
    scan_seconds: int = 60
    archive: bool = True
    file_minutes: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """Where one of the PBX's own logs is: a path, or a URL (which may hold a password, so never shown)."""

    path: Path | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxLogs:
    """The PBX's own logs, as far as this machine can read them."""

    cel: LogSource | None = None
    cdr: LogSource | None = None
    queue_log: LogSource | None = None
    recordings: LogSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerLogin:
    """A manager user of the PBX, and where its secret is."""

    user: str
    secret: SecretSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise:
    """Whether people who have the right to may act on this PBX from here: pause, queues, listening in; and hang up."""

    on: bool = False
    hang_up: bool = False  # needs a manager user who could redirect calls too


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxSettings:
    """One PBX. `actions` is None where the service may not act on it, `dialling` where it places no calls."""

    name: str
    host: str
    login: ManagerLogin
    port: int = 5038
    tls: bool = False
    ca_file: Path | None = None
    trunks: tuple[str, ...] = ()  # fnmatch patterns of peers; () leaves it to the default rule
    actions: ManagerLogin | None = None
    supervise: Supervise = Supervise()
    dialling: Dialling | None = None
    logs: PbxLogs = PbxLogs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. `source` is the file that they were read from; `warnings` are one line each.

    `database_url` may hold a password: it is not in the repr and must not be logged; see `shown_url`.
    """

    data_dir: Path = DEFAULT_DATA_DIR
    database_url: str = field(default=f"sqlite:///{DEFAULT_DATA_DIR}/threerings.db", repr=False)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    country: str = "CN"
    language: Language = Language.ZH
    policy: str = "default"  # a shipped policy's name, or the absolute path of a file
    http: HttpSettings = HttpSettings()
    journal: JournalSettings = JournalSettings()
    recordings: RecordingSettings = RecordingSettings()
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    pbxs: tuple[PbxSettings, ...] = ()
    hooks: tuple[Hook, ...] = ()
    source: Path | None = None
    warnings: tuple[str, ...] = ()

    def pbx(self, name: str) -> PbxSettings | None:
        """The PBX of this name."""
        return next((each for each in self.pbxs if each.name == name), None)


def shown_url(url: str) -> str:
    """A URL fit for people and logs: its user, password and query are left out."""
    scheme, found, rest = url.partition("://")
    if not found:
        return url
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    return f"{scheme}://{host}{slash}{path.partition('?')[0]}"
