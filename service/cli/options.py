"""The options that several commands share, each told once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.settings import Language

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings. Default: ./threerings.toml, /etc/threerings/."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object, or one JSON object a line for a list.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Comma-separated values with a line of names.")]
LangOption = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of tables. Default: that of the settings, else zh."),
]
PbxOption = Annotated[
    str | None, typer.Option("--pbx", metavar="NAME", help="The PBX. Default: the only one there is.")
]
ZoneOption = Annotated[
    str | None,
    typer.Option("--zone", metavar="ZONE", help="Time zone of tables and of days. Default: the settings'."),
]
