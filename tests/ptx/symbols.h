#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/ptx/kernel.h"

namespace warpshard::ptx {

/// Gives an entry's names their numbers: registers, constants, labels and addresses.
class Symbols {
 public:
  /// True if the name was declared as a register's, or is that of a thread's place.
  bool is_register(const std::string& name) const;
  /// Registers are numbered as they come.
  std::int32_t register_of(const std::string& name);
  /// A register that always holds these bits.
  std::int32_t constant(std::uint64_t bits);
  /// Labels are numbered as they come.
  std::int32_t label(const std::string& name);

  /// Heeds a directive: makes room for ".shared .align 8 .b8 name[40]" or ".param .u64 name",
  /// learns the widths of ".reg .b32 %r<9>".
  void declare(std::string_view directive);
  /// Address of a parameter, or of shared or local memory, in its space.
  std::optional<std::int64_t> address(const std::string& name) const;

  /// Moves what was gathered, but for code.
  void finish(Kernel& kernel) &&;

 private:
  void declare_registers(std::string_view directive);
  std::int32_t add_register(int bytes);
  std::optional<int> register_bytes(const std::string& name) const;

  Kernel kernel_;
  std::map<std::string, int> widths_;  ///< bytes, by name or by name without its number
  std::map<std::string, std::int32_t> registers_;
  std::map<std::string, std::int32_t> labels_;
  std::map<std::uint64_t, std::int32_t> constants_;
  std::map<std::string, std::int64_t> addresses_;
  std::vector<std::string> dynamic_;  ///< names of the shared memory that a launch asks for
};

}  // namespace warpshard::ptx
