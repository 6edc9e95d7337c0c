"""Work in processes that end with it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar

import joblib
from joblib.externals.loky import get_reusable_executor

Result = TypeVar("Result")


def in_processes(
    tasks: Iterable[tuple[Callable[..., Result], tuple[object, ...]]],
    workers: int,
    order: Literal["given", "finished"] = "given",
) -> Iterator[Result]:
    """What each task, a function with its arguments, gives, in the order given or in that of finishing.

    joblib keeps its processes for five minutes, with the memory that they have grown to: a gigabyte beside the run that
    goes on. These end after the last task, or the first that fails. One worker is this process.
    """
    as_joblib = {"given": "generator", "finished": "generator_unordered"}[order]
    pool = joblib.Parallel(n_jobs=workers, return_as=as_joblib, pre_dispatch="all", batch_size=1)
    try:
        yield from pool(joblib.delayed(function)(*arguments) for function, arguments in tasks)
    finally:
        if workers > 1:
            get_reusable_executor().shutdown(wait=True)
