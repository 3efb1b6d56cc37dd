"""Draws the live parts of a desk alike for a page and for a stream: the state, and the call at hand with its form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.auth.rights import Right, Visitor
from service.dashboard.desk.caller_view import CallerView, Reading, caller_view
from service.dashboard.desk.form_view import FormView, form_view, typed_fields
from service.dashboard.desk.mine_view import DayView, MonthView, day_view, month_view
from service.dashboard.desk.owed_view import owing_view
from service.dashboard.desk.pausing import PauseView, Pausing
from service.dashboard.desk.shapes import Hand, Mine, Owing, Situation
from service.dashboard.desk.source import DeskSource
from service.dashboard.desk.state_view import StateView, state_view
from service.dashboard.elements import one_line
from service.dashboard.rendering import Renderer
from service.dashboard.words import Words
from service.desk.form_reading import Mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class HandView:
    """The call at hand: its card and its form."""

    caller: CallerView
    form: FormView


@dataclass(frozen=True, slots=True, kw_only=True)
class MineView:
    """His own figures."""

    month: MonthView
    day: DayView
    missing: int


class Drawing:
    """Over one source, with the renderer of all pages."""

    def __init__(self, source: DeskSource, renderer: Renderer, pausing: Pausing) -> None:
        self._source = source
        self._renderer = renderer
        self._pausing = pausing

    def words(self, language: str) -> Words:
        """The words of a language."""
        return self._renderer.words(language)

    async def reading(self, words: Words, visitor: Visitor) -> Reading:
        """Who reads, by the policy in force."""
        rules = await self._source.rules()
        return Reading(
            words=words, visitor=visitor, now=self._source.now(), rules=rules, name_of=self._source.name_of
        )

    def state(self, reading: Reading, situation: Situation) -> StateView:
        """The card of his state."""
        return state_view(reading.words, situation, self._source.links(), reading.now)

    def hand(
        self, reading: Reading, hand: Hand, fields: Mapping[str, str], mistakes: Iterable[Mistake], chosen: str
    ) -> HandView:
        """The card and the form of a call."""
        return HandView(
            caller=caller_view(reading, hand, fields), form=form_view(reading, hand, fields, mistakes, chosen)
        )

    def mine(self, reading: Reading, mine: Mine) -> MineView:
        """His own figures."""
        return MineView(
            month=month_view(reading, mine.month), day=day_view(reading, mine.day), missing=mine.missing
        )

    # -- for the stream --------------------------------------------------------------------

    def pause(self, reading: Reading, situation: Situation, agent: str) -> PauseView | None:
        """What he may do about a pause."""
        return self._pausing.view(reading.words, reading.visitor, agent, situation.activity)

    def state_html(self, reading: Reading, situation: Situation, agent: str) -> str:
        """The card of his state, on one line."""
        pause = self.pause(reading, situation, agent)
        return self._draw("state", reading, self.state(reading, situation), False, pause)

    def link_html(self, reading: Reading) -> str:
        """Whether the PBXs are heard, on one line."""
        return self._draw("link", reading, self._source.links())

    def hand_html(self, reading: Reading, hand: Hand, agent: str) -> tuple[str, str]:
        """The call at hand and its script, each on one line."""
        view = self.hand(reading, hand, typed_fields(hand), (), "")
        may_record = Right.OUTCOMES in reading.visitor.rights
        shown = self._draw("hand", reading, view, agent, reading.visitor.proof, may_record)
        return shown, self._draw("script", reading, view.form)

    def owing_html(self, reading: Reading, owing: Owing, agent: str) -> str:
        """What he owes, on one line."""
        view = owing_view(reading, owing, self._source.dials_not)
        own = "" if reading.visitor.agent == agent else agent
        may_dial = Right.DIAL in reading.visitor.rights
        return self._draw("owing", reading, view, own, agent, reading.visitor.proof, may_dial)

    def mine_html(self, reading: Reading, mine: Mine, agent: str) -> dict[str, str]:
        """His own figures by the names of their elements, each on one line."""
        view, own = self.mine(reading, mine), "" if reading.visitor.agent == agent else agent
        return {
            "desk.missing": self._draw("missing", reading, view.missing, own),
            "desk.month": self._draw("month", reading, view.month, template="desk_mine.html"),
            "desk.day": self._draw("day", reading, view.day, template="desk_mine.html"),
        }

    def _draw(self, macro: str, reading: Reading, *values: object, template: str = "desk_live.html") -> str:
        return one_line(self._renderer.fragment(template, macro, reading.words.language)(*values))
