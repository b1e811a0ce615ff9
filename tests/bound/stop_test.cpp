#include <gtest/gtest.h>

#include <atomic>

#include "host/bound/certificate.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/restriction.h"
#include "tests/bound/random_model.h"

namespace warpshard {
namespace {

const std::atomic<bool> kStop = true;
const StopToken kStopped(kStop);

/// Large enough that every loop looks at its token.
Model large_model(std::int32_t num_variables) {
  RandomModelShape shape;
  shape.num_variables = num_variables;
  shape.edge_probability = 0.05;
  shape.tightness = 0.8;
  shape.forbidden_probability = 0;
  return random_model(shape, 3);
}

TEST(Stop, AscentsDoNoRound) {
  const Model model = large_model(150);
  const FlatModel flat(model);
  DualAscent ascent(model, flat, {});
  ascent.run(kStopped);
  EXPECT_EQ(ascent.rounds(), 0);
}

TEST(Stop, WhatAnAscentIsAskedForIsEmpty) {
  const Model model = large_model(150);
  const FlatModel flat(model);
  DualAscent ascent(model, flat, {});
  ascent.run_rounds(20);
  DualAscent other(model, flat, {});
  other.run_rounds(20);
  EXPECT_TRUE(other.decode(0, 1, kStopped).empty());
  EXPECT_TRUE(other.conditional_bounds(kStopped).above.empty());
  EXPECT_TRUE(other.values_above(-1'000'000, kStopped).empty());
  EXPECT_FALSE(certified_bound(model, other.certificate(kStopped)).ok());
  // It goes on as if nothing had been.
  EXPECT_EQ(other.decode(0, 1), ascent.decode(0, 1));
  EXPECT_EQ(certified_bound(model, other.certificate()).value().bound,
            certified_bound(model, ascent.certificate()).value().bound);
}

TEST(Stop, CertifyingFails) {
  const Model model = large_model(150);
  const FlatModel flat(model);
  DualAscent ascent(model, flat, {});
  const Certificate certificate = ascent.certificate();
  EXPECT_FALSE(certified_bound(model, certificate, kStopped).ok());
  EXPECT_TRUE(certified_bound(model, certificate).ok());
}

TEST(Stop, RestrictionsGiveNothing) {
  const Model model = large_model(150);
  ValueSet removed(model.unary.size(), false);
  EXPECT_FALSE(restrict_model(model, removed, kStopped));
  EXPECT_TRUE(restrict_model(model, removed));
}

}  // namespace
}  // namespace warpshard
