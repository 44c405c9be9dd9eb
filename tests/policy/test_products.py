"""Products are compared whole, whatever their case, width and blanks."""

from __future__ import annotations

import pytest

from subrenew import InvalidValue, Product
from subrenew.policy.products import product_key, product_keys


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("AutoCAD Web", "autocad web"),
        ("  AutoCAD\t\u3000WEB ", "autocad web"),
        ("\uff21\uff42\uff43", "abc"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_the_form_in_which_names_are_compared(name: str, key: str) -> None:
    """Case-folded, width-normalised, blanks collapsed; and the form is its own form."""
    assert product_key(name) == key
    assert product_key(key) == key


def test_every_name_of_every_product() -> None:
    """The code comes first, aliases follow it, each in the form compared."""
    products = (Product(code="Flow", aliases=frozenset({"ShotGrid"})), Product(code="CAD"))
    assert product_keys(products) == ["flow", "shotgrid", "cad"]


@pytest.mark.parametrize("fields", [{"code": ""}, {"code": "CAD", "aliases": frozenset({1})}])
def test_products_are_checked(fields) -> None:
    """A code is text, and aliases are a frozenset of texts."""
    with pytest.raises(InvalidValue, match=r"Product\."):
        Product(**fields)
