#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each .cpp of core/ and app/ has tests/<folder>/tst_<same>.cpp, or stands in mirror_exceptions.txt with its reason."""

from pathlib import Path
from typing import Iterator

import source_tree


def violations(root: Path) -> Iterator[str]:
    exceptions = source_tree.table(root / "tests/checks/mirror_exceptions.txt", ":")
    sources = {str(path.relative_to(root)): path for path in source_tree.files(root, ("core", "app"), ".cpp")}
    for own, path in sources.items():
        test = root / "tests" / Path(own).parent / f"tst_{path.name}"
        if test.is_file() and own in exceptions:
            yield f"{own}: has a test now, remove it from mirror_exceptions.txt"
        elif not test.is_file() and own not in exceptions:
            yield f"{own}: no {test.relative_to(root)}"
    for own, reason in exceptions.items():
        if own not in sources:
            yield f"{own}: gone, remove it from mirror_exceptions.txt"
        elif not reason:
            yield f"{own}: stands in mirror_exceptions.txt without a reason"


if __name__ == "__main__":
    source_tree.main(violations)
