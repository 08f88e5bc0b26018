from kpi_state.buckets cimport quarter

cpdef object call(object view, dict out)
cpdef object activity(object view, dict out)
cpdef object slot(object view, dict out)
