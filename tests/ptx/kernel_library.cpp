#include "tests/ptx/kernel_library.h"

#include <cxxabi.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/ptx/parser.h"

namespace warpshard::ptx {
namespace {

/// A name as in the source; types of a function's, if it is the name of a type.
std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : name;
}

/// "void f<T>(int, (anonymous namespace)::T)" to "(int, (anonymous namespace)::T)"
std::string parameters_of(const std::string& function) {
  int depth = 0;
  for (std::size_t at = function.size(); at-- > 0;) {
    if (function[at] == ')') ++depth;
    if (function[at] == '(' && --depth == 0) return function.substr(at);
  }
  return "()";
}

}  // namespace

void KernelLibrary::add(std::string_view module) {
  for (EntrySource& source : split_entries(module)) {
    std::string parameters = parameters_of(demangled(source.name.c_str()));
    entries_.emplace(std::move(parameters), Entry{std::move(source), nullptr});
  }
}

const Kernel& KernelLibrary::parsed(Entry& entry) {
  if (!entry.kernel) entry.kernel = std::make_unique<const Kernel>(parse(entry.source));
  return *entry.kernel;
}

const Kernel& KernelLibrary::find(const char* signature) {
  const std::string parameters = parameters_of(demangled(signature));
  const auto [first, end] = entries_.equal_range(parameters);
  if (first == end) throw std::runtime_error("no PTX for a kernel of " + parameters);
  if (std::next(first) != end)
    throw std::runtime_error("several kernels of " + parameters + " in PTX");
  return parsed(first->second);
}

const Kernel* KernelLibrary::find_named(std::string_view part) {
  for (auto& [parameters, entry] : entries_)
    if (demangled(entry.source.name.c_str()).find(part) != std::string::npos) return &parsed(entry);
  return nullptr;
}

}  // namespace warpshard::ptx
