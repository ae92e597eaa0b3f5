"""The address gateways report to: `{"id", "arrived", "error"}`, signed with the channel's token."""

import hmac
import json

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yinling.kernel.errors import NotFound
from yinling.messages.channels import gateway, signature
from yinling.messages.services import take_receipt


@csrf_exempt
@require_POST
def receipt(request: HttpRequest, channel: str) -> JsonResponse:
    """Take a receipt of the SMS or voice gateway. 403 without its signature, 404 for an unknown message."""
    known = gateway(channel)
    given = request.headers.get("X-Yinling-Signature", "")
    if known is None or not known.token or not hmac.compare_digest(given, signature(known.token, request.body)):
        return JsonResponse({"error": "signature"}, status=403)
    try:
        data = json.loads(request.body)
        message = take_receipt(
            channel=channel,
            external_id=str(data["id"]),
            arrived=data["arrived"] is True,
            error=str(data.get("error", "")),
        )
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "body"}, status=400)
    except NotFound:
        return JsonResponse({"error": "unknown"}, status=404)
    return JsonResponse({"state": message.state})
