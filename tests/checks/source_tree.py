# SPDX-License-Identifier: Apache-2.0
"""The project's own files, and how a check over them reports."""

import sys
from pathlib import Path
from typing import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("core", "app", "qml", "tests", "packaging", ".ci")
SKIPPED_FOLDERS = {"build", "node_modules", "data", "__pycache__"}


def files(root: Path, folders: Iterable[str], *suffixes: str) -> Iterator[Path]:
    """Files below `folders`, as absolute paths in a stable order; without suffixes all of them."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts
            if path.is_file() and not SKIPPED_FOLDERS & set(inside[:-1]) and (not suffixes or path.suffix in suffixes):
                yield path


def table(path: Path, separator: str) -> dict[str, str]:
    """Lines `key SEPARATOR value`; blank lines and lines starting with # are left out."""
    rows = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, value = line.partition(separator)
            rows[key.strip()] = value.strip()
    return rows


def main(violations: Callable[[Path], Iterable[str]]) -> None:
    found = list(violations(ROOT))
    for line in found:
        print(line)
    print(f"{Path(sys.argv[0]).stem}: {len(found)} violations")
    sys.exit(1 if found else 0)
