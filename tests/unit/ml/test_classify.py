import pyarrow as pa
import pytest

from ml import classify
from ml.classify import PREDICTION_SCHEMA, classify_candidates, rechunked
from ml.features.letters import Letters
from ml.training.artifact import StoredModel

TITLES = ["UiPath developer for invoice robots", "Logo for a bakery", None, "Selenium test suite"]


def batch(titles: list[str | None], start: int = 0) -> pa.RecordBatch:
    ids = [str(start + number) for number in range(len(titles))]
    skills = pa.array([["UiPath"]] + [None] * (len(titles) - 1), pa.list_(pa.string()))
    return pa.record_batch(
        {
            "post_id": ids,
            "title": pa.array(titles, pa.string()),
            "description": [""] * len(ids),
            "skills": skills,
        }
    )


def predictions(model: StoredModel, batches: list[pa.RecordBatch], workers: int = 1) -> pa.Table:
    return pa.Table.from_batches(classify_candidates(iter(batches), model, workers), PREDICTION_SCHEMA)


def test_every_candidate_gets_one_row_with_its_model_version_in_order(model: StoredModel) -> None:
    result = predictions(model, [batch(TITLES)])
    assert result["post_id"].to_pylist() == ["0", "1", "2", "3"]
    assert set(result["model_version"].to_pylist()) == {model.card.model_version}
    accepted = [p >= model.card.threshold for p in result["probability"].to_pylist()]
    assert result["is_positive"].to_pylist() == accepted
    assert accepted[:2] == [True, False]


def test_the_result_does_not_depend_on_batches(model: StoredModel) -> None:
    titles = TITLES * 5
    whole = predictions(model, [batch(titles)])
    split = predictions(model, [batch(titles).slice(at, 3) for at in range(0, len(titles), 3)])
    assert whole["probability"].to_pylist() == split["probability"].to_pylist()


def test_the_result_does_not_depend_on_workers(model: StoredModel, monkeypatch) -> None:
    monkeypatch.setattr(classify, "CHUNK_ROWS", 8)
    batches = [batch(TITLES * 5, start) for start in range(0, 80, 20)]
    assert predictions(model, batches, workers=2) == predictions(model, batches, workers=1)


def test_no_candidates_give_no_rows(model: StoredModel) -> None:
    assert predictions(model, []).num_rows == 0
    assert predictions(model, [batch(TITLES).slice(0, 0)]).num_rows == 0


def test_chunks_are_of_one_size_and_lose_no_row() -> None:
    batches = [pa.record_batch({"n": list(range(start, start + 7))}) for start in range(0, 35, 7)]
    chunks = list(rechunked(iter(batches), 10))
    assert [len(chunk) for chunk in chunks] == [10, 10, 10, 5]
    assert [n for chunk in chunks for n in chunk["n"].to_pylist()] == list(range(35))


def test_chunks_are_scored_while_the_stream_is_still_read(model: StoredModel, monkeypatch) -> None:
    monkeypatch.setattr(classify, "CHUNK_ROWS", 4)
    read = []

    def stream():
        for number in range(50):
            read.append(number)
            yield batch(TITLES, 4 * number)

    next(classify_candidates(stream(), model, workers=1))
    assert len(read) < 10


def test_the_letters_of_a_chunk_are_read_once_for_all_features(
    model: StoredModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictions(model, [batch(TITLES)])  # which also reads the letters of the vocabularies
    read = []
    first = Letters.__init__

    def counted(letters: Letters, texts: list[str]) -> None:
        read.append(len(texts))
        first(letters, texts)

    monkeypatch.setattr(Letters, "__init__", counted)
    predictions(model, [batch(TITLES * 20)])
    assert read == [len(TITLES) * 20]


@pytest.mark.parametrize("column", ["post_id", "skills"])
def test_a_missing_column_is_named(model: StoredModel, column: str) -> None:
    with pytest.raises(KeyError, match=column):
        predictions(model, [batch(TITLES).drop_columns([column])])
