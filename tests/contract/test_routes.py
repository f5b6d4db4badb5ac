import pytest

from scripts.contract import routes
from scripts.contract.normalise import normalise
from tests.support.contracts import STRING, answer, document


@pytest.mark.parametrize(
    ("method", "path", "name", "tag"),
    [
        ("GET", "/api/v1/accounts", "get_accounts", "accounts"),
        ("GET", "/api/v1/accounts/{id}", "get_accounts_by_id", "accounts"),
        ("GET", "/api/v1/accounts/{accountId}", "get_accounts_by_id", "accounts"),
        ("POST", "/api/v1/bank-transactions/{id}/exclude", "post_bank_transactions_by_id_exclude", "bank_transactions"),
        ("POST", "/api/v1/bankFeeds/{id}/syncNow", "post_bank_feeds_by_id_sync_now", "bank_feeds"),
        ("GET", "/api/v1/bank-accounts/{id}/transactions", "get_bank_accounts_by_id_transactions", "bank_accounts"),
        ("POST", "/api/oauth/token", "post_oauth_token", "oauth"),
        ("GET", "/.well-known/oauth-authorization-server", "get_well_known_oauth_authorization_server", "well_known"),
        ("GET", "/api/health", "get_health", "health"),
        ("GET", "/api/v2/x", "get_v2_x", "v2"),
        ("GET", "/v1/accounts", "get_accounts", "accounts"),
        ("GET", "/api/v1/reports/{id}.pdf", "get_reports_by_id_pdf", "reports"),
        ("GET", "/api/v1/companies/{c}/accounts/{a}", "get_companies_by_id_accounts_by_id", "companies"),
        ("GET", "/api/v1/{anything}", "get_by_id", "root"),
        ("GET", "/api/v1/1099-forms", "get_1099_forms", "tag_1099_forms"),
    ],
)  # fmt: skip
def test_names_follow_from_the_route(method: str, path: str, name: str, tag: str) -> None:
    assert routes.operation_name(method, path) == name
    assert routes.tag(path) == tag


@pytest.mark.parametrize(
    ("path", "renamed"),
    [
        ("/accounts/{accountId}", "/accounts/{id}"),
        (
            "/projects/{p}/bank-accounts/{b}",
            "/projects/{projects_id}/bank-accounts/{bank_accounts_id}",
        ),
        ("/api/v1/companies/{c}", "/api/v1/companies/{id}"),
        ("/api/v1/companies/{c}/accounts", "/api/v1/companies/{company_id}/accounts"),
        ("/api/v1/companies/{c}/accounts/{a}", "/api/v1/companies/{company_id}/accounts/{id}"),
        ("/companies/{c}/x/{a}/y/{b}", "/companies/{company_id}/x/{x_id}/y/{y_id}"),
        ("/x/{a}/{b}", "/x/{x_id}/{x_id2}"),
        ("/plain", "/plain"),
    ],
)
def test_path_parameters_are_called_by_their_position(path: str, renamed: str) -> None:
    assert routes.rename(path) == renamed


@pytest.mark.parametrize("other", ["/accounts", "/api/accounts", "/api/v1/accounts/"])
def test_two_routes_of_one_name_are_numbered_and_the_shorter_one_has_no_number(other: str) -> None:
    item = {"get": {"responses": answer(STRING)}}
    paths = normalise(document({"/api/v1/accounts": item, other: item}))["paths"]
    names = {path: item["get"]["operationId"] for path, item in paths.items()}
    shorter, longer = sorted(names, key=len)
    assert names == {shorter: "get_accounts", longer: "get_accounts_2"}


def test_the_path_of_the_server_belongs_to_the_route() -> None:
    contract = document({"/accounts": {"get": {"responses": answer(STRING)}}})
    contract["servers"] = [
        {"url": "https://{host}/api/v1/", "variables": {"host": {"default": "app.ledgerhq.pro"}}}
    ]
    normal = normalise(contract)
    assert list(normal["paths"]) == ["/api/v1/accounts"]
    assert normal["servers"] == [{"url": "https://app.ledgerhq.pro"}]
