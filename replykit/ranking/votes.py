"""Decides between every two responses, and counts votes: support vector machines, by numpy alone.

scikit-learn trains them when the index is built (`training.py`), one machine a pair of responses;
here their decisions for a message are computed from its kernel values with the support rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Machines:
    """The machines of `k` responses with `s` support rows.

    `rows` (s,) are the support rows, in the order of their responses; `starts` (k,) is where each
    response's begin; `responses` (k,) are the responses' numbers; `dual` (k - 1, s) holds a row's
    coefficient in each of its response's machines (those against earlier responses first);
    `constant` (k, k) is antisymmetric.
    """

    rows: NDArray[Any]
    starts: NDArray[Any]
    responses: NDArray[Any]
    dual: NDArray[np.float32]
    constant: NDArray[np.float32]

    def decisions(self, kernel: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, k), antisymmetric: positive where the response of the row beats the column's.

        `kernel` (s,) are a message's kernel values with the support rows.
        """
        return self.shares(kernel) + self.constant

    def shares(self, kernel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The decisions without their constants: linear in the kernel values."""
        import numpy as np

        count = len(self.responses)
        own = np.add.reduceat(self.dual * kernel, self.starts, axis=1).T
        table = np.zeros((count, count), dtype=np.float32)
        table[~np.eye(count, dtype=bool)] = own.ravel()
        upper = np.triu(table + table.T, 1)
        return np.asarray(upper - upper.T, dtype=np.float32)


def tally(decisions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Votes of every response (k,) as a share of the others, between 0 and 1.

    Votes that are equal are parted by the sum of the decisions, as scikit-learn does.
    """
    import numpy as np

    votes = (decisions > 0).sum(axis=1)
    total = decisions.sum(axis=1)
    parted = votes + total / (3.0 * (np.abs(total) + 1.0))
    return np.asarray(parted / max(len(decisions) - 1, 1), dtype=np.float32)
