#include "host/cli/escape.h"

#include <gtest/gtest.h>

#include <string>

namespace warpshard::cli {
namespace {

TEST(Escape, LeavesTextAlone) {
  for (const std::string text : {"", "a b\\c \"d\"", "n\u00e4me", "\u6a21\u578b", "\U0001f600"})
    EXPECT_EQ(escaped(text), text);
}

TEST(Escape, ShowsControlCharacters) {
  EXPECT_EQ(escaped("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(escaped("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(escaped(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(escaped("\u0085\u009b"), "\\u{85}\\u{9b}");
}

TEST(Escape, ShowsWhatTurnsOrHidesText) {
  EXPECT_EQ(escaped("a\u202eb\u2066c\u200bd\u2028e\ufeff"),
            "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{2028}e\\u{feff}");
}

TEST(Escape, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(escaped("\xff"), "\\xff");
  EXPECT_EQ(escaped("\xc3"), "\\xc3");  // cut off
  EXPECT_EQ(escaped("\xc3("), "\\xc3(");
  EXPECT_EQ(escaped("\xc0\xaf"), "\\xc0\\xaf");                    // longer than it need be
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond Unicode
}

TEST(Escape, LeavesNothingThatMovesACursor) {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      for (const char c : escaped(text))
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << first << ' ' << second;
    }
}

}  // namespace
}  // namespace warpshard::cli
