"""The ranking model: its closed forms equal what they stand for, and it learns what it is shown."""

from __future__ import annotations

import numpy as np
import pytest

from replykit.features import Postings, character_counts
from replykit.ranking import Calibration, Solution, Views, combine, features, learnt
from replykit.training import Rows, anchors, kernel, logistic, ridge, train


def _toy(seed: int = 0, owners: int = 4, each: int = 6) -> tuple[np.ndarray, np.ndarray]:
    pick = np.random.default_rng(seed)
    owner = np.repeat(np.arange(owners), each)
    points = pick.normal(size=(owners, 8))[owner] + 0.7 * pick.normal(size=(len(owner), 8))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points @ points.T + 0.5, owner


def test_coefficients_solve_each_weighted_system() -> None:
    kernel_matrix, owner = _toy()
    coefficients, _ = ridge(kernel_matrix, owner, 4)
    for response in range(4):
        own = owner == response
        penalty = np.diag(np.where(own, 1.0, 4.0))
        targets = np.where(own, 1.0, -1.0)
        expected = np.linalg.solve(kernel_matrix + penalty, targets)
        assert np.allclose(coefficients[:, response], expected)


def test_left_out_predictions_equal_training_without_the_row() -> None:
    kernel_matrix, owner = _toy()
    _, left_out = ridge(kernel_matrix, owner, 4)
    for row in (0, 7, 23):
        rest = np.arange(len(owner)) != row
        for response in range(4):
            own = owner[rest] == response
            system = kernel_matrix[np.ix_(rest, rest)] + np.diag(np.where(own, 1.0, 4.0))
            solved = np.linalg.solve(system, np.where(own, 1.0, -1.0))
            assert left_out[row, response] == pytest.approx(kernel_matrix[row, rest] @ solved)


def test_the_kernel_holds_cosines_of_rows() -> None:
    texts = ["missä paketti", "missä pakettini on", "invoice copy"]
    postings = Postings.build([character_counts(text) for text in texts])
    matrix = kernel(postings, np.arange(3))
    assert np.allclose(np.diag(matrix), 1.0)
    assert matrix[0, 1] > 0.5 > matrix[0, 2]
    assert np.allclose(postings.similarities(character_counts(texts[0])), matrix[0], atol=1e-6)


def test_a_library_with_too_little_to_learn_goes_by_the_nearest_row() -> None:
    rows = Rows(np.zeros(1, int), np.array(["fi"]), np.array([True]), None, np.ones((1, 1)), 1)
    solution = train(rows).solutions[""]
    assert solution.on_words is None
    words = np.array([0.7], dtype=np.float32)
    seen = Views(words, words)
    ranking = combine(seen, learnt(seen, solution), rows.owner, 1, solution)
    assert ranking.order.tolist() == [0]


def test_a_large_library_is_learnt_from_as_many_rows_of_each_response_as_fit() -> None:
    owner = np.repeat([0, 1, 2], [100, 30, 4])
    chosen = anchors(owner, most=60)
    counts = np.bincount(owner[chosen])
    assert len(chosen) <= 60
    assert counts[2] == 4
    assert counts[0] == counts[1] > 20
    assert len(anchors(owner, most=500)) == len(owner)
    assert len(anchors(np.arange(50).repeat(3), most=40)) == 0


def test_a_response_without_rows_comes_last_and_is_never_named() -> None:
    similarities = np.array([0.2, 0.9], dtype=np.float32)
    ranking = combine(
        Views(similarities, similarities),
        None,
        np.array([2, 0]),
        3,
        Solution(meaning=1.0, words=1.0),
    )
    assert ranking.order.tolist() == [0, 2, 1]
    assert ranking.rows[1] == -1
    assert not np.isfinite(ranking.scores[1])


def test_confidence_rises_with_every_feature() -> None:
    calibration = Calibration()
    base = [*calibration.centre, 0.0]
    for place in range(len(calibration.centre)):
        higher = base.copy()
        higher[place] += 0.5
        assert calibration.confidence(higher) > calibration.confidence(base)


def test_confidence_falls_the_nearer_a_message_is_to_what_nothing_answers() -> None:
    calibration = Calibration()
    found = [calibration.confidence([*calibration.centre, excess]) for excess in (0.0, 0.1, 0.5)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[1] > found[2]


def test_the_threshold_gives_up_the_share_that_abstain_allows() -> None:
    calibration = Calibration(kept=tuple(n / 100 for n in range(101)))
    assert calibration.threshold(0.05) == pytest.approx(0.05)
    assert calibration.threshold(0.0) == 0.0


def test_a_single_candidate_has_a_lead() -> None:
    similarities = np.array([0.9], dtype=np.float32)
    ranking = combine(
        Views(similarities, similarities), None, np.array([0]), 1, Solution(meaning=1.0, words=1.0)
    )
    assert all(np.isfinite(features(ranking, [0])))


def test_logistic_regression_finds_the_curve_that_made_the_data() -> None:
    pick = np.random.default_rng(1)
    x = np.stack([pick.normal(size=4000), np.ones(4000)], axis=1)
    y = (pick.random(4000) < 1 / (1 + np.exp(-(1.5 * x[:, 0] - 0.5)))).astype(float)
    assert logistic(x, y) == pytest.approx([1.5, -0.5], abs=0.15)
