#include "tests/ptx/symbols.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "tests/ptx/mnemonic.h"
#include "tests/ptx/source.h"

namespace warpshard::ptx {
namespace {

/// Shared memory that a launch asks for, and a lane's local memory, begin at a multiple of so many
/// bytes: the widest access.
constexpr std::int64_t kWidestAccess = 16;

std::int64_t rounded_up(std::int64_t bytes, std::int64_t multiple) {
  return (bytes + multiple - 1) / multiple * multiple;
}

struct Variable {
  std::string name;
  std::int64_t bytes = 0;
  std::int64_t alignment = 1;
  bool open = false;  ///< an array without a length
};

Variable parse_variable(std::string_view directive) {
  std::istringstream words{std::string(directive)};
  Variable variable;
  std::int64_t element = 0;
  for (std::string word; words >> word;) {
    if (word == ".align") {
      words >> variable.alignment;
    } else if (word.front() != '.') {
      variable.name = word;
    } else if (const Mnemonic type(word); !type.types.empty()) {
      element = bytes_of(type.types.front());
    }
  }
  variable.bytes = element;
  variable.alignment = std::max(variable.alignment, element);
  if (const std::size_t bracket = variable.name.find('['); bracket != std::string::npos) {
    const std::string length = variable.name.substr(bracket + 1);
    variable.open = length.front() == ']';
    variable.bytes = variable.open ? 0 : element * std::stoll(length);
    variable.name.resize(bracket);
  }
  return variable;
}

std::optional<Special> special_named(std::string_view name) {
  if (name == "%tid.x") return Special::kThread;
  if (name == "%ntid.x") return Special::kBlockThreads;
  if (name == "%ctaid.x") return Special::kBlock;
  if (name == "%laneid") return Special::kLane;
  return std::nullopt;
}

}  // namespace

bool Symbols::is_register(const std::string& name) const {
  return name.front() == '%' || widths_.contains(name);
}

/// None: not declared.
std::optional<int> Symbols::register_bytes(const std::string& name) const {
  if (const auto found = widths_.find(name); found != widths_.end()) return found->second;
  const auto numbered = widths_.find(name.substr(0, name.find_last_not_of("0123456789") + 1));
  return numbered == widths_.end() ? std::nullopt : std::optional(numbered->second);
}

std::int32_t Symbols::add_register(int bytes) {
  kernel_.register_bytes.push_back(static_cast<std::uint8_t>(bytes));
  return static_cast<std::int32_t>(kernel_.register_bytes.size()) - 1;
}

std::int32_t Symbols::register_of(const std::string& name) {
  if (const auto found = registers_.find(name); found != registers_.end()) return found->second;
  const auto special = special_named(name);
  const auto bytes = special ? 4 : register_bytes(name);
  if (!bytes) throw std::runtime_error("PTX has no register " + name + " that is known");
  const std::int32_t number = add_register(*bytes);
  registers_.emplace(name, number);
  if (special) kernel_.specials.emplace_back(number, *special);
  return number;
}

std::int32_t Symbols::constant(std::uint64_t bits) {
  if (const auto found = constants_.find(bits); found != constants_.end()) return found->second;
  const std::int32_t number = add_register(8);
  constants_.emplace(bits, number);
  kernel_.constants.emplace_back(number, bits);
  return number;
}

std::int32_t Symbols::label(const std::string& name) {
  return labels_.emplace(name, static_cast<std::int32_t>(labels_.size())).first->second;
}

/// ".reg .b32 %r<9>" or ".reg .u32 low, high"
void Symbols::declare_registers(std::string_view directive) {
  const std::string_view rest = stripped(directive.substr(std::string_view(".reg").size()));
  const std::size_t space = rest.find_first_of(" \t");
  const Mnemonic type(rest.substr(0, space));
  for (const std::string& name : split_operands(rest.substr(space)))
    widths_[name.substr(0, name.find('<'))] = bytes_of(type.type(0));
}

void Symbols::declare(std::string_view directive) {
  const auto has = [directive](std::string_view word) {
    return directive.find(word) != std::string_view::npos;
  };
  if (directive.starts_with(".reg")) return declare_registers(directive);
  if (directive.starts_with(".pragma")) return;
  const Variable variable = parse_variable(directive);
  if (has(".shared") && variable.open) {
    dynamic_.push_back(variable.name);
    return;
  }
  std::int64_t* end = nullptr;
  if (has(".param")) end = &kernel_.parameter_bytes;
  if (has(".shared")) end = &kernel_.shared_bytes;
  if (has(".local")) end = &kernel_.local_bytes;
  if (end == nullptr) return;  // .global: nothing that the kernels use
  const std::int64_t at = rounded_up(*end, variable.alignment);
  *end = at + variable.bytes;
  addresses_[variable.name] = at;
  if (has(".param")) kernel_.parameter_offsets.push_back(at);
}

std::optional<std::int64_t> Symbols::address(const std::string& name) const {
  if (const auto found = addresses_.find(name); found != addresses_.end()) return found->second;
  if (std::ranges::find(dynamic_, name) == dynamic_.end()) return std::nullopt;
  // All of an entry's shared memory is declared before its code.
  return rounded_up(kernel_.shared_bytes, kWidestAccess);
}

void Symbols::finish(Kernel& kernel) && {
  kernel_.name = std::move(kernel.name);
  kernel_.code = std::move(kernel.code);
  kernel = std::move(kernel_);
  kernel.shared_bytes = rounded_up(kernel.shared_bytes, kWidestAccess);
  // Lanes' parts lie one after the other.
  kernel.local_bytes = rounded_up(kernel.local_bytes, kWidestAccess);
}

}  // namespace warpshard::ptx
