"""How the values of each headline series were revised: the rows of the table `series_revisions`."""

import pandas as pd

from dagster_project.publishing.release.catalog import Release


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
