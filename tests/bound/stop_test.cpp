#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <utility>

#include "host/bound/certificate.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/partial_ascent.h"
#include "host/bound/restriction.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

const std::atomic<bool> kStop = true;
const StopToken kStopped(kStop);

/// Large enough that every loop looks at its token.
Model large_model(std::int32_t num_variables) {
  RandomModelShape shape;
  shape.num_variables = num_variables;
  shape.edges_per_variable = 0.025 * num_variables;
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

/// Whoever is told to stop while a part of the model is flattened still makes an ascent on it.
TEST(Stop, AscentsOnPartsAreMadeWhole) {
  const Model model = large_model(150);
  const FlatModel whole(model);
  const FlatModel flat(model, kStopped);
  EXPECT_EQ(flat.row_offsets, whole.row_offsets);
  EXPECT_EQ(flat.arc_offsets, whole.arc_offsets);
  EXPECT_EQ(flat.arcs.size(), whole.arcs.size());
  EXPECT_EQ(flat.segment_offsets, whole.segment_offsets);
  EXPECT_EQ(flat.usage, whole.usage);
  EXPECT_EQ(flat.capacity, whole.capacity);

  DualAscent ascent(model, whole, {});
  ascent.run_rounds(20);
  AscentState state(model, whole, ascent);
  ValueSet removed(model.unary.size(), false);
  auto restriction = restrict_model(model, removed);
  ASSERT_TRUE(restriction);
  PartialAscent partial(model, *std::move(restriction), state, {}, kStopped);
  partial.ascent().run(kStopped);
  EXPECT_EQ(partial.ascent().rounds(), 0);
}

/// Whenever it is told: what is made is of no use, but nothing comes to harm.
TEST(Stop, IntegerProofsEndAtAnyMoment) {
  const Model model = large_model(600);
  const FlatModel flat(model);
  for (int moment = 0; moment < 200; moment += 7) {
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(3);
    const StopToken soon(std::chrono::steady_clock::now() + std::chrono::microseconds(moment));
    const auto certified = certified_bound(model, ascent.certificate(soon), soon);
    EXPECT_TRUE(certified.ok() || soon.stopped());
  }
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
