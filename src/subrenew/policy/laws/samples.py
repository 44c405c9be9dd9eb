"""
Every law that comes with the library: sample data, not legal advice.

Each was read on the day given, most of them in reports and not in the statute; verify before use.
A figure that the source does not give for certain is not guessed (`Law.unset`).

>>> [law.id for law in LAWS]
['fr/l215-1', 'de/bgb-309-9', 'us-ca/arl', 'us-ca/ab-2863', 'us-ny/gol-5-903', 'us-ny/gbl-527-a',
 'gb/dmcc-258', 'in/rbi-e-mandate']
"""

from __future__ import annotations

from typing import Final

from subrenew.policy.laws.california import AB_2863, ARL
from subrenew.policy.laws.france import L215_1
from subrenew.policy.laws.germany import BGB_309_9
from subrenew.policy.laws.india import E_MANDATE
from subrenew.policy.laws.new_york import GBL_527_A, GOL_5_903
from subrenew.policy.laws.united_kingdom import DMCC_258

__all__ = ["LAWS"]

#: By country and state.
LAWS: Final = (
    L215_1,
    BGB_309_9,
    ARL,
    AB_2863,
    GOL_5_903,
    GBL_527_A,
    DMCC_258,
    E_MANDATE,
)
