"""The example's storage keeps what `subrenew.repositories` promises, on PostgreSQL."""

import os

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'examples' is not installed")

from examples.webshop.storage import SqlStorage
from examples.webshop.tables import METADATA
from subrenew.testing.contracts import StorageContract

URL = os.environ.get("SUBRENEW_POSTGRES_URL")
if URL is None:
    pytest.skip("no PostgreSQL at hand: run `make test-postgres`", allow_module_level=True)


class TestOnPostgres(StorageContract):
    @pytest.fixture
    def storage(self):
        storage = SqlStorage(URL)
        METADATA.drop_all(storage.engine)
        storage.create_tables()
        yield storage
        storage.close()
