cdef class Number:
    cdef public object place, amounts, changed_at
    cdef public str grain, key, bucket
    cdef public bint comparable

cdef class Log:
    cdef dict _held
    cdef list _newest, _versions
    cdef object _logged
    cdef public object forgotten, latest
    cpdef object change(self, Number number, str bucket, amounts, version)
    cpdef list since(self, version)
    cdef object _begin(self, version)
