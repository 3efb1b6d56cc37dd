"""A process that listens to one file after another, and may die of one: nothing but that file suffers.

It has low priority, for processor and disk, and a bound on its memory; it holds no connection and writes nothing.
Started as `python -m service.recordings.ear FD`, it answers on that end of a pipe until the other end closes.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from analytics.errors import SoundError
from analytics.recordings import Sound, read_sound
from analytics.recordings.halves import Half, fit
from analytics.recordings.listening import Heard, listen, listen_both
from service.recordings.tasks import Answer, Fault, Other, Task, passing
from service.recordings.walking import stamp_of

NICE = 10
MOST_MEMORY = 1 << 30


def hear(task: Task) -> Answer:
    """Listen to a file; whatever goes wrong is an answer."""
    try:
        return _hear(task)
    except SoundError as error:
        return Answer(fault=Fault.BROKEN, why=str(error))
    except OSError as error:
        return passing(f"found {error.strerror or type(error).__name__}, expected to read it")
    except MemoryError:
        return passing(f"found no end within {MOST_MEMORY >> 20} MB of memory, expected to need less")
    except Exception as error:
        # Of one file in a million something else may be wrong: it is named, and the others go on.
        return passing(f"found {type(error).__name__} ({error}), expected to hear it")


def _hear(task: Task) -> Answer:
    if stamp_of(task.root, task.path) != task.stamp:
        return passing("found it changed since it was looked at, expected the same file")
    path = task.root / task.path
    sound = read_sound(path)
    if task.measure:
        return Answer(measured=sound)
    heard = _listen(task, path, sound)
    if stamp_of(task.root, task.path) != task.stamp:
        return passing("found it changed while it was listened to, expected a file that is whole")
    return Answer(heard=heard)


def _listen(task: Task, path: Path, sound: Sound) -> Heard:
    """To both directions of the recording where there are two that fit, else to the file alone."""
    both = None if task.other is None else _listen_to_both(task, task.other, Half(path=path, sound=sound))
    return both or listen(path, sound, task.spans, task.limits)


def _listen_to_both(task: Task, other: Other, half: Half) -> Heard | None:
    """None where the other file is not as it was found, or cannot be heard: that is told by its own row."""
    path = task.root / other.path
    try:
        theirs = Half(path=path, sound=read_sound(path))
        heard, said = (theirs, half) if other.is_heard else (half, theirs)
        if not fit(heard.sound, said.sound):
            return None
        told = listen_both(heard, said, other.spans, task.limits, marks_of_heard=half is heard)
        return told if stamp_of(task.root, other.path) == other.stamp else None
    except (SoundError, OSError):
        return None


def serve(pipe: Connection) -> None:
    """Answer tasks until the other end is closed."""
    with suppress(EOFError, OSError):
        while True:
            pipe.send(hear(pipe.recv()))


def _be_modest() -> None:
    """Leave processor, disk and memory to those who are waited for. What the system does not allow is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    with suppress(OSError):
        os.nice(NICE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    program = shutil.which("ionice")
    if program is not None:
        with suppress(OSError):
            subprocess.run([program, "-c", "3", "-p", str(os.getpid())], capture_output=True, check=False)  # noqa: S603


if __name__ == "__main__":
    _be_modest()
    serve(Connection(int(sys.argv[1])))
