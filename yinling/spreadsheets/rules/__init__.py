"""Decisions about cells, rows and headers of a roster. Pure: values in, values and reasons out.

`fields` says what a register can take; `text`, `names`, `dates`, `cells` clean one value; `columns` cleans
a batch; `layout` finds the header and tells rows from titles and totals; `mapping` pairs columns with fields.
"""
