"""The notebook's cells, one after another."""

import json
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "python" / "solve.ipynb"


def test_the_notebook_runs(capsys):
    pytest.importorskip("matplotlib").use("agg")
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict = {"__name__": "notebook"}
    for cell in cells:
        if cell["cell_type"] == "code":
            text = "".join(cell["source"]).replace("SECONDS = 5", "SECONDS = 2")
            exec(compile(text, str(NOTEBOOK), "exec"), names)  # noqa: S102
    assert names["result"].strategies is not None
    assert "variables" in capsys.readouterr().out
