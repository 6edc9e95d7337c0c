"""Everything Dagster loads: the definitions of `defs/`, run in one process."""

import warnings
from pathlib import Path

import dagster as dg

# Dagster warns of a parameter that it passes itself wherever a sensor names its job.
warnings.filterwarnings("ignore", "Parameter `owners`", dg.BetaWarning)

# Of some two thousand lines of a run nearly all are Dagster's own at debug level; its event log keeps them.
_console_logger = dg.colored_console_logger.configured(
    lambda config: {"log_level": config["log_level"]},
    config_schema={"log_level": dg.Field(str, default_value="INFO")},
)


@dg.definitions
def defs() -> dg.Definitions:
    # Steps share one warehouse file with one writer, so processes side by side would only wait for each other.
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor, loggers={"console": _console_logger}),
    )
