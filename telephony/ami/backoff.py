"""How long to wait before the next try to connect; no IO.

Capped exponential back-off with full jitter: a waiting time is drawn evenly between nothing and a bound
that doubles with each failure. When a PBX restarts, its clients do not come back all at once. The cap is low: what
is said before we are back is heard from the PBX's logs only, and a try costs it nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Bounds in seconds.

    refused: after a refused login: an address that fails often is locked out (fail2ban: 5 in 10 minutes).
    stable: a connection that lasted so long clears the count of failures.
    """

    base: float = 0.5
    cap: float = 3.0
    refused: float = 300.0
    stable: float = 10.0

    def delay(self, failures: int, random: Random) -> float:
        """Seconds to wait after so many failures in a row (1 or more)."""
        bound = min(self.cap, self.base * 2.0 ** min(failures - 1, 32))
        return random.uniform(0.0, bound)

    def delay_refused(self, random: Random) -> float:
        """Seconds to wait after a refused login: never less than half the bound."""
        return random.uniform(self.refused / 2, self.refused)
