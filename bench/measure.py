#!/usr/bin/env python3
"""One table: what the program takes for each piece of work, and what others take for it.

    measure.py BUILD_FOLDER [GRIDCLEAR]

README.md says what the columns mean and which environment variables choose rows and peers.
"""
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

STAGES = ("read", "factor", "lp", "screen", "certify", "write", "total")
SIZES = (1000, 3000, 10000, 30000, 100000, 300000, 1000000)
# Under $CASES, without .m; the DC conventions that each is measured in.
CASES = (
    ("matpower/case2383wp", ("matpower",)),
    ("pglib/pglib_opf_case2853_sdet", ("matpower", "pglib")),
    ("matpower/case2869pegase", ("matpower",)),
    ("matpower/case_ACTIVSg2000", ("matpower",)),
    ("pglib/pglib_opf_case6515_rte", ("matpower", "pglib")),
    ("pglib/pglib_opf_case8387_pegase", ("pglib",)),
    ("matpower/case9241pegase", ("matpower", "pglib")),
    ("pglib/pglib_opf_case10000_goc", ("matpower", "pglib")),
    ("pglib/pglib_opf_case10480_goc", ("matpower", "pglib")),
    ("matpower/case_ACTIVSg10k", ("matpower",)),
    ("matpower/case13659pegase", ("matpower",)),
)
MARKETS = ("pglib/pglib_opf_case1354_pegase", "matpower/case_ACTIVSg2000",
           "pglib/pglib_opf_case6515_rte")
SECURE = ("pglib/pglib_opf_case6515_rte", "matpower/case9241pegase")
LOSSY = ("matpower/case2383wp", "matpower/case_ACTIVSg2000", "pglib/pglib_opf_case6515_rte",
         "pglib/pglib_opf_case10000_goc")
# Instances of unit commitment under $CASES; the gap at which each stops.
COMMITMENTS = (
    ("pglib-uc/rts_gmlc/2020-01-27.json", 1e-3),
    ("pglib-uc/rts_gmlc/2020-07-06.json", 1e-3),
    ("pglib-uc/ca/2014-09-01_reserves_3.json", 1e-3),
    ("pglib-uc/ca/Scenario400_reserves_5.json", 1e-3),
    ("pglib-uc/ferc/2015-01-01_hw.json", 5e-4),
    ("pglib-uc/ferc/2015-07-01_lw.json", 5e-4),
    ("unitcommitment-jl/case14/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case118/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case300/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case1354pegase/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case1888rte/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case3375wp/2017-02-01.json.gz", 1e-3),
    ("unitcommitment-jl/case6515rte/2017-02-01.json.gz", 1e-3),
    ("egret/test_scuc_masked.json", 1e-4),
    ("egret/tiny_uc_tc_3.json", 1e-4),
)
COMMIT_STAGES = ("read", "bound", "cut", "primal", "screen", "uplift", "write", "total")
# Resources of the days that are settled.
DAYS = (300, 3000)
HERE = os.path.dirname(os.path.abspath(__file__))
LESSON = "scenarios/13-every-charge"
# A day that goes through all five market runs: this one, with residual commitment.
FIVE_RUNS = "scenarios/duck-curve-rt"
WIDTH = 40


def setting(name, default):
    return type(default)(os.environ.get(name) or default)


