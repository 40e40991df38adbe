"""Writes the pages that are looked at: runs the program ($GRIDCLEAR), copies scenarios.

    report('day', 'run', 'scenarios/duck-curve')       # path('day.h5'), path('day.html')
    copied('scenarios/duck-curve', 'mine', change)     # path('mine'), each file changed

The folder of it all is WORK; check.py sets it.
"""
import json
import os
import subprocess

WORK = None


def gridclear(*words):
    done = subprocess.run(
        [os.environ['GRIDCLEAR'], *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError('gridclear %s: %s' % (' '.join(words), done.stderr))
    return done.stdout


def path(name):
    return os.path.join(WORK, name)


def report(name, *run):
    """The summary of a run, whose report is written beside it."""
    summary = gridclear(*run, '-o', path(name + '.h5'), '--json')
    gridclear('report', path(name + '.h5'), '-o', path(name + '.html'))
    return json.loads(summary)


def copied(source, folder, change):
    """A scenario whose files are change(name, text) of another's; its path."""
    into = path(folder)
    os.makedirs(into, exist_ok=True)
    for name in os.listdir(source):
        if os.path.isdir(os.path.join(source, name)):
            continue
        with open(os.path.join(source, name), encoding='utf-8') as f:
            text = f.read()
        with open(os.path.join(into, name), 'w', encoding='utf-8') as f:
            f.write(change(name, text))
    return into
