"""The command `threerings`: runs it, and turns every error into one line on stderr and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from analytics.errors import AnalyticsError
from config.errors import ConfigError
from schedulers.errors import SchedulersError
from service.cli.commands import build
from service.errors import ServiceError
from telephony.errors import ConnectionLostError, LoginRefusedError, StagingError, TelephonyError

DEBUG = "THREERINGS_DEBUG"
DONE, FELL_SHORT, BAD_INPUT, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        given = None if arguments is None else list(arguments)
        status = get_command(build(given)).main(given, prog_name="threerings", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else DONE
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exc()
        message, status = told(error)
        if message:  # a group without a command has shown its help already
            sys.stderr.write(f"threerings: {message}\n")
        return status


def told(error: Exception) -> tuple[str, int]:
    """An error as one line, and the exit status that it means."""
    match error:
        case TyperException():
            return one_line(error.format_message()), error.exit_code
        case ServiceError():
            return one_line(str(error)), error.status
        case LoginRefusedError() | ConnectionLostError() | StagingError():
            return one_line(str(error)), UNREACHABLE
        case ConfigError() | TelephonyError() | AnalyticsError() | SchedulersError():
            return one_line(str(error)), BAD_INPUT
        case SQLAlchemyError():
            return f"database: {one_line(str(getattr(error, 'orig', None) or error))}", UNREACHABLE
        case OSError():
            return one_line(str(error)), UNREACHABLE
        case _:
            text = f"{type(error).__name__}: {error}"
            return f"a mistake of ours: {one_line(text)} ({DEBUG}=1 shows where)", FELL_SHORT


def one_line(text: str) -> str:
    """A message without line ends and without what does not print."""
    joined = " ".join(text.split())
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in joined)


if __name__ == "__main__":
    sys.exit(main())
