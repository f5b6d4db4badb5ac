"""The steps from one version of the tables to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STEPS: Mapping[int, Sequence[str]] = {
    1: (
        "ALTER TABLE ledgerhq_postings ADD COLUMN connection VARCHAR(200)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN origin VARCHAR(300)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN sent_origin VARCHAR(300)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN sent_route VARCHAR(300)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN holder TEXT",
        "ALTER TABLE ledgerhq_postings ADD COLUMN alarm TEXT",
        "ALTER TABLE ledgerhq_postings ADD COLUMN added_key VARCHAR(255)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN discard_reason TEXT",
        # Receipts that name one entry must not keep the store from opening: people have to see
        # them.
        "UPDATE ledgerhq_postings SET alarm = 'The receipt of another posting names the same "
        "entry, ' || journal_entry_id || '.' WHERE (organization_id, journal_entry_id) IN (SELECT "
        "organization_id, journal_entry_id FROM ledgerhq_postings WHERE journal_entry_id IS NOT "
        "NULL GROUP BY organization_id, journal_entry_id HAVING count(*) > 1)",
        "UPDATE ledgerhq_postings SET journal_entry_id = NULL WHERE id NOT IN (SELECT min(id) "
        "FROM ledgerhq_postings GROUP BY organization_id, journal_entry_id)",
        "CREATE UNIQUE INDEX ledgerhq_postings_entry ON ledgerhq_postings (organization_id, "
        "journal_entry_id)",
        "CREATE INDEX ledgerhq_postings_held ON ledgerhq_postings (holder) WHERE lease IS NOT NULL",
        "ALTER TABLE ledgerhq_clients ADD COLUMN connection VARCHAR(200)",
        "ALTER TABLE ledgerhq_clients ADD COLUMN origin VARCHAR(300)",
        # A worker of the older release that still runs asks for pauses.until, and is refused from
        # now on.
        "DROP TABLE ledgerhq_pauses",
        "CREATE TABLE ledgerhq_pauses (origin VARCHAR(300) NOT NULL, "
        "connection VARCHAR(200) NOT NULL, organization_id VARCHAR(200) NOT NULL, "
        "ends_at {double} NOT NULL, reason TEXT NOT NULL, "
        "PRIMARY KEY (origin, connection, organization_id))",
        "CREATE TABLE ledgerhq_moved_hosts (old_origin VARCHAR(300) NOT NULL, "
        "new_origin VARCHAR(300) NOT NULL, moved_at {double} NOT NULL, PRIMARY KEY (old_origin))",
        "CREATE TABLE ledgerhq_distrusts (since {double} NOT NULL, "
        "declared_at {double} NOT NULL, PRIMARY KEY (since))",
    ),
    2: (
        "ALTER TABLE ledgerhq_tokens ADD COLUMN origin VARCHAR(300)",
        "ALTER TABLE ledgerhq_postings ADD COLUMN acknowledgement TEXT",
        "ALTER TABLE ledgerhq_postings ADD COLUMN pruned_at {double}",
        "DROP INDEX ledgerhq_postings_of",
        "CREATE INDEX ledgerhq_postings_lanes ON ledgerhq_postings (coalesce(connection, ''), "
        "coalesce(origin, ''), organization_id, in_order, due_at, id) WHERE due_at IS NOT NULL",
        "CREATE INDEX ledgerhq_postings_ordered ON ledgerhq_postings (organization_id, id) "
        "WHERE in_order{is_true} AND due_at IS NOT NULL",
        "CREATE INDEX ledgerhq_postings_waiting ON ledgerhq_postings (coalesce(connection, ''), "
        "due_at) WHERE due_at IS NOT NULL",
    ),
}
"""For each older version, the statements that lead to the next one."""
WORDS = {
    "sqlite": {"double": "DOUBLE", "is_true": " = 1"},
    "postgresql": {"double": "DOUBLE PRECISION", "is_true": ""},
}
"""The words of the steps that the databases spell differently."""
