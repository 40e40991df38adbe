#!/bin/sh
# Reports in a real browser: every chart is there and not empty, nothing is complained about
# or fetched, light and dark, phone and paper, keyboard, hostile names.
#     run.sh BUILD_FOLDER
# $GRIDCLEAR names the program. Without Chromium or Python all is skipped, but in CI (variable
# CI set) that is a failure. Last line: "N passed, M failed, K skipped".
set -u
cd "$(dirname "$0")/../.." || exit 1
for tool in python3 chromium; do
    command -v $tool >/dev/null && continue
    if [ -n "${CI:-}" ]; then
        echo "FAIL report: $tool is not installed"
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
    echo "skip report: $tool is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
done
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/report/check.py "$1"
