#pragma once

#include <nanobind/nanobind.h>

namespace warpshard::python {

void bind_tune(nanobind::module_& module);

}  // namespace warpshard::python
