"""ReplyKit's Python interface: `Library` and `lint`, resolved when first named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from replykit.api import Library, Reply, lint
    from replykit.errors import ReplyKitError

__all__ = ["Library", "Reply", "ReplyKitError", "__version__", "lint"]
__version__ = "0.1.0"

_HOMES = {
    "Library": "replykit.api",
    "Reply": "replykit.api",
    "lint": "replykit.api",
    "ReplyKitError": "replykit.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'replykit' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
