"""A library's own low-rank correction of the model's vectors: learnt, kept in a file, applied.

An embedding model puts much into a vector that tells a library's replies apart badly: tone,
length, the words of the trade. From the library's examples follow, in closed form, the directions
in which messages of one reply differ most among themselves, which are shrunk, and those that tell
replies apart best, which are stretched. The file stands beside the replies, so that it reaches
colleagues by git, and names the encoder that it was made for.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replykit.errors import ReplyKitError
from replykit.paths import write_bytes

FILE_NAME = "_correction.npz"
_FORMAT = 1
# Fixed, not chosen by each library. On BANKING77 and MASSIVE (Finnish, English, both), 5 to 30
# examples a reply, they raised the first hit everywhere (+0.3 to +3 points), and neighbouring
# values by as much: what choosing among them could gain is less than chance.
_SHRUNK = 8  # directions in which messages of one reply differ
_STRETCHED = 32  # directions that tell replies apart
_STRETCH = 0.6
_FLOOR_OF_SHRINKING = 3.0  # in units of the mean variance within replies: higher shrinks less
_FLOOR_OF_TELLING = 1.0
_LEAST_VARIANCE = 1e-9

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Correction:
    """What is added to the vectors (n, dim) of one encoder: `vectors @ left @ right`.

    `left` (dim, rank) and `right` (rank, dim) are in half precision, as they are stored.
    """

    encoder: str
    left: NDArray[np.float16]
    right: NDArray[np.float16]

    @cached_property
    def digest(self) -> str:
        """Tells this correction from any other."""
        parts = [self.encoder.encode(), self.left.tobytes(), self.right.tobytes()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def apply(self, vectors: Vectors) -> Vectors:
        """Corrected unit vectors; a row of zeros stays one."""
        left, right = self.left.astype(np.float32), self.right.astype(np.float32)
        return _unit(vectors + vectors @ left @ right)


def learn(vectors: Vectors, owners: NDArray[Any], encoder: str) -> Correction | None:
    """The correction that follows from examples' vectors (n, dim) and their replies (n,).

    None where there are no two replies, or none with two examples that differ.
    """
    points = vectors.astype(np.float64)
    classes = np.unique(owners, return_inverse=True)[1]
    if not len(points) or classes.max() < 1:
        return None
    variance = _within(points, classes)
    if np.trace(variance) < _LEAST_VARIANCE:
        return None
    shrinking = _shrinking(variance)
    telling = _telling(_unit(points @ shrinking), classes)
    change = shrinking @ (np.eye(len(variance)) + _STRETCH * telling) - np.eye(len(variance))
    u, strength, v = np.linalg.svd(change)
    rank = min(_SHRUNK + _STRETCHED, int((strength > 1e-6).sum()))
    root = np.sqrt(strength[:rank])
    left, right = u[:, :rank] * root, root[:, None] * v[:rank]
    return Correction(encoder, left.astype(np.float16), right.astype(np.float16))


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[Any] = vectors / np.maximum(lengths, 1e-9)
    return unit


def _means(points: NDArray[Any], classes: NDArray[Any]) -> NDArray[Any]:
    """The mean of each reply's vectors, (replies, dim)."""
    sums = np.zeros((int(classes.max()) + 1, points.shape[1]))
    np.add.at(sums, classes, points)
    means: NDArray[Any] = sums / np.bincount(classes)[:, None]
    return means


def _within(points: NDArray[Any], classes: NDArray[Any]) -> NDArray[Any]:
    """The covariance within replies (dim, dim), each reply counting alike."""
    counts = np.bincount(classes)
    weights = 1.0 / np.maximum(counts - 1, 1)[classes]
    rest = points - _means(points, classes)[classes]
    covariance: NDArray[Any] = (rest * weights[:, None]).T @ rest / len(counts)
    return covariance


def _shrinking(variance: NDArray[Any]) -> NDArray[Any]:
    """Shrinks the main directions within replies towards the strongest of the others."""
    values, directions = np.linalg.eigh(variance)
    count = min(_SHRUNK, len(values) - 1)
    floor = _FLOOR_OF_SHRINKING * values.mean()
    main = directions[:, -count:]
    scale = np.sqrt((values[-count - 1] + floor) / (values[-count:] + floor))
    matrix: NDArray[Any] = np.eye(len(values)) - (main * (1.0 - scale)) @ main.T
    return matrix


def _telling(points: NDArray[Any], classes: NDArray[Any]) -> NDArray[Any]:
    """The projection (dim, dim) on what tells replies apart best (discriminant analysis)."""
    values, directions = np.linalg.eigh(_within(points, classes))
    floor = _FLOOR_OF_TELLING * values.mean()
    white = (directions / np.sqrt(np.maximum(values, 0) + floor)) @ directions.T
    means = _means(points, classes)
    apart = white @ np.cov(means.T, bias=True) @ white
    count = min(_STRETCHED, len(means) - 1, len(values))
    basis = np.linalg.qr(white @ np.linalg.eigh(apart)[1][:, -count:])[0]
    projection: NDArray[Any] = basis @ basis.T
    return projection


def load(folder: Path) -> Correction | None:
    """The correction of a library's folder, None where it has none.

    Raises ReplyKitError where its file cannot be used.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    if cause := fault(folder):
        raise ReplyKitError(f"{path}: {cause}")
    return _read(path)


def fault(folder: Path) -> str:
    """What is wrong with a folder's correction, and what to do; empty where nothing is."""
    path = folder / FILE_NAME
    try:
        if path.exists():
            _read(path)
    except OSError as error:
        cause = error.strerror or str(error)
    except (ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        cause = str(error) or type(error).__name__
    else:
        return ""
    cause = cause.splitlines()[0].strip()
    return (
        f"not a correction that can be used ({cause}); restore the file, renew it with "
        "replykit train, or drop it with replykit train --remove"
    )


def _read(path: Path) -> Correction:
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
        if int(file["format"]) != _FORMAT:
            raise ValueError("made by another version of ReplyKit")
        left, right, encoder = file["left"], file["right"], str(file["encoder"])
    if left.dtype != np.float16 or right.dtype != np.float16:
        raise ValueError("not in half precision")
    if left.ndim != 2 or right.shape != left.shape[::-1]:
        raise ValueError("its parts do not fit together")
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise ValueError("it holds what is no number")
    return Correction(encoder, left, right)


def save(correction: Correction, folder: Path) -> Path:
    """Writes the correction into a library's folder; the same one gives the same bytes."""
    arrays = {
        "format": np.array(_FORMAT),
        "encoder": np.array(correction.encoder),
        "left": correction.left,
        "right": correction.right,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, array in arrays.items():
            part = io.BytesIO()
            np.lib.format.write_array(part, array, allow_pickle=False)
            # A plain ZipInfo has a fixed date: numpy's own would differ from run to run.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), part.getvalue())
    path = folder / FILE_NAME
    write_bytes(path, data.getvalue())
    return path


def remove(folder: Path) -> bool:
    """Drops a library's correction; whether there was one."""
    path = folder / FILE_NAME
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be removed ({error.strerror})") from None
    return True
