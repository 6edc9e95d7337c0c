"""Everything Dagster loads: the definitions of `defs/`, and how the stages of a run are executed."""

import warnings
from importlib import import_module
from pathlib import Path

import dagster as dg

from dagster_project.settings import Settings

# Dagster warns of a parameter that it passes itself wherever a sensor names its job.
warnings.filterwarnings("ignore", "Parameter `owners`", dg.BetaWarning)


@dg.definitions
def defs() -> dg.Definitions:
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=executor_named(Settings().executor)),
    )


def executor_named(name: str) -> dg.ExecutorDefinition:
    """An executor of Dagster by its name, or of another package as `module:name`; ValueError for anything else.

    The default has one process for a run: stages share one warehouse file with one writer, so that processes side by
    side would only wait for each other.
    """
    module, _, attribute = name.rpartition(":")
    try:
        found = getattr(import_module(module or "dagster"), attribute, None)
    except ImportError as error:
        raise ValueError(f"HIRING_PULSE_EXECUTOR={name}: {error}; install the package, or set another") from error
    if not isinstance(found, dg.ExecutorDefinition):
        raise ValueError(
            f"HIRING_PULSE_EXECUTOR={name}: no executor of Dagster; set in_process_executor, multiprocess_executor, or "
            "that of another package as module:name, such as dagster_k8s:k8s_job_executor"
        )
    return found
