"""The wheel carries everything, `config` is ours, and the lock files are whole and name no server."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("telephony", "config", "analytics", "schedulers", "service")
LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;]+)(?P<marker> ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def pip(*arguments: str) -> None:
    """Run this interpreter's pip without any network."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)


def files_of(package: str) -> Iterator[str]:
    """Every file of a package, as its path in the wheel would be."""
    for path in (ROOT / package).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix()


def pins(lock: str) -> dict[str, str]:
    """Name and version of each package in a lock file."""
    found = (PINNED.fullmatch(line) for line in (ROOT / lock).read_text(encoding="utf-8").splitlines())
    return {match["name"]: match["version"] for match in found if match}


def requirements(*, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for, with the build backend; with `dev`, what tests need as well."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = table["project"]["dependencies"] + table["build-system"]["requires"]
    if dev:
        lines = lines + table["project"]["optional-dependencies"]["dev"]
    return [Requirement(line) for line in lines]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("threerings-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel, and with the libraries of this one."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip("--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    site = next(folder.glob("lib/python3*/site-packages"))
    # A path named in a .pth file is searched, but .pth files in it (our editable install) are not read.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def told_by(python: Path, code: str, folder: Path) -> str:
    """What the interpreter prints when it runs the code in a folder that holds none of our code."""
    done = subprocess.run([str(python), "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_every_package(wheel: Path) -> None:
    """Policies, templates, static files and migrations are carried beside the code."""
    expected = {name for package in PACKAGES for name in files_of(package)}
    with zipfile.ZipFile(wheel) as archive:
        assert expected - set(archive.namelist()) == set()


@pytest.mark.slow
def test_the_wheel_holds_nothing_but_the_packages(wheel: Path) -> None:
    """Tests, benchmarks and scripts stay out: a top-level `tests` would shadow that of others."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops - set(PACKAGES) == {top for top in tops if re.fullmatch(r"threerings-[^/]+\.dist-info", top)}


@pytest.mark.slow
def test_the_wheel_tells_licence_python_and_command(wheel: Path) -> None:
    """The metadata names the licence with its text, the oldest Python, and the command."""
    with zipfile.ZipFile(wheel) as archive:
        folder = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(archive.read(folder).decode())
        info = folder.removesuffix("METADATA")
        commands = archive.read(f"{info}entry_points.txt").decode()
        licence = archive.read(f"{info}licenses/LICENSE").decode()
    assert (headers["License-Expression"], headers["Requires-Python"]) == ("Apache-2.0", ">=3.11")
    assert "threerings = service.__main__:main" in commands
    assert "Apache License" in licence


@pytest.mark.slow
def test_import_config_is_ours_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """All five packages are found in the environment's own folder; another `config` exists in the world."""
    code = f"import importlib\nfor n in {PACKAGES}: print(importlib.import_module(n).__file__)"
    places = [Path(line) for line in told_by(installed, code, tmp_path).splitlines()]
    site = next(installed.parent.parent.glob("lib/python3*/site-packages"))
    assert places == [site / package / "__init__.py" for package in PACKAGES]


@pytest.mark.slow
def test_policies_are_read_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """The policies that the checkout ships are resources of the installed package."""
    code = (
        "import importlib.resources\n"
        "folder = importlib.resources.files('config') / 'policies'\n"
        "names = [each.name for each in folder.iterdir()] if folder.is_dir() else []\n"
        "print(*sorted(name for name in names if name.endswith('.toml')))"
    )
    expected = sorted(path.name for path in (ROOT / "config" / "policies").glob("*.toml"))
    assert told_by(installed, code, tmp_path).split() == expected


@pytest.mark.slow
def test_the_installed_command_tells_its_use(installed: Path, tmp_path: Path) -> None:
    """`threerings --help` works where nothing but the wheel and its libraries is installed."""
    command = [str(installed.with_name("threerings")), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "replay" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_only(lock: str) -> None:
    """Every line is a pin, a sha256 or our own heading: no server, no option."""
    heading, *lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert heading.startswith("# Written by 'make lock'")
    assert [line for line in lines if not PINNED.fullmatch(line) and not HASH.fullmatch(line)] == []


@pytest.mark.parametrize(("lock", "dev"), [("requirements.lock", False), ("requirements-dev.lock", True)])
def test_a_lock_satisfies_what_the_project_asks_for(lock: str, dev: bool) -> None:
    """Whoever changes pyproject.toml runs `make lock`: each requirement has a pin that it allows."""
    locked = pins(lock)
    missed = [
        str(asked)
        for asked in requirements(dev=dev)
        if not asked.specifier.contains(locked.get(canonicalize_name(asked.name), "0"), prereleases=True)
    ]
    assert missed == []


def test_tests_run_with_the_versions_that_users_get() -> None:
    """The lock for tests holds the other one whole, at the same versions."""
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
