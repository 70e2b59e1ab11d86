#!/bin/sh
# Make .venv and install vizgraph into it: setup.sh [dev] [models] [notebook] [bench]
set -eu
cd "$(dirname "$0")/.."
VENV=.venv

say() { printf 'vizgraph: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        suits "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13; name one, or leave PYTHON out"
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.12 python3.13 python3.11; do
        if suits "$candidate"; then echo "$candidate"; return; fi
    done
    stop "no Python 3.11, 3.12 or 3.13 found; install one (Debian, Ubuntu: apt install python3 python3-venv;" \
        "macOS: brew install python@3.12), or name it: make app PYTHON=/path/to/python"
}

# Debian keeps ensurepip, without which there is no venv, in a package of its own.
need_ensurepip() {
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    say "$1 can't make environments yet: installing $package"
    sh scripts/apt.sh "$package" || stop "please run: apt install $package"
}

make_venv() {
    if "$VENV/bin/python" -m pip --version >/dev/null 2>&1 && suits "$VENV/bin/python"; then return; fi
    python=$(find_python)
    need_ensurepip "$python"
    "$python" -m venv --clear "$VENV"
}

# Plain pip brings gigabytes of CUDA on Linux. uv knows where PyTorch keeps its builds without it (pyproject.toml,
# tool.uv.pip); where that place can't be reached this gives up within seconds, and pip takes what it is offered.
install_torch() {
    torch=$("$VENV/bin/python" -c 'import tomllib
with open("pyproject.toml", "rb") as file:
    print(*[d for d in tomllib.load(file)["project"]["dependencies"] if d.startswith("torch==")])')
    if [ "$(uname -s)" = Linux ]; then
        if "$VENV/bin/python" -m pip install --quiet uv && UV_HTTP_RETRIES=1 UV_HTTP_CONNECT_TIMEOUT=5 UV_HTTP_TIMEOUT=20 \
            "$VENV/bin/uv" pip install --no-deps --python "$VENV/bin/python" "$torch"; then return; fi
        say "no build without CUDA can be fetched from here; taking what pip finds"
    fi
    "$VENV/bin/python" -m pip install --no-deps "$torch"
}

extras=$(IFS=,; echo "$*")
make_venv
install_torch
"$VENV/bin/python" -m pip install --only-binary pygraphviz --editable ".${extras:+[$extras]}"
touch "$VENV/.app"
for extra in "$@"; do touch "$VENV/.$extra"; done
