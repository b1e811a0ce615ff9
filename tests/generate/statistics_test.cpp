#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/generate.h"

namespace warpshard {
namespace {

/// The figures that host/generate/README.md compares with the contest's instances; the bands are
/// those instances' own, with a little room.
class Statistics : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    GeneratorOptions options;
    options.target_nodes = 20'000;
    options.mesh = {16, 2};
    options.seed = GetParam();
    auto generated = generate(options);
    ASSERT_TRUE(generated.ok());
    problem_ = std::move(*generated);
    nodes_ = static_cast<double>(problem_.num_nodes());
  }

  std::vector<std::int64_t> degrees() const {
    std::vector<std::int64_t> degree(static_cast<std::size_t>(problem_.num_nodes()), 0);
    for (const std::int32_t end : problem_.edge_nodes) ++degree[static_cast<std::size_t>(end)];
    std::sort(degree.begin(), degree.end());
    return degree;
  }

  std::vector<std::int64_t> lengths() const {
    std::vector<std::int64_t> length;
    for (const Interval& interval : problem_.intervals)
      if (!interval.empty()) length.push_back(interval.upper - interval.lower);
    std::sort(length.begin(), length.end());
    return length;
  }

  template <typename T>
  static T quantile(const std::vector<T>& sorted, double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  }

  Problem problem_;
  double nodes_ = 0;
};

TEST_P(Statistics, Degrees) {
  const double edges_per_node = static_cast<double>(problem_.num_edges()) / nodes_;
  EXPECT_GT(edges_per_node, 1.2);
  EXPECT_LT(edges_per_node, 1.6);
  const auto degree = degrees();
  EXPECT_EQ(quantile(degree, 0.5), 1);
  EXPECT_GE(quantile(degree, 0.99), 10);
  EXPECT_LE(quantile(degree, 0.99), 30);
  EXPECT_GT(degree.back(), 150) << "hubs";
  EXPECT_LT(degree.back(), 1000);
}

TEST_P(Statistics, Domains) {
  const double mean = static_cast<double>(problem_.costs.size()) / nodes_;
  EXPECT_GT(mean, 5.5);
  EXPECT_LT(mean, 12);
}

TEST_P(Statistics, ForbiddenEntries) {
  double entries = 0;
  double forbidden = 0;
  for (std::int64_t e = 0; e < problem_.num_edges(); ++e)
    for (const std::int64_t entry : problem_.table_of_edge(e)) {
      ++entries;
      forbidden += is_forbidden(entry) ? 1 : 0;
    }
  EXPECT_GT(forbidden / entries, 0.28);
  EXPECT_LT(forbidden / entries, 0.45);
}

TEST_P(Statistics, Intervals) {
  const auto length = lengths();
  EXPECT_GE(quantile(length, 0.5), 2);
  EXPECT_LE(quantile(length, 0.5), 3);
  EXPECT_GT(quantile(length, 0.9), 300) << "a heavy tail";
  std::int64_t horizon = 0;
  for (const Interval& interval : problem_.intervals) horizon = std::max(horizon, interval.upper);
  EXPECT_EQ(length.back(), horizon) << "up to the whole step";
  const double empty = 1 - static_cast<double>(length.size()) / nodes_;
  EXPECT_GT(empty, 0.05);
  EXPECT_LT(empty, 0.2);
}

TEST_P(Statistics, UniqueTables) {
  EXPECT_GT(problem_.table_offsets.size(), 350U);
  EXPECT_LT(problem_.table_offsets.size(), 3000U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Statistics, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace warpshard
