#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "tests/io/random_problem.h"
#include "tests/io/temporary_file.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

using test::draw;
using test::Random;

constexpr const char* kInstance =
    R"({"problem": {"name": "f\u00fczz \"1\"", "extra": {"a": [1, "]"]},
"edges": {"nodes": [[0, 1], [1, 0], [2], [1, 1], [0, 1, 2]], "costs": [[1, 2, 3, 4], [1, 2, 3, 4],
[1000000000000000000, -7, 0], [1, 2, 3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]},
"nodes": {"intervals": [[0, 4], [2, 2], [-1, 9]], "costs": [[1, 2], [3, 4], [5, 6, 7]],
"usages": [[10, 20], [0, 30], [1, 2, 3]]}, "usage_limit": 50}})";

/// Loads whatever it is: a sound problem or an error of one line.
bool load_anything(const test::TemporaryFile& file, const std::string& content) {
  file.write(content);
  const auto loaded = load_problem(file.path());
  if (!loaded) {
    const std::string& message = loaded.error().message;
    EXPECT_TRUE(message.starts_with(file.path() + ": ")) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_LT(message.size(), file.path().size() + 200) << message;
    return false;
  }
  EXPECT_FALSE(validate(*loaded));
  EXPECT_TRUE(evaluate(*loaded, Plan(static_cast<std::size_t>(loaded->num_nodes()), 0)));
  return true;
}

std::string compressed(const std::string& text) {
  const test::TemporaryFile file(".gz");
  gzFile out = gzopen(file.path().c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  std::ifstream in(file.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Fuzz, TheUntouchedInstanceLoads) {
  const test::TemporaryFile file;
  EXPECT_TRUE(load_anything(file, kInstance));
}

TEST(Fuzz, EveryTruncationIsAnError) {
  const std::string whole = kInstance;
  const test::TemporaryFile file;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(load_anything(file, whole.substr(0, size))) << size;
}

TEST(Fuzz, EveryByteReplaced) {
  const std::string whole = kInstance;
  const test::TemporaryFile file;
  for (std::size_t byte = 0; byte < whole.size(); ++byte)
    for (const char replacement : std::string("\"[]{},:-0e \n\\\x80n", 15) + '\0') {
      std::string changed = whole;
      changed[byte] = replacement;
      load_anything(file, changed);
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
  const test::TemporaryFile file;
  for (int round = 0; round < 8000; ++round) load_anything(file, mutated(random, kInstance));
}

TEST(Fuzz, RandomBytes) {
  Random random(8);
  const test::TemporaryFile file;
  for (int round = 0; round < 500; ++round) {
    std::string bytes(static_cast<std::size_t>(draw(random, 0, 300)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(draw(random, 0, 255));
    EXPECT_FALSE(load_anything(file, bytes));
    EXPECT_FALSE(load_anything(file, "{\"problem\":{\"name\":\"x\"," + bytes));
    EXPECT_FALSE(load_anything(file, "\x1f\x8b" + bytes));
  }
}

TEST(Gzip, IsRecognisedByContent) {
  const test::TemporaryFile file(compressed(kInstance), ".json");
  const auto loaded = load_problem(file.path());
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->name, "f\u00fczz \"1\"");
  EXPECT_EQ(loaded->num_edges(), 5);
}

TEST(Gzip, SeveralMembersAreOneDocument) {
  const std::string whole = kInstance;
  const test::TemporaryFile file;
  EXPECT_TRUE(load_anything(file, compressed(whole.substr(0, 70)) + compressed(whole.substr(70))));
}

TEST(Gzip, BytesAfterTheLastMemberAreIgnored) {
  const test::TemporaryFile file;
  EXPECT_TRUE(load_anything(file, compressed(kInstance) + "garbage"));
  EXPECT_TRUE(load_anything(file, compressed(kInstance) + std::string(600, '\0')));
}

TEST(Gzip, EveryTruncationIsAnError) {
  const std::string whole = compressed(kInstance);
  const test::TemporaryFile file;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(load_anything(file, whole.substr(0, size))) << size;
  file.write(whole.substr(0, whole.size() - 4));
  EXPECT_EQ(load_problem(file.path()).error().message,
            file.path() + ": the gzip stream is cut off");
}

TEST(Gzip, DamageIsAnError) {
  std::string whole = compressed(kInstance);
  whole[whole.size() - 6] ^= 1;  // in the checksum
  const test::TemporaryFile file(whole, ".gz");
  EXPECT_EQ(load_problem(file.path()).error().message,
            file.path() + ": the gzip stream is damaged (incorrect data check)");
}

TEST(Gzip, EveryBitFlipped) {
  const std::string whole = compressed(kInstance);
  const test::TemporaryFile file;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    load_anything(file, changed);
  }
}

}  // namespace
}  // namespace warpshard
