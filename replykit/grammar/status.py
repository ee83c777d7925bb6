"""Says how LanguageTool stands: installed, running, warm."""

from __future__ import annotations

import time
from typing import Any

from replykit.config import Settings
from replykit.grammar import server, state
from replykit.grammar.installation import class_path, java


def status_json(settings: Settings) -> dict[str, Any]:
    """`replykit.grammar/1`: what `replykit grammar status` prints."""
    found = server.running()
    return {
        "schema": "replykit.grammar/1",
        "url": settings.languagetool_url or (found.url if found and found.port else None),
        "installed": bool(class_path()),
        "java": java() or None,
        "class_path": class_path() or None,
        "running": bool(found and found.port),
        "starting": bool(found and not found.port),
        "pid": found.java if found and found.java else None,
        "memory": _megabytes(found.java) if found and found.java else None,
        "warm": list(found.warm) if found else [],
        "idle_left": round(max(0.0, state.last_use() + found.idle - time.time()))
        if found
        else None,
    }


def _megabytes(process: int) -> int | None:
    """The memory that a process takes, where the client library's psutil can tell."""
    try:
        import psutil

        return round(float(psutil.Process(process).memory_info().rss) / 1e6)
    except (ImportError, OSError, psutil.Error):
        return None


def status_text(found: dict[str, Any]) -> str:
    """A status for people."""
    if not found["installed"]:
        first = "LanguageTool is not installed: replykit setup grammar"
    elif not found["java"]:
        first = "LanguageTool is installed, but Java is not"
    else:
        first = f"LanguageTool is installed: {found['class_path']}"
    lines = [first]
    if found["running"]:
        lines.append(
            f"it answers at {found['url']} (process {found['pid']}, {found['memory'] or '?'} MB), "
            f"warm for {', '.join(found['warm']) or 'no language yet'}, "
            f"and ends itself in {found['idle_left'] // 60 + 1} min"
        )
    elif found["url"]:
        lines.append(f"drafts are sent to {found['url']}")
    else:
        lines.append("it is starting" if found["starting"] else "it does not run")
    return "\n".join(lines)
