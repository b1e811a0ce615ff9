#include "tests/ptx/decoder.h"

#include <stdexcept>
#include <string_view>
#include <utility>

#include "tests/ptx/lane_instructions.h"
#include "tests/ptx/mnemonic.h"

namespace warpshard::ptx {
namespace {

using Names = std::vector<std::string>;

/// The bits of a number as PTX writes it, cut to `bytes`.
std::uint64_t number(const std::string& text, int bytes) {
  const bool bits = text.starts_with("0f") || text.starts_with("0d");
  const std::uint64_t value = bits ? std::stoull(text.substr(2), nullptr, 16)
                              : text.front() == '-'
                                  ? static_cast<std::uint64_t>(std::stoll(text, nullptr, 0))
                                  : std::stoull(text, nullptr, 0);
  return bytes >= 8 ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

class Decoder {
 public:
  Decoder(const Statement& statement, Symbols& symbols)
      : symbols_(symbols), statement_(statement) {}

  Instruction run() {
    std::string_view rest = take_guard(statement_.text);
    const std::size_t space = rest.find_first_of(" \t\n");
    const Mnemonic mnemonic(rest.substr(0, space));
    const Names operands =
        space == std::string_view::npos ? Names{} : split_operands(rest.substr(space));
    result_.mnemonic = mnemonic.text;
    result_.line = statement_.line;
    result_.type = mnemonic.type(0);
    if (!decode_place(mnemonic, operands) && !decode_memory(mnemonic, operands) &&
        !decode_collective(mnemonic, operands) && !decode_lanewise(mnemonic, operands))
      fail("is not known");
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw std::runtime_error("PTX line " + std::to_string(statement_.line) + ": '" +
                             statement_.text + "' " + what);
  }

  std::string_view take_guard(std::string_view text) {
    if (text.front() != '@') return text;
    const std::size_t space = text.find_first_of(" \t");
    std::string name(text.substr(1, space - 1));
    result_.guard_negated = name.front() == '!';
    if (result_.guard_negated) name.erase(0, 1);
    result_.guard = symbols_.register_of(name);
    return stripped(text.substr(space));
  }

  std::int32_t operand(const std::string& text, int bytes) {
    if (text.empty()) fail("lacks an operand");
    if (symbols_.is_register(text)) return symbols_.register_of(text);
    if (const auto address = symbols_.address(text))
      return symbols_.constant(static_cast<std::uint64_t>(*address));
    const char first = text.front();
    if (first != '-' && (first < '0' || first > '9')) fail("has an operand that is not known");
    return symbols_.constant(number(text, bytes));
  }

  /// One register, several in braces, or "_", which is written to nowhere.
  Names members(const std::string& text) const {
    if (text.empty()) fail("lacks an operand");
    if (text.front() != '{') return {text};
    return split_operands(std::string_view(text).substr(1, text.size() - 2));
  }
  void set_to(const std::string& text) {
    for (const std::string& name : members(text)) {
      if (result_.num_to == static_cast<int>(result_.to.size())) fail("writes too many registers");
      result_.to[result_.num_to++] = name == "_" ? kNoRegister : symbols_.register_of(name);
    }
  }
  void add_from(const std::string& text, int bytes) {
    for (const std::string& name : members(text)) {
      if (result_.num_from == static_cast<int>(result_.from.size()))
        fail("reads too many registers");
      result_.from[result_.num_from++] = operand(name, bytes);
    }
  }
  void add_all_from(const Names& operands, std::size_t first, int bytes) {
    for (std::size_t k = first; k < operands.size(); ++k) add_from(operands[k], bytes);
  }
  /// "[base+offset]"
  void add_address(const std::string& text) {
    if (text.size() < 3 || text.front() != '[') fail("lacks an address");
    std::string base = text.substr(1, text.size() - 2);
    if (const std::size_t plus = base.find('+'); plus != std::string::npos) {
      result_.offset = std::stoll(base.substr(plus + 1));
      base.resize(plus);
    }
    add_from(std::string(stripped(base)), 8);
  }
  void expect_operands(const Names& operands, std::size_t count) const {
    if (operands.size() != count) fail("has another number of operands than expected");
  }

  /// Branches and ends.
  bool decode_place(const Mnemonic& mnemonic, const Names& operands) {
    if (mnemonic.name == "bra") {
      expect_operands(operands, 1);
      result_.opcode = Opcode::kBranch;
      result_.target = symbols_.label(operands[0]);
      return true;
    }
    if (mnemonic.name == "ret") {
      result_.opcode = Opcode::kReturn;
      return true;
    }
    return false;
  }

  bool decode_memory(const Mnemonic& mnemonic, const Names& operands) {
    const std::string& name = mnemonic.name;
    result_.space = space_of(mnemonic);
    if (name == "cvta") {
      expect_operands(operands, 2);
      result_.opcode = mnemonic.has("to") ? Opcode::kFromGeneric : Opcode::kToGeneric;
      set_to(operands[0]);
      add_from(operands[1], 8);
      return true;
    }
    if (name == "ld") {
      expect_operands(operands, 2);
      result_.opcode = Opcode::kLoad;
      set_to(operands[0]);
      add_address(operands[1]);
      return true;
    }
    if (name == "st") {
      expect_operands(operands, 2);
      result_.opcode = Opcode::kStore;
      add_address(operands[0]);
      add_from(operands[1], bytes_of(result_.type));
      return true;
    }
    return name == "atom" && decode_atomic(mnemonic, operands);
  }

  bool decode_atomic(const Mnemonic& mnemonic, const Names& operands) {
    if (!mnemonic.has("add") || is_float(result_.type)) return false;
    expect_operands(operands, 3);
    result_.opcode = Opcode::kAtomicAdd;
    set_to(operands[0]);
    add_address(operands[1]);
    add_from(operands[2], bytes_of(result_.type));
    return true;
  }

  bool decode_collective(const Mnemonic& mnemonic, const Names& operands) {
    const std::string& name = mnemonic.name;
    if (name == "bar" && operands.size() == 1) {
      result_.opcode = mnemonic.has("warp") ? Opcode::kWarpSync : Opcode::kBlockSync;
      add_all_from(operands, 0, 4);
      return true;
    }
    if (!mnemonic.has("sync")) return false;
    if (name == "shfl") return decode_shuffle(mnemonic, operands);
    const bool ballot = name == "vote" && mnemonic.has("ballot");
    if (!ballot && (name != "redux" || !mnemonic.has("min"))) return false;
    expect_operands(operands, 3);
    result_.opcode = ballot ? Opcode::kBallot : Opcode::kReduceMin;
    set_to(operands[0]);
    add_all_from(operands, 1, 4);
    return true;
  }

  /// shfl d|p, a, b, c, members
  bool decode_shuffle(const Mnemonic& mnemonic, const Names& operands) {
    if (mnemonic.has("up"))
      result_.shuffle = Shuffle::kUp;
    else if (mnemonic.has("down"))
      result_.shuffle = Shuffle::kDown;
    else if (!mnemonic.has("bfly"))
      return false;
    expect_operands(operands, 5);
    result_.opcode = Opcode::kShuffle;
    const std::size_t bar = operands[0].find('|');
    set_to(std::string(stripped(std::string_view(operands[0]).substr(0, bar))));
    if (bar != std::string::npos)
      set_to(std::string(stripped(std::string_view(operands[0]).substr(bar + 1))));
    add_all_from(operands, 1, 4);
    return true;
  }

  bool decode_lanewise(const Mnemonic& mnemonic, const Names& operands) {
    if (operands.size() < 2) return false;
    const int bytes = bytes_of(result_.type);
    if (mnemonic.name == "mov" && (operands[0].front() == '{' || operands[1].front() == '{')) {
      result_.opcode = operands[0].front() == '{' ? Opcode::kUnpack : Opcode::kPack;
      set_to(operands[0]);
      add_from(operands[1], bytes);
      return true;
    }
    for (const auto find : {find_arithmetic, find_bitwise, find_comparison, find_conversion})
      if (result_.compute == nullptr) result_.compute = find(mnemonic);
    set_to(operands[0]);
    const int source = mnemonic.name == "cvt" ? bytes_of(mnemonic.type(1)) : bytes;
    for (std::size_t k = 1; k < operands.size(); ++k) {
      const bool sum = mnemonic.has("wide") && k == 3;
      add_from(operands[k], sum ? 2 * bytes : source);
    }
    return result_.compute != nullptr;
  }

  static Space space_of(const Mnemonic& mnemonic) {
    if (mnemonic.has("global")) return Space::kGlobal;
    if (mnemonic.has("shared")) return Space::kShared;
    if (mnemonic.has("local")) return Space::kLocal;
    return mnemonic.has("param") ? Space::kParameter : Space::kGeneric;
  }
  Symbols& symbols_;
  const Statement& statement_;
  Instruction result_;
};

}  // namespace

Instruction decode(const Statement& statement, Symbols& symbols) {
  return Decoder(statement, symbols).run();
}

}  // namespace warpshard::ptx
