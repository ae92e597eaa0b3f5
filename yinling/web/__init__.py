"""web: the look. Base templates, components, template tags, menus and panels, paging, refusals as pages.

Words it owns: shell, rail, panel, door (a number that opens), duty clock, why line, fragment, sentence.
Doors: `registry` (menus and panels, filled by config/navigation.py), `paging.keyset_page`,
`sentences.sentence`, `form_pages.form_page` (a page that is one form), `refusals.refusals_beside` (one form of
several), the template tags in `templatetags/look.py` and `templatetags/words.py` (docs/how-to/components.md lists
them all), and the base templates in `templates/web/`.
It knows no subject and owns no table.
"""
