"""Looks at reports through a headless Chromium: see run.sh.

    check.py BUILD_FOLDER [PICTURES]

PICTURES is a folder for pictures of the pages, to look at by eye. REPORT_TESTS names the tests
to run, else all of them: the names of the functions in TESTS.
"""
import os
import sys

import hostile
import look
import one_run
import pages
import several_runs
from browser import Browser

TESTS = (
    one_run.duck_curve,
    one_run.reserve,
    one_run.real_time,
    one_run.credit_days,
    one_run.start_up,
    one_run.flexible_ramping,
    one_run.commitment,
    one_run.case,
    one_run.large,
    several_runs.beside,
    several_runs.what_if,
    hostile.hostile,
)


def main():
    pages.WORK = os.path.join(sys.argv[1], 'report')
    look.PICTURES = sys.argv[2] if len(sys.argv) > 2 else None
    os.makedirs(pages.WORK, exist_ok=True)
    check = look.check
    with Browser() as browser:
        for test in TESTS:
            if test.__name__ not in os.environ.get('REPORT_TESTS', test.__name__).split():
                continue
            try:
                test(browser)
            except (RuntimeError, OSError, KeyError, TypeError, ValueError) as e:
                check.that(False, '%s: %s' % (test.__name__, e))
    print('%d passed, %d failed, 0 skipped' % (check.passed, check.failed))
    return 1 if check.failed else 0


if __name__ == '__main__':
    sys.exit(main())
