// What the hot loops compute does not depend on the instruction set they run with.

#include <gtest/gtest.h>

#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/model/flat_model.h"
#include "host/search/chain.h"
#include "host/search/tabu.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

constexpr InstructionSet kBoth[] = {InstructionSet::kBaseline, InstructionSet::kAvx512};

class InstructionSets : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (best_instruction_set() != InstructionSet::kAvx512)
      GTEST_SKIP() << "this machine has no AVX-512";
  }

  static Model model() {
    RandomModelShape shape;
    shape.num_variables = 20 + 60 * GetParam();
    shape.max_domain = 3 + 7 * GetParam();
    shape.num_times = 10 + 100 * GetParam();
    shape.max_segments = 4;
    shape.tightness = 0.3;
    return random_model(shape, static_cast<std::uint64_t>(GetParam()));
  }
};

/// A state after some search, compared bit for bit.
struct Outcome {
  Assignment values;
  std::int64_t finite = 0;
  std::int64_t forbidden = 0;
  std::int64_t visits = 0;
  std::vector<float> prices;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(Chain& chain) {
  return {chain.values(),
          static_cast<std::int64_t>(chain.account().finite),
          chain.account().forbidden,
          chain.counters().visits(),
          {chain.prices().begin(), chain.prices().end()}};
}

/// A chain from a random assignment, with prices.
class StartedChain {
 public:
  StartedChain(const Model& model, InstructionSet set)
      : flat_(model), noise_(flat_.max_stride), chain_(flat_.view(), noise_, 7, 0, set) {
    chain_.start(random_assignment(model, 3), std::vector<float>(model.capacity.size(), 0.3F));
  }
  Chain& operator*() { return chain_; }

 private:
  FlatModel flat_;
  NoiseTable noise_;
  Chain chain_;
};

TEST_P(InstructionSets, ChainsComeToTheSame) {
  std::vector<Outcome> outcomes;
  for (const InstructionSet set : kBoth) {
    StartedChain started(model(), set);
    Chain& chain = *started;
    ASSERT_EQ(chain.instructions(), set);
    for (int epoch = 0; epoch < 30; ++epoch) {
      chain.run(30.0F / static_cast<float>(epoch + 1), 2000);
      chain.sweep_loners(5.0F);
      chain.follow_prices(PriceRule{});
    }
    outcomes.push_back(outcome_of(chain));
  }
  EXPECT_EQ(outcomes[0], outcomes[1]);
}

TEST_P(InstructionSets, TabuSearchesComeToTheSame) {
  std::vector<Outcome> outcomes;
  for (const InstructionSet set : kBoth) {
    StartedChain started(model(), set);
    Chain& chain = *started;
    Tabu tabu(chain, TabuRule{}, 7, 1);
    tabu.start();
    tabu.run(50'000);
    outcomes.push_back(outcome_of(chain));
  }
  EXPECT_EQ(outcomes[0], outcomes[1]);
}

TEST_P(InstructionSets, AscentsComeToTheSame) {
  const Model model = this->model();
  const FlatModel flat(model);
  for (const bool smooth : {false, true}) {
    std::vector<double> bounds;
    std::vector<std::vector<float>> prices;
    std::vector<Assignment> decoded;
    for (const InstructionSet set : kBoth) {
      DualOptions options;
      options.smooth = smooth;
      options.instructions = set;
      DualAscent ascent(model, flat, options);
      ascent.run_rounds(300);
      bounds.push_back(ascent.bound());
      prices.emplace_back(ascent.prices().begin(), ascent.prices().end());
      decoded.push_back(ascent.decode(1.0, 5));
    }
    EXPECT_EQ(bounds[0], bounds[1]);
    EXPECT_EQ(prices[0], prices[1]);
    EXPECT_EQ(decoded[0], decoded[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, InstructionSets, ::testing::Range(0, 6));

}  // namespace
}  // namespace warpshard
