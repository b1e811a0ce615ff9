"""Plans and bounds that outlive a run."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from warpshard import _core

if TYPE_CHECKING:
    from warpshard.problem import Problem
    from warpshard.results import Result


class StoreWarning(UserWarning):
    """Something in a store could not be read or written; no result depends on it."""


class Store:
    """A directory of plans and bounds, to which any number of processes may write at a time.

    ``warpshard store`` on the command line lists, checks, merges and prunes it; docs/store.md
    describes its files.

    Parameters
    ----------
    layers : str or path
        A folder, which need not exist, or several as "DIR:DIR:...": all are read, the first is
        written to; with nothing before the first colon none is.

    Raises
    ------
    ValueError
        If no folder is named, or something that is no folder.
    """

    def __init__(self, layers: str | os.PathLike[str]) -> None:
        self.layers = os.fspath(layers)
        self._core = _core.PlanStore(self.layers)

    def __reduce__(self) -> tuple[type[Store], tuple[str]]:
        return Store, (self.layers,)

    def __repr__(self) -> str:
        return f"Store({self.layers!r})"

    def best(self, problem: Problem) -> Result:
        """What is known of a problem, whatever its name; no search.

        Plans are verified on ``problem`` after they were read.

        Returns
        -------
        Result
            Of status "no_plan" if none is known, and source "store".
        """
        from warpshard.reading import result_of

        found, faults = self._core.best(problem._core)
        warn_of(faults)
        return result_of(problem, found, [], 0.0, None)


def open_store(store: Store | str | os.PathLike[str]) -> Store:
    return store if isinstance(store, Store) else Store(store)


def warn_of(faults: Iterable[_core.StoreFault]) -> None:
    for fault in faults:
        where = f"{fault.path}: " if fault.path else ""
        warnings.warn(f"{where}{fault.reason}", StoreWarning, stacklevel=3)
