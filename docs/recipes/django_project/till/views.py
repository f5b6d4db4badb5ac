"""Connecting the firm, choosing its books, and selling."""

import json

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from ledgerhq_ext import AuthorizationRequest, Deposit, DepositLine
from till.ledger import hq, outbox, store
from till.models import Sale


@require_GET
def connect(request: HttpRequest) -> HttpResponse:
    """Send the owner of the firm to LedgerHQ's consent page."""
    consent = hq.authorization_request(f"{settings.PUBLIC_URL}/callback")
    request.session["consent"] = consent.to_json()
    return HttpResponseRedirect(consent.url)


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back, and store the tokens of the firm."""
    consent = request.session.pop("consent", None)
    if consent is None:
        detail = "Nobody asked for this consent. Begin again at /connect."
        return JsonResponse({"detail": detail}, status=400)

    hq.connect(request.build_absolute_uri(), AuthorizationRequest.from_json(consent))
    companies = [company.name for company in hq.organizations(type="client")]
    return JsonResponse({"companies": companies})


# The views below are for machines: let yours sign their requests. Forms keep Django's protection.


@csrf_exempt
@require_POST
def choose_books(request: HttpRequest) -> HttpResponse:
    """Remember whose books the sales go to. From here on, a sale needs no answer from LedgerHQ."""
    choice = json.loads(request.body)
    books = hq.organization(hq.company(choice["company"]))
    accounts = books.accounts()
    links = store.accounts(books)
    links.link("cash", accounts.by_code(choice["cash"]))
    links.link("sales", accounts.by_code(choice["sales"]))
    store.clients.link("till", books)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def sell(request: HttpRequest) -> HttpResponse:
    """Keep a sale and its posting, both or neither. The worker posts it."""
    sale = json.loads(request.body)
    books = hq.organization(store.clients.organization_of("till"))
    links = store.accounts(books)
    line = DepositLine(account_id=links.of("sales").account_id, amount=sale["cents"])
    deposit = Deposit(
        txn_date=sale["day"],
        destination_account_id=links.of("cash").account_id,
        lines=[line],
    )

    with transaction.atomic():
        Sale.objects.get_or_create(number=sale["number"], defaults=sale)
        source = ("acme-till", sale["number"])
        outbox.add(books, deposit, source=source, transaction=connection)
    return JsonResponse({"number": sale["number"]}, status=202)
