"""Starts the command line, so that an interruption while it is still loading is a quiet one."""

import sys


def main() -> None:
    """The program `replykit`."""
    try:
        from replykit.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
