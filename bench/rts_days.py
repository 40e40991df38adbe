#!/usr/bin/env python3
"""Days of RTS-GMLC through the market: seconds of each, and how far from the best it may be.

    python3 bench/rts_days.py RTS_DATA [GRIDCLEAR] [FIRST] [EVERY]

RTS_DATA has SourceData and timeseries_data_files. FIRST is a day (2020-01-04), EVERY how many
days lie between two (9). A day counts as unfinished after 60 s of the clock.
"""
import datetime
import os
import re
import resource
import subprocess
import sys
import tempfile

LIMIT_S = 60


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_day(gridclear, data, day, folder):
    """Processor seconds of the run, and the gap in percent; None = no end within the limit."""
    scenario = os.path.join(folder, day)
    subprocess.run([gridclear, "import", "rts-gmlc", data, "--date", day, "-o", scenario, "-q"],
                   check=True)
    before = processor_s()
    try:
        done = subprocess.run([gridclear, "run", scenario, "-o", scenario + ".h5"],
                              capture_output=True, text=True, timeout=LIMIT_S, check=True)
    except subprocess.TimeoutExpired:
        return processor_s() - before, None
    gap = re.search(r"at most ([0-9.]+) % above the best", done.stdout)
    return processor_s() - before, float(gap.group(1)) if gap else 0.0


def spread(name, values, digits):
    values = sorted(values)
    picks = [values[int(share * (len(values) - 1))] for share in (0, 0.25, 0.5, 0.75, 1)]
    print(f"{name:8} " + " ".join(f"{v:8.{digits}f}" for v in picks))


def main(data, gridclear="build/gridclear", first="2020-01-04", every="9"):
    day = datetime.date.fromisoformat(first)
    seconds, gaps = [], []
    print("day           cpu_s    gap_%")
    with tempfile.TemporaryDirectory() as folder:
        while day.year == 2020:
            s, gap = run_day(gridclear, data, day.isoformat(), folder)
            print(f"{day} {s:8.2f} " + ("unfinished" if gap is None else f"{gap:8.3f}"), flush=True)
            seconds.append(s)
            if gap is not None:
                gaps.append(gap)
            day += datetime.timedelta(days=int(every))
    print(f"\n{len(gaps)} of {len(seconds)} days end; least, quartiles and most:")
    spread("cpu_s", seconds, 2)
    if gaps:
        spread("gap_%", gaps, 3)
    for most in (0.01, 0.1, 0.3, 1):
        print(f"gap up to {most} %: {sum(g <= most for g in gaps)} days")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
