#include "host/search/policy_book.h"

#include <gtest/gtest.h>

#include <set>

namespace warpshard {
namespace {

TEST(PolicyBook, EachPolicyIsTriedOnceFirst) {
  const AnnealParameters parameters;
  PolicyBook book(parameters);
  RandomStream random(1, 0);
  std::set<std::size_t> chosen;
  for (std::size_t k = 0; k < parameters.policies.size(); ++k)
    chosen.insert(book.choose(/*fresh_only=*/false, random));
  EXPECT_EQ(chosen.size(), parameters.policies.size());
}

TEST(PolicyBook, OnlyFreshOnesWhereThereIsNothingToGoOnFrom) {
  const AnnealParameters parameters;
  PolicyBook book(parameters);
  RandomStream random(1, 0);
  for (int k = 0; k < 50; ++k)
    EXPECT_TRUE(parameters.policies[book.choose(/*fresh_only=*/true, random)].fresh);
}

TEST(PolicyBook, WhatEarnsMoreIsChosenMoreOften) {
  const AnnealParameters parameters;
  PolicyBook book(parameters);
  RandomStream random(1, 0);
  int good = 0;
  constexpr int kRounds = 400;
  for (int k = 0; k < kRounds; ++k) {
    const auto choice = book.choose(/*fresh_only=*/false, random);
    book.reward(choice, Cost{0, choice == 4 ? 100 : 200});
    if (choice == 4) ++good;
  }
  EXPECT_GT(good, kRounds / 2);
  EXPECT_LT(good, kRounds * 19 / 20);  // the others are not forgotten
}

}  // namespace
}  // namespace warpshard
