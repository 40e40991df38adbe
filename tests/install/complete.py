"""Completion in an interactive shell: types words and a tab, and reads the line.

    complete.py bash|zsh FOLDER_OF_THE_PROGRAM SCRIPT WORK_FOLDER
"""
import os
import pathlib
import pty
import re
import select
import sys
import time

shell, program, script, work = sys.argv[1:]
folder = pathlib.Path(work, "completion-" + shell)
folder.mkdir(exist_ok=True)
for name in ("run one.h5", "other.txt"):
    (folder / name).write_text("")
(folder / "my-market").mkdir(exist_ok=True)

# What is typed before the tab, and what the line is then.
CASES = [
    ("gridclear sta", "gridclear statement "),
    ("gridclear run --quie", "gridclear run --quiet "),
    ("gridclear run my", "gridclear run my-market/"),
    ("gridclear run --progress al", "gridclear run --progress always "),
    ("gridclear run --progress=al", "gridclear run --progress=always "),
    ("gridclear export run", "gridclear export run\\ one.h5 "),
    ("gridclear export -o x run", "gridclear export -o x run\\ one.h5 "),
    ("gridclear export a.h5 virtual_aw", "gridclear export a.h5 virtual_award "),
    ("gridclear export a.h5 PRC_LM", "gridclear export a.h5 PRC_LMP "),
    ("gridclear export --format x", "gridclear export --format xml "),
    ("gridclear import rt", "gridclear import rts-gmlc "),
    ("gridclear import u", "gridclear import ucjl "),
    ("gridclear compare a.h5 b.h5 c.h5 run", "gridclear compare a.h5 b.h5 c.h5 run\\ one.h5 "),
    ("gridclear help sche", "gridclear help schema "),
    ("gridclear dispatch oth", "gridclear dispatch other.txt "),
]

pid, terminal = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(PS1="$ ", TERM="dumb", PATH=program + ":" + os.environ["PATH"],
                      INPUTRC="/dev/null", HISTFILE="", COLUMNS="200")
    options = {"bash": ["--noprofile", "--norc", "-i"], "zsh": ["-f", "-i"]}
    os.execvp(shell, [shell] + options[shell])


def read(until, seconds=20):
    """What the shell writes until a pattern matches its end."""
    text, end = "", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            text += os.read(terminal, 65536).decode()
            text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", "", text)
        if re.search(until, text):
            return text
    sys.exit(f"{shell} does not answer; expected {until!r}, got {text!r}")


read(r"\$ $")
SET_UP = {
    "bash": f"bind 'set bell-style none'; . '{script}'",
    "zsh": "unsetopt beep prompt_cr prompt_sp; bindkey -e; autoload -Uz compinit;"
           f" fpath=('{os.path.dirname(script)}' $fpath); compinit -u -D",
}
os.write(terminal, f"{SET_UP[shell]}; echo rea''dy\n".encode())
read(r"ready\r\n.*\$ $")
wrong = 0
for typed, wanted in CASES:
    # Ctrl-A and "echo" turn the completed line into something that can be run and seen.
    os.write(terminal, typed.encode() + b"\t\x01printf '<%s>' '\x05<'\n")
    shown = read(r"<[^%]*<>\r?\n?.*\$ $|<[^%]*<>\$ $")
    got = re.findall(r"<([^<>%]*)<>", shown)[-1]
    if shell == "zsh":  # it takes the space or slash away as the cursor moves
        wanted = wanted.rstrip(" /")
    if got != wanted:
        wrong += 1
        print(f"{typed!r} became {got!r}, expected {wanted!r}")
os.write(terminal, b"exit\n")
sys.exit(wrong != 0)
