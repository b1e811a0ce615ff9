#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "tests/io/compressed.h"
#include "tests/io/odd_problem.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

using test::compressed;
using test::draw;
using test::Random;

constexpr const char* kInstance =
    R"({"problem": {"name": "f\u00fczz \"1\"", "extra": {"a": [1, "]"]},
"edges": {"nodes": [[0, 1], [1, 0], [2], [1, 1], [0, 1, 2]], "costs": [[1, 2, 3, 4], [1, 2, 3, 4],
[1000000000000000000, -7, 0], [1, 2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]},
"nodes": {"intervals": [[0, 4], [2, 2], [-1, 9]], "costs": [[1, 2], [3, 4], [5, 6, 7]],
"usages": [[10, 20], [0, 30], [1, 2, 3]]}, "usage_limit": 50}})";

Result<Problem> load_text(const std::string& text) {
  return load_problem(std::span<const char>(text));
}

/// Loads whatever it is: a sound problem or an error of one line.
bool load_anything(const std::string& content) {
  const auto loaded = load_text(content);
  if (!loaded) {
    const std::string& message = loaded.error().message;
    EXPECT_FALSE(message.empty());
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_LT(message.size(), 200U) << message;
    return false;
  }
  EXPECT_FALSE(validate(*loaded));
  EXPECT_TRUE(evaluate(*loaded, Plan(static_cast<std::size_t>(loaded->num_nodes()), 0)));
  return true;
}

TEST(Fuzz, TheUntouchedInstanceLoads) {
  EXPECT_TRUE(load_anything(kInstance));
}

TEST(Fuzz, EveryTruncationIsAnError) {
  const std::string whole = kInstance;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(load_anything(whole.substr(0, size))) << size;
}

TEST(Fuzz, EveryByteReplaced) {
  const std::string whole = kInstance;
  for (std::size_t byte = 0; byte < whole.size(); ++byte)
    for (const char replacement : std::string("\"[]{},:-0e \n\\\x80n", 15) + '\0') {
      std::string changed = whole;
      changed[byte] = replacement;
      load_anything(changed);
    }
}

std::string mutated(Random& random, std::string text) {
  static const std::vector<std::string> kPieces = {"[",
                                                   "]",
                                                   "{",
                                                   "}",
                                                   ",",
                                                   ":",
                                                   "\"",
                                                   "[[",
                                                   "]]",
                                                   "[]",
                                                   "{}",
                                                   "null",
                                                   "true",
                                                   "NaN",
                                                   "1e5",
                                                   "-",
                                                   "0.5",
                                                   "\\",
                                                   "\\u",
                                                   "\x80",
                                                   "\xef\xbb\xbf",
                                                   "99999999999999999999",
                                                   "[[[[",
                                                   "]]]]",
                                                   "-0",
                                                   "00",
                                                   " ",
                                                   "\n",
                                                   "\t",
                                                   "\"problem\":",
                                                   "\"nodes\":",
                                                   "-1",
                                                   "18446744073709551616",
                                                   "\"costs\":[[1]],"};
  for (std::int64_t change = draw(random, 1, 3); change > 0; --change) {
    const auto size = static_cast<std::int64_t>(text.size());
    const auto at = static_cast<std::size_t>(draw(random, 0, size));
    const auto length = static_cast<std::size_t>(draw(random, 0, 12));
    switch (draw(random, 0, 3)) {
      case 0:
        text.insert(at, kPieces[static_cast<std::size_t>(
                            draw(random, 0, static_cast<std::int64_t>(kPieces.size()) - 1))]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(static_cast<std::size_t>(draw(random, 0, size)), text.substr(at, length));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(draw(random, 0, 255));
    }
  }
  return text;
}

TEST(Fuzz, RandomChanges) {
  Random random(7);
  for (int round = 0; round < 8000; ++round) load_anything(mutated(random, kInstance));
}

TEST(Fuzz, RandomBytes) {
  Random random(8);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(static_cast<std::size_t>(draw(random, 0, 300)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(draw(random, 0, 255));
    EXPECT_FALSE(load_anything(bytes));
    EXPECT_FALSE(load_anything("{\"problem\":{\"name\":\"x\"," + bytes));
    EXPECT_FALSE(load_anything("\x1f\x8b" + bytes));
  }
}

TEST(Gzip, IsRecognisedByContent) {
  const auto loaded = load_text(compressed(kInstance));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->name, "f\u00fczz \"1\"");
  EXPECT_EQ(loaded->num_edges(), 5);
}

TEST(Gzip, SeveralMembersAreOneDocument) {
  const std::string whole = kInstance;
  EXPECT_TRUE(load_anything(compressed(whole.substr(0, 70)) + compressed(whole.substr(70))));
}

TEST(Gzip, BytesAfterTheLastMemberAreIgnored) {
  EXPECT_TRUE(load_anything(compressed(kInstance) + "garbage"));
  EXPECT_TRUE(load_anything(compressed(kInstance) + std::string(600, '\0')));
}

TEST(Gzip, EveryTruncationIsAnError) {
  const std::string whole = compressed(kInstance);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(load_anything(whole.substr(0, size))) << size;
  EXPECT_EQ(load_text(whole.substr(0, whole.size() - 4)).error().message,
            "the gzip stream is cut off");
}

TEST(Gzip, DamageIsAnError) {
  std::string whole = compressed(kInstance);
  whole[whole.size() - 6] ^= 1;  // in the checksum
  EXPECT_EQ(load_text(whole).error().message, "the gzip stream is damaged (incorrect data check)");
}

TEST(Gzip, EveryBitFlipped) {
  const std::string whole = compressed(kInstance);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    load_anything(changed);
  }
}

}  // namespace
}  // namespace warpshard
