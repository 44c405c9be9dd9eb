"""The example's storage keeps what `subrenew.repositories` promises, on SQLite."""

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

from examples.webshop.storage import SqlStorage
from subrenew.testing.contracts import StorageContract


class TestOnSqlite(StorageContract):
    @pytest.fixture
    def storage(self, tmp_path):
        storage = SqlStorage(f"sqlite:///{tmp_path / 'shop.sqlite'}")
        storage.create_tables()
        yield storage
        storage.close()


class TestInMemory(StorageContract):
    @pytest.fixture
    def storage(self):
        storage = SqlStorage("sqlite://")
        storage.create_tables()
        yield storage
        storage.close()
