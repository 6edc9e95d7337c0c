"""The planted truths, read from `planted.yml`, typed and checked; and other worlds, small tables laid over them."""

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, field_validator

PLANTED_PATH = Path(__file__).with_name("planted.yml")
Shares = dict[str, float]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Volume(_Row):
    size: Shares
    month_of_year: list[float]
    weekday: list[float]
    holiday: float
    day_noise: float
    month_noise: float
    market_noise: float
    month_persistence: float
    season_drift: float
    hour_of_day_utc: list[float]

    @field_validator("size")
    @classmethod
    def _grows_from_above_zero(cls, size: Shares) -> Shares:
        if not size or min(size.values()) <= 0:
            raise ValueError(f"size is {size}; give at least one month, every size above 0")
        return size


class SubCategory(_Row):
    name: str
    occupations: list[str]
    post_share: float
    growth: Shares = {}


class Skill(_Row):
    """weight: how often a post of the technology names it; categories: those that ask for it, without any all do."""

    weight: float
    since: str = "0000-00"
    categories: list[str] = []


class Technology(_Row):
    prevalence: Shares
    composition: dict[str, Shares]
    affinity: Shares = {}
    plain_title: float
    implicit: float
    skills: dict[str, Skill]
    skill_factors: dict[str, Shares] = {}

    @field_validator("composition")
    @classmethod
    def _sums_to_one(cls, composition: dict[str, Shares]) -> dict[str, Shares]:
        for since, shares in composition.items():
            if abs(sum(shares.values()) - 1) > 1e-9:
                raise ValueError(f"composition from {since} sums to {sum(shares.values()):.6f}; make it 1")
        return composition


class Value(_Row):
    fixed: float
    budget_median: float
    budget_sigma: float
    rate_median: float
    rate_sigma: float
    high_value_share: float
    ai_high_value_share: float


class Clients(_Row):
    cluster_sizes: dict[int, float]
    same_technology: float
    pool_per_post: float
    several_categories: float
    countries: Shares
    country_unknown: float


class Renamed(_Row):
    category: str
    was: str
    until: str


class Nuisance(_Row):
    repeated_same_month: float
    repeated_next_month: float
    changed_when_repeated: float
    unacceptable: float
    typos: float
    late: float
    outages: dict[str, list[int]]
    renamed: list[Renamed]


class Pulse(_Row):
    first_wave: str
    respondents: int
    panel: int
    answers: dict[str, Shares]
    wording_from: dict[str, str]
    countries: Shares
    sizes: Shares
    industries: Shares


class Audit(_Row):
    mentioned: float
    other: float
    words: str


class Contracts(_Row):
    hired: float
    start_lag_days: float
    months_open: float
    months_followed: int
    stays_open: float
    redrawn: float
    unknown_high: float
    unknown_low: float
    without_post: float
    late: float
    corrected: float
    unacceptable: float


class SearchSeries(_Row):
    per_post: Shares
    month_noise: float
    terms: Shares


class Searches(_Row):
    first_month: str
    counted_late: float
    series: dict[str, SearchSeries]


class QuotedConstant(_Row):
    constant_id: str
    value: float
    unit: str
    source: str
    as_of_date: str


class Study(_Row):
    waves: list[str]
    quotas: dict[str, int]
    ineligible: float
    missing_answer: float
    countries: Shares
    ages: dict[int, float]
    genders: Shares
    educations: Shares
    computer_use: Shares
    gain: dict[int, float]
    gain_top: int
    answers: dict[str, dict[str, Shares]]
    choices: dict[str, dict[str, Shares]]

    @field_validator("answers")
    @classmethod
    def _answers_sum_to_one(cls, answers: dict[str, dict[str, Shares]]) -> dict[str, dict[str, Shares]]:
        for question, populations in answers.items():
            for population, shares in populations.items():
                if abs(sum(shares.values()) - 1) > 1e-9:
                    raise ValueError(f"{question}, {population}: shares sum to {sum(shares.values()):.6f}; make it 1")
        return answers


