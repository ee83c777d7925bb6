"""Starts the command line, so that an interruption while it is still loading is a quiet one."""

import os
import sys


def main() -> None:
    """The program `replykit`."""
    # Starting numpy's threads costs a short call a fifth of its time; only training uses them.
    if "index" not in sys.argv[1:2]:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from replykit.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
