"""Files out: always as a download, never as a page of this site."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from yinling.files import services
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def download(request: StaffRequest, uid: UUID) -> StreamingHttpResponse:
    """One file the user sees. `why` in the address is kept with the look."""
    opened = services.open_file(uid, by=request.user, reason=request.GET.get("why", ""))
    return respond(opened)


def respond(opened: services.Opened) -> StreamingHttpResponse:
    """The content as a download that browsers neither guess at nor keep."""
    response = StreamingHttpResponse(opened.chunks, content_type=opened.file.media_type)
    response["Content-Length"] = str(opened.file.size)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=opened.file.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
