"""A page that is one form: shown, sent, done; or shown again with the refusal beside the field."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
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
    done: str = ""
    to: str = ""
    note: str = ""
    back: str = ""
    template: str = "web/form.html"
    more: dict[str, Any] = field(default_factory=dict)  # what the template needs besides; `crumbs` for web/form.html


def form_page(
    request: StaffRequest, form: BaseForm, do: Callable[[dict[str, Any]], object], page: FormPage
) -> HttpResponse:
    """Show a form; when it was sent, do it and go on. Who may not, or finds nothing, gets the page that says so."""
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
    return show_form_page(request, form, page)


def show_form_page(request: StaffRequest, form: BaseForm, page: FormPage) -> HttpResponse:
    """The form as it stands; 422 with its errors."""
    context = {"form": form, "page": page, **page.more}
    return render(request, page.template, context, status=422 if form.errors else 200)
