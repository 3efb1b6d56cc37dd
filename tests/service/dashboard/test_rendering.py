"""Templates are compiled once, and rendered in either language."""

from __future__ import annotations

from jinja2 import DictLoader, Environment

from service.dashboard.rendering import Compiled


def environment(templates: dict[str, str], compiled: Compiled) -> Environment:
    """One of several that share what is compiled."""
    return Environment(loader=DictLoader(templates), bytecode_cache=compiled, autoescape=True)


class Counting(Environment):
    """Counts how often a template's text was read."""

    parsed = 0

    def _parse(self, *arguments: object) -> object:  # type: ignore[override]
        Counting.parsed += 1
        return super()._parse(*arguments)  # type: ignore[arg-type]


def test_a_template_that_another_environment_compiled_is_not_parsed_again() -> None:
    """It is rendered from the kept code, with the values of its own environment."""
    compiled, templates = Compiled(), {"page": "{{ word }}!"}
    environment(templates, compiled).get_template("page")
    second = Counting(loader=DictLoader(templates), bytecode_cache=compiled, autoescape=True)
    second.globals["word"] = "三声"
    assert second.get_template("page").render() == "三声!"
    assert Counting.parsed == 0


def test_a_template_whose_text_changed_is_compiled_anew() -> None:
    """What is kept belongs to a text, not only to a name."""
    compiled = Compiled()
    assert environment({"page": "old"}, compiled).get_template("page").render() == "old"
    assert environment({"page": "new"}, compiled).get_template("page").render() == "new"
