"""Builds the wheel with the standard library alone, so that it can be built where nothing can be downloaded (PEP 517, PEP 427).

The same files give the same bytes. `python build/wheel_backend.py DIRECTORY` builds it there.
"""

import base64
import hashlib
import os
import re
import sys
import tarfile
import zipfile

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_moment = (2020, 1, 1, 0, 0, 0)


def _text(*path):
    with open(os.path.join(root, *path), encoding="utf-8") as file:
        return file.read()


def _field(name):
    return re.search(rf'^{name} = "([^"]*)"$', _text("pyproject.toml"), re.M).group(1)


def _version():
    return _field("version")


def _metadata():
    classifiers = re.search(r"^classifiers = \[(.*?)\]", _text("pyproject.toml"), re.M | re.S).group(1)
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {_field('name')}",
        f"Version: {_version()}",
        f"Summary: {_field('description')}",
        "License: MIT",
        f"Requires-Python: {_field('requires-python')}",
        *(f"Classifier: {name}" for name in re.findall(r'"([^"]+)"', classifiers)),
        "Description-Content-Type: text/markdown",
        "",
        _text("README.md"),
    ]
    return "\n".join(lines)


def _package_files():
    source = os.path.join(root, "src")
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", "py.typed")):
                path = os.path.join(folder, name)
                yield os.path.relpath(path, source).replace(os.sep, "/"), path


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = f"wattrun-{_version()}-py3-none-any.whl"
    info = f"wattrun-{_version()}.dist-info"
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:

        def put(path, data):
            entry = zipfile.ZipInfo(path, _moment)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}")

        for path, file_path in _package_files():
            with open(file_path, "rb") as file:
                put(path, file.read())
        put(f"{info}/METADATA", _metadata().encode())
        put(f"{info}/WHEEL", b"Wheel-Version: 1.0\nGenerator: wattrun\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        put(f"{info}/RECORD", ("\n".join([*record, f"{info}/RECORD,,"]) + "\n").encode())
    return name


def build_sdist(sdist_directory, config_settings=None):
    base = f"wattrun-{_version()}"
    name = f"{base}.tar.gz"
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ("pyproject.toml", "README.md", "src", "build", "tests"):
            archive.add(os.path.join(root, path), f"{base}/{path}", filter=lambda i: None if "__pycache__" in i.name else i)
        metadata = os.path.join(sdist_directory, "PKG-INFO")
        with open(metadata, "w", encoding="utf-8") as file:
            file.write(_metadata())
        archive.add(metadata, f"{base}/PKG-INFO")
        os.remove(metadata)
    return name


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(root, "dist")
    os.makedirs(target, exist_ok=True)
    print(os.path.join(target, build_wheel(target)))
