#include "tests/ptx/parser.h"

#include <map>
#include <stdexcept>

#include "tests/ptx/decoder.h"
#include "tests/ptx/symbols.h"

namespace warpshard::ptx {
namespace {

bool is_directive(const Statement& statement) {
  return statement.text.front() == '.';
}

bool is_label(const Statement& statement) {
  return statement.text.back() == ':';
}

}  // namespace

Kernel parse(const EntrySource& source) {
  Kernel kernel;
  kernel.name = source.name;
  Symbols symbols;
  for (const std::string& directive : source.declarations) symbols.declare(directive);
  for (const std::string& directive : source.parameters) symbols.declare(directive);
  for (const Statement& statement : source.body)
    if (is_directive(statement)) symbols.declare(statement.text);

  std::map<std::int32_t, std::int32_t> places;  // of labels
  for (const Statement& statement : source.body) {
    if (is_directive(statement)) continue;
    if (is_label(statement)) {
      const std::string name = statement.text.substr(0, statement.text.size() - 1);
      places[symbols.label(name)] = static_cast<std::int32_t>(kernel.code.size());
    } else {
      kernel.code.push_back(decode(statement, symbols));
    }
  }
  // A label may stand behind the last instruction.
  kernel.code.push_back({.opcode = Opcode::kReturn, .mnemonic = "ret"});
  std::vector<bool> targets(kernel.code.size());
  for (Instruction& instruction : kernel.code) {
    if (instruction.opcode != Opcode::kBranch) continue;
    const auto place = places.find(instruction.target);
    if (place == places.end())
      throw std::runtime_error("PTX line " + std::to_string(instruction.line) +
                               " branches to a label that is not there");
    instruction.target = place->second;
    targets[static_cast<std::size_t>(place->second)] = true;
  }
  std::move(symbols).finish(kernel);
  kernel.targets = std::move(targets);
  return kernel;
}

Kernel parse_only(std::string_view module) {
  const std::vector<EntrySource> entries = split_entries(module);
  if (entries.size() != 1) throw std::runtime_error("not a module of one entry");
  return parse(entries.front());
}

}  // namespace warpshard::ptx
