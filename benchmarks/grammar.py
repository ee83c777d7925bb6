"""How long `replykit lint` takes with the warm LanguageTool server: whole processes, in turn.

    .venv-test/bin/python benchmarks/grammar.py [--runs 9] [--check]

LanguageTool must be installed (`replykit setup grammar`, or LTP_JAR_DIR_PATH). Prints medians; with
--check the exit code is 1 unless a draft of 100 words takes less than 0.8 s.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cold_start import measure, row, wall

LIMIT = 0.8
DRAFT = """Hello Maija,

thank you for your message, and I am sorry that your order has not arrived yet. I have looked into
it: the parcel left our warehouse on Monday and is now with the carrier in Tampere. It should reach
you on Thursday at the latest. You will get a text message when it can be collected at the shop,
and you can follow the parcel with the code in your order confirmation. If it has not arrived by
Friday, please answer this message and we will send you a new one, free of charge.

Kind regards,
Anna
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="of each, after one to warm up")
    parser.add_argument("--check", action="store_true", help="exit 1 where the goal is missed")
    given = parser.parse_args()
    replykit = [sys.executable, "-m", "replykit"]
    subprocess.run([*replykit, "grammar", "start"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "draft.txt")
        draft.write_text(DRAFT, "utf-8")
        lint = [*replykit, "lint", "--lang", "en", str(draft), "--fail-on", "error"]
        runs = measure(
            {
                "--no-model, no grammar": [*lint, "--no-model", "--ignore", "GRAM"],
                "no grammar": [*lint, "--ignore", "GRAM"],
                "in full": [*lint, "--require", "grammar"],
            },
            given.runs,
        )
    print(f"{'':24}{'wall, s':>18}{'cpu, s':>9}{'peak, MB':>10}")
    for name, processes in runs.items():
        print(f"{name:24}{row(processes)}")
    print(
        f"\n{given.runs} runs each, in turn; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"
    )
    return int(given.check and wall(runs["in full"]) >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
