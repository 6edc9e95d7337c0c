"""What later releases made of a released value, measured as revisions analysis does.

A revision is the later value minus the earlier one, in the value's own unit. Measures after R. McKenzie and M. Gamba,
'Interpreting the results of revision analyses: recommended summary statistics', OECD/Eurostat Task Force on Performing
Revisions Analysis for Sub-Annual Economic Statistics, 2008: mean revision (bias), mean absolute revision, share of
signs that changed.
"""

import numpy as np
import pandas as pd

from dagster_project.publishing.catalog import Release

ROW = ["series_id", "value_key"]
DIGITS = 6


def measure_revisions(vintages: pd.DataFrame, present: int) -> pd.DataFrame:
    """One row a value that the present marts have, and a value that an earlier release had and they do not.

    vintages: series_id, value_key, label, period_end, definition_version, value, value_low, value_high, vintage (the
    place of the release in the history; `present` is that of the marts to be released). No value is null.
    Adds status, vintage_count, not_comparable_count, revision_count, first_vintage, first_, previous_ and latest_value
    (previous and latest with _low and _high), revision (latest - previous), first_to_latest_revision,
    mean_absolute_revision (of successive vintages, null for a single one), sign_flip_count, revision_in_half_widths.
    """
    rows = _rows(vintages, present)
    matched = rows[["row", *ROW, "definition_version"]].merge(vintages, on=ROW, suffixes=("", "_then"))
    is_same = matched["definition_version"] == matched["definition_version_then"]
    measured = _from_chain(matched[is_same], present)
    rows = rows.join(measured, on="row")
    elsewhere = _not_comparable(matched.assign(is_same=is_same))
    rows["not_comparable_count"] = rows["row"].map(elsewhere).fillna(0).astype(int)
    rows["vintage_count"] = rows["vintage_count"].astype(int)
    rows["status"] = _status(rows)
    return rows.drop(columns="row").sort_values([*ROW, "definition_version"], ignore_index=True)


def _rows(vintages: pd.DataFrame, present: int) -> pd.DataFrame:
    """The present values, then the last row of those that are gone; `row` numbers them."""
    is_present = vintages["vintage"] == present
    now = vintages[is_present]
    past = vintages[~is_present].sort_values("vintage", kind="stable")
    is_gone = ~pd.MultiIndex.from_frame(past[ROW]).isin(pd.MultiIndex.from_frame(now[ROW]))
    gone = past[is_gone].drop_duplicates([*ROW, "definition_version"], keep="last")
    # Of a value gone under several definitions only the last one was withdrawn; the others had been replaced before.
    gone = gone[gone["vintage"] == gone.groupby(ROW)["vintage"].transform("max")]
    columns = [*ROW, "label", "period_end", "definition_version"]
    rows = pd.concat([now[columns], gone[columns]], ignore_index=True)
    return rows.assign(row=np.arange(len(rows)))


def _from_chain(chain: pd.DataFrame, present: int) -> pd.DataFrame:
    """Measures of the comparable vintages of each row, by `row`."""
    chain = chain.sort_values(["row", "vintage"], kind="stable")
    groups = chain.groupby("row")
    step = groups["value"].diff().round(DIGITS)
    before = groups["value"].shift()
    chain = chain.assign(step=step, size=step.abs(), is_step=step.fillna(0) != 0, is_flip=chain["value"] * before < 0)
    past, now = chain[chain["vintage"] < present], chain[chain["vintage"] == present]
    ends = ["value", "value_low", "value_high"]
    measures = chain.groupby("row").agg(
        vintage_count=("vintage", "size"),
        first_vintage=("vintage", "first"),
        first_value=("value", "first"),
        revision_count=("is_step", "sum"),
        mean_absolute_revision=("size", "mean"),
        sign_flip_count=("is_flip", "sum"),
    )
    # tail, not last: `last` would pass over a bound that is null
    previous = past.groupby("row").tail(1).set_index("row")[ends].add_prefix("previous_")
    measures = measures.join(previous).join(now.set_index("row")[ends].add_prefix("latest_"))
    measures["revision"] = (measures["latest_value"] - measures["previous_value"]).round(DIGITS)
    first_to_latest = (measures["latest_value"] - measures["first_value"]).round(DIGITS)
    measures["first_to_latest_revision"] = first_to_latest.where(measures["previous_value"].notna())
    half_width = (measures["previous_value_high"] - measures["previous_value_low"]) / 2
    in_half_widths = measures["revision"].abs() / half_width.where(half_width > 0)
    return measures.assign(revision_in_half_widths=in_half_widths)


def _not_comparable(matched: pd.DataFrame) -> pd.Series:
    """Vintages that have the value only under another definition or wording, by `row`."""
    has_same = matched.groupby(["row", "vintage"])["is_same"].any()
    return (~has_same).groupby("row").sum()


def _status(rows: pd.DataFrame) -> pd.Series:
    has_value, had_value = rows["latest_value"].notna(), rows["previous_value"].notna()
    choices = [
        (~has_value, "withdrawn"),
        (had_value & (rows["revision"] == 0), "unchanged"),
        (had_value, "revised"),
        (rows["not_comparable_count"] > 0, "not_comparable"),
    ]
    return pd.Series(np.select([test for test, _ in choices], [name for _, name in choices], "new"), index=rows.index)


def summarise(values: pd.DataFrame, releases: list[Release]) -> pd.DataFrame:
    """One row a series of `values` (columns of the table `revisions`)."""
    names = ["series_id", "series", "unit"]
    flags = pd.DataFrame(
        {
            "value_count": values["latest_value"].notna(),
            "new_count": values["status"].eq("new"),
            "compared_count": values["revision"].notna(),
            "revised_count": values["status"].eq("revised"),
            "withdrawn_count": values["status"].eq("withdrawn"),
            "incomparable_count": values["status"].eq("not_comparable"),
            "sign_flip_count": values["latest_value"] * values["previous_value"] < 0,
        }
    ).astype(int)
    size = values["revision"].abs()
    measures = pd.DataFrame(
        {
            "mean_revision": values["revision"],
            "mean_absolute_revision": size,
            "first_to_latest_mean_absolute_revision": values["first_to_latest_revision"].abs(),
        }
    )
    days = values["days_to_first_release"].where(_is_own_month(values, releases)).astype("Float64")
    groups = [values[name] for name in names]
    summary = [
        flags.groupby(groups).sum(),
        measures.groupby(groups).mean(),
        size.groupby(groups).max().rename("largest_absolute_revision"),
        days.groupby(groups).median().rename("median_days_to_first_release"),
    ]
    return pd.concat(summary, axis=1).reset_index()


def _is_own_month(values: pd.DataFrame, releases: list[Release]) -> pd.Series:
    """Whether the value was first released with the report of its own month: months loaded as history tell no speed."""
    months = {release.id: release.month for release in releases}
    own = values["first_release_id"].map(months)
    return own.notna() & (own == pd.to_datetime(values["period_end"]).dt.strftime("%Y-%m"))
