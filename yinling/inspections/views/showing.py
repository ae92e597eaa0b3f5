"""How a form of this module is shown and sent on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.refusals import refuse_form
from yinling.web.requests import StaffRequest


@dataclass(frozen=True)
class FormPage:
    """What stands around a form: heading, button, what is said afterwards, where to, what stands above."""

    heading: str
    action: str
    done: str
    to: str
    note: str = ""
    back: str = ""
    template: str = "inspections/form.html"
    more: dict[str, Any] = field(default_factory=dict)


def form_page(request: StaffRequest, form: Form, do: Callable[[dict[str, Any]], Any], page: FormPage) -> HttpResponse:
    """Show a form; when it was sent, do it and go on, or show it again with the refusal beside the field."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except Refused as no:
            refuse_form(form, no)
        else:
            if page.done:
                messages.success(request, page.done, extra_tags="ok")
            return redirect(page.to)
    context = {"form": form, "page": page, **page.more}
    return render(request, page.template, context, status=422 if form.errors else 200)
