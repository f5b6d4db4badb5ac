"""An app that speaks to LedgerHQ by hand: what many partner apps began with."""

import json
import time
from pathlib import Path

import httpx


class HandWrittenClient:
    """Refreshes tokens, walks pages, retries, and posts dollars."""

    def __init__(self, base_url: str, token_file: Path) -> None:
        self.base_url = base_url
        self.token_file = token_file
        self.http = httpx.Client(timeout=30)

    def token(self) -> str:
        tokens = json.loads(self.token_file.read_text())
        if tokens["expires_at"] < time.time() + 60:
            answer = self.http.post(
                f"{self.base_url}/api/oauth/token",
                data={
                    "grant_type": "refresh_token",
                    "client_id": tokens["client_id"],
                    "refresh_token": tokens["refresh_token"],
                },
            )
            answer.raise_for_status()
            tokens.update(answer.json())
            tokens["expires_at"] = time.time() + tokens["expires_in"]
            self.token_file.write_text(json.dumps(tokens))
        return str(tokens["access_token"])

    def request(self, method: str, path: str, company: str, **options: object) -> dict:
        headers = {"Authorization": f"Bearer {self.token()}", "x-organization-id": company}
        headers.update(options.pop("headers", {}))
        for attempt in range(4):
            try:
                answer = self.http.request(method, self.base_url + path, headers=headers, **options)
            except httpx.TransportError:
                time.sleep(2**attempt)
                continue
            if answer.status_code in (429, 500, 502, 503):
                time.sleep(2**attempt)
                continue
            answer.raise_for_status()
            return answer.json()
        raise RuntimeError("LedgerHQ does not answer")

    def unreconciled(self, company: str) -> list[dict]:
        rows, page = [], 1
        while True:
            query = {"status": "unreconciled", "page": page, "limit": 100}
            answer = self.request("GET", "/api/v1/bank-transactions", company, params=query)
            rows += answer["data"]
            if page >= answer["pagination"]["totalPages"]:
                return rows
            page += 1

    def post_purchase(self, company: str, bank: str, expense: str, bill: dict) -> dict:
        body = {
            "txnDate": bill["day"],
            "payeeName": bill["payee"],
            "sourceAccountId": bank,
            "lines": [{"accountId": expense, "amount": int(bill["dollars"] * 100)}],
        }
        key = f"acme-purchase-{bill['id']}"
        headers = {"Idempotency-Key": key}
        return self.request("POST", "/api/v1/purchases", company, json=body, headers=headers)
