"""Answers for errors of the library, in one place."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from ledgerhq_ext import InputError, LedgerHQError, OAuthError, RecordLookupError


class ExplainErrors:
    """Tells the caller whether to correct a request, or to send the same one again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_exception(self, _: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for an error of the library; any other is Django's."""
        if not isinstance(error, LedgerHQError):
            return None
        if isinstance(error, OAuthError):
            return JsonResponse({"detail": "Connect the firm again, at /connect."}, status=503)
        if isinstance(error, RecordLookupError):
            return JsonResponse({"detail": error.message}, status=404)
        if isinstance(error, InputError) or error.outcome == "rejected":
            return JsonResponse({"detail": str(error)}, status=422)
        return JsonResponse({"detail": "Send the same request again."}, status=503)
