"""
What a user's own test suite imports; never imported by the library itself.

`subrenew.testing.memory` is a storage without a database, `subrenew.testing.contracts` proves a
storage right.
"""
