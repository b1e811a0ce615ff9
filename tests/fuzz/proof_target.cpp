// Bytes as changes to a proof of a tiny instance: whatever is confirmed must not exceed what trying
// all plans gives.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "host/proof/written_proof.h"
#include "host/verify/proof_check.h"
#include "host/verify/proof_file.h"
#include "tests/fuzz/fuzz_bytes.h"
#include "tests/fuzz/fuzz_check.h"
#include "tests/reduce/random_problem.h"

namespace warpshard::fuzz {
namespace {

constexpr const char* kKey = "0";

struct Case {
  Problem problem;
  std::optional<Int128> optimum;  ///< of plans without forbidden entries
  std::string proof;
};

Case make_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  testing::Style style = testing::random_style(random);
  style.max_nodes = 8;
  style.max_edges = 24;
  style.max_strategies = 3;
  Case result;
  result.problem = testing::random_problem(random, style);
  const auto best = testing::brute_force(result.problem);
  if (best && best->cost.forbidden == 0) result.optimum = best->cost.finite;
  WrittenProofOptions options;
  options.goal = result.optimum.value_or(1);
  const auto proof = prove_in_writing(result.problem, kKey, options, {});
  if (proof) result.proof = proof->text;
  return result;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = [] {
    constexpr std::uint64_t kCases = 32;
    std::vector<Case> made;
    for (std::uint64_t seed = 0; seed < kCases; ++seed) made.push_back(make_case(seed));
    return made;
  }();
  return all;
}

/// A text without line ends would be twice as long each time.
constexpr std::size_t kMostText = std::size_t{1} << 16;

/// Changes a byte, or leaves a line out, or writes it twice.
void change(std::string& text, Bytes& bytes) {
  const std::size_t at = (bytes.next() * 256U + bytes.next()) % text.size();
  const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
  const std::uint8_t what = bytes.next();
  if (what < 200) {
    text[at] = "0123456789- \nabcdefhlmostx"[what % 26];
  } else if (what < 230) {
    text.erase(begin, end - begin);
  } else if (text.size() < kMostText) {
    text.insert(begin, text.substr(begin, end - begin));
  }
}

void check_one(const Case& chosen, std::string text) {
  const auto checked = verify::check_proof(chosen.problem, text, kKey);
  if (!checked) return check(!checked.error().message.empty(), "a refusal says why");
  if (!chosen.optimum) return;
  check(checked->bound.has_value(), "there is a plan without forbidden entries");
  check(*checked->bound <= *chosen.optimum, "no more is confirmed than is true");
}

}  // namespace
}  // namespace warpshard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace warpshard::fuzz;
  Bytes bytes(data, size);
  const Case& chosen = cases()[bytes.next() % cases().size()];
  std::string text = chosen.proof;
  for (std::size_t used = 1; used < size && !text.empty(); used += 3) change(text, bytes);
  const std::size_t last = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  text.erase(last);
  check_one(chosen, text + warpshard::verify::end_line(text));
  check_one(chosen, {reinterpret_cast<const char*>(data), size});
  return 0;
}
