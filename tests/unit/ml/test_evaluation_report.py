import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml import scores
from ml.evaluation import predictors, report, tables
from ml.evaluation.labelled_feeds import GENERAL, TRACKS, read_real_posts
from ml.evaluation.predictors import (
    MAJORITY,
    MODEL,
    RULE,
    Judged,
    compare_settings,
    fit_published,
    judge,
    own_feed_rows,
)
from ml.evaluation.report import (
    END,
    START,
    SUMMARY_END,
    SUMMARY_START,
    Evaluation,
    by_part,
    calibration_chart,
    figures,
    learning_curve,
    unseen_writers,
    write_figures,
)
from ml.evaluation.tables import prevalence_table, summary_table, threshold_table
from ml.features.keywords import TECHNOLOGIES, load_terms
from ml.labels.labelled_posts import agreement
from ml.scores import auroc, bootstrap, f1, weighted_precision
from ml.training import artifact, recipes

LABELS = {"ai": 0, "cloud": 0, "rpa": 0, "unsure_ai": 0, "unsure_cloud": 0, "unsure_rpa": 0}


@pytest.fixture(scope="module")
def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four self-written posts laid out like the real ones: two titles alone, two with text; two are rpa."""
    folder = tmp_path_factory.mktemp("real")
    for corpus in (GENERAL, TRACKS):
        (folder / corpus).mkdir()
    titles = pd.DataFrame({"uid": ["1", "2"], "title": ["UiPath developer", "Logo for a bakery"]})
    titles.to_csv(folder / GENERAL / "jan_general.csv", index=False)
    text = {
        "url": ["/jobs/x_~021111111111111111/", "/jobs/y_~022222222222222222/"],
        "title": ["Robots wanted", "Flyer"],
    }
    text |= {"description": ["UiPath robots for invoices", None], "skills": ["['UiPath']", "[]"]}
    pd.DataFrame(text).to_csv(folder / TRACKS / "Track.csv", index=False)
    ids = ["1", "2", "021111111111111111", "022222222222222222"]
    labels = pd.DataFrame({"corpus": [GENERAL] * 2 + [TRACKS] * 2, "post_id": ids, "stratum": "s", **LABELS})
    labels = labels.assign(rpa=[1, 0, 1, 0], inclusion_probability=[1.0, 0.1, 0.5, 0.25])
    (folder / "labels").mkdir()
    labels.to_csv(folder / "labels" / "real_posts.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def real(real_folder: Path) -> pd.DataFrame:
    return read_real_posts(real_folder)


@pytest.fixture(scope="module")
def evaluation(
    real: pd.DataFrame, real_folder: Path, labels: pd.DataFrame, model: artifact.StoredModel
) -> Iterator[Evaluation]:
    """The rpa model judged on the four posts, in the place of all three technologies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "PERCENTS", (50,))
        patch.setattr(report, "KIND_PERCENTS", (50,))
        patch.setattr(scores, "RESAMPLES", 20)
        for module in (predictors, tables):
            patch.setattr(module, "TELLING_POSITIVES", 1)
        train, held_out = labels[~labels["is_held_out"]], labels[labels["is_held_out"]]
        models = {"model in use": model.pipeline, "published recipe": fit_published(train, "rpa", "full")}
        terms = load_terms()["rpa"]
        judged, kept = (dict.fromkeys(TECHNOLOGIES, judge(p, models, "full", terms)) for p in (real, held_out))
        half = held_out.assign(stratum=held_out["stratum"].where(held_out.index % 2 == 0, "feed ordinary"))
        curve = dict.fromkeys(TECHNOLOGIES, learning_curve(model, train, half, real))
        score = (0.5, 0.4, 0.6)
        row = {"technology": "rpa", "setting": "title", "recipe": "keyword_boosting", "log_loss": 0.25}
        settings = pd.DataFrame([{**row, "held_out": score, "real": score, "rule": score}])
        of_two = labels["stratum"].where(~labels["post_id"].str[0].isin(["b", "c"]), "feed rpa")
        writers = dict.fromkeys(TECHNOLOGIES, unseen_writers(model, labels.assign(stratum=of_two)))
        spanish = real.assign(post_id=["es1", "es2", "es3", "de1"], unsure_rpa=[0, 1, 0, 0])
        languages = dict.fromkeys(TECHNOLOGIES, by_part(model, spanish, terms))
        two_writers = real.assign(post_id=["u-1", "u-2", "v-3", "v-4"])
        kept_unseen = dict.fromkeys(TECHNOLOGIES, by_part(model, two_writers, terms))
        own_feed = dict.fromkeys(TECHNOLOGIES, own_feed_rows(model, labels, real, real_folder))
        versions = {"rpa": model.card.model_version}
        yield Evaluation(kept, judged, judged, writers, kept_unseen, languages, curve, own_feed, versions, settings)


