// Where an instance may come from, and when reading it ends.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <thread>

#include "host/io/byte_source.h"
#include "host/io/failure.h"
#include "tests/io/compressed.h"
#include "tests/io/temporary_file.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"

namespace warpshard {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::compressed;

constexpr const char* kInstance =
    R"({"problem":{"name":"small","nodes":{"intervals":[[0,4]],"costs":[[1,2]],"usages":[[1,2]]},)"
    R"("edges":{"nodes":[],"costs":[]}}})";

/// Hands its text out in pieces of a given size.
class Trickle : public io::RawSource {
 public:
  Trickle(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::size_t read(char* destination, std::size_t capacity) override {
    const auto count = text_.copy(destination, std::min(capacity, piece_), at_);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

std::string read_all(io::ByteSource source, std::size_t piece) {
  std::string text;
  std::string buffer(piece, '\0');
  while (const auto count = source.read(buffer.data(), buffer.size()))
    text.append(buffer, 0, count);
  return text;
}

TEST(ByteSource, UnpacksWhateverThePieces) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * 7919) + ",";
  const std::string members = compressed(text) + compressed("") + compressed("the end");
  for (const std::size_t raw : {1, 2, 3, 1000, 1 << 20})
    for (const std::size_t piece : {1, 7, 1 << 16}) {
      EXPECT_EQ(read_all(io::ByteSource(std::make_unique<Trickle>(text, raw)), piece), text);
      EXPECT_EQ(read_all(io::ByteSource(std::make_unique<Trickle>(members, raw)), piece),
                text + "the end");
      EXPECT_EQ(read_all(io::ByteSource(std::make_unique<Trickle>(members + "rest", raw)), piece),
                text + "the end");
    }
}

TEST(ByteSource, EveryCutIsAnError) {
  const std::string whole = compressed(kInstance);
  for (std::size_t size = 2; size < whole.size(); ++size)
    EXPECT_THROW(read_all(io::ByteSource(std::make_unique<Trickle>(whole.substr(0, size), 5)), 100),
                 io::Failure)
        << size;
}

/// More than is read by one thread alone, and hard to pack.
std::string long_text() {
  std::string text;
  for (std::uint32_t i = 0; i < 300'000; ++i) text += std::to_string(i * 2654435761U) + ",";
  return text;
}

TEST(ByteSource, UnpacksAheadInOrder) {
  const std::string text = long_text();
  const std::string packed = compressed(text) + compressed("the end");
  for (const std::size_t piece : {1000, 1 << 18, 1 << 20})
    EXPECT_EQ(read_all(io::ByteSource(io::open_memory(packed)), piece), text + "the end");
}

TEST(ByteSource, CutOrStoppedAheadIsAnErrorAfterWhatCameBefore) {
  const std::string packed = compressed(long_text());
  const std::string cut = packed.substr(0, packed.size() - 10);
  EXPECT_THROW(read_all(io::ByteSource(io::open_memory(cut)), 1000), io::Failure);
  std::atomic<bool> stop{false};
  io::ByteSource source(io::open_memory(packed), StopToken(stop));
  std::string buffer(100, '\0');
  EXPECT_EQ(source.read(buffer.data(), buffer.size()), buffer.size());
  EXPECT_EQ(buffer, long_text().substr(0, buffer.size()));
  stop = true;
  EXPECT_THROW(read_all(std::move(source), 1 << 18), io::Failure);
}

TEST(ByteSource, MayBeLeftWhileItUnpacks) {
  const std::string packed = compressed(long_text());
  for (int reads = 0; reads < 3; ++reads) {
    io::ByteSource source(io::open_memory(packed));
    std::string buffer(100, '\0');
    for (int k = 0; k < reads; ++k)
      EXPECT_EQ(source.read(buffer.data(), buffer.size()), buffer.size());
  }
}

TEST(Sources, GiveTheSameInstance) {
  for (const std::string& bytes : {std::string(kInstance), compressed(kInstance)}) {
    std::istringstream stream(bytes);
    const test::TemporaryFile file(bytes, ".json");
    for (const auto& loaded :
         {load_problem(file.path()), load_problem(file.path().c_str()), load_problem(stream),
          load_problem(std::span<const char>(bytes.data(), bytes.size()))}) {
      ASSERT_TRUE(loaded) << loaded.error().message;
      EXPECT_EQ(loaded->name, "small");
      EXPECT_EQ(loaded->costs, (std::vector<std::int64_t>{1, 2}));
    }
  }
}

TEST(Sources, WithoutANameHaveNoneInMessages) {
  std::istringstream stream("Hello");
  const std::string expected = "expected '{' at byte 0, found 'H'";
  EXPECT_EQ(load_problem(stream).error().message, expected);
  EXPECT_EQ(load_problem(std::span<const char>("Hello", 5)).error().message, expected);
  std::ifstream absent("/nonexistent/x.json");
  EXPECT_EQ(load_problem(absent).error().message, "the stream cannot be read");
}

TEST(Sources, TakeWhatIsAllowedOnly) {
  const auto refused = load_problem(std::span<const char>(kInstance, std::string(kInstance).size()),
                                    {.memory_limit = 10});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("10 bytes of memory that are allowed"), std::string::npos);
}

TEST(Stop, EndsReadingBeforeItBegins) {
  const test::TemporaryFile file(kInstance, ".json");
  const std::atomic<bool> stop{true};
  const std::string stopped = file.path() + ": stopped before it was read to its end";
  EXPECT_EQ(load_problem(file.path(), {.stop = &stop}).error().message, stopped);
  EXPECT_EQ(load_problem(file.path(), {.deadline = steady_clock::now()}).error().message, stopped);
  const std::atomic<bool> go_on{false};
  const auto later = steady_clock::now() + std::chrono::hours(1);
  EXPECT_TRUE(load_problem(file.path(), {.deadline = later, .stop = &go_on}));
}

/// A pipe that nobody writes to.
class SilentPipe {
 public:
  SilentPipe() : name_(".json") { EXPECT_EQ(mkfifo(path().c_str(), 0600), 0); }
  const std::string& path() const { return name_.path(); }

 private:
  test::TemporaryFile name_;
};

TEST(Stop, EndsWaitingForAPipe) {
  const SilentPipe pipe;
  EXPECT_FALSE(load_problem(pipe.path(), {.deadline = steady_clock::now() + milliseconds(20)}));
  std::atomic<bool> stop{false};
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(20));
    stop = true;
  });
  EXPECT_FALSE(load_problem(pipe.path(), {.stop = &stop}));
  later.join();
}

TEST(Sources, PipesAreReadToTheirEnd) {
  const SilentPipe pipe;
  std::thread writer([&] { std::ofstream(pipe.path()) << kInstance; });
  const auto loaded = load_problem(pipe.path());
  writer.join();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->name, "small");
}

TEST(Plans, MayBePackedAndBeginWithAByteOrderMark) {
  for (const std::string& text :
       {std::string("\xef\xbb\xbf[0, 3]\r\n"), std::string("\xef\xbb\xbf# a comment\n[0, 3]"),
        compressed("[0, 3]\n")}) {
    const test::TemporaryFile file(text, ".txt");
    const auto plan = load_plan(file.path());
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(*plan, (Plan{0, 3}));
    EXPECT_EQ(*load_hint(file.path()), (Plan{0, 3}));
  }
}

}  // namespace
}  // namespace warpshard
