"""The same tasks with stripe."""

import os

import stripe


# --8<-- [start:connect]
def begin(client: stripe.StripeClient, redirect_uri: str, state: str) -> str:
    return client.oauth.authorize_url({"redirect_uri": redirect_uri, "state": state})


def end(client: stripe.StripeClient, code: str):
    return client.oauth.token({"grant_type": "authorization_code", "code": code})


# --8<-- [end:connect]
# --8<-- [start:environment]
def from_environment():
    return stripe.StripeClient(os.environ["STRIPE_SECRET_KEY"])


# --8<-- [end:environment]
# --8<-- [start:list]
def names(client: stripe.StripeClient):
    customers = client.v1.customers.list({"limit": 100})
    return [customer.name for customer in customers.auto_paging_iter()]


# --8<-- [end:list]
# --8<-- [start:lookup]
def customer(client: stripe.StripeClient):
    return client.v1.customers.search({"query": "email:'orders@beanbrothers.example'"})


# --8<-- [end:lookup]
# --8<-- [start:post]
def post(client: stripe.StripeClient, sale: str):
    return client.v1.payment_intents.create(
        {"amount": 1250, "currency": "usd"}, {"idempotency_key": f"till-{sale}"}
    )


# --8<-- [end:post]
# --8<-- [start:retries]
def patient(key: str):
    http = stripe.RequestsClient(timeout=10)
    return stripe.StripeClient(key, max_network_retries=4, http_client=http)


# --8<-- [end:retries]
# --8<-- [start:error]
def refusal(client: stripe.StripeClient):
    try:
        client.v1.payment_intents.create({"amount": -1, "currency": "usd"})
    except stripe.StripeError as error:
        return error.request_id, error.code
    raise AssertionError("nothing went wrong")


# --8<-- [end:error]
# --8<-- [start:raw]
def raw(client: stripe.StripeClient):
    response = client.v1.customers.retrieve("cus_1").last_response
    return response.code, response.headers["content-type"]


# --8<-- [end:raw]
# --8<-- [start:async]
async def awaited(client: stripe.StripeClient):
    customers = await client.v1.customers.list_async({"limit": 100})
    return [customer.name async for customer in customers.auto_paging_iter()]


# --8<-- [end:async]
# --8<-- [start:test]
def offline(address: str):
    return stripe.StripeClient("sk_test_x", base_addresses={"api": address})  # a stripe-mock


# --8<-- [end:test]
