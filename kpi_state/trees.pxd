from kpi_state.links cimport supersedes
from kpi_state.rows cimport Row, Shelf, decode_shelf, encode_shelf
from kpi_state.shelves cimport summary

cdef class Tree:
    cdef public str kind
    cdef public str subject
    cdef public str relation
    cdef public object shelving
    cdef public Row row
    cdef public Shelf root
    cdef public object context
    cpdef bytes key(self, str path)

cdef class Trees:
    cdef object _ledger
    cdef dict _shelves
    cdef set _written
    cpdef dict changes(self)
    cpdef object keep(self, Tree tree, str source, object rev, object value)
    cpdef object refresh(self, Tree tree, object definitions)
    cdef Shelf _shelf(self, bytes key)
    cdef object _split(self, Tree tree, Shelf shelf, str path)
    cdef object _summarise(self, Tree tree, Shelf shelf, str path)
