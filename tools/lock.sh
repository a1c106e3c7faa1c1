#!/bin/sh
# Writes requirements/*.txt from pyproject.toml: every package pinned, every file that the index offers by its hash, no host named.
# Pins that still fit are kept; UPGRADE=1 looks for newer ones. Run through `make lock`.
set -eu
cd "$(dirname "$0")/.."
export CUSTOM_COMPILE_COMMAND="make lock"

lock() { # lock FILE ARGUMENT...: what the arguments ask of pyproject.toml goes to requirements/FILE
    out=requirements/$1
    shift
    .venv/bin/python -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links --no-emit-options ${UPGRADE:+--upgrade} --output-file "$out" "$@"
    if grep -nE '://|--[a-z-]*(url|host|links)|(^|[ =])/[a-z]' "$out"; then
        echo "kaohe: $out names a host or a path of this machine (above)" >&2
        exit 1
    fi
}

mkdir -p requirements
lock runtime.txt --extra web pyproject.toml
lock test.txt --extra web --extra tables --extra test --extra dev --constraint requirements/runtime.txt pyproject.toml
lock engines.txt --extra web --extra tables --extra test --extra dev --extra engines --constraint requirements/test.txt pyproject.toml
lock build.txt --constraint requirements/test.txt requirements/build.in
