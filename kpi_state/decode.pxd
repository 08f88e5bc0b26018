cdef object _event(object plan, dict envelope, dict facts, object unknown)
