cdef bint _is_plain(bytes raw, int known, object plan, dict facts) except -1
cdef object _event(object plan, dict envelope, dict facts, object unknown)
