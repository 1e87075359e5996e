#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files stay small enough to be read; clang-tidy watches the functions."""

from pathlib import Path
from typing import Iterator

import source_tree

MOST_LINES = {".cpp": 600, ".h": 300, ".qml": 250, ".py": 600, ".mjs": 600}


def violations(root: Path) -> Iterator[str]:
    for path in source_tree.files(root, source_tree.CODE_FOLDERS, *MOST_LINES):
        lines = len(path.read_text().splitlines())
        if lines > MOST_LINES[path.suffix]:
            yield f"{path.relative_to(root)}: {lines} lines, the most is {MOST_LINES[path.suffix]}"


if __name__ == "__main__":
    source_tree.main(violations)
