"""All commands, put together."""

from __future__ import annotations

import typer

from service.cli import serve
from service.cli.replay import replay


def _root() -> None:
    """Three Rings 三声: truthful call-centre telephony and analytics for Asterisk."""


def build() -> typer.Typer:
    """The command `threerings`."""
    app = typer.Typer(
        name="threerings",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for command in (serve.run, serve.listen, serve.analyse, serve.serve, serve.schedule, replay):
        app.command()(command)
    return app