def test_the_page_holds_every_table_and_keeps_what_people_wrote(
    evaluation: Evaluation, real: pd.DataFrame, labels: pd.DataFrame, tmp_path: Path
) -> None:
    page = tmp_path / "classifier.md"
    marks = f"# Written by hand\n{SUMMARY_START}\nold\n{SUMMARY_END}\nBetween\n"
    page.write_text(f"{marks}{START}\nold\n{END}\nAlso by hand\n")
    second = labels[["post_id", *LABELS]].head(40)
    summary = summary_table(evaluation.clear, evaluation.writers)
    write_figures(summary, figures(evaluation, labels, agreement(labels, second), real), page)
    text = page.read_text()
    assert text.startswith("# Written by hand\n") and text.endswith("Also by hand\n") and "\nold\n" not in text
    assert text.count("### ") == 22 and "nan" not in text.replace("| nan |", "")
    assert "| rpa (2 of 4) | model in use |" in text
    assert "| rpa | all | 50 |" in text and "| rpa | hard cases | 50 |" in text and "| rpa | all | 100 |" in text
    assert f"| rpa | {GENERAL} | its unlabelled posts |" in text and f"| rpa | {TRACKS} | 100 labels |" in text
    assert "| real, clear | rpa | model in use | 4 of 4 | 1.000 (.510–1.000) | neither shown nor ruled out |" in text
    assert "| rpa | title | keyword_boosting | .250 | .500 (.400–.600) |" in text
    assert "| rpa | b |" in text and "| rpa | c |" in text and "| rpa | a |" not in text
    assert "| rpa | de | 1 | 0 |" in text and "| rpa | es | 2 | 2 |" in text, "unsure posts count in no language"
    assert "| rpa | u | 2 | 1 |" in text and "| rpa | v | 2 | 1 |" in text
    assert "| rpa | Legal |" in text and "| rpa | under 100 | 4 | 2 |" in text
    assert "| rpa | 1.000 / 1.000 | 1.000 |" in text.split("Between")[0], "the summary"
    write_figures("short", "again", page)
    assert page.read_text() == f"{marks.replace('old', 'short')}{START}\nagain\n{END}\nAlso by hand\n"


def test_a_page_without_the_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("mine")
    with pytest.raises(ValueError, match="add them"):
        write_figures("summary", "figures", page)
    assert page.read_text() == "mine"


def test_predictors_are_judged_on_the_same_posts(evaluation: Evaluation) -> None:
    judged = evaluation.real["rpa"]
    assert judged.verdicts[RULE].tolist() == judged.verdicts[MODEL].tolist() == [1, 0, 1, 0]
    assert judged.verdicts[MAJORITY].tolist() == [0, 0, 0, 0]
    assert judged.probabilities[MODEL][1] == 0.0, "a post that is no candidate is never scored"


def test_rare_posts_of_the_feed_count_by_the_inverse_of_their_chance_to_be_drawn(
    evaluation: Evaluation, real: pd.DataFrame
) -> None:
    text = prevalence_table(evaluation.real, real["corpus"], 1.0 / real["inclusion_probability"].to_numpy())
    assert f"| {GENERAL} | rpa | .091 |" in text and f"| {TRACKS} | rpa | .333 |" in text
    truth, said, weight = np.array([1, 0, 0]), np.array([1, 1, 0]), np.array([1.0, 9.0, 5.0])
    assert weighted_precision(truth, said, weight) == pytest.approx(0.1)


def test_a_lower_threshold_misses_less_and_invents_more_and_posts_near_count_as_a_feed_holds_them() -> None:
    truth, said = np.array([1, 1, 1, 0, 0]), np.array([0.9, 0.55, 0.35, 0.65, 0.1])
    weight = np.array([1.0, 1.0, 1.0, 0.3, 0.3])
    own = Judged(truth, np.ones(5, bool), {}, {MODEL: said}, weight)
    feeds = pd.Series(["one", "one", "other", "other", "other"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "TELLING_POSITIVES", 1)
        rows = threshold_table({"ai": {"w": own}}, {"ai": own}, {"ai": feeds}).splitlines()
    assert rows[2].startswith("| ai | .300 | 0 | 0 | +10.0% | .952 | 1.000 |")
    assert rows[4].startswith("| ai | .500 | 1 | 0 | -23.3% | .755 |")


def test_a_bootstrap_interval_holds_its_value_and_repeats() -> None:
    truth = np.repeat([1, 0], [30, 70])
    said = np.concatenate([np.ones(25), np.zeros(5), np.ones(5), np.zeros(65)])
    value, low, high = bootstrap(f1, truth, said)
    assert value == pytest.approx(25 / 30) and low < value < high
    assert (value, low, high) == bootstrap(f1, truth, said)
    assert np.isnan(bootstrap(f1, np.zeros(5), np.zeros(5))).all()


def test_the_area_by_ranks_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(1)
    truth, said = rng.integers(0, 2, 200), rng.random(200).round(1)
    assert auroc(truth, said) == pytest.approx(roc_auc_score(truth, said))


def test_a_folder_without_real_posts_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"real_posts.csv: no labels here"):
        read_real_posts(tmp_path)


def test_a_labelled_post_without_text_is_named(real_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(real_folder, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "labels" / "real_posts.csv"
    path.write_text(path.read_text() + f"{GENERAL},404,s,0,0,0,0,0,0,1.0\n")
    with pytest.raises(ValueError, match="1 labelled posts have no text, such as \\['404'\\]"):
        read_real_posts(tmp_path)


def test_the_chart_of_the_page_draws_every_technology(evaluation: Evaluation) -> None:
    svg = calibration_chart(evaluation.real)
    assert all(f">{technology}<" in svg for technology in TECHNOLOGIES)


def test_every_text_setting_is_measured_on_the_same_posts(
    labels: pd.DataFrame, real: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "TREES", 5)
    monkeypatch.setattr(predictors, "TECHNOLOGIES", ("rpa",))
    monkeypatch.setattr(scores, "RESAMPLES", 20)
    rows = compare_settings(labels, real, tmp_path)
    assert rows["setting"].tolist() == ["title", "full", "full_with_skills"]
    assert rows["log_loss"].is_unique and rows["real"].map(lambda score: score[0]).between(0, 1).all()
