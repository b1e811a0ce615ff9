// Proofs of tiny random instances, whole and tampered with, against trying all plans.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "host/proof/written_proof.h"
#include "host/verify/proof_check.h"
#include "host/verify/proof_file.h"
#include "tests/reduce/random_problem.h"

namespace warpshard {
namespace {

constexpr const char* kKey = "0123";

/// A random instance and the finite cost of its cheapest plan without forbidden entries.
struct Case {
  Problem problem;
  std::optional<Int128> optimum;
};

Case random_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Case result;
  testing::Style style = testing::random_style(random);
  if (seed % 3 == 0) {
    // Such as reductions leave something of.
    style.max_nodes = 9;
    style.max_edges = 30;
    style.forbidden_percent = 5;
    style.max_strategies = 3;
    style.function_percent = style.separable_percent = 0;
    style.max_cost = 1000;
  }
  result.problem = testing::random_problem(random, style);
  const auto best = testing::brute_force(result.problem);
  if (best && best->cost.forbidden == 0) result.optimum = best->cost.finite;
  return result;
}

Result<WrittenProof> prove(const Case& c, Int128 goal, const StopToken& stop = {}) {
  WrittenProofOptions options;
  options.goal = goal;
  return prove_in_writing(c.problem, kKey, options, stop);
}

/// The text with a new last line.
std::string sealed(std::string text) {
  text.erase(text.rfind('\n', text.size() - 2) + 1);
  return text + verify::end_line(text);
}

TEST(Proof, ShowsTheOptimum) {
  int with_tree = 0;
  int with_duals = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const Case c = random_case(seed);
    const auto proof = prove(c, c.optimum.value_or(1000));
    ASSERT_TRUE(proof) << "seed " << seed << ": " << proof.error().message;
    const auto checked = verify::check_proof(c.problem, proof->text, kKey);
    ASSERT_TRUE(checked) << "seed " << seed << ": " << checked.error().message;
    EXPECT_EQ(checked->bound, proof->bound) << "seed " << seed;
    if (c.optimum) {
      EXPECT_EQ(checked->bound, c.optimum) << "seed " << seed;
    }
    with_tree += proof->nodes > 1 ? 1 : 0;
    with_duals += checked->duals > 0 ? 1 : 0;
  }
  EXPECT_GT(with_tree, 10);
  EXPECT_GT(with_duals, 200);
}

TEST(Proof, OfAGoalOutOfReachShowsNoMoreThanTheOptimum) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Case c = random_case(seed);
    if (!c.optimum) continue;
    const auto proof = prove(c, *c.optimum + 1 + static_cast<Int128>(seed % 40));
    ASSERT_TRUE(proof) << proof.error().message;
    const auto checked = verify::check_proof(c.problem, proof->text, kKey);
    ASSERT_TRUE(checked) << "seed " << seed << ": " << checked.error().message;
    EXPECT_EQ(checked->bound, c.optimum) << "seed " << seed;
  }
}

TEST(Proof, OfAGoalBelowTheOptimumShowsTheGoal) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Case c = random_case(seed);
    if (!c.optimum) continue;
    const auto proof = prove(c, *c.optimum - 3);
    ASSERT_TRUE(proof) << proof.error().message;
    const auto checked = verify::check_proof(c.problem, proof->text, kKey);
    ASSERT_TRUE(checked) << "seed " << seed << ": " << checked.error().message;
    if (!checked->bound) continue;
    EXPECT_GE(*checked->bound, *c.optimum - 3) << "seed " << seed;
    EXPECT_LE(*checked->bound, *c.optimum) << "seed " << seed;
  }
}

TEST(Proof, TamperedWithNeverShowsTooMuch) {
  int refused = 0;
  int confirmed = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const Case c = random_case(seed);
    if (!c.optimum) continue;
    const auto proof = prove(c, *c.optimum);
    ASSERT_TRUE(proof) << proof.error().message;
    std::mt19937_64 random(seed);
    for (int change = 0; change < 40; ++change) {
      std::string text = proof->text;
      const std::size_t at = random() % text.size();
      if (text[at] < '0' || text[at] > '9') continue;
      text[at] = static_cast<char>('0' + random() % 10);
      const auto checked = verify::check_proof(c.problem, sealed(text), kKey);
      ++(checked ? confirmed : refused);
      if (checked) {
        ASSERT_TRUE(checked->bound) << "seed " << seed;
        EXPECT_LE(*checked->bound, *c.optimum) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(confirmed, 100);  // such as change a message by little
}

TEST(Proof, ClaimingMoreIsRefused) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Case c = random_case(seed);
    const auto proof = prove(c, c.optimum.value_or(1000));
    ASSERT_TRUE(proof) << proof.error().message;
    const std::string claim = proof->bound ? "bound " + to_string(*proof->bound) : "bound none";
    const Int128 more = proof->bound.value_or(0) + 1;
    std::string text = proof->text;
    text.replace(text.find(claim), claim.size(), "bound " + to_string(more));
    EXPECT_FALSE(verify::check_proof(c.problem, sealed(text), kKey)) << "seed " << seed;
  }
}

TEST(Proof, DamagedIsRefused) {
  // One with a tree.
  std::uint64_t seed = 0;
  Case c = random_case(seed);
  auto proof = prove(c, c.optimum.value_or(1000));
  for (; proof && proof->nodes < 2; proof = prove(c, c.optimum.value_or(1000)))
    c = random_case(seed += 3);
  ASSERT_TRUE(proof) << proof.error().message;
  ASSERT_TRUE(verify::check_proof(c.problem, proof->text, kKey));
  for (std::size_t size = 0; size < proof->text.size(); ++size)
    EXPECT_FALSE(verify::check_proof(c.problem, proof->text.substr(0, size), kKey)) << size;
  for (std::size_t bit = 0; bit < 8 * proof->text.size(); ++bit) {
    std::string text = proof->text;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(verify::check_proof(c.problem, text, kKey)) << bit;
  }
  EXPECT_FALSE(verify::check_proof(c.problem, proof->text + "\n", kKey));
  EXPECT_FALSE(verify::check_proof(c.problem, proof->text, "0124"));
}

/// Lines left out or moved, the last line set right.
TEST(Proof, WithoutSomeOfItsLinesNeverShowsTooMuch) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Case c = random_case(seed);
    if (!c.optimum) continue;
    const auto proof = prove(c, *c.optimum);
    ASSERT_TRUE(proof) << proof.error().message;
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < proof->text.size();) {
      const std::size_t end = proof->text.find('\n', at) + 1;
      lines.push_back(proof->text.substr(at, end - at));
      at = end;
    }
    for (std::size_t gone = 3; gone + 1 < lines.size(); ++gone) {
      std::string text;
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (i != gone) text += lines[i];
      const auto checked = verify::check_proof(c.problem, sealed(text), kKey);
      if (checked) {
        EXPECT_LE(checked->bound.value_or(*c.optimum + 1), *c.optimum) << "seed " << seed;
      }
    }
  }
}

TEST(Proof, ThatIsStoppedAtOnceIsNone) {
  const std::atomic<bool> flag{true};
  const Case c = random_case(3);
  const auto proof = prove(c, 0, StopToken(flag));
  ASSERT_FALSE(proof);
  EXPECT_NE(proof.error().message.find("stopped"), std::string::npos);
}

}  // namespace
}  // namespace warpshard
