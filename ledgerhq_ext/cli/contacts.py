"""`ledgerhq contacts`: customers and suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ledgerhq_ext import ContactType
from ledgerhq_ext.cli._commands import Company, command, new_app
from ledgerhq_ext.cli._interruption import deferred
from ledgerhq_ext.cli._invocation import Invocation
from ledgerhq_ext.cli._output import Row, column, plain_text

if TYPE_CHECKING:
    from ledgerhq_ext import Contact


_COLUMNS = (
    column("Contact", "name", flexible=True),
    column("Type", "type"),
    column("Email", "email", flexible=True),
    column("Tax number", "tax_number"),
    column("Terms", "payment_terms_days"),
    column("Currency", "currency"),
    column("Id", "id"),
)

Kind = Annotated[ContactType, typer.Option("--type", help="The type of the contact.")]


def add_to(program: typer.Typer) -> None:
    """Add the group of commands."""
    app = new_app("List and create customers and suppliers.")
    command(
        app,
        "list",
        examples=[
            'ledgerhq contacts list "Maple Street Coffee" --type supplier',
            'ledgerhq contacts list "Maple Street Coffee" --search depot --json',
        ],
    )(list_contacts)
    command(
        app,
        "create",
        examples=['ledgerhq contacts create "Maple Street Coffee" "Toner Town" --type supplier'],
    )(create)
    program.add_typer(app, name="contacts")


def list_contacts(
    run: Invocation,
    company: Company,
    search: Annotated[
        str | None, typer.Option("--search", metavar="TEXT", help="Only contacts with this text.")
    ] = None,
    type: Annotated[
        ContactType | None, typer.Option("--type", help="Only contacts of this type.")
    ] = None,
) -> None:
    """List the contacts of a company."""
    with run.client() as hq:
        _, books = run.company(hq, company)
        rows = [_contact_row(contact) for contact in books.contacts(search=search, type=type)]
    run.print("contacts", rows, _COLUMNS, empty="No contacts match.")


def create(
    run: Invocation,
    company: Company,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the contact.")],
    type: Kind,
    email: Annotated[
        str | None, typer.Option("--email", metavar="EMAIL", help="The email address.")
    ] = None,
    phone: Annotated[
        str | None, typer.Option("--phone", metavar="NUMBER", help="The phone number.")
    ] = None,
    tax_number: Annotated[
        str | None, typer.Option("--tax-number", metavar="NUMBER", help="The tax number.")
    ] = None,
    terms: Annotated[
        int | None,
        typer.Option("--terms", metavar="DAYS", min=0, help="Days until its bills are due."),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="The currency; the company's by default."),
    ] = None,
) -> None:
    """Create a contact.

    The request is sent once. If there is no response, the contact may still have been created;
    check with contacts list. Several contacts may have the same name.
    """
    with run.client() as hq, deferred():
        _, books = run.company(hq, company)
        contact = books.create_contact(
            name=name,
            type=type,
            email=email,
            phone=phone,
            tax_number=tax_number,
            payment_terms_days=terms,
            currency_code=currency,
        )
    text = plain_text(f"Created {contact.name} ({contact.type}, {contact.id}).")
    run.print_one(_contact_row(contact), text)


def _contact_row(contact: Contact) -> Row:
    return {
        "id": contact.id,
        "name": contact.name,
        "type": str(contact.type),
        "email": contact.email,
        "phone": contact.phone,
        "tax_number": contact.tax_number,
        "payment_terms_days": contact.payment_terms_days,
        "currency": contact.currency_code,
    }
