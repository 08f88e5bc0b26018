from exporters.numbers cimport Number

cdef class Column:
    cdef public object family
    cdef object _write, _joined, _count
    cdef bint _sparse
    cdef dict _bodies
    cpdef object write(self, list blocks, numbers)

cdef class Sheet:
    cdef list _columns
    cdef dict _blocks, _dirty
    cdef object _size
    cpdef object put(self, Number number, str labels)
    cpdef object change(self, Number number)
    cpdef object drop(self, Number number)
