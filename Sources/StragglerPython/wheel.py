# SPDX-License-Identifier: Apache-2.0
"""Makes the wheel of the package; scripts/wheel calls it with the root of the sources and a folder."""

import base64
import ctypes
import hashlib
import pathlib
import sys
import sysconfig
import zipfile

root, folder = map(pathlib.Path, sys.argv[1:])
library = root / ".build/library/libstraggler.so"
_version = ctypes.CDLL(str(library)).straggler_version
_version.restype = ctypes.c_char_p
version = _version().decode()
platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
tag = f"py3-none-{platform}"
info = f"straggler-{version}.dist-info"

files = {
    f"straggler/{path.name}": path.read_bytes()
    for path in sorted((root / "Sources/StragglerPython/straggler").iterdir())
    if path.suffix == ".py" or path.name == "py.typed"
}
files["straggler/libstraggler.so"] = library.read_bytes()
files[f"{info}/METADATA"] = (
    f"""Metadata-Version: 2.1
Name: straggler
Version: {version}
Summary: Parallel stochastic optimization with slow, random and unreliable workers
License: Apache-2.0
Requires-Python: >=3.8
Requires-Dist: numpy
Description-Content-Type: text/markdown

"""
    + (root / "Docs/Python.md").read_text(encoding="utf-8")
).encode()
files[f"{info}/WHEEL"] = (
    f"Wheel-Version: 1.0\nGenerator: straggler\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
)
files[f"{info}/licenses/LICENSE"] = (root / "LICENSE").read_bytes()

record = ""
wheel = folder / f"straggler-{version}-{tag}.whl"
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

    def add(name: str, content: bytes) -> None:
        # The same bytes whenever it is made.
        entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)

    for name, content in files.items():
        add(name, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    add(f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode())
print(wheel)
