"""What templates may say of what is asked for at a piece of work: extensions, transfers, work that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.extensions import extendable_at, extension_words
from web.transfers import last_transfer, may_transfer, stands_apart, transferable_at
from web.withdrawals import goes_on_in, withdrawable_at, withdrawal_words

#: Name in templates -> function.
ASKED_FOR: Mapping[str, Any] = {
    "extension_words": extension_words,
    "extendable_at": extendable_at,
    "transferable_at": transferable_at,
    "may_transfer": may_transfer,
    "last_transfer": last_transfer,
    "transfer_stands_apart": stands_apart,
    "withdrawable_at": withdrawable_at,
    "withdrawal_words": withdrawal_words,
    "goes_on_in": goes_on_in,
}
