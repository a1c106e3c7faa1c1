"""Says whether every installed package may be used beside Apache-2.0 code, by its own metadata.

Run by `make lint`. A package whose licence is not in the table below stops the build: look at it, then add a row or leave the
package out. Reads what is installed; asks no index.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, distributions

# SPDX names. MPL and LGPL are for packages used as they are, never copied from.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only",
    "LGPL-3.0-or-later", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
}  # fmt: skip

# What older metadata writes in `License` or as a classifier, in SPDX's words.
SPOKEN = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",  # pypdfium2, for tests: PDFium's own parts are alike
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}


# Packages whose metadata says less than their licence file does, which was read.
READ = {"qrcode": "BSD-3-Clause AND MIT"}  # its own, and of the pyQRNative that it grew from


def licence_of(package: Distribution) -> str:
    """The licence that a package states: an SPDX expression, else its classifiers, else its `License` line; "" for none."""
    metadata = package.metadata
    expression = READ.get(package.name) or str(metadata.get("License-Expression") or "")
    if expression:
        return expression
    classifiers = [line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or [] if line.startswith("License :: ")]
    names = [SPOKEN.get(name, name) for name in classifiers if name != "OSI Approved"]
    if names:
        return " AND ".join(names)
    line = str(metadata.get("License") or "").strip()
    return SPOKEN.get(line, line)


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences only; one with brackets must be allowed in all its parts."""
    if "(" in expression:
        return all(name in ALLOWED for name in re.split(r"[()\s]+|\bAND\b|\bOR\b", expression) if name)
    return any(all(name.strip() in ALLOWED for name in side.split(" AND ")) for side in expression.split(" OR "))


def main() -> int:
    """Print the packages that are not allowed, or one line that all are; the exit code says which."""
    stated = {package.name: licence_of(package) for package in distributions()}
    refused = {name: licence for name, licence in sorted(stated.items()) if not is_allowed(licence)}
    for name, licence in refused.items():
        print(f"{name}: licence {licence or 'not stated'!r} is not in the table of tools/licences.py")
    if not refused:
        print(f"{len(stated)} packages, all under licences that tools/licences.py allows")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
