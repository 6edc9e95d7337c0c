"""Everything Dagster loads: the definitions of `defs/`, run in one process."""

import warnings
from pathlib import Path

import dagster as dg

# Dagster warns of a parameter that it passes itself wherever a sensor names its job.
warnings.filterwarnings("ignore", "Parameter `owners`", dg.BetaWarning)


@dg.definitions
def defs() -> dg.Definitions:
    # Steps share one warehouse file with one writer, so processes side by side would only wait for each other.
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
