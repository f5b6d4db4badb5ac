"""The firm in the box, its client companies, and what their books begin with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Company:
    """A client company."""

    slug: str
    name: str
    currency: str
    country: str
    fiscal_month: int
    bank: str


FIRM = ("ledger-co", "Ledger & Co")

COMPANIES = (
    Company("maple-street-coffee", "Maple Street Coffee", "USD", "US", 1, "First Maple Bank"),
    Company("harbor-bike-repair", "Harbor Bike Repair", "USD", "US", 7, "Harbor Credit Union"),
    Company("nordic-design", "Nordic Design ApS", "EUR", "DK", 1, "Øresund Bank"),
    Company("sakura-stationery", "Sakura Stationery KK", "JPY", "JP", 4, "Sakura Shinkin"),
)

# code, name, type, subType, system
CHART = (
    ("1010", "Checking", "asset", "bank", 0),
    ("1020", "Savings", "asset", "bank", 0),
    ("1050", "Petty cash", "asset", "cash", 0),
    ("1100", "Accounts receivable", "asset", "accounts_receivable", 1),
    ("1200", "Clearing", "asset", "clearing", 0),
    ("1300", "Inventory", "asset", "inventory", 0),
    ("1500", "Equipment", "asset", "fixed_asset", 0),
    ("1590", "Accumulated depreciation", "asset", "fixed_asset", 0),
    ("2000", "Accounts payable", "liability", "accounts_payable", 1),
    ("2100", "Credit card", "liability", "credit_card", 0),
    ("2200", "Sales tax payable", "liability", "tax", 0),
    ("2300", "Payroll liabilities", "liability", None, 0),
    ("2500", "Bank loan", "liability", "loan", 0),
    ("3000", "Owner's equity", "equity", None, 0),
    ("3100", "Owner's draw", "equity", None, 0),
    ("3200", "Retained earnings", "equity", "retained_earnings", 1),
    ("4000", "Sales", "revenue", None, 0),
    ("4100", "Service revenue", "revenue", None, 0),
    ("4900", "Interest income", "revenue", None, 0),
    ("5000", "Cost of goods sold", "expense", "cost_of_sales", 0),
    ("6000", "Wages", "expense", None, 0),
    ("6050", "Payroll taxes", "expense", None, 0),
    ("6100", "Office supplies", "expense", None, 0),
    ("6200", "Travel", "expense", None, 0),
    ("6300", "Rent", "expense", None, 0),
    ("6400", "Utilities", "expense", None, 0),
    ("6500", "Software", "expense", None, 0),
    ("6600", "Depreciation", "expense", None, 0),
    ("6700", "Bank fees", "expense", None, 0),
    ("6900", "Uncategorized expense", "expense", None, 0),
)

# name, type, e-mail, tax number, terms. Two are called alike: a lookup by name alone is not enough.
CONTACTS = (
    ("Bean Brothers Import", "supplier", "orders@beanbrothers.example", "TX-100201", 30),
    ("City Power & Water", "supplier", "billing@citypower.example", "TX-100318", 14),
    ("Corner Real Estate", "supplier", "rent@corner.example", None, 0),
    ("Delta Travel", "supplier", "desk@deltatravel.example", "TX-100444", 14),
    ("Eastside Events", "customer", "hello@eastside.example", "TX-200110", 30),
    ("Fabrik Furniture", "both", "sales@fabrik.example", "TX-300515", 30),
    ("Greenfield School", "customer", "office@greenfield.example", None, 30),
    ("Harper Consulting", "customer", "ap@harper.example", "TX-200377", 15),
    ("Metro Parts", "supplier", "parts@metro.example", "TX-100509", 30),
    ("Northwind Traders", "both", "accounts@northwind.example", "TX-300622", 45),
    ("Office Depot", "supplier", "business@officedepot.example", "TX-100733", 30),
    ("Office Depot", "supplier", "store42@officedepot.example", "TX-100734", 30),
    ("Paper & Ink", "supplier", "hi@paperandink.example", None, 14),
    ("Riverside Hotel", "customer", "purchasing@riverside.example", "TX-200888", 30),
)

# name, basis points, type, kind, recoverable percent, default, active
TAX_RATES = {
    "US": (
        ("Sales tax", 825, "sales", "sales_tax_us", 0, 1, 1),
        ("Use tax", 825, "purchase", "sales_tax_us", 0, 0, 1),
        ("Exempt", 0, "both", "exempt", 0, 0, 1),
        ("Sales tax 2024", 800, "sales", "sales_tax_us", 0, 0, 0),
    ),
    "DK": (
        ("VAT 25%", 2500, "both", "standard", 100, 1, 1),
        ("VAT 25%, partly deductible", 2500, "purchase", "partial_block", 25, 0, 1),
        ("Reverse charge", 2500, "purchase", "reverse_charge", 100, 0, 1),
        ("Exempt", 0, "both", "exempt", 0, 0, 1),
    ),
    "JP": (
        ("Consumption tax 10%", 1000, "both", "standard", 100, 1, 1),
        ("Consumption tax 8%", 800, "both", "standard", 100, 0, 1),
        ("No tax", 0, "both", "no_vat", 0, 0, 1),
    ),
}

# Those of any other country.
TAX_RATES_ELSEWHERE = (("No tax", 0, "both", "no_vat", 0, 0, 1),)

# name, type, code of the ledger account, color, feed status, feed error
BANK_ACCOUNTS = (
    ("Business checking", "checking", "1010", "#14532d", "active", None),
    ("Business savings", "savings", "1020", "#1d4ed8", "active", None),
    ("Company card", "credit_card", "2100", "#b45309", "error", "ITEM_LOGIN_REQUIRED"),
)

# number, contact, code, amount, issued, due, status. Amounts are minor units before the company's
# own factor.
BILLS = (
    ("BILL-1001", "Bean Brothers Import", "5000", 184000, "2026-04-02", "2026-05-02", "paid"),
    ("BILL-1002", "City Power & Water", "6400", 31250, "2026-04-20", "2026-05-04", "paid"),
    ("BILL-1003", "Metro Parts", "5000", 96400, "2026-05-05", "2026-06-04", "overdue"),
    ("BILL-1004", "Office Depot", "6100", 42990, "2026-05-18", "2026-06-17", "received"),
    ("BILL-1005", "Paper & Ink", "6100", 18075, "2026-05-25", "2026-06-08", "partial"),
    ("BILL-1006", "Bean Brothers Import", "5000", 203500, "2026-06-01", "2026-07-01", "received"),
    ("BILL-1007", "City Power & Water", "6400", 29860, "2026-06-05", "2026-06-19", "received"),
    ("BILL-1008", "Delta Travel", "6200", 125000, "2026-06-08", "2026-06-22", "received"),
    ("BILL-1009", "Fabrik Furniture", "1500", 480000, "2026-06-10", "2026-07-10", "received"),
    ("BILL-1010", "Northwind Traders", "1300", 310515, "2026-06-12", "2026-07-27", "received"),
    ("BILL-1011", "Metro Parts", "5000", 77320, "2026-06-15", "2026-07-15", "received"),
    ("BILL-1012", "Corner Real Estate", "6300", 260000, "2026-06-16", "2026-06-30", "received"),
    ("BILL-1013", "Paper & Ink", "6100", 9915, "2026-06-18", "2026-07-02", "received"),
    ("BILL-1014", "Office Depot", "6100", 15500, "2026-06-19", "2026-07-19", "void"),
    ("BILL-1015", "Delta Travel", "6200", 64000, "2026-06-22", "2026-07-06", "draft"),
)

INVOICES = (
    ("INV-2001", "Eastside Events", "4100", 145000, "2026-05-12", "2026-06-11", "received"),
    ("INV-2002", "Greenfield School", "4000", 88250, "2026-05-28", "2026-06-27", "received"),
    ("INV-2003", "Harper Consulting", "4100", 230000, "2026-06-09", "2026-06-24", "received"),
    ("INV-2004", "Riverside Hotel", "4000", 61775, "2026-06-17", "2026-07-17", "received"),
)
