"""A city's rule held against what really happened; see the data's own README for the counts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from examples import city_licences

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder():
    found = Path(os.environ.get("SUBRENEW_DATA") or ROOT.parent / "shared" / "data")
    for file in (city_licences.LICENCES, city_licences.TERMS):
        if not (found / file).is_file():
            pytest.skip(f"no {file} in {found}: name the folder of the data in SUBRENEW_DATA")
    return found


@pytest.fixture(scope="module")
def street(folder):
    return city_licences.avenue(folder)


@pytest.fixture(scope="module")
def whole(folder):
    return city_licences.city(folder)


def test_every_row_of_the_street_is_read(street):
    assert (street.rows, street.without_start) == (561, 2)


def test_nobody_paid_before_the_window_opened(street):
    assert (street.not_before_window, street.paid) == (375, 375)


def test_by_the_book_late_payments_are_refused(street):
    assert (street.allowed, street.refused_as_expired) == (264, 111)


def test_with_late_renewal_all_are_allowed(street):
    assert street.allowed_with_late == 375


def test_the_next_term_starts_where_the_old_one_ends(street):
    assert (street.contiguous, street.renewals) == (376, 376)


def test_cancelled_and_revoked_licences_are_barred(street):
    assert (street.barred, street.barred_terms, street.renewed_after_all) == (43, 43, 0)


def test_terms_of_years_end_as_the_city_says(whole):
    assert (whole.rows, whole.renewed) == (8574, 7185)
    assert (whole.two_years, whole.one_year) == (7121, 37)


def test_the_city_has_gaps_only_where_terms_are_missing(whole):
    assert (whole.contiguous, whole.followers) == (2899, 2926)


def test_it_prints_the_counts(folder, capsys):
    assert city_licences.main([str(folder)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "allowed on the day of payment, by the book 264 of 375" in lines
    assert "renewals for exactly two years 7,121 of 7,185" in lines


def test_it_runs_as_a_script(folder):
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "city_licences.py", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "375 of    375" in done.stdout


def test_a_folder_without_the_files_is_said(tmp_path, capsys):
    assert city_licences.main([str(tmp_path)]) == 2
    assert "licences.csv" in capsys.readouterr().err


def test_a_file_without_a_column_is_said(tmp_path, capsys):
    for file in (city_licences.LICENCES, city_licences.TERMS):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text("ID\n1\n")
    assert city_licences.main([str(tmp_path)]) == 2
    assert "no column 'LICENSE TERM START DATE'" in capsys.readouterr().err
