"""The figures of docs/classifier.md: `python -m ml.evaluation.report --real FOLDER [--models FOLDER]`.

Trains the published recipe (and, without --models, the model in use) on the training posts, judges the held-out and the
real posts, and writes the tables between the two marks of the page, and the chart beside it; what people wrote around
them stays.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ml.atomic import write_text
from ml.cards.pages import calibration_svg
from ml.evaluation import tables
from ml.evaluation.labelled_feeds import read_real_posts
from ml.evaluation.predictors import (
    MODEL,
    PUBLISHED,
    SEED,
    Judged,
    compare_settings,
    fit_published,
    judge,
    own_feed_rows,
    refitted,
)
from ml.features.keywords import TECHNOLOGIES, TechnologyTerms, load_terms
from ml.features.post_texts import DEFAULT_SETTING, post_texts
from ml.labels.labelled_posts import (
    LABELS_DIR,
    agreement,
    load_labels,
    load_posts,
    load_second_pass,
    read_both_passes,
)
from ml.scores import f1, reliability
from ml.training.artifact import StoredModel, load_champion
from ml.training.contest import writers_of
from ml.training.training_set import FEED_LIKE, NEAR_SHARE

START, END = "<!-- figures: written by ml.evaluation.report -->", "<!-- end of the figures -->"
SUMMARY_START, SUMMARY_END = "<!-- summary: written by ml.evaluation.report -->", "<!-- end of the summary -->"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "classifier.md"
PERCENTS = (25, 50)
KINDS = {"hard cases": False, "feed-like posts": True}
"""Kinds of training posts, and whether their strata begin with FEED_LIKE."""
KIND_PERCENTS = (0, 50)


@dataclass(frozen=True)
class Evaluation:
    """What was judged, by technology: held-out posts, real posts without the unsure ones, all real posts; of the
    writers of feed-like posts each by a model of the others; of the two that no model ever learns from; of languages
    that none learned; the curve."""

    held_out: dict[str, Judged]
    clear: dict[str, Judged]
    real: dict[str, Judged]
    writers: dict[str, dict[str, Judged]]
    kept_unseen: dict[str, dict[str, Judged]]
    languages: dict[str, dict[str, Judged]]
    curve: dict[str, list[dict[str, object]]]
    own_feed: dict[str, list[dict[str, object]]]
    versions: dict[str, str]
    settings: pd.DataFrame


def evaluate_models(
    labels: pd.DataFrame, real: pd.DataFrame, folder: Path, models_dir: Path, settings: pd.DataFrame
) -> Evaluation:
    """labels: of `load_labels`; real: of `read_real_posts`, from folder; models_dir: holds a champion of each
    technology; settings: of `compare_settings`."""
    train, held_out = labels[~labels["is_held_out"]], labels[labels["is_held_out"]]
    kept_unseen, other_languages = (read_both_passes(LABELS_DIR / name) for name in ("kept_unseen", "other_languages"))
    result = Evaluation({}, {}, {}, {}, {}, {}, {}, {}, {}, settings)
    for technology, terms in load_terms().items():
        stored = load_champion(models_dir, technology)
        setting = stored.card.text_setting
        models = {MODEL: stored.pipeline, PUBLISHED: fit_published(train, technology, setting)}
        result.held_out[technology] = judge(held_out, models, setting, terms)
        result.real[technology] = judge(real, models, setting, terms)
        result.clear[technology] = result.real[technology].only(_is_clear(real, technology))
        result.writers[technology] = unseen_writers(stored, labels)
        result.kept_unseen[technology] = by_part(stored, kept_unseen, terms)
        result.languages[technology] = by_part(stored, other_languages, terms)
        result.curve[technology] = learning_curve(stored, train, held_out, real)
        result.own_feed[technology] = own_feed_rows(stored, labels, real, folder)
        result.versions[technology] = f"{stored.card.recipe} {stored.card.model_version}"
    return result


def unseen_writers(stored: StoredModel, labels: pd.DataFrame) -> dict[str, Judged]:
    """Of each writer of feed-like posts the clear ones, judged by the stored model's recipe fitted on all others'.

    The nearest to a new feed that written posts can come: no post of the writer was seen, nor any choice made on them.
    """
    technology, terms, setting = stored.card.technology, load_terms(), stored.card.text_setting
    writer = pd.Series(writers_of(labels), labels.index)
    is_judged = labels["stratum"].str.startswith(FEED_LIKE) & labels[f"unsure_{technology}"].eq(0)
    judged = {}
    for name in sorted(writer[is_judged].unique()):
        model = refitted(stored, labels[(writer != name) & ~labels["is_held_out"]])
        own = labels[is_judged & (writer == name)]
        judged[name] = _as_a_feed(judge(own, {MODEL: model}, setting, terms[technology]), own, technology)
    return judged


def _as_a_feed(judged: Judged, posts: pd.DataFrame, technology: str) -> Judged:
    """With the weights that posts near the technology have in a feed."""
    is_near = posts["stratum"].eq(f"{FEED_LIKE}near {technology}").to_numpy()
    return replace(judged, weight=np.where(is_near, NEAR_SHARE[technology], 1.0))


def by_part(stored: StoredModel, posts: pd.DataFrame, terms: TechnologyTerms) -> dict[str, Judged]:
    """Part -> its clear posts; posts: of `read_both_passes`, whose ids begin with it (`de001`, `u-0001`)."""
    technology, setting = stored.card.technology, stored.card.text_setting
    clear = posts[_is_clear(posts, technology)]
    parts = dict(list(clear.groupby(clear["post_id"].str.extract(r"^([a-z]+)", expand=False))))
    models = {MODEL: stored.pipeline}
    return {part: _as_a_feed(judge(own, models, setting, terms), own, technology) for part, own in parts.items()}


def learning_curve(
    stored: StoredModel, train: pd.DataFrame, held_out: pd.DataFrame, real: pd.DataFrame
) -> list[dict[str, object]]:
    """Rows kind (of the training posts that are fewer), percent (that are left of it), posts, and by judged set F1:
    held-out hard cases, held-out feed-like posts, and each real feed without its unsure posts.

    The recipe and its calibration are those of the stored model; posts are drawn at random, each share within the next.
    """
    terms = load_terms()[stored.card.technology]
    clear = real[_is_clear(real, terms.technology)]
    is_like = held_out["stratum"].str.startswith(FEED_LIKE)
    sets = {"hard cases": held_out[~is_like], "feed-like": held_out[is_like]}
    sets |= {str(feed): own for feed, own in clear.groupby("corpus")}
    rows: list[dict[str, object]] = []
    for kind, percent, part in _smaller_sets(train.sample(frac=1.0, random_state=SEED)):
        pipeline = stored.pipeline if percent == 100 else refitted(stored, part)
        judged = {
            name: judge(posts, {MODEL: pipeline}, stored.card.text_setting, terms) for name, posts in sets.items()
        }
        scores = {name: f1(own.truth, own.verdicts[MODEL]) for name, own in judged.items()}
        rows.append({"kind": kind, "percent": percent, "posts": len(part), **scores})
    return rows


def _smaller_sets(shuffled: pd.DataFrame) -> Iterator[tuple[str, int, pd.DataFrame]]:
    for percent in PERCENTS:
        yield "all", percent, shuffled.head(round(len(shuffled) * percent / 100))
    is_like = shuffled["stratum"].str.startswith(FEED_LIKE)
    for kind, is_feed_like in KINDS.items():
        own, rest = shuffled[is_like == is_feed_like], shuffled[is_like != is_feed_like]
        for percent in KIND_PERCENTS:
            yield kind, percent, pd.concat([rest, own.head(round(len(own) * percent / 100))])
    yield "all", 100, shuffled


def figures(evaluation: Evaluation, labels: pd.DataFrame, passes: pd.DataFrame, real: pd.DataFrame) -> str:
    """All tables as Markdown, each under its heading; passes: of `ml.labels.labelled_posts.agreement`."""
    versions = ", ".join(f"{technology} {version}" for technology, version in evaluation.versions.items())
    counts = f"{(~labels['is_held_out']).sum()} written posts trained on, {labels['is_held_out'].sum()} held out"
    counts += f" ({labels['is_frozen'].sum()} of them frozen)"
    corpora = {technology: real.loc[_is_clear(real, technology), "corpus"] for technology in TECHNOLOGIES}
    intro = f"{datetime.now(UTC):%Y-%m-%d}; {counts}, {len(real)} real posts never trained on. Models: {versions}."
    sections = {
        "Accuracy of 97 %": tables.accuracy_table(
            {"held-out": evaluation.held_out, "real, clear": evaluation.clear, "real, all": evaluation.real}
        ),
        **_scores_on("held-out posts", evaluation.held_out),
        **_scores_on("real posts, unsure labels left out", evaluation.clear),
        **_real_sections(evaluation, real),
        "Feed-like posts of writers that the model did not see": tables.writers_table(evaluation.writers),
        "Posts of writers that no model ever learns from": tables.writers_table(evaluation.kept_unseen),
        "Posts in other languages, which no model learned": tables.parts_table(evaluation.languages, "language"),
        "Held-out posts by category": _by_category(evaluation.held_out, labels[labels["is_held_out"]]),
        "Text settings": tables.settings_table(evaluation.settings),
        "Agreement of the two label passes": tables.agreement_table(passes),
        "Thresholds: what both errors cost": tables.threshold_table(evaluation.writers, evaluation.clear, corpora),
        "Learning curves by kind of training post": tables.rows_table(evaluation.curve),
        "Trained on a feed of one's own": tables.rows_table(evaluation.own_feed),
    }
    return "\n\n".join([intro, *(f"### {heading}\n\n{body}" for heading, body in sections.items())])


def _scores_on(posts: str, judged: dict[str, Judged]) -> dict[str, str]:
    return {
        f"Scores on {posts}": tables.score_table(judged),
        f"Verdicts counted on {posts}": tables.confusion_table(judged),
        f"The model against the others on {posts}": tables.comparison_table(judged),
        f"Calibration on {posts}": tables.calibration_table(judged),
    }


def _real_sections(evaluation: Evaluation, real: pd.DataFrame) -> dict[str, str]:
    texts = post_texts(real["title"], real["description"], real["skills"])["text"].str.len().to_numpy()
    lengths = {technology: texts[_is_clear(real, technology)] for technology in TECHNOLOGIES}
    categories = {technology: real.loc[_is_clear(real, technology), "category"] for technology in TECHNOLOGIES}
    weight = 1.0 / real["inclusion_probability"].to_numpy()
    return {
        "At the prevalence of the feeds, all labels": tables.prevalence_table(evaluation.real, real["corpus"], weight),
        "What the keyword step loses, all labels": tables.keyword_table(evaluation.real, real["corpus"], weight),
        "Real posts by length of text": tables.length_table(evaluation.clear, lengths),
        "Real posts by category": tables.category_table(evaluation.clear, categories),
    }


def _by_category(judged: dict[str, Judged], posts: pd.DataFrame) -> str:
    return tables.category_table(judged, dict.fromkeys(judged, posts["category"]))


def calibration_chart(judged: dict[str, Judged]) -> str:
    """SVG of the model's reliability on candidates, a panel a technology."""
    scored = {technology: own.only(own.is_candidate) for technology, own in judged.items()}
    return calibration_svg({t: reliability(own.truth, own.probabilities[MODEL]) for t, own in scored.items()})