class Run:
    """One process: what it printed, its status, seconds, processor time, resident set in MB."""

    def __init__(self, command, limit_s=None):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaint:
            began = time.monotonic()
            child = subprocess.Popen(command, stdout=out, stderr=complaint,
                                     stdin=subprocess.DEVNULL)
            self.in_time = self._wait(child, limit_s, began)
            self.seconds = time.monotonic() - began
            out.seek(0)
            self.text = out.read().decode(errors="replace")
            complaint.seek(0)
            self.complaint = complaint.read().decode(errors="replace").strip()

    def _wait(self, child, limit_s, began):
        """wait4 tells the memory of this child alone; it cannot wait with a limit."""
        pid, in_time, pause = 0, True, 0.0005
        while not pid:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG if limit_s else 0)
            if not pid and time.monotonic() - began > limit_s:
                in_time = False
                child.kill()
                pid, status, usage = os.wait4(child.pid, 0)
            elif not pid:
                time.sleep(pause)
                pause = min(0.05, 1.5 * pause)
        self.status = child.returncode = os.waitstatus_to_exitcode(status)
        self.rss_mb = usage.ru_maxrss / 1024
        self.cpu_s = usage.ru_utime + usage.ru_stime
        return in_time

    def why(self):
        """Why it is no answer: the status (negative: a signal) and its last words."""
        return f"failed, status {self.status}: {self.complaint.rpartition(chr(10))[2]}"

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class Bench:
    def __init__(self, build, gridclear):
        self.gridclear = gridclear
        self.full_form = os.path.join(build, "bench/full_form")
        self.make_scenario = os.path.join(build, "bench/make_scenario")
        self.cases = os.environ.get("CASES", "")
        self.rows = re.compile(setting("ROWS", ""))
        self.runs = setting("RUNS", 5)
        self.limit_s = setting("TWIN_SECONDS", 60.0)
        self.method = setting("TWIN_METHOD", "primal")
        self.largest = setting("BENCH_SYNTH", 100000)
        self.base = os.environ.get("BASE", "")
        self.options = Run([gridclear, "dispatch", "--help"]).text
        self.matpower = os.environ.get("MATPOWER", "")
        self.highs = None
        self.growth = []  # (buses, seconds, processor time) of the synthetic networks
        self.failed = False

    # ---- peers ----

    def find_peers(self):
        if os.environ.get("PEERS") == "off":
            self.matpower = ""
            print("# PEERS=off: HiGHS and MATPOWER skipped")
            return
        if shutil.which("highs"):
            self.highs = ["highs", "--time_limit", str(self.limit_s)]
        elif Run([sys.executable, "-c", "import highspy"]).status == 0:
            self.highs = [sys.executable, "-c", HIGHSPY, str(self.limit_s)]
        if not self.highs:
            print("# HiGHS skipped: neither a program `highs` nor Python's highspy is here")
        if not shutil.which("octave") or not self.matpower:
            self.matpower = ""
            print("# MATPOWER skipped: octave is needed, and MATPOWER=FOLDER of a copy")

    def run_highs(self, twin, work):
        """Seconds of HiGHS for the same full form, from MPS file to optimum."""
        mps = os.path.join(work, "full.mps")
        if not self.highs or Run(twin + ["--write", mps], 3 * self.limit_s).status != 0:
            return None
        run = Run(self.highs + [mps], self.limit_s)
        os.remove(mps)
        if not run.in_time:
            return f">{self.limit_s:.0f}"
        if not re.search(r"(?i)\boptimal\b", run.text):
            return "failed"
        said = re.search(r"^took (\S+)", run.text, re.M)
        return f"{float(said[1]) if said else run.seconds:.2f}"

    def run_matpower(self, case, model):
        """Seconds of rundcopf with the default solver, after loadcase and a start of Octave."""
        if not self.matpower or model != "matpower":
            return None
        script = (f"addpath(genpath('{self.matpower}')); mpc = loadcase('{case}'); tic;"
                  "r = rundcopf(mpc, mpoption('verbose', 0, 'out.all', 0));"
                  "printf('took %g %d\\n', toc, r.success)")
        run = Run(["octave", "--no-gui", "--quiet", "--eval", script], self.limit_s)
        if not run.in_time:
            return f">{self.limit_s:.0f}"
        said = re.search(r"took (\S+) 1", run.text)
        return f"{float(said[1]):.2f}" if said else "failed"

    # ---- one row ----

    def wanted(self, label):
        return self.rows.search(label)

    def measure(self, command):
        """RUNS runs after a warm-up, in turn with BASE; the run that failed, if one does."""
        programs = [self.gridclear] + ([self.base] if self.base else [])
        runs = {p: [] for p in programs}
        for k in range(self.runs + 1):
            for program in programs:
                run = Run([program] + command)
                said = run.json()
                if run.status not in (0, 1) or not said:
                    if program == self.gridclear:
                        return run, None
                    said = None
                if k > 0 and said:
                    runs[program].append((said, run))
        return runs[self.gridclear], runs[self.base] if self.base else None

    def row(self, label, command, twin, work, lighter=False, case=None, model=None):
        """lighter: the twin is given less than the program, so its time is a least one."""
        runs, base_runs = self.measure(command)
        if isinstance(runs, Run):
            print(f"{label:{WIDTH}s} {runs.why()}", flush=True)
            self.failed = True
            return None
        said = runs[0][0]
        seconds = {s: statistics.median(r[0]["seconds"].get(s, 0) for r in runs) for s in STAGES}
        sure = said["certificate"]
        cells = [f"{label:{WIDTH}s}", f"{said['buses']:7d}", f"{said['columns']:7d}",
                 f"{said['rows_added']:6d}", f"{said['binding']:5d}"]
        cpu_s = statistics.median(r[1].cpu_s for r in runs)
        cells += [f"{seconds[s]:7.3f}" for s in STAGES] + [f"{cpu_s:7.3f}"]
        cells += [f"{statistics.median(r[0]['peak_memory_mb'] for r in runs):6.0f}",
                  f"{statistics.median(r[1].rss_mb for r in runs):6.0f}"]
        cells += [f"{sure[k]:7.0e}" for k in ("primal", "dual", "gap")]
        cells += self.twin_cells(twin, seconds["total"], lighter, bool(said["relaxations"]))
        if self.highs:
            cells.append(f"{(not lighter and self.run_highs(twin, work)) or '-':>7s}")
        if self.matpower:
            cells.append(f"{(case and self.run_matpower(case, model)) or '-':>7s}")
        if self.base:
            ratio = "-"
            if base_runs:
                old = statistics.median(r[0]["seconds"]["total"] for r in base_runs)
                ratio = f"{seconds['total'] / old:.2f}"
            cells.append(f"{ratio:>6s}")
        print(" ".join(cells), flush=True)
        return said["buses"], seconds["total"], cpu_s

    def twin_cells(self, twin, ours_s, lighter, relaxed):
        run = Run(twin + ["--method", self.method], self.limit_s)
        said = run.json()
        took, ratio, differ = f">{self.limit_s:.0f}", times(self.limit_s / ours_s, True), "-"
        if run.in_time and not said:
            took, ratio = "failed", "-"
        elif run.in_time:
            took_s = sum(said["seconds"].values())
            took, ratio = f"{took_s:.2f}", times(took_s / ours_s, lighter)
            off = said["objective_usd"] - said["ours_usd"]
            differ = f"{off / max(1, abs(said['ours_usd'])):.0e}"
            if said["status"] != "optimal":
                ratio, differ = "-", said["status"]
        if relaxed or lighter:
            differ = "relaxed" if relaxed else "-"
        return [f"{took:>8s}", f"{ratio:8s}", f"{differ:>7s}"]

    # ---- kinds of rows ----

    def dispatch(self, label, case, model, work, *more):
        command = ["dispatch", case, "--dc-model", model, *more,
                   "-o", os.path.join(work, "run.h5"), "--json"]
        twin = [self.full_form, "--dc-model", model, case]
        return self.row(label, command, twin, work, bool(more), None if more else case, model)

    def market(self, label, folder, work):
        command = ["run", folder, "-o", os.path.join(work, "run.h5"), "--json"]
        self.row(label, command, [self.full_form, folder], work)

    def public(self, name):
        """The path of a public network, None when it is not here."""
        path = os.path.join(self.cases, name + ".m")
        return path if self.cases and os.path.isfile(path) else None

    def networks(self, work):
        for name, models in CASES:
            for model in models:
                label = f"dispatch {short(name)} {model}"
                case = self.public(name)
                if case and self.wanted(label):
                    self.dispatch(label, case, model, work)

    def markets(self, work):
        for name in MARKETS:
            label, case = f"run {short(name)} 24 h", self.public(name)
            if not case or not self.wanted(label):
                continue
            folder = os.path.join(work, "day")
            subprocess.run([self.make_scenario, case, folder], check=True)
            self.market(label, folder, work)
            shutil.rmtree(folder)

    def studies(self, work):
        """Rows of options that this program may or may not have."""
        for option, word, names, what in (("--outages", "branches", SECURE, "N-1"),
                                          ("--losses", "reference", LOSSY, "losses")):
            if not re.search(option + r"\b", self.options):
                print(f"# dispatch has no {option}: rows {what} skipped")
                continue
            for name in names:
                label, case = f"dispatch {short(name)} {what}", self.public(name)
                if case and self.wanted(label):
                    self.dispatch(label, case, "matpower", work, option, word)

    def synthetic(self, work):
        for size in SIZES:
            label = f"dispatch synthetic {size}"
            if size > self.largest or not self.wanted(label):
                continue
            case = os.path.join(work, "synthetic.m")
            subprocess.run([self.gridclear, "synth", "--buses", str(size), "--quiet",
                            "-o", case], check=True)
            took = self.dispatch(label, case, "matpower", work)
            if took:
                self.growth.append(took)
            os.remove(case)
        if len(self.growth) > 1:
            total, cpu = (exponent([(g[0], g[k]) for g in self.growth]) for k in (1, 2))
            print(f"# synthetic: total time grows as buses ^ {total:.2f}, processor time as buses "
                  f"^ {cpu:.2f}, {self.growth[0][0]} to {self.growth[-1][0]} buses")

    def month(self, work):
        case = self.public("matpower/case13659pegase")
        if not case or not self.wanted("check a month of bids"):
            return
        folder = os.path.join(work, "month")
        subprocess.run([self.make_scenario, case, folder, "31"], check=True)
        bids = os.path.join(folder, "energy_bids.csv")
        with open(bids, "rb") as f:
            n = sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 20), b""))
        run = Run([self.gridclear, "check", folder])
        rate = os.path.getsize(bids) / 1e6 / run.seconds
        print(f"# check a month of bids: {n / 1e6:.1f} million rows, {run.seconds:.1f} s, "
              f"{rate:.0f} MB/s, RSS {run.rss_mb:.0f} MB, once")
        shutil.rmtree(folder)

    # ---- days in real time: a table of its own ----

    def days(self, work):
        """One trade day through day-ahead, real time and settlement."""
        duck = "day " + os.path.basename(FIVE_RUNS)
        sizes = [n for n in DAYS if self.wanted(f"settle {n}")]
        if not sizes and not self.wanted(duck):
            return
        print(f"# day: a day through all five market runs, median of {self.runs} after a warm-up; "
              "settle: one in five minutes, every charge code, once; seconds of the clock but cpu_s")
        cells = [f"{'work':{WIDTH}s}", f"{'codes':>6s}", f"{'lines':>9s}"]
        cells += [f"{s:>7s}" for s in ("real_s", "sett_s", "writ_s", "totl_s", "cpu_s", "MB",
                                       "MB/s", "RSS_MB")]
        print(" ".join(cells), flush=True)
        if self.wanted(duck):
            self.five_runs(duck, work)
        for size in sizes:
            self.settlement(f"settle {size}", size, work)

    def five_runs(self, label, work):
        folder, path = os.path.join(work, "five"), os.path.join(work, "run.h5")
        os.makedirs(folder)
        with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as f:
            f.write(f"base: {os.path.relpath(FIVE_RUNS, folder)}\nmarket:\n  ruc: on\n")
        command = [self.gridclear, "run", folder, "-o", path, "--json"]
        self.day(label, [Run(command) for _ in range(self.runs + 1)][1:], path)

    def settlement(self, label, size, work):
        folder, path = os.path.join(work, "day"), os.path.join(work, "run.h5")
        subprocess.run([sys.executable, os.path.join(HERE, "make_day.py"), LESSON, folder,
                        str(size)], check=True)
        run = Run([self.gridclear, "run", folder, "-o", path, "--json"])
        shutil.rmtree(folder)
        self.day(label, [run], path)

    def day(self, label, runs, path):
        """The row of runs of one day, the last of them in the file at path."""
        for run in runs:
            if run.status != 0 or not run.json():
                print(f"{label:{WIDTH}s} {run.why()}", flush=True)
                self.failed = True
                return
        said = [run.json() for run in runs]
        rows = Run([self.gridclear, "export", path, "statement"]).text.split("\n")
        at = rows[0].split(",").index("charge_code")
        codes = {row.split(",")[at] for row in rows[1:] if row}
        seconds = {s: statistics.median(x["seconds"][s] for x in said)
                   for s in ("real_time", "settle", "write", "total")}
        mb = said[0]["written_mb"]
        cells = [f"{label:{WIDTH}s}", f"{len(codes):6d}", f"{said[0]['interval_lines']:9d}"]
        cells += [f"{x:7.3f}" for x in seconds.values()]
        cells += [f"{statistics.median(r.cpu_s for r in runs):7.3f}", f"{mb:7.0f}"]
        cells += [f"{mb / seconds['write']:7.0f}",
                  f"{statistics.median(r.rss_mb for r in runs):6.0f}"]
        print(" ".join(cells), flush=True)

    # ---- unit commitment: a table of its own ----

    def commitments(self, work):
        """Seconds to a gap that is proven; the clock ends what does not get there."""
        limit_s = setting("COMMIT_SECONDS", 60.0)
        found = [(name, gap) for name, gap in COMMITMENTS
                 if self.cases and os.path.isfile(os.path.join(self.cases, name))
                 and self.wanted(commit_label(name))]
        if not found:
            return
        print(f"# commit: once, until the gap is proven or {limit_s:.0f} s are over")
        cells = [f"{'work':{WIDTH}s}", f"{'units':>6s}", f"{'buses':>6s}", f"{'outages':>7s}",
                 f"{'cost':>14s}", f"{'bound':>14s}", f"{'gap_%':>8s}", f"{'want_%':>7s}"]
        cells += [f"{s[:5] + '_s':>7s}" for s in COMMIT_STAGES] + [f"{'cpu_s':>7s}"]
        cells += [f"{'steps':>9s}", f"{'RSS_MB':>6s}", f"{'primal':>7s}"]
        print(" ".join(cells), flush=True)
        for name, gap in found:
            self.commitment(name, gap, limit_s, work)

    def commitment(self, name, gap, limit_s, work):
        run = Run([self.gridclear, "commit", os.path.join(self.cases, name), "--gap", str(gap),
                   "--seconds", str(limit_s), "--work-limit", "0",
                   "-o", os.path.join(work, "run.h5"), "--json"], 5 * limit_s)
        said, label = run.json(), commit_label(name)
        if run.status not in (0, 1) or not said:
            print(f"{label:{WIDTH}s} {run.why() if run.in_time else 'did not end'}", flush=True)
            self.failed = True
            return
        cells = [f"{label:{WIDTH}s}", f"{said['units']:6d}", f"{said['buses']:6d}",
                 f"{said['outages']:7d}", f"{said['objective_usd']:14.2f}",
                 f"{said['bound_usd']:14.2f}", f"{100 * said['gap']:8.4f}", f"{100 * gap:7.3f}"]
        cells += [f"{said['seconds'][s]:7.2f}" for s in COMMIT_STAGES] + [f"{run.cpu_s:7.2f}"]
        cells += [f"{said['work']:9d}", f"{run.rss_mb:6.0f}",
                  f"{said['certificate']['primal']:7.0e}"]
        print(" ".join(cells), flush=True)

    # ---- the table ----

    def head(self):
        version = Run([self.gridclear, "--version"]).text.split("\n")[0]
        print(f"# {time.strftime('%Y-%m-%d')}, {os.uname().sysname} {os.uname().machine}, "
              f"{os.cpu_count()} processors, {version}")
        print(f"# median of {self.runs} after a warm-up; twin: GLPK, {self.method} simplex, "
              f"once, at most {self.limit_s:.0f} s")
        self.find_peers()
        if not self.cases:
            print("# CASES is not set: public networks skipped")
        cells = [f"{'work':{WIDTH}s}", f"{'buses':>7s}", f"{'columns':>7s}", f"{'rows':>6s}",
                 f"{'bind':>5s}"]
        short = {"factor": "fact", "screen": "scrn", "certify": "cert"}
        cells += [f"{short.get(s, s) + '_s':>7s}" for s in STAGES] + [f"{'cpu_s':>7s}"]
        cells += [f"{c:>6s}" for c in ("acc_MB", "RSS_MB")]
        cells += [f"{c:>7s}" for c in ("primal", "dual", "gap")]
        cells += [f"{'twin_s':>8s}", f"{'ratio':8s}", f"{'differ':>7s}"]
        cells += [f"{'highs_s':>7s}"] if self.highs else []
        cells += [f"{'mpwr_s':>7s}"] if self.matpower else []
        cells += [f"{'x_base':>6s}"] if self.base else []
        print(" ".join(cells), flush=True)

    def table(self):
        self.head()
        with tempfile.TemporaryDirectory() as work:
            for name in ("02-congestion", "worked-examples/w01-pjm5"):
                if self.wanted(f"dispatch {name}"):
                    self.dispatch(f"dispatch {name}", f"scenarios/{name}/network.m",
                                  "matpower", work)
            if self.wanted("run duck-curve"):
                self.market("run duck-curve", "scenarios/duck-curve", work)
            self.networks(work)
            self.markets(work)
            self.studies(work)
            self.synthetic(work)
            self.month(work)
            self.days(work)
            self.commitments(work)


