#include "warpshard/parameters.h"

#include <gtest/gtest.h>

namespace warpshard {
namespace {

TEST(Parameters, DefaultsAreValid) {
  EXPECT_FALSE(validate(Parameters{}));
}

TEST(Parameters, WhatIsWrittenReadsBack) {
  Parameters parameters;
  parameters.dive.growth = 2.5;
  parameters.portfolio.batch = 16;
  parameters.anneal.policies = {{false, 0.25, 10, 0.125, 0.5}};
  const auto read = parse_parameters(format_parameters(parameters));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->dive.growth, 2.5);
  EXPECT_EQ(read->portfolio.batch, 16);
  ASSERT_EQ(read->anneal.policies.size(), 1U);
  EXPECT_FALSE(read->anneal.policies[0].fresh);
  EXPECT_EQ(read->anneal.policies[0].tolerance, 0.125);
  EXPECT_EQ(format_parameters(*read), format_parameters(parameters));
}

TEST(Parameters, WhatIsNotNamedKeepsItsDefault) {
  const auto read = parse_parameters(R"({"tabu": {"weight": 3}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->tabu.weight, 3);
  EXPECT_EQ(read->tabu.growth, Parameters{}.tabu.growth);
}

TEST(Parameters, FaultsAreNamedWithTheirPlace) {
  const auto message = [](const char* json) {
    const auto read = parse_parameters(json);
    return read ? std::string("accepted") : read.error().message;
  };
  EXPECT_EQ(message(R"({"dive": {"grwoth": 2}})"), "dive.grwoth is no parameter");
  EXPECT_EQ(message(R"({"dive": {"growth": "2"}})"), "dive.growth: expected a number");
  EXPECT_EQ(message(R"({"dive": {"growth": 0.5}})"), "dive.growth is 0.5; expected 1 to 1000000");
  EXPECT_EQ(message(R"({"portfolio": {"batch": 1.5}})"), "portfolio.batch: expected an integer");
  EXPECT_EQ(message(R"({"anneal": {"policies": []}})"), "anneal.policies is empty");
  EXPECT_EQ(message(R"({"anneal": {"policies": [{"heat": -1}]}})"),
            "anneal.policies[0].heat is -1; expected 0 to 1e+18");
  EXPECT_EQ(message("[]"), "the parameters: expected an object");
  EXPECT_NE(message("{"), "accepted");
}

}  // namespace
}  // namespace warpshard
