"""Files with source transactions: CSV, JSON lines, and journals of hledger and beancount."""
