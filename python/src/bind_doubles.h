#pragma once

#include <nanobind/nanobind.h>

namespace warpshard::python {

/// Passes over costs that are doubles, one for each thing that is to be known of all of them.
void bind_doubles(nanobind::module_& module);

}  // namespace warpshard::python