def write_figures(summary: str, text: str, page: Path) -> None:
    """Replace what stands between each pair of marks of the page by one rename; ValueError for a page without them."""
    content = page.read_text(encoding="utf-8")
    for start, end, written in ((SUMMARY_START, SUMMARY_END, summary), (START, END, text)):
        if start not in content or end not in content:
            raise ValueError(f"{page}: lacks the lines {start!r} and {end!r}, between which the figures go; add them")
        before, after = content.split(start)[0], content.split(end)[1]
        content = f"{before}{start}\n{written}\n{end}{after}"
    write_text(page, content)


def _is_clear(real: pd.DataFrame, technology: str) -> np.ndarray:
    return real[f"unsure_{technology}"].eq(0).to_numpy()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the figures of docs/classifier.md.")
    parser.add_argument("--real", type=Path, required=True, help="folder with labels/real_posts.csv and the corpora")
    parser.add_argument("--models", type=Path, help="models folder of a workspace; without it models are trained")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that holds the two marks")
    options = parser.parse_args(arguments)
    labels, real = load_labels(), read_real_posts(options.real)
    passes = agreement(load_posts(LABELS_DIR / "posts"), load_second_pass(LABELS_DIR / "second_pass"))
    with tempfile.TemporaryDirectory() as folder:
        settings = compare_settings(labels, real, Path(folder))
        models = options.models or Path(folder) / DEFAULT_SETTING
        evaluation = evaluate_models(labels, real, options.real, models, settings)
    summary = tables.summary_table(evaluation.clear, evaluation.writers)
    write_figures(summary, figures(evaluation, labels, passes, real), options.page)
    chart = options.page.parent / "images" / "calibration.svg"
    chart.parent.mkdir(exist_ok=True)
    chart.write_text(calibration_chart(evaluation.clear), encoding="utf-8")


if __name__ == "__main__":
    main()
