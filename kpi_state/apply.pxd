from kpi_state.evaluate cimport Evaluation, difference, evaluate
from kpi_state.facts cimport merge
from kpi_state.links cimport decode_link, encode_link, routing_key
from kpi_state.rows cimport Row, decode_row, encode_row, key_of
from kpi_state.tallies cimport count
from kpi_state.trees cimport Tree, Trees

cdef class _Touched:
    cdef public str kind
    cdef public str subject
    cdef public bytes key
    cdef public Row row
    cdef public Evaluation evaluation
    cdef public dict trees

cdef class Applier:
    cdef object _state, _definitions, _home, _partition
    cdef dict _touched, _people, _written, _deltas, _outgoing
    cdef Trees _trees
    cdef set _written_people
    cdef list _waiting
    cpdef bint event(self, event) except -1
    cpdef object link(self, bytes value)
    cpdef object receive(self, record)
    cdef bint _person(self, event) except -1
    cdef _Touched _touch(self, str kind, str subject)
    cdef object _wait(self, _Touched touched)
    cdef int _settle(self, _Touched touched) except -1
    cdef int _send(self, _Touched source, object address, object value) except -1
    cdef bint _keep(self, _Touched touched, object record, object shelving) except -1
    cdef object _credit(self, _Touched touched, object old, object new)
    cdef object _contribute(self, object shelving, object old, object old_credit, object new, object new_credit)
    cdef object _changes(self)
