#include <nanobind/nanobind.h>

#include "python/src/bind_doubles.h"
#include "python/src/bind_problem.h"
#include "python/src/bind_solve.h"
#include "python/src/bind_store.h"
#include "python/src/bind_tools.h"
#include "python/src/bind_tune.h"

namespace {

/// The library is compiled for WARPSHARD_ARCH, this file is not: say so rather than be killed.
void check_processor() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2"))
    throw nanobind::import_error(
        "warpshard was built for processors with AVX2; build it with "
        "-C cmake.define.WARPSHARD_ARCH=x86-64 for this one");
#endif
}

}  // namespace

NB_MODULE(_core, module) {
  check_processor();
  module.doc() = "The C++ library, as the package's Python files use it.";
  warpshard::python::bind_doubles(module);
  warpshard::python::bind_problem(module);
  warpshard::python::bind_store(module);
  warpshard::python::bind_solve(module);
  warpshard::python::bind_tools(module);
  warpshard::python::bind_tune(module);
}
