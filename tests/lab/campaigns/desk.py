"""What people do at their desks while a campaign goes on, over the service's own API; while it is down, they wait."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from tests.lab.campaigns.attempts import DIGITS
from tests.lab.campaigns.commands import Campaigns
from tests.lab.campaigns.customers import Behaviour, behaviour_of

ANSWER_SECONDS = 10
CLERK_SECONDS = 0.7
PAGE = 200
AWAY = (urllib.error.URLError, OSError, TimeoutError, json.JSONDecodeError)
"""What a service that was killed, or waits for its database, makes of a request."""


class Api:
    """Requests to the service. Raises one of AWAY, or RefusedError."""

    def __init__(self, url: str) -> None:
        self._url = url

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self._url + path, timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Raises RefusedError where the service says no."""
        request = urllib.request.Request(
            self._url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code >= 500:
                raise OSError(text) from error
            raise RefusedError(f"{path}: {error.code} {text[:300]}") from error

    def follow_ups(self, state: str) -> Iterator[dict[str, Any]]:
        """A whole work list, page by page."""
        after = ""
        while True:
            page = self.get(f"/api/v1/followups?state={state}&limit={PAGE}{after}")
            yield from page["follow_ups"]
            if not page["next_after"]:
                return
            after = f"&after={page['next_after']}"


class RefusedError(Exception):
    """The service said no, in its words."""


SAID: dict[Behaviour | None, str] = {
    Behaviour.VOICEMAIL: "voicemail",
    Behaviour.SILENT: "silent",
    Behaviour.EARLY: "no_answer",
}
"""What an agent says of a talk that was none; of all others that the customer was reached."""


class Desk:
    """Agents who say after each talk how it went and, in a preview, take their records and dial."""

    def __init__(self, api: Api, campaigns: Campaigns, agents: Sequence[str], seed: int) -> None:
        self.errors: list[str] = []
        self.left: set[str] = set()  # customers whom an agent left: they rest for long
        self._api, self._campaigns, self._agents = api, campaigns, agents
        self._chance = random.Random(f"desk {seed}")
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self, *, preview: bool) -> None:
        """From now on; `preview`: the agents take records too."""
        self._threads = [threading.Thread(target=self._tell_outcomes, daemon=True)]
        if preview:
            self._threads.append(threading.Thread(target=self._take_records, daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _tell_outcomes(self) -> None:
        while not self._ending.wait(CLERK_SECONDS):
            try:
                for each in self._api.follow_ups("reached"):
                    self._tell(each)
            except AWAY:
                continue

    def _tell(self, follow_up: dict[str, Any]) -> None:
        behaviour = behaviour_of(follow_up["customer"][-DIGITS:])
        body: dict[str, Any] = {"by": follow_up["owner"]}
        if behaviour in SAID:
            body["result"] = SAID[behaviour]
        try:
            self._api.post(f"/api/v1/followups/{follow_up['id']}/outcome", body)
        except RefusedError as error:
            self.errors.append(str(error))

    def _take_records(self) -> None:
        """Each looks at his record for a moment, and dials; now and then one leaves it, or forgets it."""
        looks: dict[str, tuple[float, int, str]] = {}
        while not self._ending.wait(0.1):
            for agent in self._agents:
                try:
                    self._work(agent, looks)
                except AWAY:
                    looks.pop(agent, None)
                except RefusedError:
                    looks.pop(agent, None)  # dropped meanwhile, or he is not free: he asks again

    def _work(self, agent: str, looks: dict[str, tuple[float, int, str]]) -> None:
        if agent not in looks:
            record = self._campaigns.next(agent)
            if record is not None:
                looks[agent] = (time.monotonic() + self._chance.uniform(0.1, 0.6), *record)
            return
        at, attempt, customer = looks[agent]
        if time.monotonic() < at:
            return
        del looks[agent]
        if self._chance.random() < SKIPPED:
            self._campaigns.skip(attempt, agent, "not now")
            self.left.add(customer)
        else:
            self._campaigns.dial(attempt, agent)


SKIPPED = 0.02
"""Of records that an agent looks at."""
