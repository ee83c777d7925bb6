"""Installs LanguageTool, pinned and checked, and finds the one that is installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path

from replykit.errors import ReplyKitError
from replykit.paths import data_folder, write_folder

VERSION = "6.8"
JAVA = "install Java 17 or newer, as by: apt install default-jre-headless"
_DOWNLOAD_LIMIT = 1800.0  # seconds, for 250 MB


def folder() -> Path:
    """Where `setup grammar` installs LanguageTool."""
    return data_folder() / f"languagetool-{VERSION}"


def class_path() -> str:
    """The class path of the LanguageTool that is installed; nothing where none is.

    LTP_JAR_DIR_PATH, as language-tool-python knows it, names another than ReplyKit's own.
    """
    named = os.environ.get("LTP_JAR_DIR_PATH")
    return _class_path(Path(named) if named else folder())


def _class_path(folder: Path) -> str:
    """Of a folder as LanguageTool's zip makes it, or of one that Maven filled with jars."""
    if (folder / "languagetool-server.jar").is_file():
        return str((folder / "languagetool-server.jar").resolve())
    for jars in (folder, folder / "libs"):
        if any(jars.glob("languagetool-server-*.jar")):
            return str(jars.resolve() / "*")
    return ""


def java() -> str:
    """The program java; nothing where there is none."""
    home = os.environ.get("JAVA_HOME")
    return (
        (shutil.which("java", path=f"{home}/bin") if home else None) or shutil.which("java") or ""
    )


def install(agree: Callable[[str], bool], say: Callable[[str], None]) -> tuple[Path, bool]:
    """Installs LanguageTool where it is not there yet; its folder, and whether it is new.

    `agree` is asked before LanguageTool's own zip is downloaded, where there is no Maven.
    Raises ReplyKitError where it cannot be installed; nothing is then left behind.
    """
    target = folder()
    if _class_path(target):
        return target, False
    if not java():
        raise ReplyKitError(f"setup grammar: Java is not installed; {JAVA}")
    maven = shutil.which("mvn")
    if maven:
        say(f"installing LanguageTool {VERSION} by Maven: 250 MB, half a minute …")
        with write_folder(target) as draft:
            _by_maven(maven, draft)
    elif agree(f"There is no Maven. Download LanguageTool {VERSION} (250 MB) from its makers?"):
        with write_folder(target) as draft:
            _by_zip(draft)
    else:
        raise ReplyKitError(
            "setup grammar: nothing was installed; install Maven (apt install maven), or say --yes "
            "to the download of LanguageTool's own zip"
        )
    return target, True


def _by_maven(maven: str, target: Path) -> None:
    """Copies the jars that the project's pom.xml names, each checked by its checksum."""
    with as_file(files("replykit.grammar") / "pom.xml") as pom:
        # --strict-checksums is Maven's own check; ours also knows what is expected.
        command = [
            maven, "--batch-mode", "--quiet", "--strict-checksums", "--file", str(pom),
            "dependency:copy-dependencies", f"-DoutputDirectory={target.resolve()}",
        ]  # fmt: skip
        _run_maven(command)
    _check_jars(target)


def _run_maven(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, text=True, errors="replace",
            timeout=_DOWNLOAD_LIMIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReplyKitError(f"setup grammar: Maven did not end well: {error}") from None
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line]
        cause = errors[0] if errors else (done.stdout + done.stderr).strip()[:200]
        raise ReplyKitError(f"setup grammar: Maven failed: {cause}")


def _check_jars(folder: Path) -> None:
    """Raises ReplyKitError where a jar is none of those that ReplyKit was tried with."""
    lines = (files("replykit") / "data" / "languagetool.sha256").read_text("utf-8").splitlines()
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for jar in sorted(folder.iterdir()):
        with jar.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        if expected.get(jar.name) != digest:
            raise ReplyKitError(
                f"setup grammar: {jar.name} is not the file that ReplyKit was tried with; "
                "nothing was installed"
            )


def _by_zip(target: Path) -> None:
    """LanguageTool's own zip, by the client library, which checks its checksum."""
    try:
        from language_tool_python.download_lt import LocalLanguageTool
    except ImportError:
        raise ReplyKitError(
            "setup grammar: the client library is not installed; pip install 'replykit[grammar]'"
        ) from None
    kept = {name: os.environ.pop(name, None) for name in ("LTP_PATH", "LTP_JAR_DIR_PATH")}
    os.environ["LTP_PATH"] = str(target)
    try:
        LocalLanguageTool.from_version_name(VERSION).download()
    except (Exception, SystemExit) as error:  # it exits on a Java that it cannot tell
        raise ReplyKitError(
            f"setup grammar: the download failed: {' '.join(str(error).split())[:200]}"
        ) from None
    finally:
        del os.environ["LTP_PATH"]
        os.environ.update({name: value for name, value in kept.items() if value is not None})
    for part in (target / f"LanguageTool-{VERSION}").iterdir():
        part.rename(target / part.name)
    (target / f"LanguageTool-{VERSION}").rmdir()
