"""A registrar's price list: most renewals are not the cheaper ones."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from examples import domain_prices
from subrenew import Money

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def file():
    folder = Path(os.environ.get("SUBRENEW_DATA") or ROOT.parent / "shared" / "data")
    found = folder / "tld-prices-a" / "prices.json"
    if not found.is_file():
        pytest.skip(f"no {found}: name the folder of the data in SUBRENEW_DATA")
    return found


@pytest.fixture(scope="module")
def made(file):
    domains, problems = domain_prices.read(file)
    assert problems == ()
    return domain_prices.report(domains)


def test_renewals_are_mostly_not_cheaper(made):
    assert (made.dearer, made.equal, made.cheaper) == (209, 168, 23)
    assert len(made.domains) == 400


def test_those_that_are_cheaper_keep_the_floor(made):
    assert len(made.kept) == 23
    assert made.kept[-1].name == "nz"
    assert f"{made.kept[-1].saving:.2%}" == "8.68%"


def test_a_price_of_zero_has_no_rate(made):
    assert made.without_rate == ("txt",)
    assert "txt" not in {each.name for each in made.kept}


def test_one_is_left_without_the_names_outside_the_public_dns(made):
    assert [each.special for each in made.left] == [None]


def test_thousands_commas_are_read(made):
    assert max(each.renewal for each in made.domains) == Money("2575.16", "USD")


def test_it_prints_the_best_ten(file, capsys):
    assert domain_prices.main([str(file)]) == 0
    out = capsys.readouterr().out
    assert "23 of 400 save 5% or more" in out
    assert "smallest saving of these 8.68%: nz" in out
    assert "handshake excluded: 1 of 23 left" in out
    assert len(out.split("\n\n")[1].splitlines()) == 11


def test_it_runs_as_a_script(file):
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "domain_prices.py", file],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "renewal dearer 209, equal 168, cheaper 23" in done.stdout


def test_exactly_the_floor_keeps_it(tmp_path):
    domains = {
        "at": {"registration": "10.00", "renewal": "9.50"},
        "below": {"registration": "10.00", "renewal": "9.51"},
        "above": {"registration": "1,000.00", "renewal": "949.99"},
    }
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(domains))
    made = domain_prices.report(domain_prices.read(path)[0])
    assert [(each.name, each.saving) for each in made.kept] == [
        ("above", Decimal("0.050010")),
        ("at", Decimal("0.050000")),
    ]


def test_what_is_no_price_is_reported_and_the_others_are_read(tmp_path, capsys):
    path = tmp_path / "prices.json"
    wrong = {"registration": "ten", "renewal": "1.00"}
    path.write_text(
        json.dumps(
            {
                "a": wrong,
                "b": 7,
                "c": {"registration": 1.5},
                "d": {"registration": "2.00", "renewal": "1.00"},
            }
        )
    )
    assert domain_prices.main([str(path)]) == 1
    said = capsys.readouterr()
    assert [line.split(": ")[1] for line in said.err.splitlines()] == ["a", "b", "c"]
    assert "1 prices" in said.out


@pytest.mark.parametrize("text", ["[]", "{", ""])
def test_what_is_no_price_list_is_refused(tmp_path, capsys, text):
    path = tmp_path / "prices.json"
    path.write_text(text)
    assert domain_prices.main([str(path)]) == 2
    assert "domain_prices: " in capsys.readouterr().err
