"""Commands of trainers and tools: index, train, library check, eval, schema, hooks, config."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from replykit.cli.answer import Channel, Lang
from replykit.cli.common import (
    Command,
    Exit,
    Run,
    add_commands,
    channel_option,
    encoder_or_note,
    lang_option,
)
from replykit.errors import ReplyKitError

PRECISIONS = (0.95, 0.98, 0.99)  # at which `library eval` says how many cases could go alone


@Command
def index(
    run: Run,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="By words alone, as triage reads it.")
    ] = False,
) -> None:
    """Build what suggest reads (done by itself when the library has changed)."""
    from replykit.ranking.building import build

    encoder = None if no_model else encoder_or_note(run)
    with run.progress("indexing") as progress:
        folder = build(run.settings, encoder, progress)
    if run.json:
        run.print_json({"index": str(folder)})
    else:
        run.say(f"index of {run.settings.library} is up to date")


@Command
def train(
    run: Run,
    full: Annotated[
        bool, typer.Option("--full", help="Fine-tune a sentence-transformers model itself.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="With --full: the new model's folder.")
    ] = None,
    epochs: Annotated[
        int, typer.Option(min=1, max=100, help="With --full: how often each example is seen.")
    ] = 3,
    rate: Annotated[
        float | None, typer.Option(help="With --full: the learning rate, as 2e-5.")
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Drop the correction of the vectors again.")
    ] = False,
) -> None:
    """Fit the model to the library; changes nothing unless it wins on held-out examples."""
    from replykit.printing.train import comparison, training_json
    from replykit.ranking import correction, fitting

    if full != (output is not None) or (full and remove):
        raise ReplyKitError("train: --full and -o DIR go together, and --remove without them")
    if rate is not None and not 0 < rate < 1:
        raise ReplyKitError(f"--rate {rate}: expected a number between 0 and 1, as 2e-5")
    if remove:
        there = correction.remove(run.settings.library_path)
        run.say(f"{correction.FILE_NAME} is {'removed' if there else 'not there'}")
        return
    with run.progress("training") as progress:
        if output:
            told = (run.settings, output, run.now, run.say, progress, epochs, rate)
            outcome = fitting.fit_fully(*told)
        else:
            encoder = fitting.plain_encoder(run.settings, run.say)
            outcome = fitting.fit(run.settings, encoder, run.now, run.say, progress)
    if run.json:
        run.print_json(training_json(outcome))
    elif outcome.comparison:
        print(comparison(outcome.comparison))
    for line in fitting.conclusion(outcome, run.settings):
        run.say(line)


@Command
def check(
    run: Run,
    fail_on: Annotated[str, typer.Option(help="error, warning or suggestion.")] = "error",
) -> None:
    """Find what is wrong with the library's files, templates and texts."""
    from replykit.config import SEVERITIES
    from replykit.library.files import read
    from replykit.library.proof import library_problems

    if fail_on not in SEVERITIES:
        raise ReplyKitError(f"--fail-on {fail_on}: known: {', '.join(SEVERITIES)}")
    library = read(run.settings.library_path, run.settings)
    problems = library_problems(library, run.settings, run.now)
    if run.json:
        run.print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            print(f"{problem.path}:{problem.line}: {problem.severity}: {problem.message}")
        count = sum(len(variants) for variants in library.variants.values())
        run.say(f"{count} files, {len(library.variants)} responses, {len(problems)} problems")
    limit = SEVERITIES.index(fail_on)
    failed = any(SEVERITIES.index(problem.severity) <= limit for problem in problems)
    raise typer.Exit(Exit.NO if failed else Exit.OK)


@Command
def evaluate(
    run: Run,
    cases: Annotated[Path, typer.Argument(help="Labelled cases, JSON Lines.")],
    misses: Annotated[
        bool, typer.Option("--misses", help="Name the cases whose first suggestion is wrong.")
    ] = False,
    lang: Lang = None,
    channel: Channel = None,
) -> None:
    """Measure suggestions on labelled cases."""
    from replykit.ranking import evaluate as measure
    from replykit.ranking.index import open_index
    from replykit.suggest import suggest

    labelled = measure.read_cases(cases)
    if not labelled:
        raise ReplyKitError(f"{cases}: no cases")
    encoder = encoder_or_note(run)
    found = open_index(run.settings, encoder)
    measure.check_ids(labelled, found.ids, cases)
    results = suggest(
        found,
        encoder,
        [case.message for case in labelled],
        run.settings,
        run.now,
        lang=lang_option(lang, run.settings.languages),
        channel=channel_option(channel),
    )
    score = measure.score(labelled, results, [found.promise(wanted) for wanted in PRECISIONS])
    wrong = list(measure.misses(labelled, results)) if misses else []
    if run.json:
        run.print_json(asdict(score) | ({"misses": wrong} if misses else {}))
        return
    rows = [
        (f"right reply first, of {score.answerable}", score.hit_1),
        ("right reply among three", score.hit_3),
        ("answered at all", score.kept),
        (f"rejected, of {score.unanswerable} that nothing answers", score.rejected),
    ]
    rows += [(f"coverage at {float(at):.0%} right", share) for at, share in score.coverage.items()]
    for at, auto in score.auto.items():
        rows.append((f"suggest --auto {at}: of all", auto.share if auto.threshold else None))
        rows.append((f"suggest --auto {at}: right", auto.precision))
    for name, value in rows:
        print(f"{name:<45} {'-' if value is None else f'{value:.1%}':>7}")
    for item in wrong:
        print(f"{item['id']}: {', '.join(item['fits'])}; not {', '.join(item['suggested'])}")


@Command
def schema(
    run: Run,
    name: Annotated[str | None, typer.Argument(help="A shape; without it, their names.")] = None,
) -> None:
    """Print the JSON Schema of a shape that ReplyKit writes or reads."""
    _print_file("schemas", "schema", name, ".json")


@Command
def hooks(
    run: Run,
    name: Annotated[str | None, typer.Argument(help="A hook; without it, their names.")] = None,
) -> None:
    """Print a hook for git or an editor, to be saved where it belongs (docs/hooks.md)."""
    _print_file("hooks", "hook", name)


def _print_file(folder: str, kind: str, name: str | None, suffix: str = "") -> None:
    """Prints a file of the package, or the names of all in its folder."""
    from importlib.resources import files

    known = {
        path.name.removesuffix(suffix): path for path in (files("replykit") / folder).iterdir()
    }
    if name is None:
        print("\n".join(sorted(known)))
        return
    if name not in known:
        raise ReplyKitError(f"no {kind} {name!r}; known: {', '.join(sorted(known))}")
    print(known[name].read_text("utf-8"), end="")


@Command
def show_config(run: Run) -> None:
    """Show the settings in force."""
    from replykit.config import options, public

    values = {option.key: public(option, run.settings) for option in options()}
    if run.json:
        print(json.dumps(values, ensure_ascii=False))
        return
    if run.settings.source:
        print(f"# {run.settings.source}")
    for key, value in values.items():
        shown = list(value) if isinstance(value, tuple) else value
        print(f"{key} = {json.dumps(shown, ensure_ascii=False)}")


COMMANDS = {
    "index": index, "train": train, "schema": schema, "hooks": hooks, "config": show_config,
}  # fmt: skip


def library() -> typer.Typer:
    """The commands of `replykit library`."""
    app = typer.Typer(help="Tools for those who maintain the library.", no_args_is_help=True)
    add_commands(app, {"check": check, "eval": evaluate})
    return app