# HiGHS without a program of its own: what its Python package brings, whose start is not
# counted.
HIGHSPY = """
import highspy, sys, time
began = time.monotonic()
h = highspy.Highs()
h.setOptionValue('output_flag', False)
h.setOptionValue('time_limit', float(sys.argv[1]))
h.readModel(sys.argv[2])
h.run()
print('took', time.monotonic() - began, h.modelStatusToString(h.getModelStatus()))
"""


def short(name):
    """matpower/case2383wp -> 2383wp"""
    return re.sub(r"^(pglib_opf_)?case_?", "", name.rpartition("/")[2])


def commit_label(name):
    """pglib-uc/ca/Scenario400_reserves_5.json -> commit ca Scenario400_reserves_5"""
    parts = re.sub(r"\.json(\.gz)?$", "", name).split("/")
    return f"commit {parts[-2]} {parts[-1]}"


def times(ratio, at_least):
    """How often ours fits into the twin's time: x23, x1.4, >x400."""
    return f"{'>' if at_least else ''}x{ratio:.{0 if ratio >= 10 else 2}f}"


def exponent(points):
    """Slope of the line of least squares through (log buses, log seconds)."""
    x = [math.log(buses) for buses, _ in points]
    y = [math.log(seconds) for _, seconds in points]
    mx, my = statistics.mean(x), statistics.mean(y)
    return (sum((a - mx) * (b - my) for a, b in zip(x, y)) /
            sum((a - mx) ** 2 for a in x))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = sys.argv[1]
    bench = Bench(build, sys.argv[2] if len(sys.argv) > 2 else os.path.join(build, "gridclear"))
    bench.table()
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
