"""The words and their grammar: slots are filled at every level, a row's own words stay the same, mistakes are named."""

import numpy as np
import pyarrow as pa
import pytest

from dagster_project.simulation.vocabulary import Context, Grammar, load_vocabulary
from dagster_project.simulation.wording import handwrite

RULES = {
    "start": ["a {colour} {thing}", "{thing}"],
    "colour": ["red", "dark {colour}"],
    "thing": ["hat", "cap"],
}


def _expand(grammar: Grammar, rule: str, n: int, context: Context) -> list[str]:
    rng = np.random.default_rng(1)
    return grammar.expand(grammar.choose(np.full(n, grammar.rule(rule)), rng), context, rng).to_pylist()


def test_slots_are_filled_at_every_level() -> None:
    texts = _expand(Grammar(RULES, ()), "start", 500, Context({}, {}))
    assert {"hat", "cap", "a red hat", "a dark red cap"} <= set(texts)
    assert not any("{" in text for text in texts)


def test_a_bound_slot_has_one_filling_in_all_of_a_rows_texts() -> None:
    grammar = Grammar({"start": ["{thing} and {thing}"], "thing": ["hat", "cap"]}, ())
    rng = np.random.default_rng(1)
    bound = grammar.choose(np.full(100, grammar.rule("thing")), rng)
    texts = _expand(grammar, "start", 100, Context({}, {"thing": bound}))
    assert set(texts) == {"hat and hat", "cap and cap"}


def test_a_dynamic_slot_takes_the_rows_own_rule() -> None:
    grammar = Grammar({"start": ["wanted: {role}"], "cook": ["cook"], "maid": ["maid"]}, ("role",))
    rules = np.array([grammar.rule("cook"), grammar.rule("maid")])
    assert _expand(grammar, "start", 2, Context({"role": rules}, {})) == ["wanted: cook", "wanted: maid"]


def test_a_slot_without_a_list_is_named() -> None:
    with pytest.raises(ValueError, match="no_such_slot"):
        Grammar({"start": ["a {no_such_slot}"]}, ())


def test_the_vocabulary_covers_twelve_categories_and_their_208_occupations() -> None:
    vocabulary = load_vocabulary()
    assert (len(vocabulary.categories), len(set(vocabulary.occupations))) == (12, 208)


def test_handwriting_keeps_most_titles_readable() -> None:
    titles = pa.array(["logo for a bakery in Ohio"] * 2000)
    written = handwrite(titles, 0.05, np.random.default_rng(2)).to_pylist()
    same = sum(text.lower().rstrip(" .!") == "logo for a bakery in ohio" for text in written)
    assert 0.92 < same / 2000 < 0.98
    assert len(set(written)) > 20
