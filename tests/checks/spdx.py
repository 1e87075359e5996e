#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each source file names its licence before anything else."""

from pathlib import Path
from typing import Iterator

import source_tree

SUFFIXES = (".cpp", ".h", ".qml", ".js", ".mjs", ".py", ".sh")
LICENCE = "SPDX-License-Identifier: Apache-2.0"


def violations(root: Path) -> Iterator[str]:
    scripts = [path for path in (root / "dev", root / ".ci/run") if path.is_file()]
    for path in [*source_tree.files(root, source_tree.CODE_FOLDERS, *SUFFIXES), *scripts]:
        lines = path.read_text().splitlines()
        first = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        if not first or LICENCE not in first[0]:
            yield f"{path.relative_to(root)}: the first line is not the SPDX line"


if __name__ == "__main__":
    source_tree.main(violations)