class Implied(_Row):
    """A pooled figure that the table must imply: a composition, a share of high values, or a growth."""

    what: str
    period: str
    technology: str
    within: float
    categories: list[str] = []
    composition: float | None = None
    high_value: float | None = None
    next_period: str | None = None
    growth: float | None = None


class Planted(_Row):
    """Everything that is planted; see the comments of `planted.yml` for the meaning and unit of each key."""

    volume: Volume
    category_share: Shares
    growth_basis: Literal["raw", "underlying"]
    sub_categories: list[SubCategory]
    technologies: dict[str, Technology]
    hard_negative_share: float
    text_errors: dict[str, Shares]
    incidental_mention_share: float
    unknown_value_share: float
    high_value_usd: float
    values: dict[str, Value]
    clients: Clients
    nuisance: Nuisance
    pulse: Pulse
    audit: Audit
    contracts: Contracts
    searches: Searches
    quoted_constants: list[QuotedConstant]
    study: Study
    implied: list[Implied]

    @field_validator("category_share")
    @classmethod
    def _categories_sum_to_one(cls, shares: Shares) -> Shares:
        if abs(sum(shares.values()) - 1) > 1e-9:
            raise ValueError(f"category_share sums to {sum(shares.values()):.6f}; make it 1")
        return shares


@lru_cache
def load_planted() -> Planted:
    """Read the table of planted truths; a missing or unknown key raises pydantic.ValidationError."""
    return Planted.model_validate(yaml.safe_load(PLANTED_PATH.read_text(encoding="utf-8")))


WORLDS_PATH = Path(__file__).with_name("tables")
PLANTED_WORLD = "planted"
RANGE, REST = "between", "rest"


def world_names() -> list[str]:
    """Names that a world may be given by; a path of one's own table does as well."""
    return [PLANTED_WORLD, *sorted(path.stem for path in WORLDS_PATH.glob("*.yml"))]


@lru_cache
def load_world(world: str, seed: int) -> Planted:
    """The truths of one world; ValueError for an unknown name, pydantic.ValidationError for an unknown key."""
    table = yaml.safe_load(PLANTED_PATH.read_text(encoding="utf-8"))
    if world != PLANTED_WORLD:
        table = laid_over(table, yaml.safe_load(world_path(world).read_text(encoding="utf-8")) or {})
    return Planted.model_validate(drawn(table, seed))


def world_path(world: str) -> Path:
    """The file of a world other than the planted one."""
    path = Path(world) if world.endswith((".yml", ".yaml")) else WORLDS_PATH / f"{world}.yml"
    if not path.is_file():
        raise ValueError(f"no world {world!r}: give one of {', '.join(world_names())}, or the path of a .yml file")
    return path


def laid_over(below: Any, above: Any) -> Any:
    """`above` laid over `below`: keys and named rows one by one, anything else whole; a key without a value goes."""
    if isinstance(below, dict) and isinstance(above, dict) and RANGE not in above:
        merged = below | {key: laid_over(below.get(key), value) for key, value in above.items()}
        return {key: value for key, value in merged.items() if value is not None}
    if _has_names(below) and _has_names(above):
        rows = laid_over({row["name"]: row for row in below}, {row["name"]: row for row in above})
        return list(rows.values())
    return above


def _has_names(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and "name" in row for row in rows)


def drawn(table: Any, seed: int, path: str = "") -> Any:
    """The table with every range drawn by the seed and its own place in the table, and every `rest` filled in."""
    if isinstance(table, list):
        return [drawn(value, seed, f"{path}/{number}") for number, value in enumerate(table)]
    if not isinstance(table, dict):
        return table
    if RANGE in table:
        low, high = table[RANGE]
        return float(np.random.default_rng([seed, zlib.crc32(path.encode())]).uniform(low, high))
    values = {key: drawn(value, seed, f"{path}/{key}") for key, value in table.items()}
    rest = [key for key, value in values.items() if value == REST]
    if len(rest) > 1:
        raise ValueError(f"{path}: only one of {rest} can be the rest")
    return values | {key: 1 - sum(value for other, value in values.items() if other != key) for key in rest}
