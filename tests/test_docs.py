"""The documentation tells the truth: commands exist, links lead somewhere, no machine of ours is named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from config.loader import load_settings

ROOT = Path(__file__).resolve().parent.parent
MAP = ("README.md", "docs/architecture.md")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
CODE = re.compile(r"`[^`\n]+`")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
# Written in halves, so that this file does not hold what it looks for.
HOSTS = (
    "debian" + ".org",
    "ubuntu" + ".com",
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.",
    "google" + "apis",
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(?:wor" + r"k|far" + r"m|root/\.pye" + r"nv)/")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project, committed or about to be."""
    command = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())  # deleted ones are listed until committed


@cache
def text_of(path: Path) -> str:
    """A file's text; empty for what is not there or not text."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def documents() -> list[str]:
    """The Markdown files, by their path below the root."""
    return sorted(path.relative_to(ROOT).as_posix() for path in tracked() if path.suffix == ".md")


def prose(text: str) -> str:
    """A document without its code: fenced, indented or within a line."""
    unfenced = FENCE.sub("", text)
    return CODE.sub("", re.sub(r"^ {4}.*$", "", unfenced, flags=re.MULTILINE))


def anchors(text: str) -> set[str]:
    """What `#…` may name in a document: its headings, as code hosts spell them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken_links(document: str) -> list[str]:
    """The links of a document that lead to no file or no heading of the project."""
    broken = []
    for target in LINK.findall(prose(text_of(ROOT / document))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = ((ROOT / document).parent / name) if name else ROOT / document
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(text_of(path))):
            broken.append(target)
    return broken


def make_targets() -> set[str]:
    """The targets that `make help` lists."""
    return set(re.findall(r"^([a-z-]+%?):.*## ", text_of(ROOT / "Makefile"), re.MULTILINE))


def targets_named(text: str) -> set[str]:
    """The targets that a text tells its reader to make."""
    return set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", text, re.MULTILINE))


@pytest.mark.parametrize("command", ["run", "test", ".ci/run"])
def test_the_commands_of_the_readme_can_be_started(command: str) -> None:
    """They are executable and begin with the shell that they are written for."""
    path = ROOT / command
    assert os.access(path, os.X_OK)
    assert text_of(path).startswith(("#!/bin/sh\n", "#!/usr/bin/env bash\n"))


def test_the_first_commands_of_the_readme_are_run_and_test() -> None:
    """The first block of commands that a reader sees is `./run` and `./test`, and nothing else."""
    blocks = [body for kind, body in FENCE.findall(text_of(ROOT / "README.md")) if kind == "sh"]
    assert [line.split()[0] for line in blocks[0].splitlines()] == ["./run", "./test"]


@pytest.mark.parametrize("script", ["run", "test", "scripts/*.sh"])
def test_scripts_are_read_by_the_plain_shell(script: str) -> None:
    """Debian's sh parses them: no bashism crept in."""
    for path in ROOT.glob(script):
        done = subprocess.run(["sh", "-n", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), path


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_somewhere(document: str) -> None:
    """Links to files and headings of the project resolve."""
    assert broken_links(document) == []


@pytest.mark.parametrize("document", documents())
def test_every_make_target_that_is_named_exists(document: str) -> None:
    """A reader who types what a document says gets what it says."""
    known = make_targets()
    named = {"bench-%" if name.startswith("bench-") else name for name in targets_named(text_of(ROOT / document))}
    assert named - known == set()


@pytest.mark.parametrize("document", MAP)
def test_the_map_names_only_what_is_there(document: str) -> None:
    """Each file or folder that the map of the project names in backquotes exists."""
    text = FENCE.sub("", text_of(ROOT / document))
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    named = {name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name and name.split("/")[0] in tops}
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_the_settings_of_the_readme_load(tmp_path: Path) -> None:
    """The example of `threerings.toml` is read without a mistake or a warning about a key."""
    blocks = FENCE.findall(text_of(ROOT / "README.md"))
    example = next(dedent(body) for kind, body in blocks if kind == "toml")
    path = tmp_path / "threerings.toml"
    path.write_text(example, encoding="utf-8")
    settings = load_settings(path, {})
    assert [pbx.name for pbx in settings.pbxs] == list(tomllib.loads(example)["pbx"])


def test_no_file_names_a_package_server_or_a_machine_of_ours() -> None:
    """The project can be built anywhere: hosts and paths come from the machine's own settings."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix not in {".raw", ".log"}
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if any(host in line for host in HOSTS) or MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_make_run_and_make_test_call_the_two_scripts() -> None:
    """`make run` and `make test` are other spellings of `./run` and `./test`, with their arguments."""
    make = shutil.which("make")
    assert make is not None, "make: found none, expected that ./test had installed it"
    for target, script in (("run", "./run"), ("test", "./test"), ("test-fast", "./test --fast")):
        command = [make, "--dry-run", target, "ARGS=--some x"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert f"{script} --some x" in done.stdout


def test_make_help_tells_every_target() -> None:
    """Whoever adds a target gives it a ## sentence, so that `make help` lists it."""
    text = text_of(ROOT / "Makefile")
    named = set(re.findall(r"^([a-z][a-z-]*%?):", text, re.MULTILINE))
    assert named == make_targets()
