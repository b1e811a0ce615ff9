#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace warpshard::ptx {

/// A statement of PTX: an instruction, a directive, or a label, which ends in a colon.
struct Statement {
  std::string text;
  int line = 0;  ///< from 1
};

/// An entry as written.
struct EntrySource {
  std::string name;                       ///< mangled
  std::vector<std::string> declarations;  ///< the module's, before it
  std::vector<std::string> parameters;
  std::vector<Statement> body;  ///< scopes are flattened
};

/// The entries of a module. Throws std::runtime_error if they cannot be told apart.
std::vector<EntrySource> split_entries(std::string_view module);

/// `text` without what is blank at its ends.
std::string_view stripped(std::string_view text);

/// Splits at commas outside of brackets and braces; strips each part.
std::vector<std::string> split_operands(std::string_view text);

}  // namespace warpshard::ptx
