"""The tables of the sandbox."""

from __future__ import annotations

VERSION = 2
"""Of the tables: a state in a file that has another one is refused."""

# Columns are named as the API names its fields, so that most rows are answered as they are. Money
# is in minor units; `seq` keeps the order of writing.
SCHEMA = """
CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER, ids INTEGER, clock TEXT);
CREATE TABLE organizations (
    seq INTEGER PRIMARY KEY, id TEXT UNIQUE, firmId TEXT NOT NULL, name TEXT, type TEXT, slug TEXT,
    defaultCurrency TEXT, countryCode TEXT, fiscalYearStartMonth INTEGER, createdAt TEXT,
    lockedThrough TEXT
);
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, code TEXT NOT NULL, name TEXT, type TEXT,
    subType TEXT, parentId TEXT, currencyCode TEXT, isActive INTEGER, description TEXT,
    defaultTaxRateId TEXT, isSystem INTEGER, createdAt TEXT, UNIQUE (organizationId, code)
);
CREATE TABLE bankAccounts (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, accountName TEXT, accountNumber TEXT,
    bankName TEXT, currencyCode TEXT, countryCode TEXT, accountType TEXT, color TEXT, chartAccountId
    TEXT UNIQUE, isActive INTEGER, createdAt TEXT
);
CREATE INDEX bankAccountsOf ON bankAccounts (organizationId);
CREATE TABLE bankFeeds (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, bankAccountId TEXT, institutionName TEXT,
    provider TEXT, status TEXT, lastSyncedAt TEXT, error TEXT
);
CREATE TABLE contacts (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, name TEXT, email TEXT, phone TEXT, taxNumber
    TEXT, type TEXT, paymentTermsDays INTEGER, currencyCode TEXT, createdAt TEXT
);
CREATE TABLE taxRates (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, name TEXT, rate INTEGER, type TEXT, kind
    TEXT, recoverablePercent INTEGER, isDefault INTEGER, isActive INTEGER
);
CREATE TABLE documents (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, kind TEXT, contactId TEXT, number TEXT,
    status TEXT, issueDate TEXT, dueDate TEXT, total INTEGER, amountPaid INTEGER, currencyCode TEXT,
    createdAt TEXT, CHECK (amountPaid BETWEEN 0 AND total)
);
CREATE INDEX documentsOf ON documents (organizationId, kind);
CREATE TABLE payments (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, paymentNumber TEXT, documentId TEXT, amount
    INTEGER, date TEXT, method TEXT, journalEntryId TEXT, UNIQUE (organizationId, paymentNumber)
);
CREATE INDEX paymentsOf ON payments (journalEntryId);
CREATE TABLE reconciliations (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, bankAccountId TEXT, endDate TEXT, completedAt
    TEXT
);
CREATE TABLE entries (
    id TEXT PRIMARY KEY, organizationId TEXT NOT NULL, entryNumber INTEGER, date TEXT, description
    TEXT, reference TEXT, status TEXT, sourceType TEXT, sourceId TEXT, postedAt TEXT, voidedAt TEXT,
    voidReason TEXT, createdAt TEXT, UNIQUE (organizationId, entryNumber)
);
CREATE INDEX entriesByDate ON entries (organizationId, date);
CREATE TABLE lines (
    id TEXT PRIMARY KEY, journalEntryId TEXT NOT NULL, position INTEGER, accountId TEXT NOT NULL,
    description TEXT, debit INTEGER NOT NULL, credit INTEGER NOT NULL, taxRateId TEXT, currencyCode
    TEXT, CHECK (debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0))
);
CREATE INDEX linesOf ON lines (journalEntryId);
CREATE INDEX linesByAccount ON lines (accountId);
CREATE TABLE bankRows (
    seq INTEGER PRIMARY KEY, id TEXT UNIQUE, organizationId TEXT NOT NULL, bankAccountId TEXT NOT
    NULL, date TEXT, description TEXT, reference TEXT, amount INTEGER NOT NULL, status TEXT,
    reconciliationId TEXT, journalEntryId TEXT, sourceType TEXT, externalTransactionId TEXT, payee
    TEXT, counterparty TEXT, currencyCode TEXT, postedDate TEXT, pending INTEGER, accountId TEXT,
    contactId TEXT, taxRateId TEXT, createdAt TEXT
);
CREATE INDEX bankRowsByDate ON bankRows (organizationId, date);
CREATE INDEX bankRowsOf ON bankRows (bankAccountId, date);
CREATE INDEX bankRowsByEntry ON bankRows (journalEntryId);
CREATE TABLE postings (
    seq INTEGER PRIMARY KEY, organizationId TEXT NOT NULL, idempotencyKey TEXT NOT NULL, resource
    TEXT, request TEXT, journalEntryId TEXT, receipt TEXT, UNIQUE (organizationId, idempotencyKey)
);
CREATE TABLE clients (id TEXT PRIMARY KEY, name TEXT, redirectUris TEXT, issuedAt INTEGER);
CREATE TABLE codes (
    hash TEXT PRIMARY KEY, clientId TEXT, firmId TEXT, redirectUri TEXT, challenge TEXT, expiresAt
    TEXT
);
CREATE TABLE tokens (hash TEXT PRIMARY KEY, kind TEXT, clientId TEXT, firmId TEXT, expiresAt TEXT);
CREATE TABLE apiKeys (hash TEXT PRIMARY KEY, organizationId TEXT);
CREATE TABLE oauthLog (
    seq INTEGER PRIMARY KEY, at TEXT, event TEXT, clientId TEXT, tokenHash TEXT, outcome TEXT
);
"""
