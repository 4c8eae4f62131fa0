"""The one MetaData of the house: engine, identity and ledger share it, so that one Alembic history covers all."""

from __future__ import annotations

from sqlalchemy import MetaData

#: Every constraint has a name that can be foretold, so that a later revision can drop it on any database.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING_CONVENTION)
