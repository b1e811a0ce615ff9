#include "host/search/policy_book.h"

#include <gtest/gtest.h>

#include <set>

namespace warpshard {
namespace {

TEST(PolicyBook, TrialsGoRoundFreshPolicies) {
  PolicyBook book;
  RandomStream random(1, 0);
  std::set<std::size_t> chosen;
  for (int k = 0; k < 3; ++k) chosen.insert(book.choose(RoundKind::kTrial, random));
  EXPECT_EQ(chosen.size(), 3U);
  for (const std::size_t choice : chosen) EXPECT_TRUE(PolicyBook::policy(choice).fresh);
}

TEST(PolicyBook, FullDescentsGoToTheBestPoliciesInTurn) {
  PolicyBook book;
  RandomStream random(1, 0);
  const auto first = book.choose(RoundKind::kTrial, random);
  const auto second = book.choose(RoundKind::kTrial, random);
  const auto third = book.choose(RoundKind::kTrial, random);
  book.reward(first, Cost{0, 300});
  book.reward(second, Cost{0, 100});
  book.reward(third, Cost{0, 400});
  EXPECT_EQ(book.choose(RoundKind::kFull, random), second);
  EXPECT_EQ(book.full_chosen(), 1);
  std::set<std::size_t> others;
  for (int k = 0; k < 2; ++k) others.insert(book.choose(RoundKind::kFull, random));
  EXPECT_EQ(others, (std::set<std::size_t>{first, third}));
  // More full descents than policies: they start over.
  EXPECT_TRUE(PolicyBook::policy(book.choose(RoundKind::kFull, random)).fresh);
}

TEST(PolicyBook, WhatEarnsMoreIsChosenMoreOften) {
  PolicyBook book;
  RandomStream random(1, 0);
  std::int64_t good = 0;
  constexpr int kRounds = 400;
  for (int k = 0; k < kRounds; ++k) {
    const auto choice = book.choose(RoundKind::kFollowing, random);
    book.reward(choice, Cost{0, choice == 4 ? 100 : 200});
    if (choice == 4) ++good;
  }
  EXPECT_GT(good, kRounds / 2);
}

}  // namespace
}  // namespace warpshard
