#!/bin/sh
# Makes .venv hold one locked set of packages (`runtime`, `test`, or `engines`, which is more than `test`) and kaohe itself, editable.
# Does nothing, quickly, when it already does: a stamp in .venv keeps the hash of the files that say what belongs there.
set -eu
cd "$(dirname "$0")/.."

wanted=${1:?usage: tools/environment.sh runtime|test|engines}
venv=.venv
unset PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore PIP_USER=0

say() { echo "kaohe: $*" >&2; }

is_python() { # a working Python of 3.11 or newer
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14; do
        if is_python "$python"; then return; fi
    done
    say "Python 3.11 or newer is needed; ${PYTHON:-python3} is: $({ "${PYTHON:-python3}" -V 2>/dev/null || echo missing; } | head -n 1)"
    say "Install one and name it: make PYTHON=/path/to/python3.11 ..."
    exit 1
}

need_venv_module() { # Debian and its kin keep it in a package of its own
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then return; fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        say "$python cannot make virtual environments: its modules venv and ensurepip are missing."
        say "On Debian or Ubuntu: sudo apt-get update && sudo apt-get install -y $package"
        exit 1
    fi
    say "installing $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
}

files_of() {
    case $1 in
        runtime) echo requirements/build.txt requirements/runtime.txt ;;
        test) echo requirements/test.txt ;;
        engines) echo requirements/engines.txt ;;
        *) say "no such set: $1"; exit 2 ;;
    esac
}

key_of() { # shellcheck disable=SC2046 # the names hold no spaces
    "$venv/bin/python" -c 'import hashlib, pathlib, sys
print(hashlib.sha256(b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[1:])).hexdigest())' $(files_of "$1") pyproject.toml
}

holds() { # whether .venv has this set already, as the files now stand
    [ -f "$venv/kaohe-$1.stamp" ] && [ "$(cat "$venv/kaohe-$1.stamp")" = "$(key_of "$1")" ]
}

files_of "$wanted" >/dev/null
if ! { is_python "$venv/bin/python" && "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; }; then
    find_python
    need_venv_module
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

case $wanted in # the larger sets contain the smaller ones
    runtime) larger="test engines" ;;
    test) larger=engines ;;
    *) larger= ;;
esac
for set in "$wanted" $larger; do
    if holds "$set"; then exit 0; fi
done

set --
for file in $(files_of "$wanted"); do set -- "$@" -r "$file"; done
say "installing the locked packages of $(files_of "$wanted") into $venv, once"
rm -f "$venv"/kaohe-*.stamp
"$venv/bin/python" -m pip install -qq --require-hashes "$@"
"$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .
key_of "$wanted" >"$venv/kaohe-$wanted.stamp"
