"""The interface for programs, put together. `scopes.py` says what a token may carry."""

from yinling.accounts.api import Bearer, accounts
from yinling.assessments.api import assessments
from yinling.institutions.api import institutions
from yinling.people.api import people
from yinling.places.api import places
from yinling.supervision.api import supervision
from yinling.web.api.document import document_page
from yinling.web.api.frame import Api
from yinling.worklist.api import worklist

api = Api(
    title="Yinling",
    version="1",
    description="The city's eldercare for programs: the same services and the same scope as the pages.",
    urls_namespace="api",
    docs_url=None,
    auth=Bearer(),
)
for _router in (accounts, places, people, assessments, institutions, worklist, supervision):
    api.add_router("", _router)

document = document_page(api)
