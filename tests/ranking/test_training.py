"""The ranking model: its machines are scikit-learn's, and it learns what it is shown."""

from __future__ import annotations

import numpy as np
import pytest

from replykit.ranking.confidence import FEATURES, Calibration, features
from replykit.ranking.features import Postings, character_counts
from replykit.ranking.scores import Model, Ranking, Views, combine, kernel, stretch
from replykit.ranking.training import Rows, cosines, logistic, machines, train
from replykit.ranking.votes import tally


def _toy(owners: int = 4, each: int = 8, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    pick = np.random.default_rng(0)
    owner = np.repeat(np.arange(owners), each)
    points = pick.normal(size=(owners, 8))[owner] + noise * pick.normal(size=(len(owner), 8))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return (points @ points.T).astype(np.float32), owner


def _rows(owner: np.ndarray, meaning: np.ndarray, example: np.ndarray | None = None) -> Rows:
    return Rows(
        owner=owner,
        lang=np.full(len(owner), "en"),
        example=np.ones(len(owner), dtype=bool) if example is None else example,
        meaning=meaning,
        words=np.zeros_like(meaning),
        stretch=np.ones(len(owner), dtype=np.float32),
        count=int(owner.max()) + 1,
    )


@pytest.mark.parametrize("owners", [2, 3, 6])
def test_votes_are_those_of_scikit_learn(owners: int) -> None:
    from sklearn.svm import SVC

    meaning, owner = _toy(owners, noise=1.5)
    values = kernel(Views(meaning, np.zeros_like(meaning)), has_meaning=True).astype(float)
    learnt = machines(values, owner, np.arange(len(owner)))
    theirs = SVC(C=10, kernel="precomputed").fit(values, owner).predict(values)
    ours = [tally(learnt.decisions(row[learnt.rows].astype(np.float32))).argmax() for row in values]
    assert (learnt.responses[ours] == theirs).all()


def test_decisions_are_antisymmetric() -> None:
    meaning, owner = _toy()
    learnt = machines(meaning.astype(float), owner, np.arange(len(owner)))
    decisions = learnt.decisions(meaning[3][learnt.rows])
    assert np.allclose(decisions, -decisions.T)


def test_a_message_like_a_responses_examples_finds_it() -> None:
    meaning, owner = _toy()
    model = train(_rows(owner, meaning)).model
    found = [combine(Views(row, np.zeros_like(row)), owner, 4, model).order[0] for row in meaning]
    assert np.mean(found == owner) > 0.9


def test_titles_and_texts_are_not_learnt_from() -> None:
    meaning, owner = _toy()
    example = np.arange(len(owner)) % 8 < 5
    learnt = train(_rows(owner, meaning, example)).model.machines
    assert learnt is not None
    assert example[learnt.rows].all()


def test_a_response_without_examples_is_compared_by_its_nearest_row() -> None:
    meaning, owner = _toy(owners=3)
    example = owner != 2
    model = train(_rows(owner, meaning, example)).model
    assert model.machines is not None
    assert model.machines.responses.tolist() == [0, 1]
    message = Views(meaning[20], np.zeros_like(meaning[20]))
    assert combine(message, owner, 3, model).order[0] == 2


def test_a_library_without_examples_goes_by_the_nearest_row() -> None:
    meaning, owner = _toy()
    model = train(_rows(owner, meaning, np.zeros(len(owner), dtype=bool))).model
    assert model.machines is None
    seen = Views(meaning[9], np.zeros_like(meaning[9]))
    assert combine(seen, owner, 4, model).order[0] == owner[9]


def test_one_response_alone_is_named() -> None:
    rows = _rows(np.zeros(3, dtype=int), np.ones((3, 3), dtype=np.float32))
    ranking = combine(Views(np.ones(3), np.ones(3)), rows.owner, 1, train(rows).model)
    assert ranking.order.tolist() == [0]
    assert all(np.isfinite(features(ranking, ranking.order)))


def test_every_example_is_measured_once_and_once_without_its_response() -> None:
    meaning, owner = _toy(owners=5, each=20, noise=0.9)
    measured = train(_rows(owner, meaning)).measured
    assert len(measured.right) == 2 * len(owner)
    assert not measured.right[len(owner) :].any()
    assert measured.labelled == len(owner)
    own, without = np.split(measured.confidence, 2)
    assert own.mean() > without.mean() + 0.1


def test_the_kernel_holds_cosines_of_rows() -> None:
    texts = ["missä paketti", "missä pakettini on", "invoice copy"]
    postings = Postings.build([character_counts(text) for text in texts])
    matrix = cosines(postings, np.arange(3))
    assert np.allclose(np.diag(matrix), 1.0)
    assert matrix[0, 1] > 0.5 > matrix[0, 2]
    assert np.allclose(postings.similarities(character_counts(texts[0])), matrix[0], atol=1e-6)


def test_a_long_message_is_made_up_for_and_a_short_one_is_not_touched() -> None:
    assert stretch(1) == stretch(6) == 1.0
    assert 1.0 < stretch(20) < stretch(40)
    assert stretch(100_000) == stretch(1_000)


def _ranking(owner: list[int], similarities: list[float], count: int) -> Ranking:
    values = np.array(similarities, dtype=np.float32)
    return combine(Views(values, np.zeros_like(values)), np.array(owner), count, Model())


def test_a_response_without_rows_comes_last_and_is_never_named() -> None:
    ranking = _ranking([0, 2], [0.9, 0.2], 3)
    assert ranking.order.tolist() == [0, 2, 1]
    assert ranking.rows.tolist() == [0, -1, 1]
    assert not np.isfinite(ranking.scores[1])


def test_the_nearest_row_of_each_response_is_known() -> None:
    ranking = _ranking([0, 0, 1, 1, 1], [0.1, 0.4, 0.3, 0.2, 0.3], 2)
    assert ranking.rows.tolist() == [1, 2]
    assert ranking.nearest == pytest.approx([0.4, 0.3])


def test_a_response_that_is_taken_away_is_as_if_it_had_no_rows() -> None:
    meaning, owner = _toy()
    model = train(_rows(owner, meaning)).model
    seen = Views(meaning[0], np.zeros_like(meaning[0]))
    whole = combine(seen, owner, 4, model)
    rest = combine(seen, owner, 4, model, absent=int(whole.order[0]))
    assert rest.order.tolist() == [*whole.order[1:].tolist(), int(whole.order[0])]
    assert not np.isfinite(rest.scores[whole.order[0]])


def test_confidence_rises_with_every_feature() -> None:
    calibration = Calibration()
    base = [*calibration.centre, 0.0]
    for place in range(len(FEATURES)):
        higher = base.copy()
        higher[place] += 0.5
        assert calibration.confidence(higher) > calibration.confidence(base)


def test_confidence_falls_the_nearer_a_message_is_to_what_nothing_answers() -> None:
    calibration = Calibration()
    found = [calibration.confidence([*calibration.centre, excess]) for excess in (0.0, 0.1, 0.5)]
    assert found[0] > found[1] > found[2]


def test_the_threshold_gives_up_the_share_that_abstain_allows() -> None:
    calibration = Calibration(kept=tuple(n / 100 for n in range(101)))
    assert calibration.threshold(0.05) == pytest.approx(0.05)
    assert calibration.threshold(0.0) == 0.0


def test_logistic_regression_finds_the_curve_that_made_the_data() -> None:
    pick = np.random.default_rng(1)
    x = np.stack([pick.normal(size=4000), np.ones(4000)], axis=1)
    y = (pick.random(4000) < 1 / (1 + np.exp(-(1.5 * x[:, 0] - 0.5)))).astype(float)
    assert logistic(x, y) == pytest.approx([1.5, -0.5], abs=0.15)
