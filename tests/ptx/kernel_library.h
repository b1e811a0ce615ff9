#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ptx/kernel.h"
#include "tests/ptx/source.h"

namespace warpshard::ptx {

/// The kernels of some modules. A kernel is known by the types of its parameters, which is what a
/// launch in C++ can tell: no two of the project's have the same.
class KernelLibrary {
 public:
  /// Takes in a module.
  void add(std::string_view module);

  /// The kernel of these parameters, mangled as one function's type. Parsed when it is first asked
  /// for. Throws std::runtime_error if there is none, or more than one.
  const Kernel& find(const char* signature);

  /// The first kernel whose name, as in the source, holds `part`; null if there is none.
  const Kernel* find_named(std::string_view part);

 private:
  struct Entry {
    EntrySource source;
    std::unique_ptr<const Kernel> kernel;
  };
  const Kernel& parsed(Entry& entry);

  std::multimap<std::string, Entry> entries_;  ///< by parameters, as in the source
};

}  // namespace warpshard::ptx
