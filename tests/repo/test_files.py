"""No file of the repository names a machine, a registry or an address that only some can reach."""

import re
from pathlib import Path

# Written in parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarn" + "pkg.com",
    "proxy.golang" + ".org",
    "anaconda" + ".org",
]
FOLDERS = "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"])
MACHINE_PATH = re.compile(rf"(?<![\w./~<-])/(?:{FOLDERS})(?![\w-])")


def texts(files: list[Path]) -> list[tuple[Path, str]]:
    """The files that are text, with their text."""
    found = []
    for path in files:
        raw = path.read_bytes()
        if b"\0" not in raw:
            found.append((path, raw.decode("utf-8", errors="replace")))
    return found


def test_files_name_no_machine_path(repository_files: list[Path]) -> None:
    """Paths are relative to the repository, or come from the environment."""
    faults = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts(repository_files)
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not faults, "\n".join(faults)


def test_files_name_no_registry(repository_files: list[Path]) -> None:
    """Packages come from whichever index a machine is set up for, so none is named."""
    faults = [
        f"{path}: names {registry}"
        for path, text in texts(repository_files)
        for registry in REGISTRIES
        if registry in text
    ]
    assert not faults, "\n".join(faults)


def test_machine_path_is_told_from_other_words() -> None:
    """The pattern finds real paths and leaves words such as workshops and closing tags alone."""
    folder = "/" + "wo" + "rk"
    assert MACHINE_PATH.search(f"see {folder}/main")
    assert MACHINE_PATH.search(f'"{folder}"')
    assert not MACHINE_PATH.search("programme/workshops/, " + folder + "shops, </" + "ro" + "ot>, net" + folder)
