"""Runs the main job on one mail as `make demo` does: suggest, draft, lint, each as its own command.

    python examples/demo.py examples/late-parcel.fi.eml

Expected ends (nothing answers, a detail is missing, findings) are no failure of the demo; a mail
that cannot be read is.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

DRAFT = Path("build/demo/draft.txt")


def main(mail: str) -> int:
    """The exit code of make: that of a command which could not do its work, else 0."""
    steps = Steps()
    steps.run("index")
    if steps.run("suggest", "-f", mail) == 0:
        code = steps.run("draft", "1", "-f", mail, into=DRAFT)
        if code == 1 and not DRAFT.read_text("utf-8"):
            print("\nA required detail is missing, so nothing was written. With gaps left open:")
            steps.run("draft", "1", "-f", mail, "--partial", "--no-lint", into=DRAFT)
        steps.run("lint", "--message", mail, str(DRAFT))
    else:
        print("\nSo there is no reply to fill.")
    print("\nTo type them again:\n")
    print("\n".join(f"  {line}" for line in steps.typed))
    return 0


class Steps:
    """The commands in turn: each shown before it runs and kept for the end."""

    def __init__(self) -> None:
        self.typed: list[str] = []
        scripts = Path(sysconfig.get_path("scripts"))
        inside = scripts.is_relative_to(Path.cwd())
        self.program = str((scripts.relative_to(Path.cwd()) if inside else scripts) / "replykit")

    def run(self, *arguments: str, into: Path | None = None) -> int:
        """Runs `replykit …`; with `into`, what it prints is shown and written there too."""
        line = shlex.join([self.program, *arguments])
        if into:
            line += f" | tee {into}"
        self.typed.append(line)
        print(f"\n$ {line}\n", flush=True)
        output = subprocess.PIPE if into else None
        result = subprocess.run([self.program, *arguments], stdout=output, check=False)
        if into:
            into.parent.mkdir(parents=True, exist_ok=True)
            into.write_bytes(result.stdout)
            sys.stdout.buffer.write(result.stdout)
            sys.stdout.flush()
        if result.returncode not in (0, 1):
            sys.exit(result.returncode)
        return result.returncode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/demo.py MAIL")
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(main(sys.argv[1]))
