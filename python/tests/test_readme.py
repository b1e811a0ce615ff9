"""The README's Python, as it is printed, on the README's instance."""

import json
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_first_code_that_a_reader_sees_is_python():
    first = re.search(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert first is not None and first[1] == "python"
    assert len(first[2].splitlines()) <= 5


@pytest.mark.parametrize(("place", "status", "cost"), [(0, "optimal", 75), (1, "optimal", None)])
def test_python_runs_as_printed(place, status, cost, tmp_path, monkeypatch, capsys):
    (instance,) = (text for text in blocks("json") if '"problem"' in text)
    monkeypatch.chdir(tmp_path)
    Path("problem.json").write_text(instance, encoding="utf-8")
    names: dict = {"__name__": "readme"}
    exec(compile(blocks("python")[place], "README.md", "exec"), names)  # noqa: S102
    result = names["result"]
    assert result.status == status
    assert cost is None or result.cost == cost
    assert capsys.readouterr().out
    json.dumps(result.strategies.tolist())


def test_all_python_of_the_readme_runs_here():
    assert len(blocks("python")) == 2
