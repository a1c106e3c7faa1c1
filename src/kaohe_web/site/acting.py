"""How a page does something: one action, told what it refused, and back to where one was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from kaohe_web.site.language import language
from kaohe_web.site.refusals import Forbidden, Refused


def act(request: HttpRequest, done: str | Callable[[], str], run: Callable[[], object], back: str) -> HttpResponse:
    """Run one action and go to `back`; say what was done, or every reason why not. What is not the user's to do is not there."""
    went(request, done, run)
    return HttpResponseRedirect(back)


def went(request: HttpRequest, done: str | Callable[[], str], run: Callable[[], object]) -> bool:
    """Whether one action was done; told either way. A form that it refuses can be shown again as it was filled in."""
    try:
        run()
    except Refused as refused:
        for reason in refused.tell(language()):
            messages.error(request, reason)
        return False
    if told := done() if callable(done) else done:
        messages.success(request, told)
    return True


def hides(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view in which whatever is forbidden does not exist."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Forbidden as forbidden:
            raise Http404 from forbidden

    return shown


def needs(*rights: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view that is there only for who holds one of these rights at all; over what, its action looks."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.standing.has(*rights):
                raise Http404
            return view(request, *args, **kwargs)

        return shown

    return guard
