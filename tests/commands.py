"""Many runs of the command in one child process, each with what it printed."""

import json
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from io import BytesIO, TextIOWrapper


@dataclass(frozen=True)
class Run:
    """What one command did: exit code, both outputs, and how long it took."""

    code: int | str | None
    out: str
    err: str
    seconds: float


def run_all(commands, **options):
    """Run each of *commands*, a list of arguments, and return what each did.

    The child stays alive between them, so a fault of the engine loses them all.
    """
    settings = {"capture_output": True, "text": True, "timeout": 300}
    given = json.dumps([[str(argument) for argument in line] for line in commands])
    child = subprocess.run(
        [sys.executable, __file__], check=True, input=given, **(settings | options)
    )
    return [Run(**fields) for fields in json.loads(child.stdout)]


def run(arguments):
    """Run the command with *arguments* as if it had been called so."""
    from csto.cli import main  # noqa: PLC0415 -- the parent does not need it

    sys.argv = ["csto", *arguments]
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    begin = time.perf_counter()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main()
        except SystemExit as stop:
            code = stop.code
        except BaseException as fault:  # noqa: BLE001 -- it would be a traceback
            code = repr(fault)
    seconds = time.perf_counter() - begin
    for stream in (out, err):
        stream.flush()
    texts = (stream.buffer.getvalue().decode() for stream in (out, err))
    return Run(code, *texts, seconds)


if __name__ == "__main__":
    json.dump([asdict(run(line)) for line in json.load(sys.stdin)], sys.stdout)
